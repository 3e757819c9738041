"""How long vacancies wait: seekers walk down their lists, people and employers say yes by the true chances, nobody sees those."""

from __future__ import annotations

import numpy as np
from world import World

LOOKS_A_DAY, DAYS = 3, 60
"""Adverts that a seeker follows up in a day, and the days after which a vacancy counts as unfilled with that many. # chosen by us"""


def fill_days(made: World, lists: list[list[int]], seed: int) -> float:
    """Mean days until a vacancy is filled, DAYS for those that are not; each vacancy takes one person.

    The answers of a pair are drawn once from the true chances with `seed`, the same for every way of ranking. Seekers take turns in an order drawn
    anew each day; who is hired leaves, and what is filled is skipped.
    """
    dice = np.random.default_rng(seed)
    yes = (dice.random(made.wants.shape) < made.wants) & (dice.random(made.wants.shape) < made.hires) & made.open
    filled = np.full(made.jobs.height, DAYS)
    following, looking = [0] * len(lists), np.ones(len(lists), dtype=bool)
    for day in range(1, DAYS):
        for person in dice.permutation(np.flatnonzero(looking)):
            for _ in range(LOOKS_A_DAY):
                while following[person] < len(lists[person]) and filled[lists[person][following[person]]] < DAYS:
                    following[person] += 1
                if following[person] >= len(lists[person]):
                    break
                job = lists[person][following[person]]
                following[person] += 1
                if yes[person, job]:
                    filled[job], looking[person] = day, False
                    break
    return float(filled.mean())
