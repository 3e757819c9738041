"""Equal claims, equal chances: a corner of a linear programme takes one group of equals whole and leaves another; here the places are spread again.

People with equal gains and costs are equal claimants whatever their group. Their places are shared out in proportion, as a draw would on average;
where that breaks a floor or a quota, the corner is mixed in, just as much as the rule asks.
"""

from __future__ import annotations

import numpy as np

from leye.policy.optimise.arrays import Floats
from leye.policy.optimise.cells import Cells, group
from leye.policy.optimise.problem import Problem


def evened(problem: Problem, cells: Cells, heads: Floats) -> Floats:
    """(c, m) heads with the same value and cost as `heads`, nearest to a draw among equal claimants. problem: the one that the cells were made of."""
    claims = group(problem.only(cells.first), by_group=False).of
    size = np.bincount(claims, weights=cells.size)
    drawn = np.zeros_like(heads)
    for j in range(heads.shape[1]):
        together = np.bincount(claims, weights=heads[:, j])
        drawn[:, j] = together[claims] * cells.size / size[claims]
    return drawn + _least_mix(problem, cells, drawn, heads) * (heads - drawn)


def _least_mix(problem: Problem, cells: Cells, drawn: Floats, heads: Floats) -> float:
    """The least share of `heads` in a mix with `drawn` that keeps every row; both cost the same."""
    kinds = problem.kinds[problem.code[cells.first], : heads.shape[1], :]
    natural, corner = (np.einsum("cj,cjr->r", h, kinds) for h in (drawn, heads))
    over = natural - np.array([row.bound for row in problem.rows])
    broken = over > 1e-9
    return float(np.clip((over[broken] / np.maximum(natural - corner, 1e-12)[broken]).max(initial=0.0), 0.0, 1.0))
