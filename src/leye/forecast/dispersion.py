"""How much a series moves from one period to the next: its middle step and the unit that every regression divides it by."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import ROUNDING, Floats

MAD_TO_SD = 1.4826
"""Median absolute deviation of a normal variable times this is its standard deviation."""


def spread(growth: Floats, *, robust: bool) -> Floats:
    """(n,) scale of one period's change of growth: standard deviation, or MAD; 1 where nothing ever changes."""
    steps = np.diff(growth, axis=1)
    seen = np.isfinite(steps)
    count = np.maximum(seen.sum(axis=1), 1)
    mean = np.where(seen, steps, 0.0).sum(axis=1) / count
    sd: Floats = np.sqrt(np.where(seen, (steps - mean[:, None]) ** 2, 0.0).sum(axis=1) / count)
    if robust:
        mad = MAD_TO_SD * median(np.abs(steps - median(steps)[:, None]))
        sd = np.where(mad > 0.1 * sd, mad, sd)
    return np.where(sd > ROUNDING, sd, 1.0)


def median(x: Floats) -> Floats:
    """(n,) median over the finite values of each row, 0 for a row without any."""
    if not x.shape[1]:
        return np.zeros(len(x))
    ordered = np.sort(x, axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    row = np.arange(x.shape[0])
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, x.shape[1] - 1)
    return np.where(count > 0, (ordered[row, low] + ordered[row, high]) / 2, 0.0)
