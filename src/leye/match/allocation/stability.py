"""Blocking pairs: who would rather be together than stay with what the allocation gave them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leye.match.allocation.edges import Counts, Edges


def blocking(edges: Edges, chosen: Counts) -> NDArray[np.bool_]:
    """(edges,) whether the edge blocks the outcome `chosen` (numbers of edges).

    An edge blocks when its person prefers the job to what they have (nothing is the worst) and the job has a free place or holds somebody it likes
    less. Preferences follow p_person and p_employer, ties the smaller id (Gale & Shapley 1962, Am Math Monthly 69:9, with capacities).
    """
    has, worst = np.full(len(edges.people), -1), np.full(len(edges.jobs), -1)
    has[edges.person[chosen]] = liking(edges.p_person, edges.person, edges.job)[chosen]
    likes = liking(edges.p_employer, edges.job, edges.person)
    held = np.bincount(edges.job[chosen], minlength=len(edges.jobs))
    least = np.full(len(edges.jobs), np.iinfo(np.int64).max)
    np.minimum.at(least, edges.job[chosen], likes[chosen])
    worst = np.where(held < edges.capacity, -1, least)
    return (liking(edges.p_person, edges.person, edges.job) > has[edges.person]) & (likes > worst[edges.job])


def liking(p: NDArray[np.float64], who: Counts, whom: Counts) -> Counts:
    """(edges,) place of each edge in the order of its `who`, 0 the least liked: the higher chance, then the smaller number of `whom`, goes first."""
    order = np.lexsort((-whom, p, who))
    first = np.searchsorted(who[order], who[order])
    found = np.empty(len(p), dtype=np.int64)
    found[order] = np.arange(len(p)) - first
    return found
