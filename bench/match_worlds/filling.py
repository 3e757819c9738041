"""How long vacancies wait: seekers walk down their lists, people and employers say yes by the true chances, nobody sees those."""

from __future__ import annotations

import numpy as np
from world import World

DAYS = 60
"""Days after which the watch ends; who or what waits longer counts with that many. # chosen by us"""


def waiting(made: World, lists: list[list[int]], seed: int) -> tuple[float, float]:
    """(mean days until a place is filled, over the places that seekers took or would still take, mean days until a vacancy is filled, over all).

    Each seeker follows up one advert a day in the order of the list and gets the answer that day; a vacancy takes one person; who is hired leaves and
    what is filled is skipped. The answers of a pair are drawn once from the true chances with `seed`, the same for every way of ranking, and seekers
    take turns in an order drawn anew each day.
    """
    dice = np.random.default_rng(seed)
    yes = (dice.random(made.wants.shape) < made.wants) & (dice.random(made.wants.shape) < made.hires) & made.open
    filled, hired = np.full(made.jobs.height, DAYS), np.full(len(lists), DAYS)
    following = [0] * len(lists)
    for day in range(1, DAYS):
        for person in dice.permutation(np.flatnonzero(hired == DAYS)):
            mine = lists[person]
            while following[person] < len(mine) and filled[mine[following[person]]] < DAYS:
                following[person] += 1
            if following[person] < len(mine):
                job = mine[following[person]]
                following[person] += 1
                if yes[person, job]:
                    filled[job] = hired[person] = day
    return float(hired.mean()), float(filled.mean())
