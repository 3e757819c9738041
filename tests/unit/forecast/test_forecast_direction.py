"""Chances of a fall: answers worked by hand, no look ahead, and honest silence where nothing can be said."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast.chances import Event, _happened, _Ladder, climatology
from leye.forecast.direction import direction
from leye.forecast.logistic import expit, fit_logistic, logit
from leye.kernel.errors import BadInput
from tests_support.panels import add_up, lively, months, table

SAWTOOTH = np.array([[1.0, 2.0, 3.0, 2.0, 1.0, 2.0, np.nan, 2.0]])
FALLS = [
    (0, 1, [0, 0, 1, 1, 0, np.nan, np.nan, np.nan], "against the value of the same day"),
    (0, 2, [0, 0, 1, 0, np.nan, 0, np.nan, np.nan], "two periods on"),
    (1, 1, [np.nan, 0, 0, 1, 0, np.nan, 0, np.nan], "against the value of one period before"),
]


@pytest.mark.parametrize(("back", "horizon", "want", "why"), FALLS, ids=[f[-1] for f in FALLS])
def test_what_happened_is_read_off_the_values(back, horizon, want, why):
    assert np.array_equal(_happened(SAWTOOTH, Event("fall", back, horizon))[0], want, equal_nan=True)


def test_climatology_is_the_share_of_the_same_month_that_was_known():
    happened = np.array([[1.0, 0, 1, 1, 0, 0, 1, 1, np.nan, np.nan]])
    share, years = climatology(happened, 8, Event("fall", 0, 2), 4)  # columns 0 and 4; 8 itself is not known yet
    assert (share[0], years[0]) == (0.5, 2.0)
    share, years = climatology(happened, 1, Event("fall", 0, 2), 4)
    assert np.isnan(share[0]) and years[0] == 0


def test_the_ladder_counts_errors_below_with_half_a_case_on_either_side():
    ladder = _Ladder(np.array([[-1.0, 0.0, 2.0]]), np.zeros(1))
    assert ladder.below(np.array([-5.0, 1.0, 9.0])).tolist() == [0.5 / 4, 2.5 / 4, 3.5 / 4]
    assert ladder.below(np.array([np.nan])).tolist() == [0.5]


def test_the_logistic_fit_satisfies_its_score_equation_and_finds_the_truth():
    dice = np.random.default_rng(3)
    x = np.stack([np.ones(20_000), dice.normal(size=20_000)], axis=1)
    y = (dice.random(20_000) < expit(x @ np.array([-0.5, 1.2]))).astype(float)
    ridge, start = np.array([2.0, 2.0]), np.array([0.0, 1.0])
    beta = fit_logistic(x, y, weight=np.ones(len(y)), start=start, ridge=ridge)
    assert beta == pytest.approx([-0.5, 1.2], abs=0.06)
    assert np.abs(x.T @ (expit(x @ beta) - y) + ridge * (beta - start)).max() < 1e-4


@given(st.floats(1e-6, 1 - 1e-6))
def test_logit_and_expit_undo_each_other(p):
    assert float(expit(logit(np.array([p])))[0]) == pytest.approx(p, rel=1e-6)


def test_outcomes_that_are_all_alike_give_a_finite_fit():
    x = np.stack([np.ones(50), np.linspace(-1, 1, 50)], axis=1)
    beta = fit_logistic(x, np.ones(50), weight=np.ones(50), start=np.array([0.0, 1.0]), ridge=np.array([1.0, 1.0]))
    assert np.isfinite(beta).all() and beta[0] > 0


def falling_and_rising() -> pl.DataFrame:
    dice = np.random.default_rng(8)
    t = np.arange(96)
    rows = {f"down{i}": np.exp(6 - 0.02 * t + dice.normal(0, 0.005, 96)) for i in range(6)}
    rows |= {f"up{i}": np.exp(4 + 0.02 * t + dice.normal(0, 0.005, 96)) for i in range(6)}
    return table(rows)


def test_what_always_fell_is_likely_to_fall_and_what_rose_is_not():
    got = direction(falling_and_rising(), horizon=3).table
    assert got.filter(pl.col("unique_id").str.starts_with("down"))["p_fall"].min() > 0.9
    assert got.filter(pl.col("unique_id").str.starts_with("up"))["p_fall"].max() < 0.1
    assert got["p_turn"].max() < 0.2 and set(got["rising"].to_list()) == {True, False}


def test_nothing_after_the_origin_is_looked_at():
    panel = table(lively(5, 6, 90))
    cut, origin = panel.filter(pl.col("ds") <= months(90)[70]), months(90)[70]
    wild = panel.with_columns(pl.when(pl.col("ds") > origin).then(pl.col("y") * 1e6).otherwise(pl.col("y")).alias("y"))
    assert direction(cut, horizon=3).table.equals(direction(wild, horizon=3, origin=origin).table)


def test_equal_input_gives_equal_bytes():
    rows = lively(2, 3, 80)
    parent = {"all": None, "a": "all", "b": "all"}
    panel = table(add_up({"a": rows["s00"], "b": rows["s01"]}, parent))
    tags = pl.DataFrame({"unique_id": list(parent), "parent": list(parent.values())})
    assert direction(panel, tags).table.write_csv() == direction(panel, tags).table.write_csv()


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 8), st.integers(1, 60), st.integers(0, 999))
def test_chances_lie_between_none_and_sure_or_are_unknown_with_a_reason(horizon, periods, seed):
    got = direction(table(lively(seed, 3, periods)), horizon=horizon).table
    for name in ("p_fall", "p_turn"):
        assert got[name].drop_nulls().is_between(0, 1).all()
    assert (got["p_fall"].is_null() == got["reason"].is_not_null()).all()


def test_a_series_without_a_value_today_has_no_chance_and_says_why():
    rows = lively(4, 4, 80)
    rows["s00"][-1] = np.nan
    rows["s01"][:] = np.nan
    got = {r["unique_id"]: r for r in direction(table(rows)).table.iter_rows(named=True)}
    assert got["s00"]["p_fall"] is None and got["s00"]["reason"] == "unknown_now"
    assert got["s01"]["p_fall"] is None and got["s01"]["reason"] == "unknown_now"
    assert got["s02"]["p_fall"] is not None and got["s02"]["reason"] is None


def test_a_short_panel_says_that_it_is_too_short():
    got = direction(table(lively(4, 2, 20))).table
    assert got["p_fall"].null_count() == 2 and set(got["reason"]) <= {"too_short", "no_model"}


def test_a_horizon_below_one_is_refused():
    with pytest.raises(BadInput):
        direction(table(lively(1, 2, 60)), horizon=0)
