"""Simple detectors, plainly written, on the same one-sided innovations as ours: Shewhart, three-month mean, EWMA, CUSUM and a Sahm-like rule.

Each turns scores (months, series), bad positive, into a statistic; a row is written when the statistic reaches its threshold, again every six
months while it stays there, and a lamp goes out after two months below. Thresholds: the height at which the calibration months themselves give the
nominal number of rows a series-year.
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


def cusum(z: np.ndarray, _: np.ndarray, k: float = 0.25) -> np.ndarray:
    """Without restart, capped at 20, as the textbook has it."""
    out, now = np.zeros_like(z), np.zeros(z.shape[1])
    for t in range(len(z)):
        now = np.clip(now + np.where(np.isnan(z[t]), 0, z[t] - k), 0, 20)
        out[t] = now
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


def calibrated(stat: np.ndarray, calm: int, nominal: float, scale: np.ndarray | None = None) -> np.ndarray:
    """Rows at the threshold at which the calibration months give `nominal` rows a series-year."""
    if scale is not None:
        stat = stat / scale
    past = stat[:calm]
    years = (~np.isnan(past)).sum() / 12
    low, high = 1e-6, float(np.nanmax(past)) + 1
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if rows_of(past, middle).sum() / years > nominal else (low, middle)
    return rows_of(stat, high)
