"""Intervals of counts: quantiles of the negative binomial with a given mean and extra variance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leye.forecast.arrays import Floats

PLAIN = 1e-6
"""Extra variance below which a count is Poisson."""


def count_bands(mean: Floats, spread: float, *, levels: Sequence[int]) -> dict[str, Floats]:
    """`lo-L` and `hi-L`, each shaped as `mean`: whole numbers that hold at least L % of var = mean + spread · mean²."""
    from scipy import stats

    safe = np.maximum(mean, 1e-9)
    size = 1.0 / max(spread, PLAIN)
    out: dict[str, Floats] = {}
    for level in levels:
        tail = (1 - level / 100) / 2
        low, high = (stats.poisson.ppf(q, safe) if spread < PLAIN else stats.nbinom.ppf(q, size, size / (size + safe)) for q in (tail, 1 - tail))
        out |= {f"lo-{level}": np.minimum(np.asarray(low), mean), f"hi-{level}": np.maximum(np.asarray(high), mean)}
    return out
