"""Order statistics along the first axis that pass over NaN: the median, a trimmed mean and the median absolute deviation."""

from __future__ import annotations

import numpy as np

from leye.watch.grid import Floats

MAD_TO_SD = 1.4826
"""A normal distribution's standard deviation over its median absolute deviation (1 / 0.6745)."""


def median(stack: Floats) -> Floats:
    """Median over the first axis of what is known; NaN where nothing is."""
    ranked = np.sort(stack, axis=0)
    count = np.sum(~np.isnan(stack), axis=0)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    top = len(stack) - 1
    middle = np.take_along_axis(ranked, low[None], 0)[0] + np.take_along_axis(ranked, np.minimum(high, top)[None], 0)[0]
    return np.where(count > 0, middle / 2, np.nan)


def trimmed_mean(stack: Floats, *, trim_from: int = 4) -> Floats:
    """Mean over the first axis; where at least `trim_from` values are known the lowest and the highest are left out."""
    known = ~np.isnan(stack)
    count = known.sum(axis=0)
    filled = np.where(known, stack, 0.0)
    total = filled.sum(axis=0)
    low, high = np.where(known, stack, np.inf).min(axis=0), np.where(known, stack, -np.inf).max(axis=0)
    trims = count >= trim_from
    total = np.where(trims, total - np.where(trims, low, 0.0) - np.where(trims, high, 0.0), total)
    left = np.where(trims, count - 2, count)
    return np.where(count > 0, total / np.maximum(left, 1), np.nan)


def center_and_spread(window: Floats) -> tuple[Floats, Floats]:
    """Median and robust standard deviation (MAD × 1.4826) over the first axis.

    Where more than half of the values are equal the MAD is 0; the mean absolute deviation stands in (× 1.2533, also exact for a normal distribution).
    """
    middle = median(window)
    off = np.abs(window - middle)
    spread = median(off) * MAD_TO_SD
    known = ~np.isnan(off)
    mean_off = np.where(known, off, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return middle, np.where(spread > 0, spread, mean_off * 1.2533)
