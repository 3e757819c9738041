"""Scores of one source as percentiles among its own occupations, so that three scales without a common unit can stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def percentiles(values: Sequence[float], among: Sequence[float]) -> list[float]:
    """Share of `among` below each value, those equal to it counted half (mid-rank, Hazen 1914): strictly between 0 and 1 for members of `among`.

    Raises ValueError when `among` is empty.
    """
    if not len(among):
        raise ValueError("percentiles need something to stand among")
    ordered = np.sort(np.asarray(among, dtype=np.float64))
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    return [float(p) for p in (below + up_to) / (2 * len(ordered))]
