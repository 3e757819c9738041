"""The distributed-lag panel regression: one direct equation per horizon, solved for all series at once, in a plain and a robust form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats, precision
from leye.forecast.design import Design
from leye.forecast.dispersion import spread
from leye.forecast.ridge import Equations, Pool, Sums, added_up, apart, pooled, prior_rows, solve_shrunk, sums_of
from leye.forecast.scale import shift

CLIP = 6.0
"""Robust form: changes over k periods beyond 6 √k robust deviations of one period's change count as that much (a random walk's grow so; with 6
at every k a year's trend was cut down too: 2 to 5 % worse on the development origins of both panels; 4 and 6 differ by under 1 %)."""
BLOCK = 1_000
"""Series whose inputs are written out at a time: 30 MB of ten years of months."""
LEAST_SHARED = 0.7
"""Horizons share their rows while that keeps this share of them. # chosen by us: a panel with scattered gaps would lose most of its rows"""


@dataclass(frozen=True, slots=True)
class LagForecast:
    """change: (n, H) forecast of S(T+h) - S(T) · parts: (n, H, g) its terms, summing to `change` · groups: g labels ·
    residual: (n, T) error of the one-step equation in sample, NaN where it has none."""

    change: Floats
    parts: Floats
    groups: tuple[str, ...]
    residual: Floats


def forecast_changes(design: Design, *, horizon: int, robust: bool, split: bool = True, common: Common | None = None) -> LagForecast:
    """Fit on everything in `design` and forecast from its last column. Series without a growth rate at the end get 0 change.

    split: whether the terms and the residual are wanted; without them `parts` is the sum alone and `residual` (n, 1) of NaN.
    common: what the whole panel has in common, where `design` is a part of it.
    """
    unit = spread(design.growth, robust=robust)
    parts = np.zeros((len(unit), horizon, len(design.groups) + 2 if split else 1))
    residual = np.full((len(unit), design.growth.shape[1] if split else 1), np.nan)
    for fit in _fits(design, unit, horizon, robust, common):
        rows, ahead, latest = fit.rows, fit.ahead, fit.latest
        terms = np.concatenate([latest.inputs[:, :, None] * fit.inputs, (latest.special[:, ahead] * fit.special)[:, None, :]], axis=1)
        terms = terms.transpose(0, 2, 1) * unit[rows, None, None]
        parts[rows, ahead] = terms if split else terms.sum(axis=-1, keepdims=True)
        if split and ahead.start == 0:
            residual[rows] = _residual(_equations(design, unit, rows, ahead, robust), fit.inputs[:, :, 0], fit.special[:, 0], unit[rows])
    parts = np.where(np.isfinite(design.growth[:, -1])[:, None, None], parts, 0.0)
    return LagForecast(parts.sum(axis=-1), parts, (*design.groups, "pool", "shape") if split else ("all",), residual)


@dataclass(frozen=True, slots=True)
class _Latest:
    """The last row of a block: inputs (m, p), special (m, H)."""

    inputs: Floats
    special: Floats


@dataclass(frozen=True, slots=True)
class _Fit:
    """Coefficients of a block of series and a group of horizons: inputs (m, p, h), special (m, h)."""

    rows: slice
    ahead: slice
    inputs: Floats
    special: Floats
    latest: _Latest


@dataclass(frozen=True, slots=True)
class Common:
    """What a part of a panel has to be told to fit as in the whole: horizons (0-based) that share rows, for each group the pooled fit, and the
    periods of data that it weighs."""

    rounds: tuple[slice, ...]
    pools: tuple[Pool, ...] = ()
    weight: float = 0.0


def sums_of_rows(design: Design, own: Bools, *, robust: bool, rounds: Sequence[slice]) -> list[list[Sums]]:
    """Sums of the rows `own` (n,) of `design`, a list of blocks for each group of horizons."""
    unit = spread(design.growth, robust=robust)
    blocks = [slice(start, start + BLOCK) for start in range(0, len(unit), BLOCK)]
    summed = [(_summed(design, unit, rows, rounds, robust)[0], own[rows]) for rows in blocks]
    return [[sums[at].kept(kept) for sums, kept in summed] for at in range(len(rounds))]


