"""Random numbers of the city: one stream a table, so that a change in one leaves the others as they were; draws that hold shares exactly."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of one table. Equal seed and name give equal numbers; the name enters the seed by its CRC-32."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())])))


def apportion(total: int, weights: Sequence[float] | Array) -> Array:
    """Whole numbers in proportion to the weights that add up to `total` (largest remainder); ties go to the first. All zero when no weight."""
    w = np.asarray(weights, dtype=np.float64)
    if total == 0 or w.sum() <= 0:
        return np.zeros(w.size, dtype=np.int64)
    exact = total * w / w.sum()
    parts: Array = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts


def quota(rng: np.random.Generator, n: int, weights: Sequence[float] | Array) -> Array:
    """(n,) category numbers in random order whose counts are the apportioned weights."""
    codes = np.repeat(np.arange(len(weights)), apportion(n, weights))
    rng.shuffle(codes)
    return codes


def pick(rng: np.random.Generator, n: int, weights: Sequence[float] | Array) -> Array:
    """(n,) category numbers drawn with replacement."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(np.searchsorted(edges / edges[-1], rng.random(n), side="right").clip(0, len(edges) - 1))


def chance(rng: np.random.Generator, p: float | Array, n: int) -> Array:
    """(n,) booleans, true with probability p (a number or one per row)."""
    return rng.random(n) < p


def split_exactly(rng: np.random.Generator, totals: Array, parts: Array) -> Array:
    """Split each total into that many whole parts of at least one; needs totals >= parts >= 1. Returns the parts, one total after the other.

    The spare units (total - parts) fall on random parts of their own total.
    """
    owner = np.repeat(np.arange(totals.size), parts)
    first = np.concatenate(([0], np.cumsum(parts)[:-1]))
    spare_owner = np.repeat(np.arange(totals.size), totals - parts)
    # the square pulls spare units together, so that a few ads seek many people and most seek few
    chosen = first[spare_owner] + np.floor(rng.random(spare_owner.size) ** 2 * parts[spare_owner]).astype(np.int64)
    return np.ones(owner.size, dtype=np.int64) + np.bincount(chosen, minlength=owner.size)
