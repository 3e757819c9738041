"""The batched regression against the same formula in plain loops, series by series and horizon by horizon."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.forecast import arrays, lags
from leye.forecast.design import SHAPE_YEARS, season_shape, seasonal_design
from leye.forecast.dispersion import spread
from leye.forecast.lags import CLIP, forecast_changes
from leye.forecast.ridge import LEAST_PRIOR, MOST_PRIOR, POOL_ROWS, PRIOR_ROWS, PRIOR_SERIES, TINY, Equations, pooled, prior_rows, sums_of
from leye.forecast.scale import fill_from_past
from leye.forecast.tree import Tree
from tests_support.panels import lively

H, M = 4, 12


def panel(gaps: bool) -> tuple[np.ndarray, np.ndarray]:
    raw = np.log(np.stack(list(lively(3, 4, 64).values())))
    if gaps:
        raw[0, 30], raw[1, 40:43], raw[2, :9] = np.nan, np.nan, np.nan
    return fill_from_past(raw, season=M), np.isfinite(raw)


def slow(x, known, design, robust, together):
    """together: whether a row counts only when every horizon's target was observed."""
    lagged = design.inputs(slice(0, len(x)))
    n, periods = x.shape
    unit = spread(design.growth, robust=robust)
    clip = (lambda v, k=1: min(max(v, -CLIP * k**0.5), CLIP * k**0.5)) if robust else (lambda v, k=1: v)
    over = [int(group.split(":")[1]) if ":" in group else M for group in design.groups]
    p = len(design.groups) + 2
    change = np.zeros((n, H))
    for h in range(1, H + 1):
        rows: list[list[tuple[np.ndarray, float]]] = [[] for _ in range(n)]

        def inputs(i, t, h=h):
            return np.array(
                [*(clip(v / unit[i], k) for v, k in zip(lagged[i, t], over, strict=True)), 1.0, clip(design.shapes[i, t, h - 1] / unit[i])]
            )

        for i in range(n):
            for t in range(M + 3, periods - h):
                begun = np.isfinite(design.growth[i, t - 3])
                wanted = range(1, H + 1) if together else [h]
                if begun and known[i, t] and all(t + k < periods and known[i, t + k] for k in wanted):
                    rows[i].append((inputs(i, t), clip((design.growth[i, t + h] - design.growth[i, t]) / unit[i], h)))
        xx = [sum((np.outer(a, a) for a, _ in r), np.zeros((p, p))) for r in rows]
        xy = [sum((a * b for a, b in r), np.zeros(p)) for r in rows]
        count = sum(len(r) for r in rows)
        mean_square = np.diag(sum(xx)) / count
        weight = mean_square + TINY * mean_square[:-1].mean()
        pooled = np.linalg.solve(sum(xx) + np.diag(POOL_ROWS * weight), sum(xy))
        for i in range(n):
            ridge = np.diag(PRIOR_ROWS * weight)
            change[i, h - 1] = inputs(i, periods - 1) @ np.linalg.solve(xx[i] + ridge, xy[i] + ridge @ pooled) * unit[i]
    return change


@pytest.mark.parametrize("gaps", ["whole", "gaps", "scattered"])
@pytest.mark.parametrize("robust", [False, True], ids=["plain", "robust"])
def test_batched_equals_plain_loops(robust, gaps):
    x, known = panel(gaps == "gaps")
    if gaps == "scattered":  # a row in seven is missing: horizons that shared their rows would be left with a third of them
        known = known & (np.arange(64) % 7 != 3)
    tree = Tree(np.array([-1, 0, 0, 1]))
    design = seasonal_design(x, known, season=M, horizon=H, tree=tree, has_tree=True)
    fast = forecast_changes(design, horizon=H, robust=robust)
    assert fast.change == pytest.approx(slow(x, known, design, robust, gaps != "scattered"), rel=1e-8, abs=1e-10)
    assert fast.parts.sum(axis=-1) == pytest.approx(fast.change, abs=1e-15)


def test_inputs_look_backwards_only():
    x, known = panel(True)
    tree = Tree(np.array([-1, 0, 0, 1]))
    whole = seasonal_design(x, known, season=M, horizon=H, tree=tree, has_tree=True).until(50)
    cut = seasonal_design(x[:, :51], known[:, :51], season=M, horizon=H, tree=tree, has_tree=True)
    every = slice(0, 4)
    for a, b in ((whole.inputs(every), cut.inputs(every)), (whole.shapes, cut.shapes), (whole.growth, cut.growth)):
        assert np.array_equal(a, b, equal_nan=True)


def test_the_shape_is_the_mean_of_earlier_years_less_last_years():
    x = np.cumsum(np.random.default_rng(5).normal(size=(2, 160)), axis=1)
    x[1, :70] = np.nan
    made = season_shape(x, horizon=3, season=M)
    for i, t in ((0, 159), (0, 60), (0, 26), (1, 159), (1, 100)):
        seen = [x[i, t + 3 - M * j] - x[i, t - M * j] for j in range(2, SHAPE_YEARS + 1) if t - M * j >= 0]
        seen = [v for v in seen if np.isfinite(v)]
        assert made[i, t] == pytest.approx(np.mean(seen) - (x[i, t + 3 - M] - x[i, t - M]) if seen else 0.0)


