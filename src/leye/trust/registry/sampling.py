"""Drawing a spot check: at random, yet anybody can draw the same sample again from the seed that was recorded."""

from __future__ import annotations

import random
from collections.abc import Sequence


def draw_sample(population: Sequence[int], *, size: int, seed: int) -> list[int]:
    """`size` distinct places of the log out of a population, in ascending order; the whole population when it is smaller.

    The population is sorted first, so that the sample depends on its members and the seed only.
    """
    if size < 1:
        raise ValueError(f"a sample needs at least one place, got {size}")
    places = sorted(population)
    if len(places) <= size:
        return places
    return sorted(random.Random(seed).sample(places, size))  # noqa: S311 - reproducible on purpose; the seed is drawn by the caller


def unseen_bound(size: int, wrong: int = 0) -> float:
    """Upper 95 % bound of the share of wrong decisions after a sample of `size` with `wrong` wrong ones (Clopper and Pearson 1934, by bisection).

    >>> round(unseen_bound(20), 3)
    0.139
    """
    if not 0 <= wrong <= size or size < 1:
        raise ValueError(f"{wrong} wrong of {size}")
    if wrong == size:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, size, middle) > 0.05 else (low, middle)
    return high


def _at_most(wrong: int, size: int, share: float) -> float:
    """P(X <= wrong) for a binomial count."""
    from math import comb

    return sum(comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(wrong + 1))
