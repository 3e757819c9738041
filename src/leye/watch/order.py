"""Order statistics along the first axis that pass over NaN: the median, a trimmed mean and the median absolute deviation."""

from __future__ import annotations

import numpy as np

from leye.watch.grid import Floats

MAD_TO_SD = 1.4826
"""A normal distribution's standard deviation over its median absolute deviation (1 / 0.6745)."""

MEAN_TO_SD = 1.2533
"""The same over its mean absolute deviation (the square root of pi / 2)."""


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
    """Median and robust standard deviation over the first axis: MAD × 1.4826, or 0.8 × the mean absolute deviation × 1.2533 where that is larger.

    Both are exact for a normal distribution but for the 0.8 (chosen by us: it leaves the MAD in charge there); the second keeps small counts,
    most of whose changes are the same one or two values, from being scored by a MAD near 0.
    """
    middle = median(window)
    off = np.abs(window - middle)
    known = ~np.isnan(off)
    mean_off = np.where(known, off, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    spread = np.maximum(median(off) * MAD_TO_SD, 0.8 * MEAN_TO_SD * mean_off)
    return middle, np.where(known.any(axis=0), spread, 0.0)
