"""One allocation with its account: what it is worth, and how many pairs would rather part from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.match.allocation.balance import BLOCKING_PER_1000, balanced
from leye.match.allocation.edges import Counts, Edges
from leye.match.allocation.flow import best_sum
from leye.match.allocation.stable import stable
from leye.match.allocation.wishes import Wishes

MODES = ("flow", "stable", "balanced")


@dataclass(frozen=True, slots=True)
class Allocation:
    """mode: one of MODES · chosen: numbers of edges, in order · placed: people with a post · places: capacity in all · value: Σ p_person·p_employer ·
    blocking_pairs: edges whose two ends would rather be together."""

    mode: str
    edges: Edges
    chosen: Counts
    blocking_pairs: int

    @property
    def value(self) -> float:
        """Expected number of hires: Σ p_person·p_employer."""
        return float(np.sum(self.edges.value[self.chosen]))

    @property
    def blocking_per_1000(self) -> float:
        """Blocking pairs per 1,000 edges."""
        return 1000 * self.blocking_pairs / max(self.edges.person.size, 1)

    def table(self) -> pl.DataFrame:
        """`person_id, job_id, p_person, p_employer`, one row a placed person, by person."""
        e = self.edges
        people, jobs = (pl.Series(ids, dtype=pl.String) for ids in (e.people, e.jobs))
        return pl.DataFrame(
            {
                "person_id": people.gather(e.person[self.chosen]),
                "job_id": jobs.gather(e.job[self.chosen]),
                "p_person": e.p_person[self.chosen],
                "p_employer": e.p_employer[self.chosen],
            }
        )

    def account(self) -> dict[str, float | int | str]:
        """The figures of a report."""
        return {
            "mode": self.mode,
            "people": len(self.edges.people),
            "jobs": len(self.edges.jobs),
            "edges": int(self.edges.person.size),
            "places": int(self.edges.capacity.sum()),
            "placed": int(self.chosen.size),
            "value": round(self.value, 6),
            "blocking_pairs": self.blocking_pairs,
            "blocking_per_1000_edges": round(self.blocking_per_1000, 3),
        }


def allocate(edges: Edges, mode: str = "flow", blocking_per_1000: float = BLOCKING_PER_1000) -> Allocation:
    """Place people on jobs.

    mode: `flow` (largest sum), `stable` (no blocking pair, best for every person) or `balanced` (largest sum found with at most `blocking_per_1000`
    blocking pairs per 1,000 edges). Raises BadInput (E_MODE, E_EXTRA).
    """
    if mode not in MODES:
        raise BadInput(f"没有“{mode}”这种方式", en=f"no mode {mode!r}", remedy_zh=f"可选：{'、'.join(MODES)}", remedy_en=f"one of {', '.join(MODES)}", code="E_MODE")  # noqa: E501  # fmt: skip
    wishes = Wishes(edges)
    ways = {"flow": lambda: best_sum(edges, edges.value), "stable": lambda: stable(wishes), "balanced": lambda: balanced(wishes, blocking_per_1000)}
    chosen = ways[mode]()
    return Allocation(mode, edges, chosen, int(wishes.blocking(chosen).sum()))
