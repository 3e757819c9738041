"""Detectors of the literature, written from their formulas: Shewhart, three-month mean, EWMA, CUSUM, EARS-C3, Farrington-like, Sahm-like.

The first four get our one-sided scores, the last three the level without season. They see what ours sees and are calibrated on the same quiet months.

Each turns scores (months, series), bad positive, into a statistic; a row is written when the statistic reaches its threshold, again every six
months while it stays there, and a lamp goes out after two months below.
"""

from __future__ import annotations

import numpy as np


def shewhart(z: np.ndarray, _: np.ndarray) -> np.ndarray:
    return z


def three_month_mean(z: np.ndarray, _: np.ndarray) -> np.ndarray:
    out = z.copy()
    out[2:] = (z[2:] + z[1:-1] + z[:-2]) / 3
    return out


def ewma(z: np.ndarray, _: np.ndarray, weight: float = 0.2) -> np.ndarray:
    out, now = np.zeros_like(z), np.zeros(z.shape[1])
    for t in range(len(z)):
        now = np.where(np.isnan(z[t]), now, (1 - weight) * now + weight * z[t])
        out[t] = now
    return out


def cusum(z: np.ndarray, _: np.ndarray, k: float = 0.5) -> np.ndarray:
    """Page 1954, without restart, capped at 20."""
    out, now = np.zeros_like(z), np.zeros(z.shape[1])
    for t in range(len(z)):
        now = np.clip(now + np.where(np.isnan(z[t]), 0, z[t] - k), 0, 20)
        out[t] = now
    return out


def ears_c3(_: np.ndarray, x: np.ndarray) -> np.ndarray:
    """EARS C3 (Hutwagner et al., J Urban Health 2003) on the monthly change: sum over three periods of what C2 exceeds 1 by.

    C2: distance from the mean of seven periods that end three before, in their standard deviations.
    """
    bad = np.full_like(x, np.nan)
    bad[1:] = -(x[1:] - x[:-1])
    c2 = np.full_like(x, np.nan)
    for t in range(11, len(x)):
        base = bad[t - 9 : t - 2]
        c2[t] = (bad[t] - base.mean(axis=0)) / np.maximum(base.std(axis=0, ddof=1), 1e-9)
    over = np.maximum(c2 - 1, 0)
    out = np.full_like(x, np.nan)
    out[2:] = over[2:] + over[1:-1] + over[:-2]
    return np.minimum(out, 60)


def farrington_like(_: np.ndarray, x: np.ndarray, years: int = 5, half_window: int = 1) -> np.ndarray:
    """After Farrington et al. (JRSS A 1996) and Noufaily et al. (2013): a line with time through the same months of earlier years, and how far
    below its forecast the value lies, in prediction standard errors. On the logarithm of the season-free level; large counts need no Poisson part.
    """
    out = np.full_like(x, np.nan)
    lags = np.array([12 * year + shift for year in range(1, years + 1) for shift in range(-half_window, half_window + 1)])
    t_of = -lags.astype(float)
    centred, n = t_of - t_of.mean(), len(lags)
    sxx = (centred**2).sum()
    for t in range(lags.max(), len(x)):
        y = x[t - lags]
        slope, mean = (centred[:, None] * y).sum(axis=0) / sxx, y.mean(axis=0)
        rest = y - mean - slope * centred[:, None]
        sd = np.sqrt((rest**2).sum(axis=0) / (n - 2) * (1 + 1 / n + t_of.mean() ** 2 / sxx))
        out[t] = (mean - slope * t_of.mean() - x[t]) / np.maximum(sd, 1e-9)
    return out


def sahm_like(_: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Three-month mean of the adjusted log level below its highest value of the last twelve months, over the series' typical yearly move."""
    mean = x.copy()
    mean[2:] = (x[2:] + x[1:-1] + x[:-2]) / 3
    out = np.full_like(x, np.nan)
    for t in range(14, len(x)):
        window = mean[t - 12 : t + 1]
        high = np.where(np.isnan(window), -np.inf, window).max(axis=0)
        out[t] = high - mean[t]
    return out


def rows_of(stat: np.ndarray, threshold: float | np.ndarray) -> np.ndarray:
    """(months, series) whether a row is written."""
    rows = np.zeros(stat.shape, dtype=bool)
    lit, age, quiet = (np.zeros(stat.shape[1], dtype=int) for _ in range(3))
    for t in range(len(stat)):
        above = np.nan_to_num(stat[t], nan=-np.inf) >= threshold
        onset = above & (lit == 0)
        age = np.where(lit == 1, age + 1, 0)
        again = (lit == 1) & (age >= 6) & above
        rows[t] = onset | again
        age = np.where(onset | again, 0, age)
        quiet = np.where(above, 0, quiet + 1)
        lit = np.where(onset, 1, np.where(quiet >= 2, 0, lit))
    return rows


def calibrated(stat: np.ndarray, calm: int, nominal: float, quiet: np.ndarray, scale: np.ndarray | None = None) -> np.ndarray:
    """Rows at the threshold at which the quiet calibration months give `nominal` rows a series-year. quiet: (months, series)."""
    if scale is not None:
        stat = stat / scale
    past, still = stat[:calm], quiet[:calm] & ~np.isnan(stat[:calm])
    years = still.sum() / 12
    low, high = 1e-6, float(np.nanmax(past)) + 1
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if (rows_of(past, middle) & still).sum() / years > nominal else (low, middle)
    return rows_of(stat, high)
