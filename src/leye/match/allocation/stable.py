"""Stable mode: deferred acceptance with capacities, people propose."""

from __future__ import annotations

from heapq import heappush, heapreplace

import numpy as np

from leye.match.allocation.edges import Counts
from leye.match.allocation.wishes import Wishes


def stable(wishes: Wishes) -> Counts:
    """Numbers of the edges chosen, in order: the stable outcome that is best for every person (Gale & Shapley 1962), hence the only one of its kind.

    Each person asks their jobs from the best liked on; a job keeps the best it has places for. Every edge is asked at most once.
    """
    edges = wishes.edges
    order = np.lexsort((-wishes.by_person, edges.person))
    first = np.searchsorted(edges.person[order], np.arange(len(edges.people) + 1)).tolist()
    likes, job = wishes.by_job[order].tolist(), edges.job[order].tolist()
    capacity, held = edges.capacity.tolist(), [[] for _ in edges.jobs]  # type: list[int], list[list[tuple[int, int, int]]]
    following, free = first[:-1], list(range(len(edges.people) - 1, -1, -1))
    while free:
        person = free.pop()
        while following[person] < first[person + 1]:
            at = following[person]
            following[person] += 1
            places, mine = held[job[at]], (likes[at], person, at)
            if len(places) < capacity[job[at]]:
                heappush(places, mine)
                break
            if places and places[0] < mine:
                free.append(heapreplace(places, mine)[1])
                break
    return np.sort(order[[at for places in held for _liked, _person, at in places]]) if any(held) else np.empty(0, dtype=np.int64)
