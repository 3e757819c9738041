"""Least squares for many series and horizons at once, each series shrunk towards the fit of all of them together, by how alike they are.

The horizons of a series share their rows, so one matrix is solved for all of them; the one input that differs by horizon is eliminated
by its Schur complement. `tests/unit/forecast/test_forecast_ridge.py` holds it against the system written out in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from leye.forecast.arrays import Bools, Floats

PRIOR_ROWS = 200.0
"""Weight of the pooled fit, in periods of data, before anything is known of how far series lie apart. # chosen by us: 100 and 400 are within
half a percent on the development origins of bench/forecast_us_employment, 1000 is 1 % worse"""
PRIOR_SERIES = 10.0
"""Series that weigh as much as that guess once they are asked (`prior_rows`). # chosen by us: the median of fewer says little"""
LEAST_PRIOR, MOST_PRIOR = 10.0, 2_000.0
"""Bounds of the learned weight. # chosen by us: beyond them the fit hardly moves any more"""
HAIR = 1e-4
"""Share of an average row's square that keeps a series' own fit solvable; a root sees itself twice, as its own lags and as the series above."""
POOL_ROWS = 20.0
"""Weight of "no change" inside the pooled fit; it matters for one or few series only. # chosen by us: keeps 27 inputs tame on 30 rows"""
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Equations:
    """All horizons of n series. inputs: (n, T, p), the same at every horizon · special: (n, T, H) one further input that depends on the
    horizon · target: (n, T, H), 0 where not used · use: (n, T) rows that count, at every horizon."""

    inputs: Floats
    special: Floats
    target: Floats
    use: Bools


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the rows of n series: xx (n, p, p), xz and xy (n, p, H), zz, zy and yy (n, H) with z the special input, rows (n,)."""

    xx: Floats
    xz: Floats
    xy: Floats
    zz: Floats
    zy: Floats
    yy: Floats
    rows: Floats

    def kept(self, series: Bools) -> Sums:
        """The sums of the chosen series (n,) only."""
        return Sums(*(getattr(self, f.name)[series] for f in fields(self)))


def added_up(blocks: Sequence[Sums]) -> Sums:
    """The sums over all series of all blocks, as of one series."""
    return Sums(*(np.sum([getattr(b, f.name).sum(axis=0, dtype=np.float64) for b in blocks], axis=0)[None] for f in fields(Sums)))


@dataclass(frozen=True, slots=True)
class Pool:
    """What all series have in common. inputs: (p, H) and special: (H,) pooled coefficients · unit: (p,) and special_unit: (H,) mean squares
    of the inputs over all rows."""

    inputs: Floats
    special: Floats
    unit: Floats
    special_unit: Floats


def sums_of(eq: Equations) -> Sums:
    """The sums of one block of series, in the precision of its inputs: they are held for all blocks until the pool is known."""
    turned = np.where(eq.use[:, :, None], eq.inputs, 0).transpose(0, 2, 1)
    z, y = (np.where(eq.use[:, :, None], block, 0) for block in (eq.special, eq.target))
    xx, xz, xy, zz, zy, yy = (turned @ eq.inputs, turned @ z, turned @ y, (z * z).sum(axis=1), (z * y).sum(axis=1), (y * y).sum(axis=1))
    return Sums(xx, xz, xy, zz, zy, yy, eq.use.sum(axis=1).astype(np.float64))


def _doubled(sums: Sums) -> Sums:
    return Sums(*(np.asarray(getattr(sums, name), dtype=np.float64) for name in Sums.__slots__))


def pooled(blocks: Sequence[Sums], *, pool_rows: float = POOL_ROWS) -> Pool:
    """The fit of all series together, drawn to no change by `pool_rows` periods of an average input's square."""
    xx, xz, xy, zz, zy = (sum(getattr(b, name).sum(axis=0, dtype=np.float64) for b in blocks) for name in ("xx", "xz", "xy", "zz", "zy"))
    rows = max(float(sum(b.rows.sum() for b in blocks)), 1.0)
    unit = np.diag(xx) / rows
    unit = unit + TINY * max(float(unit.mean()), TINY)
    special_unit = zz / rows + TINY * max(float(unit.mean()), TINY)
    left = xx + np.diag(pool_rows * unit)
    inputs, special = _bordered(left[None], xz[None], xy[None], (zz + pool_rows * special_unit)[None], zy[None])
    return Pool(inputs[0], special[0], unit, special_unit)


