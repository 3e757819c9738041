"""From prices to an allocation: whoever is clear at the prices is settled, the few who are not go through a linear programme, and what rounding
leaves over is filled by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.cells import group, solve_cells
from leye.policy.optimise.dual import Dual, net_gain, solve_dual
from leye.policy.optimise.evening import evened
from leye.policy.optimise.problem import NONE, Problem
from leye.policy.optimise.refusals import FloorImpossible
from leye.policy.optimise.rounding import best_rounding

CORE = 400
"""People nearest to the fence who go through the linear programme first. Chosen by us: bench/policy_optimise, gap to the bound under 1e-6."""
WIDER = 8
"""Times as many when that is not enough."""
GOOD_ENOUGH = 5e-6
"""Relative gap of the linear programme to the bound, below which a wider core is not tried."""
TIE = 1e-9
"""Of a gain, which is a share of one person: two options nearer than this are equally good at the prices."""
WIDEST = CORE * WIDER**2
"""A core beyond this is taken whole, once, and only when nothing smaller keeps the rules."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """choice: (n,) number of the option or NONE · value: sum of gains · bound: no allocation gains more · used: (K + R,) of each constraint."""

    problem: Problem
    choice: Ints
    value: float
    bound: float
    used: Ints
    dual: Dual

    @property
    def gap(self) -> float:
        """Relative distance to the bound; the best allocation cannot be better by more."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


def allocate(problem: Problem, *, seed: int) -> Allocation:
    """The allocation, within a proven gap. Equal claims are drawn by lot from `seed`. Raises FloorImpossible."""
    refuse_impossible(problem)
    dual = solve_dual(problem, seed=seed)
    if dual.bound < 0:
        raise impossible(problem, [r.name for r in problem.rows])
    lot = np.random.default_rng([seed, 1]).random(problem.people)
    choice = _settle(problem, dual, lot)
    used = problem.usage(choice)
    if np.any(used > problem.bounds):
        broken = [n for n, u, b in zip(problem.names, used, problem.bounds, strict=True) if u > b]
        raise impossible(problem, broken, "按整人没有找到办法", "no way was found with whole people")
    return Allocation(problem, choice, problem.value(choice), dual.bound, used, dual)


def _settle(problem: Problem, dual: Dual, lot: Floats) -> Ints:
    """The clear ones by price, the contested ones by linear programme rounded down."""
    net = np.stack([np.zeros(problem.people), *(net_gain(problem, dual.price, j) for j in range(len(problem.options)))])  # first: having none
    two = np.partition(net, -2, axis=0)[-2:]
    margin = two[1] - two[0]
    best: Ints = np.argmax(net, axis=0) - 1  # -1 is NONE
    core = CORE
    while True:
        edge = _edge(margin, core)
        who = np.flatnonzero(margin <= edge)
        part = problem.rest(who, best)
        near = replace(part, gain=np.where(net[1:, who] >= two[1][who] - edge, part.gain, -np.inf))  # fewer options, fewer cells
        cells = group(near)
        solved = solve_cells(near, cells, part.bounds)
        if solved is None and edge == np.inf:
            raise impossible(problem, [r.name for r in problem.rows])
        if solved is not None:
            target = dual.bound - problem.value(np.where(margin <= edge, NONE, best))  # what the contested would have to gain to reach the bound
            enough = target - solved.value <= GOOD_ENOUGH * abs(dual.bound) or core >= WIDEST or edge == np.inf
            inner = best_rounding(
                part, dual.price, evened(near, cells, solved.heads), cells.of, lot[who], enough_at=target - GOOD_ENOUGH * abs(dual.bound)
            )
            if enough and (inner is not None or edge == np.inf):
                choice = best.copy()
                choice[who] = NONE if inner is None else inner
                return choice
        core = core * WIDER if core < WIDEST else problem.people


def _edge(margin: Floats, count: int) -> float:
    """The margin of the `count`-th nearest person who is not tied, so that every tie comes along (ties join in few cells); infinite for everybody."""
    apart = margin[np.isfinite(margin) & (margin > TIE)]
    if count >= len(apart):
        return float("inf")
    return float(np.partition(apart, count - 1)[count - 1])


def refuse_impossible(problem: Problem) -> None:
    """Raises FloorImpossible where fewer people than a quota asks for may have any of its options."""
    for r, row in enumerate(problem.rows):
        if row.kind != "at_least":
            continue
        names = [o.name for o in problem.options]
        can = np.zeros(problem.people, dtype=bool)
        for name in row.options:
            j = names.index(name)
            can |= np.isfinite(problem.gain[j]) & (problem.kinds[problem.code, j, r] < 0)
        if int(can.sum()) < -row.bound:
            raise impossible(problem, [row.name], f"“{row.group}”中符合条件且有效果的只有 {int(can.sum())} 人，要求 {-row.bound} 人",
                             f"only {int(can.sum())} of {row.group} are eligible, {-row.bound} are asked for")  # fmt: skip


def impossible(problem: Problem, names: list[str], zh: str = "", en: str = "") -> FloorImpossible:
    """The refusal that names the rules which cannot be kept together."""
    named = "、".join(names)
    return FloorImpossible(
        f"满足不了：{named}。{zh or '预算、名额与保底互相矛盾'}",
        en=f"cannot be met: {named}. {en or 'budgets, places and floors contradict each other'}",
        remedy_zh="降低保底或指标，或增加预算、名额",
        remedy_en="lower the floor or quota, or raise the budget or the places",
    )
