"""A share with its interval, and which cells are too small to be shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z = 1.959964
"""Normal quantile of a 95 % interval."""
LEAST_SHOWN = 10
"""Fewest people in a cell that is shown; set by the promotion's own specification, so that nobody is recognised in a table."""


def wilson(k: int, n: int) -> tuple[float, float] | None:
    """Ends of the 95 % score interval of k of n (Wilson 1927, JASA 22:209); None of nobody.

    >>> tuple(round(end, 4) for end in wilson(2, 6) or ())
    (0.0968, 0.7)
    """
    if n == 0:
        return None
    p, z2 = k / n, Z * Z
    middle, half = p + z2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return min(max((middle - half) / (1 + z2 / n), 0.0), p), max(min((middle + half) / (1 + z2 / n), 1.0), p)


def hidden(sizes: Sequence[int], least: int = LEAST_SHOWN) -> list[bool]:
    """Which cells of one table are hidden: those of fewer than `least` people, and, where the hidden ones together are fewer, the next smallest too.

    Totals are shown, so what is hidden could be had by subtraction: it must hold at least two cells and at least `least` people.

    >>> hidden([40, 12, 7, 31])
    [False, True, True, False]
    >>> hidden([40, 31])
    [False, False]
    """
    order = sorted(range(len(sizes)), key=lambda i: (sizes[i], i))
    count = sum(0 < n < least for n in sizes)
    hide = [i for i in order if 0 < sizes[i] < least]
    rest = [i for i in order if sizes[i] >= least]
    while count and rest and (len(hide) < 2 or sum(sizes[i] for i in hide) < least):
        hide.append(rest.pop(0))
    return [i in hide for i in range(len(sizes))]
