"""A second opinion on how good an allocation is: the linear programme over cells of equal people, solved by HiGHS, whose value nobody can beat.

Where cells are many, most people are settled first: with dual bound D and value V, an allocation that gives anybody an option which costs them
D - V or more at the prices is worth less than V (reduced-cost fixing; Dantzig, Fulkerson and Johnson 1954). Only options that cost less stay in, so
whatever beats V is among what HiGHS looks at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leye.policy.optimise.allocate import Allocation
from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.cells import group, solve_cells
from leye.policy.optimise.dual import net_gain
from leye.policy.optimise.problem import NONE, Problem

MOST_CELLS = 20_000
"""Cells of a linear programme. Chosen by us: about a second (bench/policy_optimise)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """bound: no allocation gains more · gap: relative distance of the allocation to it · cells, people: what HiGHS looked at; the other people were
    settled by the prices · price: (K + R,) duals of the linear programme."""

    bound: float
    gap: float
    cells: int
    people: int
    price: Floats


def certify(found: Allocation, *, most: int = MOST_CELLS) -> Certificate | None:
    """The certificate; None when more than `most` cells are left even so."""
    everyone = np.arange(found.problem.people)
    if len(group(found.problem).size) <= most:
        return _solve(found, found.problem, everyone, 0.0, most)
    open_to, best, near = _unsettled(found)
    part = found.problem.rest(open_to, best)
    settled = best.copy()
    settled[open_to] = NONE
    return _solve(found, replace(part, gain=np.where(near[:, open_to], part.gain, -np.inf)), open_to, found.problem.value(settled), most)


def _solve(found: Allocation, problem: Problem, people: Ints, settled: float, most: int) -> Certificate | None:
    cells = group(problem)
    if len(cells.size) > most:
        return None
    solved = solve_cells(problem, cells, problem.bounds)
    bound = found.value if solved is None else max(settled + solved.value, found.value)
    gap = (bound - found.value) / bound if bound > 0 else 0.0
    price = found.dual.price if solved is None else solved.price
    return Certificate(bound, gap, len(cells.size), len(people), price)


def _unsettled(found: Allocation) -> tuple[Ints, Ints, np.ndarray]:
    """People whom a better allocation could treat otherwise than the prices do, everybody's best option at them, and (m, n) options in reach."""
    problem = found.problem
    net = np.stack([np.zeros(problem.people), *(net_gain(problem, found.dual.price, j) for j in range(len(problem.options)))])
    best: Ints = np.argmax(net, axis=0)
    reach = 1e-9 * max(abs(found.bound), 1.0)  # a hair wider than the proof asks for
    near = net >= np.take_along_axis(net, best[None, :], axis=0) - reach
    return np.flatnonzero(near.sum(axis=0) > 1), best - 1, near[1:]
