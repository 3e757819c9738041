"""Balanced mode: the best sum under a bound on blocking pairs, by prices on the conditions of stability.

An outcome x is stable when for every edge (i, j): capacity_j · Σ x over jobs that i likes at least as well + Σ x over people that j likes at least as
well ≥ capacity_j (Baïou & Balinski 2000, Discrete Applied Mathematics 101:1, in the form for capacities). Each condition gets a price; a price on
(i, j) adds to the weight of the edges that would meet it. Prices rise where edges block, and the flow is solved anew: a subgradient ascent that
ends at the first outcome within the bound.
"""

from __future__ import annotations

import numpy as np

from leye.match.allocation.edges import Counts, Floats
from leye.match.allocation.flow import best_sum
from leye.match.allocation.stable import stable
from leye.match.allocation.wishes import Wishes

BLOCKING_PER_1000 = 10.0
"""Blocking pairs per 1,000 edges that are let stand; the bound asked of campaigns."""
FIRST_STEP = 0.01
"""What the first round adds to a price, in units of chance; round k adds a √k-th of it. Tuned on three made-up fairs (bench/match_allocate)."""
MOST_ROUNDS = 60


def balanced(wishes: Wishes, blocking_per_1000: float = BLOCKING_PER_1000) -> Counts:
    """Numbers of the edges chosen, in order. blocking_per_1000: pairs per 1,000 edges at most; where no round gets there, the stable outcome."""
    edges = wishes.edges
    most = blocking_per_1000 * edges.person.size / 1000
    price = np.zeros(edges.person.size)
    for k in range(MOST_ROUNDS):
        chosen = best_sum(edges, edges.value + _worth(wishes, price))
        blocks = wishes.blocking(chosen)
        if blocks.sum() <= most:
            return chosen
        price[blocks] += FIRST_STEP / np.sqrt(k + 1)
    return stable(wishes)


def _worth(wishes: Wishes, price: Floats) -> Floats:
    """(edges,) what each edge does for the conditions: prices of the jobs that its person likes no better, and of the people that its job likes no
    better, the latter by place."""
    edges = wishes.edges
    return wishes.person_sums(price) + wishes.job_sums(price / np.maximum(edges.capacity[edges.job], 1))
