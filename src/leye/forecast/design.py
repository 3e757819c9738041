"""What the distributed-lag regression looks at: year-on-year growth now, how it has changed, and the same for the series above.

With x the working scale (log of the level) and S(t) = x(t) - x(t - season), the target at horizon h is S(t+h) - S(t), so
x(t+h) = x(t+h-season) + S(t) + target. Inputs: S(t) - S(t-k) for the series, its parent and its root, S(t) itself, the shape of the
season (how the mean increment over h of earlier years differs from last year's), and a constant. Our own form, argued in docs/models/forecast.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leye.forecast.arrays import Bools, Floats
from leye.forecast.scale import shift
from leye.forecast.tree import Tree

SHAPE_YEARS = 10
"""Years behind the mean seasonal increment. # chosen by us: 4, 6 and 10 differ by under 1 % on development origins, 10 is the steadiest"""


@dataclass(frozen=True, slots=True)
class Design:
    """Inputs that do not depend on the horizon, before scaling.

    growth: (n, T) S(t) · inputs: (n, T, p) · groups: p labels of the explanation (`own:k`, `up:k`, `root:k` or `common:k`, `growth`) ·
    shapes: (n, T, H) the season's shape at each horizon ·
    known: (n, T) True where the value itself was observed, not filled · x: (n, T) working scale, filled.
    """

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
    uppers = _uppers(growth, tree) if has_tree else {"common": _common(growth)}
    columns = [_change(growth, k) for k in own_lags(season)]
    groups = [f"own:{k}" for k in own_lags(season)]
    for name, series in uppers.items():
        columns += [_change(series, k) for k in upper_lags(season)]
        groups += [f"{name}:{k}" for k in upper_lags(season)]
    columns.append(np.nan_to_num(growth))
    shapes = np.stack([season_shape(x, horizon=h, season=season) for h in range(1, horizon + 1)], axis=-1)
    return Design(x, growth, np.stack(columns, axis=-1), (*groups, "growth"), shapes, known, season)


def _uppers(growth: Floats, tree: Tree) -> dict[str, Floats]:
    above = np.where(tree.parent < 0, np.arange(len(tree.parent)), tree.parent)
    return {"up": growth[above], "root": growth[tree.roots]}


def _common(growth: Floats) -> Floats:
    """(n, T) median growth over the series known at each period, the same row for all."""
    ordered = np.sort(growth, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    at = np.arange(growth.shape[1])
    middle = (ordered[np.maximum(count - 1, 0) // 2, at] + ordered[np.minimum(count // 2, len(growth) - 1), at]) / 2
    return np.broadcast_to(np.where(count > 0, middle, np.nan), growth.shape)


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
