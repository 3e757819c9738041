"""What the distributed-lag regression looks at: year-on-year growth now, how it has changed, and the same for the series above.

With x the working scale (log of the level) and S(t) = x(t) - x(t - season), the target at horizon h is S(t+h) - S(t), so
x(t+h) = x(t+h-season) + S(t) + target. Inputs: S(t) - S(t-k) for the series, its parent, its root and its share of the panel's factor, S(t)
itself, the shape of the season (how the mean increment over h of earlier years differs from last year's), and a constant. Our own form, argued
in docs/models/forecast.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from leye.forecast.arrays import Bools, Floats, precision
from leye.forecast.factor import Factor, panel_factor
from leye.forecast.scale import shift
from leye.forecast.tree import Tree

Kind = Literal["seasonal", "adjusted"]

FACTOR = "factor"
LONG_SEASONS = 10
"""Seasons of history from which a hierarchy's regressions look at the factor too, and growth is smoothed. # chosen by us: on five years of small
noisy counts (the demo city) both cost 3 %, on development origins with twelve years and more both gain"""
SHAPE_YEARS = 10
"""Years behind the mean seasonal increment. # chosen by us: 4, 6 and 10 differ by under 1 % on development origins, 10 is the steadiest"""


@dataclass(frozen=True, slots=True)
class Design:
    """Inputs that do not depend on the horizon, built block by block when asked for: written out for every series they would be 27 times the panel.

    kind: `seasonal` (S as above) or `adjusted` (S(t) = x(t): no seasonal difference) · x: (n, T) filled · growth: (n, T) S(t) ·
    uppers: name (`up` and `root` in a hierarchy, `factor` without one or on LONG_SEASONS of history) -> (n, T) growth of what stands above each
    series · own, upper: lags looked at ·
    shapes: (n, T, H) the season's shape at each horizon, None for the adjusted form · known: (n, T) True where the value was observed, not filled.
    """

    kind: Kind
    x: Floats
    growth: Floats
    uppers: Mapping[str, Floats]
    own: tuple[int, ...]
    upper: tuple[int, ...]
    shapes: Floats | None
    known: Bools
    season: int

    @property
    def groups(self) -> tuple[str, ...]:
        """Labels of the inputs for the explanation: `own:k`, `up:k`, `root:k`, `factor:k`, `growth`."""
        above = [f"{name}:{k}" for name in self.uppers for k in self.upper]
        return (*(f"own:{k}" for k in self.own), *above, *(("growth",) if self.kind == "seasonal" else ()))

    def inputs(self, rows: slice, *, kind: type[np.float32] | type[np.float64] = np.float64) -> Floats:
        """(m, T, p) inputs of a block of series. A lag that reaches before the series' first year counts as no change (0)."""
        out = np.zeros((len(self.x[rows]), self.x.shape[1], len(self.groups)), dtype=kind)
        at = 0
        for series, back in ((self.growth, self.own), *((above, self.upper) for above in self.uppers.values())):
            block = series[rows]
            for k in back:
                if k < block.shape[1]:
                    out[:, k:, at] = block[:, k:] - block[:, :-k]
                at += 1
        if self.kind == "seasonal":
            out[:, :, at] = self.growth[rows]
        inputs: Floats = np.nan_to_num(out, copy=False)
        return inputs

    def until(self, at: int) -> Design:
        """The same inputs as they stood at column `at`: a prefix of each, for they look backwards only; the factor's loadings, which are estimated
        from all there is, are estimated again."""
        end = at + 1
        if end >= self.x.shape[1]:
            return self
        growth = self.growth[:, :end]
        above = {name: block[:, :end] for name, block in self.uppers.items() if name != FACTOR}
        return replace(
            self,
            x=self.x[:, :end],
            growth=growth,
            uppers=_with_factor(above, growth, self.season, None),
            shapes=None if self.shapes is None else self.shapes[:, :end],
            known=self.known[:, :end],
        )


