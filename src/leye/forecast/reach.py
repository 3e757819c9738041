"""How far from its own past a forecast may go before it stops being one: a mistyped month must not forecast itself into the trillions."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Bools, Floats, any_in_row

LEAST = 0.7
"""Reach on the working scale that every series has, however still it was: a doubling on the logarithmic scale. # chosen by us: three points
that hardly differ say little about what may come"""


def reach(x: Floats, *, horizon: int) -> Floats:
    """(n,) distance on the working scale that a forecast may lie beyond the extremes of the past `x` (n, T), NaN where nothing is known.

    The whole span of the past, more where the horizon is long for it; our own rule, argued in docs/models/forecast.md.
    """
    count = np.maximum(np.isfinite(x).sum(axis=1), 1)
    low, high = _extremes(x)
    span = np.where(any_in_row(np.isfinite(x)), high - low, 0.0)
    far: Floats = np.maximum(span * np.maximum(1.0, 2.0 * horizon / count), LEAST)
    return far


def is_out_of_reach(x: Floats, forecast: Floats) -> Bools:
    """(n,) True where any period of `forecast` (n, H) lies further beyond the past than its reach."""
    low, high = _extremes(x)
    far = reach(x, horizon=forecast.shape[1])
    beyond = np.maximum(forecast - high[:, None], low[:, None] - forecast)
    return any_in_row(beyond > far[:, None])


def _extremes(x: Floats) -> tuple[Floats, Floats]:
    seen = np.isfinite(x)
    return np.where(seen, x, np.inf).min(axis=1), np.where(seen, x, -np.inf).max(axis=1)
