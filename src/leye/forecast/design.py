"""What the distributed-lag regression looks at: year-on-year growth now, how it has changed, and the same for the series above.

With x the working scale (log of the level) and S(t) = x(t) - x(t - season), the target at horizon h is S(t+h) - S(t), so
x(t+h) = x(t+h-season) + S(t) + target. Inputs: S(t) - S(t-k) for the series, its parent and its root, S(t) itself, the shape of the
season (how the mean increment over h of earlier years differs from last year's), and a constant. Our own form, argued in docs/models/forecast.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from leye.forecast.arrays import Bools, Floats
from leye.forecast.scale import shift
from leye.forecast.tree import Tree

Kind = Literal["seasonal", "adjusted"]

ADJUSTED_OWN = (1, 2, 3, 4, 5, 6)
ADJUSTED_UPPER = (1, 2, 3)
"""Lags of the adjusted form. # chosen by us: half a year of months; series that need this form are short"""
SHAPE_YEARS = 10
"""Years behind the mean seasonal increment. # chosen by us: 4, 6 and 10 differ by under 1 % on development origins, 10 is the steadiest"""


@dataclass(frozen=True, slots=True)
class Design:
    """Inputs that do not depend on the horizon, before scaling.

    kind: `seasonal` (S as above) or `adjusted` (S(t) = x(t): no seasonal difference, for adjusted or short series) · x: (n, T) filled ·
    growth: (n, T) S(t) · inputs: (n, T, p) · groups: p labels of the explanation (`own:k`, `up:k`, `root:k` or `common:k`, `growth`) ·
    shapes: (n, T, H) the season's shape at each horizon · known: (n, T) True where the value itself was observed, not filled.
    """

    kind: Kind
    x: Floats
    growth: Floats
    inputs: Floats
    groups: tuple[str, ...]
    shapes: Floats
    known: Bools
    season: int

    def until(self, at: int) -> Design:
        """The same inputs as they stood at column `at`; every input looks backwards only, so a prefix is all it takes."""
        end = at + 1
        return replace(
            self,
            x=self.x[:, :end],
            growth=self.growth[:, :end],
            inputs=self.inputs[:, :end],
            shapes=self.shapes[:, :end],
            known=self.known[:, :end],
        )


def own_lags(season: int) -> tuple[int, ...]:
    """1..season+1 for short seasons; for weeks the lags that a year has room for."""
    return tuple(range(1, season + 2)) if season <= 13 else (1, 2, 3, 4, 6, 8, 13, season // 2, season, season + 1)


def upper_lags(season: int) -> tuple[int, ...]:
    """Lags of the series above: 1, 2, 3, 6, 12 for months."""
    return tuple(sorted({1, 2, 3, max(1, season // 2), season}))


def seasonal_design(x: Floats, known: Bools, *, season: int, horizon: int, tree: Tree, has_tree: bool) -> Design:
    """Inputs of the seasonal form for filled `x` (n, T). A lag that reaches before the series' first year counts as no change (0).

    Without a hierarchy the median growth of the panel takes the place of the series above.
    """
    growth = x - shift(x, season)
    columns, groups = _lagged(growth, own_lags(season), upper_lags(season), tree if has_tree else None)
    columns.append(np.nan_to_num(growth))
    shapes = np.stack([season_shape(x, horizon=h, season=season) for h in range(1, horizon + 1)], axis=-1)
    return Design("seasonal", x, growth, np.stack(columns, axis=-1), (*groups, "growth"), shapes, known, season)


def adjusted_design(x: Floats, known: Bools, *, season: int, horizon: int, tree: Tree, has_tree: bool) -> Design:
    """Inputs of the adjusted form: changes of the level itself, target x(t+h) - x(t), no seasonal shape."""
    columns, groups = _lagged(x, ADJUSTED_OWN, ADJUSTED_UPPER, tree if has_tree else None)
    return Design("adjusted", x, x, np.stack(columns, axis=-1), groups, np.zeros((*x.shape, horizon)), known, season)


def _lagged(growth: Floats, own: Sequence[int], upper: Sequence[int], tree: Tree | None) -> tuple[list[Floats], tuple[str, ...]]:
    uppers = {"common": _common(growth)} if tree is None else _uppers(growth, tree)
    columns = [_change(growth, k) for k in own]
    groups = [f"own:{k}" for k in own]
    for name, series in uppers.items():
        columns += [_change(series, k) for k in upper]
        groups += [f"{name}:{k}" for k in upper]
    return columns, tuple(groups)


def _uppers(growth: Floats, tree: Tree) -> dict[str, Floats]:
    above = np.where(tree.parent < 0, np.arange(len(tree.parent)), tree.parent)
    return {"up": growth[above], "root": growth[tree.roots]}


def _common(growth: Floats) -> Floats:
    """(n, T) the panel's common course, the same row for all: the running sum of the median one-period change over series known at both ends."""
    steps = np.sort(np.diff(growth, axis=1), axis=0)
    count = np.isfinite(steps).sum(axis=0)
    at = np.arange(steps.shape[1])
    middle = (steps[np.maximum(count - 1, 0) // 2, at] + steps[np.minimum(count // 2, len(growth) - 1), at]) / 2
    course = np.cumsum(np.concatenate([[0.0], np.where(count > 0, middle, 0.0)]))
    return np.broadcast_to(course, growth.shape)


def season_shape(x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, T) mean increment x(t+h-j·season) - x(t-j·season) over years j = 2.. less last year's; 0 where fewer than two years are known."""
    wrapped = (horizon - 1) % season + 1
    increment = shift(x, -wrapped) - x
    total, count = np.zeros_like(x), np.zeros_like(x)
    for years in range(2, SHAPE_YEARS + 1):
        past = shift(increment, season * years)
        seen = np.isfinite(past)
        total += np.where(seen, past, 0.0)
        count += seen
    return np.nan_to_num(np.where(count > 0, total / np.maximum(count, 1.0), np.nan) - shift(increment, season))


def _change(growth: Floats, lag: int) -> Floats:
    return np.nan_to_num(growth - shift(growth, lag))
