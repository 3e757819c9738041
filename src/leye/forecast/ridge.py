"""Least squares for many series and horizons at once, each series shrunk towards the fit of all of them together.

The horizons of a series share their rows, so one matrix is solved for all of them; the one input that differs by horizon is eliminated
by its Schur complement. `tests/unit/forecast/test_forecast_ridge.py` holds it against the system written out in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from leye.forecast.arrays import Bools, Floats

PRIOR_ROWS = 200.0
"""Weight of the pooled fit, in periods of data. # chosen by us: 100 and 400 are within half a percent on the development origins of
bench/forecast_us_employment, 1000 is 1 % worse"""
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
    """Sums over the rows of n series: xx (n, p, p), xz and xy (n, p, H), zz and zy (n, H) with z the special input, rows (n,)."""

    xx: Floats
    xz: Floats
    xy: Floats
    zz: Floats
    zy: Floats
    rows: Floats

    def kept(self, series: Bools) -> Sums:
        """The sums of the chosen series (n,) only."""
        return Sums(*(getattr(self, f.name)[series] for f in fields(self)))


def added_up(blocks: Sequence[Sums]) -> Sums:
    """The sums over all series of all blocks, as of one series."""
    return Sums(*(np.sum([getattr(b, f.name).sum(axis=0) for b in blocks], axis=0)[None] for f in fields(Sums)))


@dataclass(frozen=True, slots=True)
class Pool:
    """What all series have in common. inputs: (p, H) and special: (H,) pooled coefficients · unit: (p,) and special_unit: (H,) mean squares
    of the inputs over all rows."""

    inputs: Floats
    special: Floats
    unit: Floats
    special_unit: Floats


def sums_of(eq: Equations) -> Sums:
    """The sums of one block of series, in double precision whatever the inputs come in."""
    turned = np.where(eq.use[:, :, None], eq.inputs, 0).transpose(0, 2, 1)
    z, y = (np.where(eq.use[:, :, None], block, 0) for block in (eq.special, eq.target))
    parts = (turned @ eq.inputs, turned @ z, turned @ y, (z * z).sum(axis=1), (z * y).sum(axis=1))
    xx, xz, xy, zz, zy = (np.asarray(part, dtype=np.float64) for part in parts)
    return Sums(xx, xz, xy, zz, zy, eq.use.sum(axis=1).astype(np.float64))


def pooled(blocks: Sequence[Sums], *, pool_rows: float = POOL_ROWS) -> Pool:
    """The fit of all series together, drawn to no change by `pool_rows` periods of an average input's square."""
    xx, xz, xy, zz, zy = (sum(getattr(b, name).sum(axis=0) for b in blocks) for name in ("xx", "xz", "xy", "zz", "zy"))
    rows = max(float(sum(b.rows.sum() for b in blocks)), 1.0)
    unit = np.diag(xx) / rows
    unit = unit + TINY * max(float(unit.mean()), TINY)
    special_unit = zz / rows + TINY * max(float(unit.mean()), TINY)
    left = xx + np.diag(pool_rows * unit)
    inputs, special = _bordered(left[None], xz[None], xy[None], (zz + pool_rows * special_unit)[None], zy[None])
    return Pool(inputs[0], special[0], unit, special_unit)


def solve_shrunk(sums: Sums, pool: Pool, *, prior_rows: float = PRIOR_ROWS) -> tuple[Floats, Floats]:
    """Coefficients B_i = (X'X_i + R)^-1 (X'Y_i + R B_pooled), R = prior_rows · diag of the mean of one period's X'X: of the inputs
    (n, p, H) and of the special input (n, H).

    Source of the form: a Gaussian prior around the pooled coefficients (Lindley and Smith 1972, exchangeable regression coefficients).
    """
    prior, special_prior = prior_rows * pool.unit, prior_rows * pool.special_unit
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