def pooled_sums(design: Design, own: Bools, *, robust: bool, rounds: Sequence[slice]) -> list[Sums]:
    """Sums over the rows, one for each group of horizons, as of a single series: what the pooled fit needs of a part."""
    return [added_up(blocks) for blocks in sums_of_rows(design, own, robust=robust, rounds=rounds)]


def apart_from_pool(design: Design, own: Bools, *, robust: bool, common: Common) -> tuple[Floats, Floats]:
    """How far the rows' own fits at the first horizons lie from the pooled one: what the weight of the pool is made of (`ridge.apart`)."""
    told = [apart(sums, common.pools[0]) for sums in sums_of_rows(design, own, robust=robust, rounds=common.rounds[:1])[0]]
    return np.concatenate([t[0] for t in told]), np.concatenate([t[1] for t in told])


def _fits(design: Design, unit: Floats, horizon: int, robust: bool, common: Common | None = None) -> Iterator[_Fit]:
    rounds = sharing(design, horizon) if common is None else common.rounds
    blocks = [slice(start, start + BLOCK) for start in range(0, len(unit), BLOCK)]
    summed = [_summed(design, unit, rows, rounds, robust) for rows in blocks]
    weight = 0.0
    for at, ahead in enumerate(rounds):
        if common is None:
            pool = pooled([sums[at] for sums, _ in summed])
            weight = weight or prior_rows([sums[at] for sums, _ in summed], pool)  # targets further ahead overlap: their errors tell too much
        else:
            pool, weight = common.pools[at], common.weight
        for rows, (sums, latest) in zip(blocks, summed, strict=True):
            yield _Fit(rows, ahead, *solve_shrunk(sums[at], pool, rows=weight), latest)


def _summed(design: Design, unit: Floats, rows: slice, rounds: Sequence[slice], robust: bool) -> tuple[list[Sums], _Latest]:
    """A block's sums, one for each group of horizons that share rows, and its last row."""
    inputs = _inputs(design, unit, rows, robust)
    special = _special(design, unit, rows, slice(0, rounds[-1].stop), robust)
    equations = (_equations(design, unit, rows, ahead, robust, inputs=inputs) for ahead in rounds)
    latest = _Latest(inputs[:, -1].astype(np.float64), special[:, -1].astype(np.float64))
    return [sums_of(eq) for eq in equations], latest


