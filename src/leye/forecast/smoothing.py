"""Exponential smoothing of year-on-year growth, with and without a damped trend, for all series at once.

Simple smoothing and the damped additive trend of Gardner and McKenzie (1985) in error-correction form (Hyndman, Koehler, Ord and Snyder 2008,
ETS(A,N,N) and ETS(A,Ad,N)): every setting of a small grid runs over every series side by side, and each series takes the setting with the
least AICc. Growth has no season left, so none is smoothed.
"""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import ROUNDING, Floats

ALPHAS = (0.2, 0.4, 0.65, 0.9, 1.0)
BETAS = (0.05, 0.15, 0.4)
"""Smoothing of the trend as a share of that of the level."""
PHI = 0.9
"""Damping a period. # chosen by us: on the development origins of bench/forecast_us_employment .8, .95 and a choice among five differ by
under .2 % of the mix's error; the grids of level and trend likewise from 20 to 182 settings"""
SETTINGS: tuple[tuple[float, float], ...] = (*((alpha, 0.0) for alpha in ALPHAS), *((alpha, beta) for alpha in ALPHAS for beta in BETAS))
"""(alpha, beta) of each setting; beta 0 has no trend."""
PARAMETERS_LEVEL, PARAMETERS_TREND = 3, 5
"""What AICc counts: alpha, first level and variance, with a trend also beta and the first trend. PHI is not estimated."""
BLOCK = 1_000
"""Series run at a time: their states stay in the processor's cache."""


def smoothed_parts(growth: Floats, *, horizon: int) -> Floats:
    """(n, H, 2) what smoothing adds to the last value of `growth` (n, T): the level it settles on less that value, and the damped trend.

    NaN in `growth` only before a series begins. 0 for a series that has not begun.
    """
    out = np.zeros((len(growth), horizon, 2))
    ahead = np.cumsum(PHI ** np.arange(1, horizon + 1))
    for start in range(0, len(growth), BLOCK):
        rows = slice(start, start + BLOCK)
        level, trend = _settled(growth[rows])
        out[rows, :, 0] = np.nan_to_num(level - growth[rows, -1])[:, None]
        out[rows, :, 1] = np.nan_to_num(trend)[:, None] * ahead
    return out


def _settled(y: Floats) -> tuple[Floats, Floats]:
    """(n,) last level and last trend of each row of `y` (n, T) under its best setting."""
    alpha, beta = (np.array([s[at] for s in SETTINGS])[:, None] for at in (0, 1))
    gain, phi = alpha * beta, np.where(beta > 0, PHI, 0.0)
    level = np.full((len(SETTINGS), len(y)), np.nan)
    trend, loss = np.zeros(level.shape), np.zeros(level.shape)
    for t in range(y.shape[1]):
        pushed = phi * trend
        miss = y[:, t] - level - pushed
        has_begun = np.isfinite(miss)
        np.copyto(miss, 0.0, where=~has_begun)
        loss += miss**2
        level = np.where(has_begun, level + pushed + alpha * miss, y[:, t])  # the first value is the first level
        trend = pushed + gain * miss
    best = np.argmin(_aicc(loss, np.isfinite(y).sum(axis=1) - 1, beta > 0), axis=0)
    row = np.arange(len(y))
    return level[best, row], trend[best, row]


def _aicc(loss: Floats, count: np.typing.NDArray[np.int64], has_trend: np.typing.NDArray[np.bool_]) -> Floats:
    """Corrected information criterion of Gaussian errors (Hurvich and Tsai 1989) from sums of squares (settings, n) over `count` (n,) errors."""
    k = np.where(has_trend, PARAMETERS_TREND, PARAMETERS_LEVEL)
    left = np.maximum(count - k - 1, 0.5)  # hardly any data: the setting with fewer parameters wins
    out: Floats = np.maximum(count, 1) * np.log(loss / np.maximum(count, 1) + ROUNDING**2) + 2 * k + 2 * k * (k + 1) / left
    return out
