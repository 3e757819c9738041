"""The models behind the effects: logistic regression against slow references, splines and products by hand, folds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from leye.policy.optimise.basis import learn_basis
from leye.policy.optimise.crossfit import folds_by_person
from leye.policy.optimise.logistic import fit_logistic, loo_loss, newton, objective


def data(n: int, p: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(n, p))
    return x, (dice.random(n) < 1 / (1 + np.exp(-0.5 - x @ np.linspace(-1, 1, p)))).astype(float)


@pytest.mark.parametrize("penalty", [0.001, 0.1, 1.0])
def test_newton_finds_what_a_general_optimiser_finds(penalty: float) -> None:
    x, y = data(300, 4, 3)
    with_one = np.column_stack([np.ones(300), x])
    slow = minimize(lambda c: objective(with_one, y, c, penalty), np.zeros(5), method="BFGS", options={"gtol": 1e-9})
    assert newton(with_one, y, penalty, start=np.zeros(5)) == pytest.approx(slow.x, abs=1e-5)


def test_newton_ends_where_one_column_tells_everything() -> None:
    x = np.linspace(-1, 1, 40)[:, None]
    coef = newton(np.column_stack([np.ones(40), x]), (x[:, 0] > 0).astype(float), 0.001, start=np.zeros(2))
    assert np.isfinite(coef).all() and coef[1] > 3


def test_approximate_leave_one_out_is_close_to_leaving_out() -> None:
    x, y = data(80, 3, 5)
    with_one = np.column_stack([np.ones(80), x])
    whole = newton(with_one, y, 0.05, start=np.zeros(4))
    losses = []
    for i in range(80):
        rest = np.arange(80) != i
        # the mean over 79 rows with the penalty scaled back to what one row less means in the formula
        coef = newton(with_one[rest], y[rest], 0.05 * 80 / 79, start=whole)
        eta = with_one[i] @ coef
        losses.append(np.logaddexp(0, eta) - y[i] * eta)
    assert loo_loss(with_one, y, whole, 0.05) == pytest.approx(np.mean(losses), rel=0.01)


def test_noise_gets_the_heavy_penalty_and_signal_the_light_one() -> None:
    dice = np.random.default_rng(1)
    x = dice.normal(size=(400, 20))
    assert fit_logistic(x, (dice.random(400) < 0.4).astype(float)).penalty >= 0.1
    assert fit_logistic(x, (x[:, 0] + 0.3 * dice.normal(size=400) > 0).astype(float)).penalty <= 0.01


def test_a_heavy_penalty_predicts_the_rate() -> None:
    x, y = data(500, 3, 7)
    assert fit_logistic(x, y, penalties=(1e6,)).predict(x) == pytest.approx(np.full(500, y.mean()), abs=1e-3)


FRAME = pl.DataFrame(
    {
        "age": np.linspace(18, 60, 200),
        "kind": ["a"] * 100 + ["b"] * 70 + ["c"] * 30,
        "months": [None] * 40 + list(range(160)),
        "flag": [1.0, 0.0] * 100,
        "same": [1.0, 0.0] * 100,
        "still": [3.0] * 200,
    }
)


def test_columns_are_what_people_would_expect() -> None:
    names = learn_basis(FRAME).names
    assert [n for n in names if "'" not in n] == ["age", "kind=b", "kind=c", "months", "months=?", "flag"], "repeats and constants have none"
    assert [n for n in names if n.startswith("age")] == ["age", "age'", "age''", "age'''"]


def test_columns_have_mean_zero_and_variance_one() -> None:
    x = learn_basis(FRAME).design(FRAME)
    assert x.mean(axis=0) == pytest.approx(0, abs=1e-9) and x.std(axis=0) == pytest.approx(1, abs=1e-9)


def test_a_spline_is_straight_outside_its_knots() -> None:
    basis = learn_basis(FRAME.select("age"))
    far = basis.design(pl.DataFrame({"age": [70.0, 80.0, 90.0, 5.0, 0.0, -5.0]}))
    assert np.diff(far[:3], n=2, axis=0) == pytest.approx(0, abs=1e-9)
    assert np.diff(far[3:], n=2, axis=0) == pytest.approx(0, abs=1e-9)


def test_a_level_never_seen_is_no_level_and_an_unknown_stands_at_the_mean() -> None:
    basis = learn_basis(FRAME)
    row = pl.DataFrame({"age": [39.0], "kind": ["z"], "months": [None], "flag": [0.5], "same": [0.5], "still": [3.0]}, schema=FRAME.schema)
    found = dict(zip(basis.names, basis.design(row)[0], strict=True))
    assert found["kind=b"] < 0 and found["kind=c"] < 0
    assert found["months"] == pytest.approx(0, abs=1e-9) and found["months=?"] > 1


def test_products_are_of_the_columns_that_matter() -> None:
    dice = np.random.default_rng(2)
    frame = pl.DataFrame({f"x{i}": dice.normal(size=500) for i in range(6)})
    basis = learn_basis(frame, against=(frame["x4"].to_numpy() + frame["x1"].to_numpy(),), products=2)
    assert [n for n in basis.names if "×" in n] == ["x1×x4"]
    assert learn_basis(frame).pairs == ()


def test_folds_keep_a_persons_rows_together_and_spread_participants() -> None:
    person = np.repeat(np.arange(500), 2)
    treated = np.zeros(1000, dtype=bool)
    treated[::20] = True
    fold = folds_by_person(person, treated, seed=4)
    assert (fold[::2] == fold[1::2]).all()
    assert np.bincount(fold[treated], minlength=5).tolist() == [10] * 5
    assert (fold == folds_by_person(person, treated, seed=4)).all() and (fold != folds_by_person(person, treated, seed=5)).any()
