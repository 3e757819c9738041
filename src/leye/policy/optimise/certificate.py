"""A second opinion on how good an allocation is: the linear programme over cells of equal people, solved by HiGHS, whose value nobody can beat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leye.policy.optimise.allocate import Allocation
from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.cells import Cells, group, solve_cells
from leye.policy.optimise.problem import Problem

MOST_CELLS = 20_000
"""Cells of a linear programme. Chosen by us: about a second (bench/policy_optimise); beyond, gains are rounded up until cells are fewer."""
STEPS = (0.002, 0.005, 0.01, 0.02, 0.05)
"""Of the chance of the outcome, to which gains are rounded up; costs are rounded down to as many steps."""
COST_STEPS = (0.02, 0.05, 0.1, 0.2, 0.5)
"""Of the mean cost of an option."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """bound: no allocation gains more · gap: relative distance of the allocation to it · exact: whether cells hold equal people only; else gains were
    rounded up and costs down to a grid, and the bound is loose by that · price: (K + R,) duals of the linear programme."""

    bound: float
    gap: float
    cells: int
    exact: bool
    step: float
    price: Floats


def certify(found: Allocation, *, most: int = MOST_CELLS) -> Certificate | None:
    """The certificate; None when even the widest grid leaves more cells than `most`."""
    for step, cost_step in zip((0.0, *STEPS), (0.0, *COST_STEPS), strict=True):
        problem = found.problem if step == 0.0 else _rounded(found.problem, step, cost_step)
        cells = group(problem)
        if len(cells.size) <= most:
            return _solve(found, problem, cells, step)
    return None


def _solve(found: Allocation, problem: Problem, cells: Cells, step: float) -> Certificate | None:
    solved = solve_cells(problem, cells, problem.bounds)
    if solved is None:
        return None
    gap = (solved.value - found.value) / solved.value if solved.value > 0 else 0.0
    return Certificate(solved.value, gap, len(cells.size), step == 0.0, step, solved.price)


def _rounded(problem: Problem, step: float, cost_step: float) -> Problem:
    """Gains up, costs down: whatever is allowed and gained in the problem is allowed and gained at least as much here."""
    gain = np.where(np.isfinite(problem.gain), np.ceil(np.where(np.isfinite(problem.gain), problem.gain, 0.0) / step - 1e-9) * step, -np.inf)
    cost = []
    for per_fund in problem.cost:
        row: list[int | Ints] = []
        for amounts in per_fund:
            if isinstance(amounts, int):
                row.append(amounts)
            else:
                grid = max(int(float(amounts.mean()) * cost_step), 1)
                row.append(amounts // grid * grid)
        cost.append(tuple(row))
    return replace(problem, gain=gain, cost=tuple(cost))
