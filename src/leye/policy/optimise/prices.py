"""What the last yuan buys, and what each floor costs: shadow prices in words that a budget office uses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leye.policy.optimise.allocate import Allocation
from leye.policy.optimise.arrays import Floats
from leye.policy.optimise.dual import solve_dual, units
from leye.policy.optimise.problem import Problem

FEN_A_YUAN = 100
NOTHING = 1e-9
"""A price below this share of its largest possible is none: what a solver leaves of zero."""


@dataclass(frozen=True, slots=True)
class BudgetPrice:
    """One fund. effect_per_10k_yuan: people more with the outcome for the next 10,000 yuan; 0 when money is left over · yuan_per_effect: what one
    more costs at the margin, None then."""

    fund: str
    budget_fen: int
    spent_fen: int
    effect_per_10k_yuan: float
    yuan_per_effect: float | None


@dataclass(frozen=True, slots=True)
class RowPrice:
    """One floor, cap, quota or limit of places. heads: what counts in it now, of_heads: of all who got one of its options ·
    effect_per_head: outcome lost for asking one head more (won by one place more) · yuan_per_head: the money that would buy it back, None when no
    fund of the row is short · effect_total, yuan_total: the same for the row as a whole, against leaving it out."""

    name: str
    kind: str
    group: str | None
    options: tuple[str, ...]
    heads: int
    of_heads: int
    effect_per_head: float
    yuan_per_head: float | None
    effect_total: float
    yuan_total: float | None


def budget_prices(found: Allocation) -> list[BudgetPrice]:
    """Of every fund, in the problem's order."""
    rows, clean = [], clean_prices(found)
    for k, fund in enumerate(found.problem.funds):
        price = float(clean[k])
        rows.append(
            BudgetPrice(
                fund,
                int(found.problem.budgets[k]),
                int(found.used[k]),
                price * 10_000 * FEN_A_YUAN,
                1.0 / (price * FEN_A_YUAN) if price > 0 else None,
            )
        )
    return rows


def row_prices(found: Allocation, *, seed: int) -> list[RowPrice]:
    """Of every row; the problem is solved once more without each row that binds."""
    problem, funds = found.problem, len(found.problem.funds)
    rows, clean = [], clean_prices(found)
    for r, row in enumerate(problem.rows):
        price = float(clean[funds + r]) * row.unit
        total = _without(problem, found.dual.price, r, seed) - found.dual.bound if price > 0 else 0.0
        yuan = _yuan_per_effect(found, row.options)
        counted, of = _heads(found, r)
        rows.append(
            RowPrice(
                row.name,
                row.kind,
                row.group,
                row.options,
                counted,
                of,
                price,
                None if yuan is None else price * yuan,
                max(total, 0.0),
                None if yuan is None else max(total, 0.0) * yuan,
            )
        )
    return rows


def clean_prices(found: Allocation) -> Floats:
    """(K + R,) prices with what a solver leaves of zero taken off."""
    return np.asarray(np.where(found.dual.price > NOTHING * units(found.problem), found.dual.price, 0.0))


def _without(problem: Problem, price: Floats, r: int, seed: int) -> float:
    """The bound when one row is left out, searched from the prices of the others."""
    rows = problem.rows[:r] + problem.rows[r + 1 :]
    freed = replace(problem, rows=rows, kinds=np.delete(problem.kinds, r, axis=2))
    return solve_dual(freed, seed=seed, start=np.delete(price, len(problem.funds) + r)).bound


def _yuan_per_effect(found: Allocation, options: tuple[str, ...]) -> float | None:
    """Of the fund that spends most on the options of a row, among those that are short of money."""
    best, most = None, 0
    clean = clean_prices(found)
    for k in range(len(found.problem.funds)):
        price = float(clean[k])
        spent = sum(found.problem.spent(j, k, found.choice) for j, o in enumerate(found.problem.options) if o.name in options)
        if price > 0 and spent > most:
            best, most = 1.0 / (price * FEN_A_YUAN), spent
    return best


def _heads(found: Allocation, r: int) -> tuple[int, int]:
    """Members of the row's group with one of its options, and all with one of them."""
    problem, row = found.problem, found.problem.rows[r]
    inside = problem.kinds[:, :, r] == row.inside if row.inside != row.outside else problem.kinds[:, :, r] != 0
    counted = of = 0
    for j, option in enumerate(problem.options):
        if option.name in row.options:
            codes = problem.code[found.choice == j]
            of += len(codes)
            counted += int(inside[codes, j].sum())
    return counted, of
