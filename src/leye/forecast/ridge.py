"""Least squares for many series and horizons at once, each series shrunk towards the fit of all of them together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats

PRIOR_ROWS = 200.0
"""Weight of the pooled fit, in periods of data. # chosen by us: best of 50..800 on the development origins of bench/forecast_us_employment"""
POOL_ROWS = 20.0
"""Weight of "no change" inside the pooled fit; it matters for one or few series only. # chosen by us: keeps 27 inputs tame on 30 rows"""
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Equations:
    """All horizons of n series. inputs: (n, T, p), the same at every horizon · special: (n, T, H) one further input that depends on the
    horizon · target: (n, T, H) · use: (n, T, H) periods that count. Column T-1 is never used as a row: its targets are unknown."""

    inputs: Floats
    special: Floats
    target: Floats
    use: Bools


@dataclass(frozen=True, slots=True)
class Sums:
    """One horizon's sums over periods: xx (n, q, q), xy (n, q) with q = p + 1 (the special input last), rows (n,)."""

    xx: Floats
    xy: Floats
    rows: Floats


def solve_all(equations: Equations) -> Floats:
    """(n, H, p + 1) coefficients, one direct equation per horizon."""
    n, _, p = equations.inputs.shape
    horizons = equations.target.shape[2]
    out = np.zeros((n, horizons, p + 1))
    for h, sums in enumerate(sums_by_horizon(equations)):
        out[:, h] = solve_shrunk(sums)
    return out


def sums_by_horizon(eq: Equations) -> list[Sums]:
    """The sums of every horizon. Periods that every horizon uses are summed once, which is most of them; the rest is added per horizon."""
    shared: Bools = np.asarray(eq.use.all(axis=2))
    turned = eq.inputs.transpose(0, 2, 1)
    common = _square(eq.inputs, shared)
    special = np.where(eq.use, eq.special, 0.0)
    target = np.where(eq.use, eq.target, 0.0)
    side, xy = turned @ special, turned @ target
    zz, zy = (special**2).sum(axis=1), (special * target).sum(axis=1)
    rows = eq.use.sum(axis=1).astype(np.float64)
    right = np.concatenate([xy, zy[:, None, :]], axis=1)
    horizons = range(eq.target.shape[2])
    return [Sums(_left(eq, h, common, shared, side[:, :, h], zz[:, h]), right[:, :, h], rows[:, h]) for h in horizons]


def _left(eq: Equations, h: int, common: Floats, shared: Bools, side: Floats, zz: Floats) -> Floats:
    """(n, q, q) the sums of one horizon: what all horizons share, the periods that only this one uses, and its special input."""
    n, p = side.shape
    xx = np.empty((n, p + 1, p + 1))
    xx[:, :p, :p] = common
    columns = np.flatnonzero((eq.use[:, :, h] & ~shared).any(axis=0))
    if len(columns):
        xx[:, :p, :p] += _square(eq.inputs[:, columns], (eq.use[:, :, h] & ~shared)[:, columns])
    xx[:, :p, p] = xx[:, p, :p] = side
    xx[:, p, p] = zz
    return xx


def solve_shrunk(sums: Sums, *, prior_rows: float = PRIOR_ROWS, pool_rows: float = POOL_ROWS) -> Floats:
    """(n, q) coefficients B_i = (X'X_i + R)^-1 (X'Y_i + R B_pooled), R = prior_rows · diag of the mean of one period's X'X.

    Source of the form: a Gaussian prior around the pooled coefficients (Lindley and Smith 1972, exchangeable regression coefficients).
    """
    rows = max(float(sums.rows.sum()), 1.0)
    pooled_xx, pooled_xy = sums.xx.sum(axis=0), sums.xy.sum(axis=0)
    mean_square: Floats = np.asarray(np.diag(pooled_xx) / rows, dtype=np.float64)
    unit = mean_square + TINY * max(float(mean_square.mean()), TINY)
    pooled: Floats = np.linalg.solve(pooled_xx + np.diag(pool_rows * unit), pooled_xy)
    prior = prior_rows * unit
    solved = np.linalg.solve(sums.xx + np.diag(prior), (sums.xy + prior * pooled)[:, :, None])
    return np.asarray(solved[:, :, 0], dtype=np.float64)


def _square(inputs: Floats, use: Bools) -> Floats:
    kept = np.where(use[:, :, None], inputs, 0.0)
    return kept.transpose(0, 2, 1) @ kept
