"""From people, history, programmes and budgets to a plan with its evidence: effects, who may be placed, the allocation, prices, the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from leye.kernel.errors import BadInput, CheckFailed
from leye.policy.optimise.allocate import Allocation, allocate
from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.candidates import Candidates
from leye.policy.optimise.cells import group
from leye.policy.optimise.certificate import Certificate, certify
from leye.policy.optimise.effects import Effect, Trial, estimate_effect
from leye.policy.optimise.history import History
from leye.policy.optimise.prices import BudgetPrice, RowPrice, budget_prices, row_prices
from leye.policy.optimise.problem import NONE, Option, Problem, Row, at_least, at_most, cap_share, floor_share, make_problem, places
from leye.policy.optimise.programmes import Plan, Programme, Rule
from leye.policy.optimise.protected import is_protected
from leye.policy.optimise.support import within_support

STEP = 0.001
"""Effects are rounded to a tenth of a percentage point before people are placed, far below their standard errors: people who cannot be told apart
are alike, and the draw among them is open."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One programme. effect or refusal, never both · placed: whether it takes part in the allocation · outside: eligible people unlike anybody in
    the history, who are not placed · by_override: placed on somebody's word, without evidence."""

    programme: str
    effect: Effect | None
    refusal: CheckFailed | None
    placed: bool
    by_override: bool
    eligible: int
    unsure: int
    unpriced: int
    outside: int

    @property
    def verdict(self) -> str:
        """effective | no_evidence | harmful | not_evaluated."""
        return "not_evaluated" if self.effect is None else self.effect.verdict


@dataclass(frozen=True, slots=True)
class Run:
    """A plan with its evidence. assignments: `person_id, programme, effect, cost_fen, by_lot`, one row a placed person (by_lot: somebody with an
    equal claim was not) · expected, expected_se: people more with the outcome."""

    on: date
    seed: int
    plan: Plan
    findings: tuple[Finding, ...]
    history: History
    candidates: Candidates
    allocation: Allocation | None
    budgets: tuple[BudgetPrice, ...]
    rows: tuple[RowPrice, ...]
    certificate: Certificate | None
    assignments: pl.DataFrame
    expected: float
    expected_se: float
    may_choose: tuple[str, ...]


ASSIGNMENTS = {"person_id": pl.String, "programme": pl.String, "effect": pl.Float64, "cost_fen": pl.Int64, "by_lot": pl.Boolean}


def optimise(plan: Plan, history: History, candidates: Candidates, budgets: Mapping[str, int], *, on: date, seed: int) -> Run:
    """Estimate, choose, allocate. budgets: fund -> fen. Raises FloorImpossible, BadInput; the first refusal when no programme could be evaluated.

    Linear algebra runs on one thread: the matrices are small, a second thread doubles the CPU time and adds in an order that hangs on the cores.
    """
    with threadpool_limits(1, user_api="blas"):
        return _optimise(plan, history, candidates, budgets, on, seed)


def _optimise(plan: Plan, history: History, candidates: Candidates, budgets: Mapping[str, int], on: date, seed: int) -> Run:
    may_choose = tuple(c for c in candidates.covariates.columns if c in history.covariates.columns and not is_protected(c))
    found = [_evaluate(plan, history, candidates, i, may_choose, seed) for i in range(len(plan.programmes))]
    refusals = [f.refusal for f, _ in found if f.refusal is not None]
    if len(refusals) == len(found):
        raise refusals[0]
    findings = tuple(f for f, _ in found)
    effect = np.column_stack([np.where(np.isfinite(e), e, 0.0) for _, e in found])
    may = candidates.eligible & np.column_stack([np.isfinite(e) for _, e in found])
    allocation = None
    if any(f.placed for f in findings):
        allocation = allocate(build(plan, candidates, budgets, effect, may, [f.placed for f in findings]), seed=seed)
    total, se = _expected(allocation, plan, found_effects(findings), candidates, may_choose)
    return Run(
        on, seed, plan, findings, history, candidates, allocation,
        tuple(budget_prices(allocation)) if allocation else (),
        tuple(row_prices(allocation, seed=seed)) if allocation else (),
        certify(allocation) if allocation else None,
        _assignments(allocation, candidates), total, se, may_choose,
    )  # fmt: skip


