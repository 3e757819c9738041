"""80 % bands from what the same forecast missed by at earlier origins, skills of like size together (split conformal: Papadopoulos et al. 2002)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leye.match.radar.ahead import LEVEL_MONTHS, Array, ahead

COVER = 0.8
SIZES = (0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, np.inf)
"""Edges of the groups by forecast count; few counts err by Poisson, many by the market's turns."""
LEAST = 30
"""Earlier misses of a group below which it has the misses of all. # chosen by us: a tenth of thirty is three"""
LEAST_ORIGINS = 4
"""Earlier origins without which there is no band."""


def with_bands(counts: Array, horizon: int) -> tuple[Array, Array | None, Array | None]:
    """(mean, low, high), each (n_skills, horizon); low and high None with fewer than LEAST_ORIGINS origins to learn from. Bands never cross the mean
    or 0. Misses are ratios of (count + ½) to (forecast + ½), by step and size; every earlier origin counts alike."""
    mean = ahead(counts, horizon)
    misses = _misses(counts, horizon)
    low, high = np.empty_like(mean), np.empty_like(mean)
    for h in range(horizon):
        said, ratio, origins = misses[h]
        if origins < LEAST_ORIGINS:
            return mean, None, None
        down, up = _quantiles(said, ratio, mean[:, h])
        low[:, h] = np.clip((mean[:, h] + 0.5) * down - 0.5, 0, mean[:, h])
        high[:, h] = np.maximum((mean[:, h] + 0.5) * up - 0.5, mean[:, h])
    return mean, low, high


def _misses(counts: Array, horizon: int) -> list[tuple[Array, Array, int]]:
    """A step -> (forecasts, ratios, origins) over all origins whose month is known."""
    rows: list[tuple[list[Array], list[Array]]] = [([], []) for _ in range(horizon)]
    for origin in range(LEVEL_MONTHS, counts.shape[1]):
        steps = min(horizon, counts.shape[1] - origin)
        said = ahead(counts[:, :origin], steps)
        for h in range(steps):
            rows[h][0].append(said[:, h])
            rows[h][1].append((counts[:, origin + h] + 0.5) / (said[:, h] + 0.5))
    empty = np.empty(0)
    return [(np.concatenate(s) if s else empty, np.concatenate(r) if r else empty, len(s)) for s, r in rows]


def _quantiles(said: Array, ratio: Array, mean: Array) -> tuple[Array, Array]:
    """The conformal quantiles of each skill's size group: rank ⌈(n + 1)·level⌉ from either end."""
    place, learnt = _size(mean), _size(said)
    down, up = np.empty(mean.size), np.empty(mean.size)
    for group in np.unique(place):
        mine = np.sort(ratio[learnt == group] if (learnt == group).sum() >= LEAST else ratio)
        tail = max(int(np.floor((mine.size + 1) * (1 - COVER) / 2)), 1)
        down[place == group], up[place == group] = mine[tail - 1], mine[mine.size - tail]
    return down, up


def _size(values: Array) -> NDArray[np.int64]:
    return np.searchsorted(np.array(SIZES), values, side="right")