def own_lags(season: int) -> tuple[int, ...]:
    """1..season+1 for short seasons; for weeks the lags that a year has room for."""
    return tuple(range(1, season + 2)) if season <= 13 else (1, 2, 3, 4, 6, 8, 13, season // 2, season, season + 1)


def upper_lags(season: int, *, seasons: int = 2) -> tuple[int, ...]:
    """Lags of the series above, up to 1 or 2 seasons: 1, 2, 3, 6, 12, 24 for months."""
    return tuple(sorted({1, 2, 3, max(1, season // 2), season, seasons * season}))


def sparse_lags(season: int) -> tuple[int, ...]:
    """Few lags that reach two seasons back: 1, 2, 3, 4, 5, 6, 9, 12, 18, 24 for months; 1 to 6 where no season is known."""
    return tuple(sorted({*range(1, 7), *(max(1, round(season * share)) for share in (0.75, 1.0, 1.5, 2.0))}))


def seasonal_design(x: Floats, known: Bools, *, season: int, horizon: int, tree: Tree, has_tree: bool, factor: Factor | None = None) -> Design:
    """Inputs of the seasonal form for filled `x` (n, T). factor: of the growth, held still; None: estimated from it."""
    growth = x - shift(x, season)
    shapes = np.empty((*x.shape, horizon), dtype=precision(len(x)))
    for h in range(1, horizon + 1):
        shapes[:, :, h - 1] = season_shape(x, horizon=h, season=season)
    uppers = _with_factor(_uppers(growth, tree if has_tree else None), growth, season, factor)
    return Design("seasonal", x, growth, uppers, own_lags(season), upper_lags(season), shapes, known, season)


def adjusted_design(x: Floats, known: Bools, *, season: int, tree: Tree, has_tree: bool, sparse: bool, factor: Factor | None = None) -> Design:
    """Inputs of the adjusted form: changes of the level itself, target x(t+h) - x(t), no seasonal shape. factor: of the level, as above."""
    own, upper = (sparse_lags(season), upper_lags(season)) if sparse else (own_lags(season), upper_lags(season, seasons=1))
    uppers = _with_factor(_uppers(x, tree if has_tree else None), x, season, factor)
    return Design("adjusted", x, x, uppers, own, upper, None, known, season)


def _uppers(growth: Floats, tree: Tree | None) -> dict[str, Floats]:
    if tree is None:
        return {}
    above = np.where(tree.parent < 0, np.arange(len(tree.parent)), tree.parent)
    return {"up": growth[above], "root": growth[tree.roots]}


def _with_factor(uppers: dict[str, Floats], growth: Floats, season: int, factor: Factor | None) -> dict[str, Floats]:
    if uppers and growth.shape[1] < LONG_SEASONS * season:
        return uppers
    return {**uppers, FACTOR: (panel_factor(growth) if factor is None else factor).course(growth)}


def season_shape(x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, T) mean increment x(t+h-j·season) - x(t-j·season) over years j = 2..10 less last year's; 0 where fewer than two years are known."""
    wrapped = (horizon - 1) % season + 1
    increment = shift(x, -wrapped) - x
    seen = np.isfinite(increment)
    total, count = (_over_years(block, season) for block in (np.where(seen, increment, 0.0), seen.astype(np.float64)))
    return np.nan_to_num(np.where(count > 0.5, total / np.maximum(count, 1.0), np.nan) - shift(increment, season))


def _over_years(block: Floats, season: int) -> Floats:
    """(n, T) sum of the block 2 to SHAPE_YEARS seasons ago, by running sums a season apart."""
    n, periods = block.shape
    years = -(-periods // season)
    padded = np.zeros((n, years * season))
    padded[:, :periods] = block
    running = np.cumsum(padded.reshape(n, years, season), axis=1).reshape(n, -1)[:, :periods]
    near, far = (np.nan_to_num(shift(running, season * back)) for back in (2, SHAPE_YEARS + 1))
    return near - far
