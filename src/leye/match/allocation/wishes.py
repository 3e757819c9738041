"""Who likes whom how much, as places in an order: worked out once for an allocation, since the balanced mode asks many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leye.match.allocation.edges import Counts, Edges, Floats


@dataclass(frozen=True)
class Wishes:
    """Both sides' orders over the edges: the higher chance, then the smaller id, is liked more; 0 is the least liked of a person or of a job."""

    edges: Edges

    @cached_property
    def by_person(self) -> Counts:
        """(edges,) place of the job in the order of the person."""
        return _places(self._order_of_people, self.edges.person)

    @cached_property
    def by_job(self) -> Counts:
        """(edges,) place of the person in the order of the job."""
        return _places(self._order_of_jobs, self.edges.job)

    def blocking(self, chosen: Counts) -> NDArray[np.bool_]:
        """(edges,) whether the edge blocks the outcome `chosen` (numbers of edges): its two ends would rather be together.

        Its person prefers the job to what they have (nothing is the worst), and the job has a free place or holds somebody it likes less (Gale &
        Shapley 1962, Am Math Monthly 69:9, with capacities).
        """
        e = self.edges
        has = np.full(len(e.people), -1)
        has[e.person[chosen]] = self.by_person[chosen]
        least = np.full(len(e.jobs), np.iinfo(np.int64).max)
        np.minimum.at(least, e.job[chosen], self.by_job[chosen])
        worst = np.where(np.bincount(e.job[chosen], minlength=len(e.jobs)) < e.capacity, -1, least)
        return np.asarray((self.by_person > has[e.person]) & (self.by_job > worst[e.job]))

    def person_sums(self, amount: Floats) -> Floats:
        """(edges,) sum of `amount` over the edges that the same person likes no better, own included."""
        return _sums(amount, self._order_of_people, self._first_of_people)

    def job_sums(self, amount: Floats) -> Floats:
        """(edges,) sum of `amount` over the edges that the same job likes no better, own included."""
        return _sums(amount, self._order_of_jobs, self._first_of_jobs)

    @cached_property
    def _order_of_people(self) -> Counts:
        return np.lexsort((-self.edges.job, self.edges.p_person, self.edges.person))

    @cached_property
    def _order_of_jobs(self) -> Counts:
        return np.lexsort((-self.edges.person, self.edges.p_employer, self.edges.job))

    @cached_property
    def _first_of_people(self) -> Counts:
        return _firsts(self.edges.person[self._order_of_people])

    @cached_property
    def _first_of_jobs(self) -> Counts:
        return _firsts(self.edges.job[self._order_of_jobs])


def _firsts(sorted_who: Counts) -> Counts:
    return np.asarray(np.searchsorted(sorted_who, sorted_who))


def _places(order: Counts, who: Counts) -> Counts:
    found = np.empty(order.size, dtype=np.int64)
    found[order] = np.arange(order.size) - _firsts(who[order])
    return found


def _sums(amount: Floats, order: Counts, first: Counts) -> Floats:
    sorted_amount = amount[order]
    running = np.cumsum(sorted_amount)
    found = np.empty_like(amount)
    found[order] = running - (running - sorted_amount)[first]
    return np.maximum(found, 0.0)  # differences of running sums may fall below nothing by rounding
