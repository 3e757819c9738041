"""The Lagrangian dual: prices for money and for each floor, at which everybody simply takes the best option.

D(price) = price · bound + sum_i max(0, max_j gain_ij - price · use_ij), an upper bound of every allocation for prices >= 0, convex and piecewise
linear. Minimised by cutting planes inside a box around the best point (boxstep; Marsten, Hogan and Blankenship 1975, Operations Research 23), first
on a sample of the people, then on all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.problem import NONE, Problem

SAMPLE = 20_000
"""People of the first pass. Chosen by us: its prices are within about a percent, and one look at them costs a millisecond."""
ROUNDS = 400
CLOSE = 1e-7
"""Relative distance between the dual and its model at which the search ends."""
WIDEST = 1e6
"""Boxes grow no further: prices beyond are those of a rule that nobody can meet."""
SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Dual:
    """price: (K + R,) gain a fen, and a count of a row · bound: D(price), no allocation is better · looks: evaluations over all people ·
    floor: the least that the model of D allows, so that bound - floor is what a longer search could still take off."""

    price: Floats
    bound: float
    floor: float
    looks: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """A plane under D: at, value and slope of one look."""

    at: Floats
    value: float
    slope: Floats


@dataclass(frozen=True, slots=True)
class Look:
    """D at a price, its slope (bound - use), and the choice."""

    value: float
    slope: Floats
    choice: Ints


def look(problem: Problem, price: Floats, bounds: Floats) -> Look:
    """Everybody's best option at these prices; ties go to the earlier option, and to having one only when it gains."""
    best = np.zeros(problem.people)
    choice = np.full(problem.people, NONE, dtype=np.int64)
    for j in range(len(problem.options)):
        net = net_gain(problem, price, j)
        better = net > best
        np.copyto(best, net, where=better)
        choice[better] = j
    slope = bounds - problem.usage(choice)
    return Look(float(price @ bounds) + float(best.sum()), slope, choice)


def net_gain(problem: Problem, price: Floats, j: int) -> Floats:
    """(n,) gain of option j less what it uses at the prices."""
    funds = len(problem.funds)
    by_code = problem.kinds[:, j, :] @ price[funds:]
    net = problem.gain[j]
    constant = 0.0
    for k in range(funds):
        cost = problem.cost[j][k]
        if isinstance(cost, int):
            constant += price[k] * cost
        else:
            net = net - price[k] * cost
    if len(by_code) == 1:
        return np.asarray(net - (constant + by_code[0]))
    return np.asarray(net - (constant + by_code)[problem.code])


def solve_dual(problem: Problem, *, seed: int, close: float = CLOSE, start: Floats | None = None) -> Dual:
    """Prices with the least bound, searched from `start` when given. Deterministic for a seed, which draws the sample."""
    bounds = problem.bounds
    unit = units(problem)
    if start is not None:
        return _boxstep(problem, bounds, start, unit, width=0.1, close=close)
    if problem.people <= 4 * SAMPLE:
        return _boxstep(problem, bounds, np.zeros(len(bounds)), unit, width=1.0, close=close)
    who = np.sort(np.random.default_rng(seed).choice(problem.people, SAMPLE, replace=False))
    sample = _boxstep(problem.only(who), bounds * SAMPLE / problem.people, np.zeros(len(bounds)), unit, width=1.0, close=1e-6)
    return _boxstep(problem, bounds, sample.price, unit, width=0.02, close=close)


def units(problem: Problem) -> Floats:
    """(K + R,) a large price of each constraint, to measure steps in: all of the gain for a fund's money, the largest gain a head for a row."""
    finite = np.where(np.isfinite(problem.gain), problem.gain, 0.0)
    most = float(finite.max(initial=0.0)) or 1.0
    per_fund = []
    for k in range(len(problem.funds)):
        costs = [float(np.mean(problem.cost[j][k])) for j in range(len(problem.options))]
        usual = [c for c in costs if c > 0]
        per_fund.append(most / min(usual) if usual else most)
    return np.array([*per_fund, *(most / row.unit for row in problem.rows)])


def _boxstep(problem: Problem, bounds: Floats, start: Floats, unit: Floats, *, width: float, close: float) -> Dual:
    first = look(problem, start, bounds)
    at, best, floor, looks = start, first.value, -np.inf, 1
    cuts = [_Cut(start, first.value, first.slope)]
    least = SMALL * abs(first.value)  # what is small beside the whole, where the best itself is near 0
    promised = abs(best)
    # gains are positive, so D is at least 0 wherever any allocation keeps the rules: below it there is none, and D has no lowest point
    while looks < ROUNDS and best > 0:
        target, lowest, inside = _lowest(cuts, at, best, unit, width, scale=max(promised, SMALL * abs(best), least))
        promised = best - lowest
        if inside:
            floor = max(floor, lowest)
        if promised <= close * max(abs(best), least):
            if inside or width > WIDEST:
                break
            width, promised = width * 4.0, max(abs(best), least)
            continue
        tried = look(problem, target, bounds)
        looks += 1
        cuts.append(_Cut(target, tried.value, tried.slope))
        gained = best - tried.value
        if not inside:
            width = width * 2.0 if gained > 0.1 * promised else width / 1.5
        if gained > 0:
            at, best = target, tried.value
    return Dual(at, best, floor, looks)


def _lowest(cuts: list[_Cut], at: Floats, best: float, unit: Floats, width: float, *, scale: float) -> tuple[Floats, float, bool]:
    """The lowest point of the model (the highest cut everywhere) within the box around `at`: point, height, and whether the box does not hold it.

    Heights are measured from `best` in units of `scale`, the last promise, so that the solver's tolerance shrinks with what is at stake.
    """
    low, high = np.maximum(-1.0, -at / (unit * width)), np.ones(len(at))
    slopes = np.array([c.slope for c in cuts])
    heights = np.array([c.value - best for c in cuts]) + np.einsum("cr,cr->c", slopes, at - np.array([c.at for c in cuts]))
    left = np.column_stack([slopes * (unit * width) / scale, -np.ones(len(cuts))])
    solved = linprog(
        [*([0.0] * len(at)), 1.0], A_ub=left, b_ub=-heights / scale, bounds=[*zip(low, high, strict=True), (None, None)], method="highs-ds"
    )
    step = np.clip(solved.x[:-1], low, high)
    point = np.maximum(at + step * unit * width, 0.0)
    held = np.abs(solved.upper.marginals[:-1]) + np.where(low <= -1.0, np.abs(solved.lower.marginals[:-1]), 0.0)  # what the box holds back
    inside = bool(np.all(held <= 1e-9))
    return point, best + float(solved.x[-1]) * scale, inside
