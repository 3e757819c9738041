"""The Theta method, batched: seasonal pattern, smoothed level, half the trend as drift (Assimakopoulos and Nikolopoulos 2000)."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Floats

PATTERN_SEASONS = 8
"""Seasons behind the pattern and the trend. # chosen by us: 8 beats 4 and 15 at most development origins and half the cost of all history"""
LEAST_STRENGTH = 0.45
"""Share of the deviations from the moving average that a pattern must explain. # chosen by us: pure noise reaches about 1/8 over eight seasons,
1/3 over three; unadjusted employment .8 and more"""
ALPHAS = np.linspace(0.1, 1.0, 10)


def theta_parts(x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, H, 3) what the method adds to the last value of filled `x` (n, T): season, smoothing of the level, half the trend."""
    window = x[:, -(season * (PATTERN_SEASONS + 1)) :]
    periods = window.shape[1]
    pattern = seasonal_pattern(window, season)
    adjusted = window - pattern[:, np.arange(periods) % season]
    ahead = np.arange(1, horizon + 1)
    wave = pattern[:, (periods - 1 + ahead) % season] - pattern[:, [(periods - 1) % season]]
    smoothing = np.broadcast_to((_smoothed_level(adjusted) - np.nan_to_num(adjusted[:, -1]))[:, None], wave.shape)
    return np.stack([wave, smoothing, 0.5 * _trend(adjusted)[:, None] * ahead], axis=-1)


def seasonal_pattern(x: Floats, season: int) -> Floats:
    """(n, season) mean deviation from the centred moving average, summing to 0; zeros where fewer than two seasons are seen."""
    n, periods = x.shape
    if season < 2 or periods < 2 * season:
        return np.zeros((n, season))
    sums = np.cumsum(np.pad(x, ((0, 0), (1, 0))), axis=1)
    mean = (sums[:, season:] - sums[:, :-season]) / season
    half = season // 2
    centred = (mean[:, :-1] + mean[:, 1:]) / 2 if season % 2 == 0 else mean
    deviation = x[:, half : half + centred.shape[1]] - centred
    phase = (np.arange(half, half + centred.shape[1])) % season
    seen = np.isfinite(deviation)
    kept = np.where(seen, deviation, 0.0)
    pattern = np.stack([kept[:, phase == s].sum(axis=1) / np.maximum(seen[:, phase == s].sum(axis=1), 1) for s in range(season)], axis=1)
    pattern -= pattern.mean(axis=1, keepdims=True)
    rest = np.where(seen, deviation - pattern[:, phase], 0.0)
    whole = (kept**2).sum(axis=1)
    strength = 1.0 - (rest**2).sum(axis=1) / np.where(whole > 0, whole, 1.0)
    return np.where((strength >= LEAST_STRENGTH)[:, None], pattern, 0.0)


def recent_pattern(x: Floats, season: int) -> Floats:
    """(n, season) pattern of the latest seasons of filled `x` (n, T); column 0 belongs to the first period of `x`, zeros where none is seen."""
    start = max(x.shape[1] - season * (PATTERN_SEASONS + 1), 0)
    return np.roll(seasonal_pattern(x[:, start:], season), start % season, axis=1)


def _trend(x: Floats) -> Floats:
    """(n,) slope per period by least squares over what is known."""
    seen = np.isfinite(x)
    t = np.arange(x.shape[1], dtype=np.float64)
    count = np.maximum(seen.sum(axis=1), 1)
    t_mean = (seen * t).sum(axis=1) / count
    x_mean = np.where(seen, x, 0.0).sum(axis=1) / count
    apart = np.where(seen, t - t_mean[:, None], 0.0)
    slope: Floats = (apart * np.where(seen, x - x_mean[:, None], 0.0)).sum(axis=1) / np.maximum((apart**2).sum(axis=1), 1e-12)
    return slope


def _smoothed_level(x: Floats) -> Floats:
    """(n,) last level of simple exponential smoothing, the smoothing weight of each series by least squared one-step error over a grid."""
    grid = np.broadcast_to(ALPHAS[:, None], (len(ALPHAS), x.shape[0]))
    level = np.full(grid.shape, np.nan)
    loss = np.zeros(grid.shape)
    for t in range(x.shape[1]):
        value = np.broadcast_to(x[:, t], grid.shape)
        miss = np.where(np.isfinite(level) & np.isfinite(value), value - level, 0.0)
        loss += miss**2
        level = np.where(np.isfinite(level), level + grid * miss, value)
    best = np.argmin(loss, axis=0)
    chosen: Floats = np.nan_to_num(level[best, np.arange(x.shape[0])])
    return chosen