def test_blocks_and_single_precision_change_nothing_that_matters(monkeypatch):
    x, known = panel(False)
    design = seasonal_design(x, known, season=M, horizon=H, tree=Tree(np.array([-1, 0, 0, 1])), has_tree=True)
    whole = forecast_changes(design, horizon=H, robust=True)
    monkeypatch.setattr(lags, "BLOCK", 3)
    assert forecast_changes(design, horizon=H, robust=True).change == pytest.approx(whole.change, rel=1e-9)
    assert forecast_changes(design, horizon=H, robust=True, split=False).change == pytest.approx(whole.change, rel=1e-9)
    monkeypatch.setattr(arrays, "SINGLE_FROM", 1)
    assert forecast_changes(design, horizon=H, robust=True).change == pytest.approx(whole.change, rel=1e-3, abs=1e-6)


def test_few_rows_lean_on_the_panel():
    x, known = panel(False)
    known = known.copy()
    known[3, :-6] = False
    tree = Tree(np.full(4, -1))
    few = forecast_changes(seasonal_design(x, known, season=M, horizon=1, tree=tree, has_tree=False), horizon=1, robust=False)
    assert np.isfinite(few.change).all()


def test_gaps_are_filled_with_last_year_moved_by_the_latest_growth():
    x = np.array([[1.0, 2.0, 1.5, np.nan, np.nan, 3.0, np.nan]])
    assert fill_from_past(x, season=2)[0].tolist() == [1.0, 2.0, 1.5, 2.5, 2.0, 3.0, 2.5]


def planted(seed: int, *, apart: float, count: int = 60, rows: int = 150, p: int = 4) -> Equations:
    """Series whose coefficients lie `apart` standard deviations of an error around common ones; one input, the last, differs by horizon."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(count, rows, p))
    special = dice.normal(size=(count, rows, 2))
    b = np.linspace(1, 2, p) + apart * dice.normal(size=(count, p))
    c = 0.3 + apart * dice.normal(size=(count, 1, 1))
    y = (x * b[:, None]).sum(axis=2)[:, :, None] + c * special + dice.normal(size=(count, rows, 2))
    use = dice.random((count, rows)) < 0.9
    return Equations(x, special, np.where(use[:, :, None], y, 0.0), use)


def slow_prior(eq: Equations) -> float:
    """The weight of the pooled fit, by least squares of each series in turn."""
    x = np.concatenate([eq.inputs, eq.special[:, :, :1]], axis=2)
    y, p = eq.target[:, :, 0], x.shape[2]
    kept = [(x[i][eq.use[i]], y[i][eq.use[i]]) for i in range(len(x))]
    unit = np.diag(sum(a.T @ a for a, _ in kept)) / sum(len(a) for a, _ in kept)
    common = np.linalg.solve(sum(a.T @ a for a, _ in kept) + np.diag(POOL_ROWS * unit), sum(a.T @ b for a, b in kept))
    differs, reach = [], []
    for a, b in kept:
        own = np.linalg.lstsq(a, b, rcond=None)[0]
        alone, together = (float(((b - a @ c) ** 2).sum()) for c in (own, common))
        differs.append((together - alone) / (alone / (len(a) - p)) / (1 - 2 / (9 * p)) ** 3 - p)
        reach.append(float((np.diag(a.T @ a) / unit).sum()))
    found = np.clip(np.median(reach) / max(np.median(differs), TINY), LEAST_PRIOR, MOST_PRIOR)
    share = len(kept) / (len(kept) + PRIOR_SERIES)
    return float(np.exp(share * np.log(found) + (1 - share) * np.log(PRIOR_ROWS)))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0]))
def test_the_weight_of_the_pool_equals_plain_loops(seed, apart):
    eq = planted(seed, apart=apart)
    sums = [sums_of(Equations(*(getattr(eq, name)[at : at + 25] for name in Equations.__slots__))) for at in range(0, 60, 25)]
    assert prior_rows(sums, pooled(sums)) == pytest.approx(slow_prior(eq), rel=0.05)


PLANTED = [(0.05, 400.0), (0.1, 100.0), (0.2, 25.0)]


@pytest.mark.parametrize(("apart", "rows"), PLANTED)
def test_the_weight_of_the_pool_is_the_planted_one(apart, rows):
    """Coefficients spread by s around the common ones, errors and inputs of size 1: the pool is worth 1 / s² rows."""
    eq = planted(5, apart=apart, count=800)
    assert prior_rows([sums_of(eq)], pooled([sums_of(eq)])) == pytest.approx(rows, rel=0.35)


def test_short_series_are_not_asked():
    eq = planted(6, apart=1.0, rows=9)
    assert prior_rows([sums_of(eq)], pooled([sums_of(eq)])) == PRIOR_ROWS


def test_alike_series_trust_the_pool_more():
    weights = [prior_rows([sums_of(eq)], pooled([sums_of(eq)])) for eq in (planted(7, apart=a) for a in (0.0, 0.1, 1.0))]
    assert weights[0] > weights[1] > weights[2]
