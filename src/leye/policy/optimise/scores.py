"""Doubly robust scores: for each person an unbiased, noisy sight of what the programme changes for people like them.

score = mu1 - mu0 + A (Y - mu1) / e - (1 - A) (Y - mu0) / (1 - e)      (AIPW; Robins, Rotnitzky and Zhao 1994, JASA 89)

Its mean over any group estimates the group's average effect, its spread gives the interval (influence function); rows of one person are summed
before the spread is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.crossfit import Nuisance


@dataclass(frozen=True, slots=True)
class Mean:
    """An average effect in shares of people, with its standard error. n: rows behind it."""

    estimate: float
    se: float
    n: int

    def interval(self, z: float) -> tuple[float, float]:
        """Ends at z standard errors."""
        return self.estimate - z * self.se, self.estimate + z * self.se


def aipw(treated: Bools, outcome: Floats, nuisance: Nuisance) -> Floats:
    """(n,) scores; meaningful on kept rows only."""
    e, mu0, mu1 = np.clip(nuisance.e, 1e-6, 1 - 1e-6), nuisance.mu0, nuisance.mu1  # the clip touches rows that are left out anyway
    with_it = np.where(treated, (outcome - mu1) / e, 0.0)
    without = np.where(treated, 0.0, (outcome - mu0) / (1.0 - e))
    return np.asarray(mu1 - mu0 + with_it - without)


def average(score: Floats, person: Ints, which: Bools) -> Mean:
    """Mean of the scores of `which`, standard error clustered by person (Liang and Zeger 1986)."""
    chosen, who = score[which], person[which]
    n = len(chosen)
    if n == 0:
        return Mean(float("nan"), float("nan"), 0)
    mean = float(chosen.mean())
    of_person = np.bincount(who, weights=chosen - mean)
    people = len(np.unique(who))
    factor = people / max(people - 1, 1)
    return Mean(mean, float(np.sqrt(factor * (of_person**2).sum())) / n, n)