def found_effects(findings: tuple[Finding, ...]) -> dict[str, Effect]:
    """Effects of the programmes that could be evaluated."""
    return {f.programme: f.effect for f in findings if f.effect is not None}


def _evaluate(plan: Plan, history: History, candidates: Candidates, i: int, may_choose: tuple[str, ...], seed: int) -> tuple[Finding, Floats]:
    """The finding, and (n,) effects, rounded; -inf for whoever may not be placed for want of evidence."""
    programme = plan.programmes[i]
    eligible = candidates.eligible[:, i]
    counts = (int(eligible.sum()), candidates.unsure[programme.id], candidates.unpriced[programme.id])
    nobody = np.full(len(eligible), -np.inf)
    try:
        effect = estimate_effect(_trial(plan, history, candidates, programme), seed=seed, may_choose=may_choose, comparisons=len(plan.programmes))
    except CheckFailed as refusal:
        return Finding(programme.id, None, refusal, False, False, *counts, 0), nobody
    by_override = bool(programme.override) and effect.verdict != "effective"
    if effect.verdict != "effective" and not by_override:
        return Finding(programme.id, effect, None, False, False, *counts, 0), nobody
    inside = within_support(effect, history.covariates.filter(pl.Series(history.rows_of(programme.history))), candidates.covariates)
    gains = np.round(effect.targeting.effects(candidates.covariates.select(may_choose)) / STEP) * STEP
    outside = int((eligible & ~inside).sum())
    return Finding(programme.id, effect, None, True, by_override, *counts, outside), np.where(inside, gains, -np.inf)


def _trial(plan: Plan, history: History, candidates: Candidates, programme: Programme) -> Trial:
    rows = history.rows_of(programme.history)
    where = pl.Series(rows)
    person = history.person[rows]
    _, codes = np.unique(person, return_inverse=True)
    return Trial(
        programme.name,
        codes.astype(np.int64),
        (history.programme.filter(where) == programme.history).to_numpy(),
        history.outcome.filter(where).to_numpy(),
        history.covariates.filter(where),
        {name: of_history[rows] for name, of_history in _groups_of_history(plan, history, candidates).items()},
    )


def _groups_of_history(plan: Plan, history: History, candidates: Candidates) -> dict[str, Bools]:
    """Groups of the history's rows, as PEOPLE tell them today; whoever is not in PEOPLE belongs to none."""
    members = pl.DataFrame({"person_id": candidates.person_id, **{g: candidates.members[g] for g in plan.groups}})
    rows = pl.DataFrame({"person_id": history.person_id}).join(members, on="person_id", how="left", maintain_order="left")
    return {g: rows[g].fill_null(False).to_numpy() for g in plan.groups}


def build(plan: Plan, candidates: Candidates, budgets: Mapping[str, int], effect: Floats, may: Bools, placed: list[bool]) -> Problem:
    """The allocation problem of the placed programmes and of the compatible sets of them. effect, may: (n, m)."""
    chosen = [j for j, yes in enumerate(placed) if yes]
    ids = [p.id for p in plan.programmes]
    sets = [(j,) for j in chosen] + [s for s in _sets(plan, ids) if all(j in chosen for j in s)]
    options, gains, allowed = [], [], []
    for members in sets:
        pays: dict[str, np.ndarray] = {}
        for j in members:
            fund = plan.programmes[j].pays
            pays[fund] = pays.get(fund, 0) + candidates.cost[:, j]
        options.append(Option("+".join(ids[j] for j in members), pays))
        gains.append(effect[:, list(members)].sum(axis=1))
        allowed.append(may[:, list(members)].all(axis=1))
    by_programme = {ids[j]: tuple(o.name for o, s in zip(options, sets, strict=True) if j in s) for j in chosen}
    rows = [places(by_programme[p.id], p.places) for p in plan.programmes if p.places is not None and p.id in by_programme]
    names = [o.name for o in options]
    for rule in plan.rules:
        having = tuple(dict.fromkeys(o for name, of in by_programme.items() if not rule.of or name in rule.of for o in of))
        if having:
            may_have = np.column_stack([allowed[names.index(o)] for o in having]).any(axis=1)
            rows.append(_row(rule, having, candidates.members[rule.group][may_have]))
    funds = {f: b for f, b in budgets.items() if any(f in o.pays for o in options)}
    missing = sorted({f for o in options for f in o.pays if f not in budgets})
    if missing:
        raise BadInput(f"没有给出资金“{'、'.join(missing)}”的预算", en=f"no budget for {', '.join(missing)}", remedy_zh="加上 --budget 资金=元",
                       remedy_en="add --budget FUND=YUAN", code="E_NO_BUDGET")  # fmt: skip
    return make_problem(options, funds, rows, effect=np.column_stack(gains), eligible=np.column_stack(allowed), members=candidates.members)


