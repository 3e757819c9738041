"""From fractions of people to people: the ways to round the few fractions of a corner, each mended, filled and exchanged; the best one counts."""

from __future__ import annotations

from itertools import product

import numpy as np

from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.problem import NONE, Problem
from leye.policy.optimise.repair import exchange, fill, mend

MOST_TRIED = 5
"""Fractions whose rounding is tried both ways: 32 ways. Chosen by us: a corner has as many fractions as rules that bind, seldom more."""
WHOLE = 1e-6


def best_rounding(part: Problem, price: Floats, heads: Floats, of: Ints, lot: Floats, *, enough_at: float) -> Ints | None:
    """(people,) options; None when no rounding could be mended. heads: (c, m) of cells, fractions allowed · of: (people,) cell ·
    enough_at: sum of gains at which the search ends."""
    down = np.floor(heads + WHOLE).astype(np.int64)
    open_to = np.argwhere(heads - down > WHOLE)
    open_to = open_to[np.argsort(-(heads - down)[tuple(open_to.T)], kind="stable")][:MOST_TRIED]
    best: Ints | None = None
    most = -np.inf
    for up in product((0, 1), repeat=len(open_to)):
        tried = down.copy()
        tried[tuple(open_to.T)] += np.array(up, dtype=np.int64)
        choice = mend(part, price, by_lot(tried, of, lot), lot)
        choice = exchange(part, price, fill(part, price, choice, lot))
        if np.all(part.usage(choice) <= part.bounds) and (value := part.value(choice)) > most:
            best, most = choice, value
            if most >= enough_at:
                break
    return best


def by_lot(heads: Ints, of: Ints, lot: Floats) -> Ints:
    """(people,) options: in each cell, people in the order of their lot take the options' heads one after another."""
    order = np.lexsort((lot, of))
    start = np.searchsorted(of[order], np.arange(len(heads)))
    place = np.arange(len(of)) - start[of[order]]
    ends = np.cumsum(heads, axis=1)[of[order]]
    option = (place[:, None] >= ends).sum(axis=1)
    choice = np.empty(len(of), dtype=np.int64)
    choice[order] = np.where(option == heads.shape[1], NONE, option)
    return choice
