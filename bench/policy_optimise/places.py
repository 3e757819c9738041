"""Allocations of invented people, ours beside the whole linear programme (HiGHS, one variable a person and option) and beside plain bisection."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from leye.policy.optimise.allocate import allocate
from leye.policy.optimise.cells import group, solve_cells
from leye.policy.optimise.certificate import certify
from leye.policy.optimise.problem import Option, Problem, at_least, floor_share, make_problem, places

NAMES = ["internship", "training", "voucher"]
KINDS = {
    "one budget": {},
    "two budgets": {"funds": 2},
    "two budgets, 8 rules": {"funds": 2, "rules": True},
    "one budget, 8 rules, effects in steps of 0.02": {"rules": True, "step": 0.02},
}


@dataclass(frozen=True, slots=True)
class Placed:
    """One way on one problem."""

    value: float
    bound: float | None
    cpu_s: float
    note: str = ""

    @property
    def gap(self) -> float | None:
        """Relative distance to the bound."""
        return None if self.bound is None else (self.bound - self.value) / self.bound


def people(n: int, seed: int, *, funds: int = 1, rules: bool = False, step: float = 0.0) -> Problem:
    """n people, three programmes; effects of 3 to 8 points on average, costs of 100 to 800 yuan, a budget for about a tenth of them."""
    dice = np.random.default_rng(seed)
    effect = np.clip(dice.normal([0.08, 0.05, 0.03], 0.04, (n, 3)), -0.1, 0.4)
    if step:
        effect = np.round(effect / step) * step
    eligible = dice.random((n, 3)) < [0.3, 0.4, 0.6]
    second = "ui_fund" if funds > 1 else "employment_fund"
    pays = [
        {"employment_fund": dice.integers(20, 80, n) * 10_000}, {second: dice.integers(10, 40, n) * 10_000}, {"employment_fund": np.full(n, 50_000)},
    ]  # fmt: skip
    members = {"disabled": dice.random(n) < 0.04, "women": dice.random(n) < 0.5} | {f"district{r}": dice.integers(0, 5, n) == r for r in range(5)}
    rows = []
    if rules:
        rows = [floor_share("disabled", 0.08, NAMES), floor_share("women", 0.5, NAMES), places(["internship"], n // 50)]
        rows += [at_least(f"district{r}", n // 100, NAMES) for r in range(5)]
    budgets = {"employment_fund": n * 20_000} | ({"ui_fund": n * 8_000} if funds > 1 else {})
    options = [Option(name, paid) for name, paid in zip(NAMES, pays, strict=True)]
    return make_problem(options, budgets, rows, effect=effect, eligible=eligible, members=members)


def ours(of: Problem) -> Placed:
    start = time.process_time()
    found = allocate(of, seed=1)
    assert np.all(found.used <= of.bounds)
    return Placed(found.value, found.bound, time.process_time() - start, f"{found.dual.looks} looks")


def whole_programme(of: Problem) -> Placed:
    """The relaxation as one writes it first: a variable a person and option, a row a person."""
    start = time.process_time()
    person, option = np.nonzero(np.isfinite(of.gain).T)
    rows = [np.array([np.broadcast_to(of.cost[j][k], of.people)[i] for i, j in zip(person, option, strict=True)]) for k in range(len(of.funds))]
    kinds = of.kinds[of.code[person], option, :]
    rows += [kinds[:, r] for r in range(len(of.rows))]
    scale = [max(float(np.abs(r).max()), 1.0) for r in rows]
    one = csr_array((np.ones(len(person)), (person, np.arange(len(person)))), shape=(of.people, len(person)))
    from scipy.sparse import vstack

    left = vstack([csr_array(np.stack([r / s for r, s in zip(rows, scale, strict=True)])), one])
    right = np.concatenate([of.bounds / scale, np.ones(of.people)])
    solved = linprog(-of.gain[option, person], A_ub=left, b_ub=right, method="highs")
    return Placed(float(-solved.fun), float(-solved.fun), time.process_time() - start, "fractions allowed")


def by_cells(of: Problem) -> Placed:
    start = time.process_time()
    cells = group(of)
    solved = solve_cells(of, cells, of.bounds)
    assert solved is not None
    return Placed(solved.value, solved.value, time.process_time() - start, f"{len(cells.size):,} cells")


def bisection(of: Problem) -> Placed:
    """One price, halved fifty times over all people, then whoever fits, best first: the usual script. One budget without rules only."""
    start = time.process_time()
    cost = np.stack([np.broadcast_to(c[0], of.people) for c in of.cost]).astype(float)
    low, high = 0.0, float(np.where(np.isfinite(of.gain), of.gain, 0).max() / cost.min())
    for _ in range(50):
        price = (low + high) / 2
        net = of.gain - price * cost
        best = net.argmax(axis=0)
        at = np.arange(of.people)
        chosen = net[best, at] > 0
        low, high = (price, high) if cost[best, at][chosen].sum() > of.budgets[0] else (low, price)
    net = of.gain - high * cost
    best = net.argmax(axis=0)
    chosen = net[best, at] > 0
    bound = float(high * of.budgets[0] + np.maximum(net.max(axis=0), 0).sum())
    left = of.budgets[0] - cost[best, at][chosen].sum()
    value = float(of.gain[best, at][chosen].sum())
    order = np.argsort(-net[best, at])
    for i in order[~chosen[order]][:20_000]:
        if np.isfinite(of.gain[best[i], i]) and of.gain[best[i], i] > 0 and cost[best[i], i] <= left:
            left -= cost[best[i], i]
            value += float(of.gain[best[i], i])
    return Placed(value, bound, time.process_time() - start, "50 bisections, greedy fill")


def certificate(of: Problem) -> Placed:
    found = allocate(of, seed=1)
    start = time.process_time()
    sure = certify(found)
    if sure is None:
        return Placed(found.value, None, time.process_time() - start, "too many cells")
    return Placed(found.value, sure.bound, time.process_time() - start, f"{sure.cells:,} cells of {sure.people:,} people")