def _sets(plan: Plan, ids: list[str]) -> list[tuple[int, ...]]:
    """Every compatible set and its parts of two and more, once."""
    found = {
        tuple(sorted(ids.index(n) for n in part)) for names in plan.compatible for k in range(2, len(names) + 1) for part in combinations(names, k)
    }
    return sorted(found)


def _row(rule: Rule, options: tuple[str, ...], among: Bools) -> Row:
    """The rule over options. among: membership of those who may have one of them, for a share of their own (rounded down to a thousandth)."""
    if rule.kind in ("floor_share", "cap_share"):
        own = Fraction(int(among.sum()) * 1000 // max(len(among), 1), 1000)
        share = own if rule.share is None else rule.share
        return (floor_share if rule.kind == "floor_share" else cap_share)(rule.group, share, options)
    assert rule.count is not None
    return (at_least if rule.kind == "at_least" else at_most)(rule.group, rule.count, options)


def _expected(
    allocation: Allocation | None, plan: Plan, effects: dict[str, Effect], candidates: Candidates, may_choose: tuple[str, ...]
) -> tuple[float, float]:
    """Sum of the effects of the placed, and its standard error; those of programmes are added, since they share the untreated."""
    if allocation is None:
        return 0.0, 0.0
    total = 0.0
    for programme in plan.programmes:
        having = [j for j, o in enumerate(allocation.problem.options) if programme.id in o.name.split("+")]
        if having:
            who = pl.Series(np.isin(allocation.choice, having))
            total += effects[programme.id].targeting.total_se(candidates.covariates.select(may_choose).filter(who))
    return allocation.value, total


def _assignments(allocation: Allocation | None, candidates: Candidates) -> pl.DataFrame:
    if allocation is None:
        return pl.DataFrame(schema=ASSIGNMENTS)
    problem, choice = allocation.problem, allocation.choice
    who = np.flatnonzero(choice != NONE)
    cost = np.zeros(len(who), dtype=np.int64)
    for j in range(len(problem.options)):
        here = choice[who] == j
        for amounts in problem.cost[j]:
            cost[here] += amounts if isinstance(amounts, int) else amounts[who[here]]
    return pl.DataFrame(
        {
            "person_id": candidates.person_id.gather(who),
            "programme": pl.Series([problem.options[j].name for j in choice[who]], dtype=pl.String),
            "effect": problem.gain[choice[who], who],
            "cost_fen": cost,
            "by_lot": drawn(problem, choice)[who],
        },
        schema=ASSIGNMENTS,
    )


def drawn(problem: Problem, choice: Ints) -> Bools:
    """(n,) people among whose equals, in gains and costs, not all came to the same."""
    claims = group(problem, by_group=False)
    low, high = np.full(len(claims.size), NONE + len(problem.options) + 1), np.full(len(claims.size), NONE)
    np.minimum.at(low, claims.of, choice)
    np.maximum.at(high, claims.of, choice)
    return np.asarray((low != high)[claims.of])