def sharing(design: Design, horizon: int) -> list[slice]:
    """Horizons (0-based) in groups that share their rows: a season at a time, one at a time where that would cost too many rows."""
    periods = design.growth.shape[1]
    size = max(1, min(design.season, (periods - design.season) // 4))
    ready = np.isfinite(shift(design.growth, 3)) & design.known
    ahead = [(ready[:, : periods - h] & design.known[:, h:]) if h < periods else ready[:, :0] for h in range(1, min(size, horizon) + 1)]
    shared = np.logical_and.reduce([block[:, : ahead[-1].shape[1]] for block in ahead])
    if shared.sum() < LEAST_SHARED * np.mean([block.sum() for block in ahead]):
        size = 1
    return [slice(start, min(start + size, horizon)) for start in range(0, horizon, size)]


def _inputs(design: Design, unit: Floats, rows: slice, robust: bool) -> Floats:
    """(m, T, p + 1) scaled inputs and a constant."""
    raw = design.inputs(rows, kind=precision(len(unit)))
    inputs = np.empty((*raw.shape[:2], raw.shape[2] + 1), dtype=raw.dtype)
    np.divide(raw, unit[rows, None, None].astype(raw.dtype), out=inputs[:, :, :-1])
    inputs[:, :, -1] = 1.0
    if robust:
        bound = input_bounds(design).astype(raw.dtype)
        np.clip(inputs, -bound, bound, out=inputs)
    return inputs


def input_bounds(design: Design) -> Floats:
    """(p + 1,) largest size of each input and of the constant in the robust form; growth itself is a change over a season."""
    lags = [int(group.partition(":")[2] or design.season) for group in design.groups]
    return CLIP * np.sqrt([*lags, 1])


def _target_bounds(ahead: slice) -> Floats:
    return CLIP * np.sqrt(np.arange(ahead.start + 1, ahead.stop + 1))


def _special(design: Design, unit: Floats, rows: slice, ahead: slice, robust: bool) -> Floats:
    """(m, T, h) the season's shape, scaled; zeros in the adjusted form."""
    kind = precision(len(unit))
    if design.shapes is None:
        return np.zeros((*design.x[rows].shape, ahead.stop - ahead.start), dtype=kind)
    special: Floats = (design.shapes[rows, :, ahead] / unit[rows, None, None]).astype(kind, copy=False)
    if robust:
        np.clip(special, -CLIP, CLIP, out=special)
    return special


def _equations(design: Design, unit: Floats, rows: slice, ahead: slice, robust: bool, *, inputs: Floats | None = None) -> Equations:
    written = _inputs(design, unit, rows, robust) if inputs is None else inputs
    growth, known = design.growth[rows] / unit[rows, None], design.known[rows]
    periods = growth.shape[1]
    target = np.full((*growth.shape, ahead.stop - ahead.start), np.nan, dtype=written.dtype)
    use = np.isfinite(shift(growth, 3)) & known
    for at, h in enumerate(range(ahead.start + 1, ahead.stop + 1)):
        reach = max(periods - h, 0)
        target[:, :reach, at] = np.where(known[:, periods - reach :], growth[:, periods - reach :] - growth[:, :reach], np.nan)
    use &= np.isfinite(target).all(axis=2)
    if robust:
        bound = _target_bounds(ahead).astype(target.dtype)
        np.clip(target, -bound, bound, out=target)
    return Equations(written, _special(design, unit, rows, ahead, robust), np.where(use[:, :, None], target, 0), use)


def _residual(eq: Equations, inputs: Floats, special: Floats, unit: Floats) -> Floats:
    """(m, T) error of the one-step equation, at the period that was forecast."""
    fitted = (eq.inputs @ inputs[:, :, None])[:, :, 0] + eq.special[:, :, 0] * special[:, None]
    return shift(np.where(eq.use, eq.target[:, :, 0] - fitted, np.nan) * unit[:, None], 1)


@dataclass(frozen=True, slots=True)
class FrozenLags:
    """A fit held still: `unit` (n,) and `coefficients` (n, H, p + 1), to be asked what it would say of other data."""

    unit: Floats
    coefficients: Floats
    robust: bool

    def changes(self, design: Design) -> Floats:
        """(n, H) forecast of S(T+h) - S(T) from the last column of `design`; linear in it but for the clip of the robust form."""
        n, horizon, _ = self.coefficients.shape
        inputs = np.concatenate([design.inputs(slice(None))[:, -1] / self.unit[:, None], np.ones((n, 1))], axis=-1)
        special = np.zeros((n, horizon)) if design.shapes is None else design.shapes[:, -1, :horizon] / self.unit[:, None]
        if self.robust:
            bound = input_bounds(design)
            inputs, special = np.clip(inputs, -bound, bound), np.clip(special, -CLIP, CLIP)
        change = (inputs[:, None, :] * self.coefficients[:, :, :-1]).sum(axis=-1) + special * self.coefficients[:, :, -1]
        return np.where(np.isfinite(design.growth[:, -1])[:, None], change * self.unit[:, None], 0.0)


def frozen_lags(design: Design, *, horizon: int, robust: bool) -> FrozenLags:
    """The fit behind `forecast_changes`, held still."""
    unit = spread(design.growth, robust=robust)
    coefficients = np.zeros((len(unit), horizon, len(design.groups) + 2))
    for fit in _fits(design, unit, horizon, robust):
        coefficients[fit.rows, fit.ahead, :-1] = fit.inputs.transpose(0, 2, 1)
        coefficients[fit.rows, fit.ahead, -1] = fit.special
    return FrozenLags(unit, coefficients, robust)
