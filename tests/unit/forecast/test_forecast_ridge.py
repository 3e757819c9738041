"""The batched regression against the same formula in plain loops, series by series and horizon by horizon."""

import numpy as np
import pytest

from leye.forecast import arrays, lags
from leye.forecast.design import SHAPE_YEARS, season_shape, seasonal_design
from leye.forecast.dispersion import spread
from leye.forecast.lags import CLIP, forecast_changes
from leye.forecast.ridge import POOL_ROWS, PRIOR_ROWS, TINY
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
    clip = (lambda v: min(max(v, -CLIP), CLIP)) if robust else (lambda v: v)
    p = len(design.groups) + 2
    change = np.zeros((n, H))
    for h in range(1, H + 1):
        rows: list[list[tuple[np.ndarray, float]]] = [[] for _ in range(n)]

        def inputs(i, t, h=h):
            return np.array([*(clip(v / unit[i]) for v in lagged[i, t]), 1.0, clip(design.shapes[i, t, h - 1] / unit[i])])

        for i in range(n):
            for t in range(M + 3, periods - h):
                begun = np.isfinite(design.growth[i, t - 3])
                wanted = range(1, H + 1) if together else [h]
                if begun and known[i, t] and all(t + k < periods and known[i, t + k] for k in wanted):
                    rows[i].append((inputs(i, t), clip((design.growth[i, t + h] - design.growth[i, t]) / unit[i])))
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
