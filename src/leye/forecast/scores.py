"""Scores of forecasts, point by point on arrays. All follow Hyndman and Koehler (2006) and Gneiting and Raftery (2007)."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Floats

SCALE_SEASONS = 15
"""Seasons before the origin whose seasonal-naive error is the unit of MASE: 180 months."""


def seasonal_naive_scale(y: Floats, *, season: int) -> Floats:
    """(n,) mean |y(t) - y(t - season)| over the last 15 seasons of `y` (n, T), in units of y; NaN where it is 0 or unknown."""
    window = y[:, -SCALE_SEASONS * season :]
    if window.shape[1] <= season:
        return np.full(len(y), np.nan)
    change = np.abs(window[:, season:] - window[:, :-season])
    seen = np.isfinite(change)
    mean = np.where(seen, change, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.where(mean > 0, mean, np.nan)


def smape(y: Floats, mean: Floats) -> Floats:
    """Symmetric percentage error, 0 to 200; 0 where both are 0."""
    size = np.abs(y) + np.abs(mean)
    return np.where(size > 0, 200.0 * np.abs(y - mean) / np.where(size > 0, size, 1.0), 0.0)


def winkler(y: Floats, low: Floats, high: Floats, *, level: int) -> Floats:
    """Interval score at `level` percent, in units of y: the width, and 2 / (1 - level) times the distance of a miss."""
    alpha = 1.0 - level / 100.0
    miss: Floats = np.maximum(low - y, 0.0) + np.maximum(y - high, 0.0)
    return (high - low) + 2.0 / alpha * miss


def covered(y: Floats, low: Floats, high: Floats) -> Floats:
    """1 where the interval holds the truth, 0 where not, NaN where something is missing."""
    known = np.isfinite(y) & np.isfinite(low) & np.isfinite(high)
    return np.where(known, ((low <= y) & (y <= high)).astype(np.float64), np.nan)
