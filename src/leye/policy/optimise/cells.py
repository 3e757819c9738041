"""People who are alike in everything the problem knows, taken together: a cell is a row of the linear programme, its people a count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import coo_array, csr_array

from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.problem import Problem


@dataclass(frozen=True, slots=True)
class Cells:
    """of: (n,) cell of each person · size: (c,) people · first: (c,) one person of each, who stands for the cell."""

    of: Ints
    size: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Solved:
    """The linear programme over cells. heads: (c, m) people of a cell in each option, fractions allowed · value · price: (K + R,) duals."""

    heads: Floats
    value: float
    price: Floats


def group(problem: Problem, *, by_group: bool = True) -> Cells:
    """Cells of equal gains, costs and (by_group) groups; exact."""
    columns: list[Floats | Ints] = [problem.code if by_group else np.zeros(problem.people, dtype=np.int64)]
    for j, per_fund in enumerate(problem.cost):
        columns.append(problem.gain[j])
        # what a person may not have costs nobody anything
        columns.extend(np.where(np.isfinite(problem.gain[j]), cost, 0) for cost in per_fund if not isinstance(cost, int))
    order = np.lexsort(columns)
    new = np.zeros(problem.people, dtype=bool)
    for column in columns:
        sorted_column = column[order]
        new[1:] |= sorted_column[1:] != sorted_column[:-1]
    of = np.empty(problem.people, dtype=np.int64)
    of[order] = np.cumsum(new)
    starts = np.flatnonzero(np.concatenate([[True], new[1:]])) if problem.people else np.zeros(0, dtype=np.int64)
    return Cells(of, np.diff(np.append(starts, problem.people)), order[starts].astype(np.int64))


def solve_cells(problem: Problem, cells: Cells, bounds: Floats) -> Solved | None:
    """The best fractional allocation by HiGHS (simplex, so at a corner); None when no allocation keeps the bounds."""
    one = problem.only(cells.first)
    c, m = len(cells.first), len(one.options)
    cell, option = np.nonzero(np.isfinite(one.gain).T)  # variables: a cell and an option it may have
    if len(cell) == 0:  # nobody may have anything: right when nothing is asked for
        return Solved(np.zeros((c, m)), 0.0, np.zeros(len(bounds))) if np.all(bounds >= 0) else None
    gain = one.gain[option, cell]
    left, scale = _constraints(one, cell, option, bounds)
    heads_row = coo_array((np.ones(len(cell)), (cell, np.arange(len(cell)))), shape=(c, len(cell)))
    tall = csr_array(_stack(left, heads_row))
    solved: OptimizeResult = linprog(-gain, A_ub=tall, b_ub=np.concatenate([bounds / scale, cells.size]), bounds=(0, None), method="highs-ds")
    if solved.status != 0:
        return None
    heads = np.zeros((c, m))
    heads[cell, option] = solved.x
    return Solved(heads, float(-solved.fun), -np.asarray(solved.ineqlin.marginals[: len(bounds)]) / scale)


def _constraints(one: Problem, cell: Ints, option: Ints, bounds: Floats) -> tuple[coo_array, Floats]:
    """(K + R, variables) what a head uses of each constraint, and the scales the rows were divided by (HiGHS wants numbers near one)."""
    funds = len(one.funds)
    use = np.zeros((len(bounds), len(cell)))
    for j in range(len(one.options)):
        here = option == j
        for k in range(funds):
            cost = one.cost[j][k]
            use[k, here] = cost if isinstance(cost, int) else cost[cell[here]]
        use[funds:, here] = one.kinds[one.code[cell[here]], j, :].T
    scale = np.maximum(np.abs(use).max(axis=1, initial=1.0), 1.0)
    return coo_array(use / scale[:, None]), scale


def _stack(above: coo_array, below: coo_array) -> coo_array:
    rows = np.concatenate([above.coords[0], below.coords[0] + above.shape[0]])
    columns = np.concatenate([above.coords[1], below.coords[1]])
    return coo_array((np.concatenate([above.data, below.data]), (rows, columns)), shape=(above.shape[0] + below.shape[0], above.shape[1]))