def prior_rows(blocks: Sequence[Sums], pool: Pool) -> float:
    """How many periods of data the pooled fit should weigh, from how much better each series fits itself at the first horizon than the pool does.

    With coefficients spread around the pooled ones by s² / k over an average input's square, a series' own fit lowers its squared error, in units
    of s², by some (1 + rows / k) chi-square of p. k is what the median over series makes it (method of moments, as in Morris 1983 for one mean),
    drawn to PRIOR_ROWS by PRIOR_SERIES series on the logarithmic scale. Series with fewer than 2 p rows are not asked.
    """
    return weight_of([apart(b, pool) for b in blocks])


def weight_of(told: Sequence[tuple[Floats, Floats]]) -> float:
    """The same from what `apart` says of blocks of series."""
    differs, reach = (np.concatenate([t[at] for t in told]) for at in (0, 1))
    if not len(differs):
        return PRIOR_ROWS
    found = float(np.median(reach)) / max(float(np.median(differs)), TINY)
    share = len(differs) / (len(differs) + PRIOR_SERIES)
    return float(np.exp(share * np.log(np.clip(found, LEAST_PRIOR, MOST_PRIOR)) + (1 - share) * np.log(PRIOR_ROWS)))


def apart(sums: Sums, pool: Pool) -> tuple[Floats, Floats]:
    """For each series that has rows enough: what its own fit gains beyond noise, in units of its error variance, and trace(X'X unit⁻¹)."""
    sums = _doubled(sums)
    used = sums.xx.shape[1] + (sums.zz[:, 0] > 0)
    enough = sums.rows >= 2 * used
    rows, used = sums.rows[enough], used[enough]
    xx, xz, xy = sums.xx[enough], sums.xz[enough, :, :1], sums.xy[enough, :, :1]
    zz, zy, yy = (block[enough, 0] for block in (sums.zz, sums.zy, sums.yy))
    hair = HAIR * rows[:, None] * pool.unit
    left = xx + hair[:, :, None] * np.eye(len(pool.unit))
    inputs, special = _bordered(left, xz, xy, (zz + HAIR * rows * pool.special_unit[0])[:, None], zy[:, None])

    def error(b: Floats, c: Floats) -> Floats:
        cross = (b * xy[:, :, 0]).sum(axis=1) + c * zy
        square = ((xx @ b[:, :, None])[:, :, 0] * b).sum(axis=1) + 2 * c * (b * xz[:, :, 0]).sum(axis=1) + c * c * zz
        return np.asarray(yy - 2 * cross + square, dtype=np.float64)

    own, common = error(inputs[:, :, 0], special[:, 0]), error(np.broadcast_to(pool.inputs[:, 0], inputs.shape[:2]), pool.special[0])
    moves = own > TINY * np.maximum(yy, TINY)  # a series that never changes, or is fitted to the bit, tells nothing of noise
    variance = np.where(moves, own, 1.0) / (rows - used)
    median_share = (1 - 2 / (9 * used)) ** 3  # median over mean of a chi-square (Wilson and Hilferty 1931)
    differs = (common - own) / variance / median_share - used
    reach = (np.diagonal(xx, axis1=1, axis2=2) / pool.unit).sum(axis=1) + zz / pool.special_unit[0]
    return differs[moves], reach[moves]


def solve_shrunk(sums: Sums, pool: Pool, *, rows: float) -> tuple[Floats, Floats]:
    """Coefficients B_i = (X'X_i + R)^-1 (X'Y_i + R B_pooled), R = `rows` · diag of the mean of one period's X'X: of the inputs
    (n, p, H) and of the special input (n, H).

    Source of the form: a Gaussian prior around the pooled coefficients (Lindley and Smith 1972, exchangeable regression coefficients).
    """
    sums = _doubled(sums)
    prior, special_prior = rows * pool.unit, rows * pool.special_unit
    left = sums.xx + np.diag(prior)
    return _bordered(left, sums.xz, sums.xy + prior[:, None] * pool.inputs, sums.zz + special_prior, sums.zy + special_prior * pool.special)


def _bordered(left: Floats, side: Floats, right: Floats, corner: Floats, low: Floats) -> tuple[Floats, Floats]:
    """Solves [[left, side_h], [side_h', corner_h]] (b_h, c_h) = (right_h, low_h) for every h with one factorisation of `left`."""
    horizons = side.shape[2]
    solved = np.linalg.solve(left, np.concatenate([right, side], axis=2))
    plain, bent = solved[:, :, :horizons], solved[:, :, horizons:]
    rest = corner - (side * bent).sum(axis=1)
    special = (low - (side * plain).sum(axis=1)) / np.where(rest > 0, rest, np.inf)
    return plain - bent * special[:, None, :], special
