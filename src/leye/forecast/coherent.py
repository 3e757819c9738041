"""From the fitted panel to what is handed out: means that add up, intervals around them, terms that sum to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from leye.forecast.arrays import ROUNDING, Bools, Floats, all_in_row, any_in_row
from leye.forecast.candidates import DEFAULT, Model
from leye.forecast.contributions import LAST_LEVEL, NO_LEVEL, TERMS, term_names, term_values
from leye.forecast.engine import Fitted, fit
from leye.forecast.fallback import Fallback
from leye.forecast.panel import Panel
from leye.forecast.reconcile import reconcile, unknowable
from leye.forecast.tree import Tree, not_started


@dataclass(frozen=True, slots=True)
class Coherent:
    """mean: (n, H), NaN where nothing could tell · low, high: (levels, n, H) · terms: (n, H, len(TERMS)) · weights, fallbacks, base_zh: n each."""

    mean: Floats
    low: Floats
    high: Floats
    terms: Floats
    weights: list[dict[str, float]]
    fallbacks: list[Fallback]
    base_zh: list[str]


class Fitter(Protocol):
    """`engine.fit`, or another that gives the same from the same."""

    def __call__(
        self, panel: Panel, *, horizon: int, levels: Sequence[int], models: tuple[Model, ...], high: Bools | None, split: bool
    ) -> Fitted:  # fmt: skip
        """As `engine.fit`."""
        ...


def forecast_panel(
    panel: Panel, *, horizon: int, levels: Sequence[int], models: tuple[Model, ...] = DEFAULT, high: Bools | None = None, split: bool = True,
    fitter: Fitter = fit
) -> Coherent:  # fmt: skip
    """Every series of the panel; those without a value are told by the hierarchy, or left NaN. high: (n, T) where orange or red was in force.
    split: False leaves the explanation out (`terms` holds the mean alone), which halves the work of a large panel. fitter: where the
    models are fitted (`distributed.fitter_on`)."""
    active = any_in_row(np.isfinite(panel.y))
    with threadpool_limits(1, user_api="blas"):  # two threads add in another order: the bytes would hang on the number of cores
        known, under = panel.kept(active), None if high is None else high[active]
        fitted = fitter(known, horizon=horizon, levels=levels, models=models, high=under, split=split or panel.has_tree)
        return made_coherent(panel, fitted, active, split=split)


def made_coherent(panel: Panel, fitted: Fitted, active: Bools, *, split: bool = True) -> Coherent:
    """What `fitted` (over the active rows of the panel) comes to once the sums agree. The caller holds BLAS to one thread."""
    tree = Tree(panel.parent)
    absent = not_started(panel.y, tree, season=panel.step.season)
    own = _spread_out(_carried_exactly(fitted.scale.back(fitted.x), panel.y[active], fitted.fallbacks), active)
    own[absent] = 0.0
    mean = _coherent_mean(panel, own, fitted, active, absent) if panel.has_tree else own
    low, high = _bands(mean, fitted, active, tree, absent)
    terms = np.zeros((*mean.shape, len(TERMS)))
    terms[:, :, -1] = mean
    if split:
        terms[active] = term_values(fitted, mean[active])
    return Coherent(mean, low, high, terms, *_named(panel, fitted, active, absent))


def _carried_exactly(own: Floats, y: Floats, fallbacks: Sequence[Fallback]) -> Floats:
    """Carried values as they were observed: there and back through a logarithm a 5 would come out as 4.999999999999999."""
    out = own.copy()
    for row, fallback in enumerate(fallbacks):
        seen = y[row][np.isfinite(y[row])]
        if fallback.code == "dead":
            out[row] = 0.0
        if fallback.code == "constant" or (fallback.code == "short" and np.isfinite(y[row, -1])):
            out[row] = seen[-1]
    return out


def _coherent_mean(panel: Panel, own: Floats, fitted: Fitted, active: Bools, absent: Bools) -> Floats:
    """(n, H) reconciled over the series that take part: all but those that have not started or that nothing can tell."""
    tree = Tree(panel.parent)
    part = ~absent & ~unknowable(own, tree)
    lean = tree.kept(part)
    start = _infer(own[part], lean)
    still = np.array([f.code in ("dead", "constant") for f in fitted.fallbacks])
    spread = _spread_out(np.where(still[:, None], 0.0, fitted.spread * fitted.slope), active, fill=np.inf)[part]
    missed = np.where(np.abs(fitted.residual) < ROUNDING, 0.0, fitted.residual)
    residual = _spread_out(missed * fitted.slope[:, :1], active)[part]
    floor = np.full(len(active), 0.0)
    floor[active] = fitted.scale.floor
    mean = own.copy()
    mean[part] = reconcile(start, spread=spread, residual=residual, floor=floor[part], tree=lean)
    return mean


def _infer(own: Floats, tree: Tree) -> Floats:
    """A first value for series without one: the sum of their children, or an equal share of what their parent leaves."""
    out = own.copy()
    lacking = ~all_in_row(np.isfinite(own))
    if not lacking.any():
        return out
    sums = tree.add_up(np.where(tree.is_leaf[:, None], np.nan_to_num(own), 0.0))
    out[lacking] = sums[lacking]
    for row in np.flatnonzero(lacking & tree.is_leaf & (tree.parent >= 0)):
        siblings = tree.parent == tree.parent[row]
        left = out[tree.parent[row]] - np.where((siblings & ~lacking)[:, None], out, 0.0).sum(axis=0)
        out[row] = left / int((siblings & lacking).sum())
    return out


def _bands(mean: Floats, fitted: Fitted, active: Bools, tree: Tree, absent: Bools) -> tuple[Floats, Floats]:
    """(levels, n, H) each: calibrated widths around the coherent mean; a series told by its parent is as uncertain as the parent."""
    x = fitted.scale.forward(mean[active])
    slope = fitted.slope
    lows, highs = [], []
    for width in fitted.widths:
        usable = np.isfinite(x)
        centre = np.where(usable, x, 0.0)
        low = np.where(usable, fitted.scale.back(centre - width), mean[active] - width * slope)
        high = np.where(usable, fitted.scale.back(centre + width), mean[active] + width * slope)
        lows.append(_spread_out(np.maximum(low, fitted.scale.floor[:, None]), active))
        highs.append(_spread_out(high, active))
    low_all, high_all = np.stack(lows), np.stack(highs)
    for row in np.flatnonzero(~active & np.isfinite(mean).all(axis=1)):
        above = int(tree.parent[row])
        reach = np.where(absent[row] | (above < 0), 0.0, (high_all[:, above] - low_all[:, above]) / 2)
        low_all[:, row], high_all[:, row] = np.maximum(mean[row] - np.nan_to_num(reach), 0.0), mean[row] + np.nan_to_num(reach)
    return np.minimum(low_all, mean), np.maximum(high_all, mean)


def _named(panel: Panel, fitted: Fitted, active: Bools, absent: Bools) -> tuple[list[dict[str, float]], list[Fallback], list[str]]:
    season_name = term_names(panel.step.unit, panel.step.season)["base"]
    row = iter(range(int(active.sum())))
    weights: list[dict[str, float]] = []
    fallbacks: list[Fallback] = []
    bases: list[str] = []
    for is_active, is_absent in zip(active, absent, strict=True):
        if not is_active:
            weights.append({})
            fallbacks.append(Fallback("not_started" if is_absent else "all_missing"))
            bases.append(NO_LEVEL)
            continue
        i = next(row)
        weights.append({c.model: float(w) for c, w in zip(fitted.candidates, fitted.weights[:, i], strict=True)})
        fallbacks.append(fitted.fallbacks[i])
        bases.append(season_name if fitted.from_season[i] else LAST_LEVEL)
    return weights, fallbacks, bases


def _spread_out(block: Floats, active: Bools, *, fill: float = np.nan) -> Floats:
    """(active rows, …) laid into (n, …)."""
    out = np.full((len(active), *block.shape[1:]), fill)
    out[active] = block
    return out
