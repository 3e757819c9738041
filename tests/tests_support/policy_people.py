"""Random people for rule packs: skewed as people are, with the boundaries of every rule planted, and steered towards policies so that each has yes's.

Deterministic: the same seed gives the same people. Shared by the tests and by bench/policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import polars as pl

from leye.policy import PackSet, places
from leye.policy.bind import clauses_of
from leye.policy.expression import Node
from leye.policy.facts import Fact
from tests_support.policy_wishes import Columns, Wishes, boundaries

EPOCH = date(1970, 1, 1)
SHARES = {
    "dibao": 0.04, "tekun": 0.01, "poverty_alleviated": 0.07, "zero_employment_family": 0.01, "land_lost": 0.03, "veteran": 0.03,
    "hard_to_employ": 0.05, "registered_unemployed": 0.06, "ui_claiming": 0.03, "graduate": 0.2, "jobless_since_graduation": 0.1,
    "student_loan": 0.05, "on_public_post": 0.01, "in_training": 0.02, "business_registered": 0.1, "gig_worker": 0.1, "firm_affected": 0.1,
    "in_graduation_school_year": 0.03, "work_able": 0.93, "contract_signed": 0.85, "full_time": 0.85, "hukou_local": 0.7, "ui_self_paid": 0.8,
}  # fmt: skip
"""Share of people of whom a condition is true; 0.3 where none is given. Orders of magnitude, chosen by us."""
MEDIANS = {
    "monthly_wage_fen": 550_000, "ss_paid_month_fen": 90_000, "ss_personal_share_fen": 60_000, "ss_employer_share_fen": 150_000,
    "loan_applied_fen": 15_000_000, "loan_interest_paid_fen": 300_000, "tax_due_fen": 800_000, "firm_ui_paid_last_year_fen": 3_000_000,
    "ui_contribution_months": 50, "ui_total_months": 80, "contract_months": 24, "last_job_months": 30, "firm_staff": 30, "gig_orders_month": 200,
    "local_min_wage_fen": 210_000, "local_ui_benefit_fen": 189_000, "local_dibao_fen": 80_000, "local_subsidy_fen": 200_000,
    "local_pension_min_fen": 90_000,
}  # fmt: skip
"""Medians of amounts and counts of those who have any, log-normal with sigma 1; the root of the range where none is given. Chosen by us."""
STATUS = {"employed": 0.5, "flexible": 0.13, "self_employed": 0.1, "unemployed": 0.06, "student": 0.06, "inactive": 0.15}


def random_people(
    packs: PackSet, on: date, count: int, *, seed: int, nulls: float = 0.2, steered: float = 0.7, regions: Sequence[str] = (), first: int = 1
) -> pl.DataFrame:
    """A table of people with every fact of the packs.

    nulls: share of unknown values of each fact (never person_id) · steered: share of people who are pushed towards a policy, each to one drawn at
    random, nine of ten of its conditions met · regions: where they live, drawn evenly; default: places of the packs and one beyond them.
    """
    dice = np.random.default_rng((seed, first))
    pools = boundaries(packs, on)
    columns: Columns = {f.id: _draw(f, on, count, dice, pools.get(f.id, ())) for f in packs.facts if f.kind != "key"}
    found = places(packs, on)
    home = np.asarray(list(regions) or [*sorted(found.all_prefixes)[:60], "CN-540102", "CN-44"])
    wishes = Wishes(columns, packs.facts, found.classes[0].derived, on, dice)
    for node, rows in _targets(packs, on, count, dice, steered):
        wishes.grant(node, rows)
    frame = {"person_id": [f"P{first + i:08}" for i in range(count)], "region": pl.Series(home[dice.integers(0, len(home), count)])}
    table = pl.DataFrame(frame | {name: _series(packs.facts[name], column) for name, column in columns.items()})
    local = {f.id for f in packs.facts if f.kind == "local"}
    keep = {n: dice.random(count) >= (max(nulls, 0.6) if n in local and nulls else nulls) for n in table.columns if n != "person_id"}
    if nulls:
        keep["region"] = dice.random(count) >= 0.02
    else:
        keep["region"] = np.ones(count, dtype=bool)
    return table.with_columns(pl.when(pl.Series(mask)).then(pl.col(name)).alias(name) for name, mask in keep.items())


def _targets(packs: PackSet, on: date, count: int, dice: np.random.Generator, steered: float) -> Iterable[tuple[Node, np.ndarray]]:
    """Conditions to meet with the rows to meet them in: who aims at which policy, and nine of ten of its conditions each."""
    bound = [p.who for p in places(packs, on).classes[0].policies if p.who is not None]
    if not bound:
        return
    aim = np.where(dice.random(count) < steered, dice.integers(0, len(bound), count), -1)
    for number, who in enumerate(bound):
        rows = np.flatnonzero(aim == number)
        careless = dice.random(rows.size) < 0.3  # they miss some condition
        yield who.node, rows[~careless]
        for clause in clauses_of(who):
            yield clause.node, rows[careless][dice.random(int(careless.sum())) < 0.9]


def _draw(fact: Fact, on: date, count: int, dice: np.random.Generator, pool: Sequence[int]) -> np.ndarray:
    """One fact for everybody: a third of the numbers and dates within one of a boundary of some rule."""
    if fact.type == "bool":
        return dice.random(count) < SHARES.get(fact.id, 0.3)
    if fact.type == "enum":
        words = np.asarray(fact.allowed)
        weights = np.asarray([STATUS.get(w, 1.0) for w in fact.allowed]) if fact.id == "employment_status" else np.geomspace(4, 1, len(words))
        return dice.choice(words, count, p=weights / weights.sum())
    if fact.type == "date":
        plain, low, high = _days(fact, on, count, dice), _day(fact.low), _day(fact.high)
    elif fact.is_range:
        low, high = int(fact.low), int(fact.high)  # type: ignore[arg-type]
        plain = np.where(dice.random(count) < 0.25, low, low + np.minimum(dice.lognormal(np.log(_median(fact)), 1.0, count), high - low))
    else:
        return dice.choice(np.asarray(fact.choices), count)
    near = np.asarray(pool or [low])[dice.integers(0, len(pool) or 1, count)] + dice.integers(-1, 2, count)
    return np.clip(np.where(dice.random(count) < 0.33, near, plain).astype(np.int64), low, high)


def _median(fact: Fact) -> float:
    return MEDIANS.get(fact.id, 1 + (int(fact.high) - int(fact.low)) ** 0.5)  # type: ignore[arg-type]


def _days(fact: Fact, on: date, count: int, dice: np.random.Generator) -> np.ndarray:
    """Births between sixteen and seventy-five years ago, other days mostly of the last years, some still to come."""
    today = _day(on)
    if fact.id == "birth":
        return today - dice.integers(16 * 365, 75 * 365, count)
    return today - dice.gamma(1.2, 700, count).astype(np.int64) + dice.integers(0, 120, count)


def _day(value: object) -> int:
    assert isinstance(value, date)
    return (value - EPOCH).days


def _series(fact: Fact, column: np.ndarray) -> pl.Series:
    if fact.type == "date":
        return pl.Series(fact.id, column.astype(np.int32)).cast(pl.Date)
    return pl.Series(fact.id, column.tolist() if column.dtype.kind == "U" else column)
