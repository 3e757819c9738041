"""From levels to the scale that the models work on (logarithms where possible), and gaps filled from the past only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats


@dataclass(frozen=True, slots=True)
class Scale:
    """Per series: log(y + offset) where `is_log`, else y / unit. Arrays of shape (n,); `floor` is 0 for series that were never negative."""

    is_log: Bools
    offset: Floats
    unit: Floats
    floor: Floats

    def forward(self, y: Floats) -> Floats:
        """(n, T) levels to the working scale; NaN where missing or where there is no logarithm."""
        shifted = y + self.offset[:, None]
        logs = np.log(np.where(self.is_log[:, None] & (shifted > 0), shifted, np.nan))
        return np.where(self.is_log[:, None], logs, y / self.unit[:, None])

    def back(self, x: Floats) -> Floats:
        """(n, …) working scale to levels, never below the floor."""
        shape = (-1,) + (1,) * (x.ndim - 1)
        is_log, offset, unit, floor = (a.reshape(shape) for a in (self.is_log, self.offset, self.unit, self.floor))
        level = np.where(is_log, np.exp(np.where(is_log, np.minimum(x, 700.0), 0.0)) - offset, x * unit)
        return np.maximum(level, floor)

    def slope(self, y: Floats) -> Floats:
        """dy/dx at level y: how many units of y one unit of the working scale is worth."""
        return np.where(self.is_log, y + self.offset, self.unit)


def choose_scale(y: Floats) -> Scale:
    """Logarithm for positive series; with zeros, logarithm after adding the median positive value; with negative values, plain levels.

    The offset and the unit grow with the series, so that multiplying a series multiplies its forecast.
    """
    seen = [row[np.isfinite(row)] for row in y]
    sizes = np.array([np.median(np.abs(v[v != 0])) if (v != 0).any() else np.nan for v in seen])
    # a series of nothing but zeros is measured by the smallest of the others, so that its band grows with the panel
    unit = np.where(np.isfinite(sizes), sizes, np.nanmin(sizes) if np.isfinite(sizes).any() else 1.0)
    lowest = np.array([v.min() if v.size else -1.0 for v in seen])
    offset = np.where(lowest == 0, unit, 0.0)
    return Scale(lowest >= 0, offset, unit, np.where(lowest >= 0, 0.0, -np.inf))


def fill_from_past(x: Floats, *, season: int) -> Floats:
    """(n, T) with gaps and ends filled by last year's value moved by the latest year-on-year change; nothing before a series begins.

    Only the past is used, so a prefix of the filled panel is the filled prefix.
    """
    if not np.isnan(x).any():
        return x
    out = x.copy()
    change = np.zeros(x.shape[0])
    for t in range(1, x.shape[1]):
        lagged = out[:, t - season] if t >= season else np.full(x.shape[0], np.nan)
        guess = np.where(np.isfinite(lagged), lagged + change, out[:, t - 1])
        out[:, t] = np.where(np.isnan(out[:, t]), guess, out[:, t])
        change = np.where(np.isfinite(lagged) & np.isfinite(x[:, t]), x[:, t] - lagged, change)
    return out


def shift(x: Floats, by: int) -> Floats:
    """(n, T) moved `by` periods later (earlier when negative), NaN where nothing moved in."""
    out = np.full_like(x, np.nan)
    if by == 0:
        return x.copy()
    if abs(by) < x.shape[1]:
        if by > 0:
            out[:, by:] = x[:, :-by]
        else:
            out[:, :by] = x[:, -by:]
    return out
