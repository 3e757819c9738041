"""Least squares for many series at once, each shrunk towards the fit of all of them together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.panel import Bools, Floats

PRIOR_ROWS = 200.0
"""Weight of the pooled fit, in periods of data. # chosen by us: best of 25..800 on the development origins of bench/forecast_us_employment"""
POOL_ROWS = 20.0
"""Weight of "no change" inside the pooled fit; it matters for one or few series only. # chosen by us: keeps 26 inputs tame on 30 rows"""
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Gram:
    """Sums over periods for n series: xx (n, p, p), xy (n, p), rows (n,)."""

    xx: Floats
    xy: Floats
    rows: Floats


def gram(inputs: Floats, target: Floats, use: Bools) -> Gram:
    """inputs (n, T, p), target (n, T); periods where `use` (n, T) is False are left out."""
    x = np.where(use[:, :, None], inputs, 0.0)
    y = np.where(use, target, 0.0)
    turned = x.transpose(0, 2, 1)
    return Gram(turned @ x, (turned @ y[:, :, None])[:, :, 0], use.sum(axis=1).astype(np.float64))


def solve_shrunk(sums: Gram, *, prior_rows: float = PRIOR_ROWS, pool_rows: float = POOL_ROWS) -> Floats:
    """(n, p) coefficients B_i = (X'X_i + R)^-1 (X'Y_i + R B_pooled), R = prior_rows · diag of the mean of one period's X'X.

    Source of the form: a Gaussian prior around the pooled coefficients (Lindley and Smith 1972, linear model with exchangeable coefficients).
    """
    rows = max(float(sums.rows.sum()), 1.0)
    pooled_xx, pooled_xy = sums.xx.sum(axis=0), sums.xy.sum(axis=0)
    mean_square: Floats = np.diag(pooled_xx) / rows
    unit = mean_square + TINY * max(float(mean_square.mean()), TINY)
    pooled = np.linalg.solve(pooled_xx + np.diag(pool_rows * unit), pooled_xy)
    prior = prior_rows * unit
    own_xx = sums.xx + np.diag(prior)
    own_xy = sums.xy + (prior * pooled)
    solved: Floats = np.linalg.solve(own_xx, own_xy[:, :, None])[:, :, 0]
    return solved
