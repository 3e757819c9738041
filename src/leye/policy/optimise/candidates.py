"""PEOPLE as candidates: who may have which programme by the rules, what it costs, which groups they belong to, what a model may know of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.policy.marks import mark_table
from leye.policy.optimise.arrays import Bools, Ints
from leye.policy.optimise.conditions import evaluate, scope_of
from leye.policy.optimise.history import model_column
from leye.policy.optimise.programmes import Plan, Programme
from leye.policy.pack import PackSet
from leye.policy.table_check import check_rows, refusal


@dataclass(frozen=True, slots=True)
class Candidates:
    """(n,) people in the order of the file. eligible: (n, m) verdict yes · unsure: programme -> people to be asked first (verdict unknown) ·
    cost: (n, m) fen of a place · unpriced: programme -> eligible people whose amount is not known (not eligible here) ·
    members: group -> (n,) · covariates: those of the history that PEOPLE have too."""

    person_id: pl.Series
    region: pl.Series
    eligible: Bools
    unsure: dict[str, int]
    cost: Ints
    unpriced: dict[str, int]
    members: dict[str, Bools]
    covariates: pl.DataFrame


def typed_people(table: pl.DataFrame, packs: PackSet, *, file: str) -> pl.DataFrame:
    """PEOPLE with every fact in its type. Raises BadInput with row and column for values that cannot be, and for ids that stand twice."""
    checked = check_rows(table, packs.facts)
    if checked.problems:
        raise refusal(checked.problems, file)
    ids = checked.rows["person_id"]
    if ids.n_unique() < ids.len():
        again = checked.rows.filter(ids.is_duplicated())
        raise BadInput(f"人员编号 {again['person_id'][0]} 出现两次", en=f"person_id {again['person_id'][0]} stands twice",
                       remedy_zh="每人一行", remedy_en="one row a person", code="E_ID_TWICE",
                       places=tuple(Place(file=file, row=int(r), column="person_id") for r in again["_row"].head(100)))  # fmt: skip
    return checked.rows


def gather(people: pl.DataFrame, plan: Plan, packs: PackSet, on: date, *, wanted: tuple[str, ...], region: str | None = None) -> Candidates:
    """Marks, costs, groups and covariates of typed people. wanted: names of the history's covariates."""
    n, m = people.height, len(plan.programmes)
    eligible, cost = np.zeros((n, m), dtype=bool), np.zeros((n, m), dtype=np.int64)
    unsure: dict[str, int] = {}
    unpriced: dict[str, int] = {}
    own = {p.id: p.who for p in plan.programmes if p.who}
    answers = evaluate(people, packs, on, own, region=region)
    marks = mark_table(people, packs, on, region=region, only=[p.id for p in plan.programmes if not p.who], extra=("months",))
    for j, programme in enumerate(plan.programmes):
        yes, unknown, fen = _answers(answers[programme.id]) if programme.who else _marks(people, marks, programme.id)
        unsure[programme.id] = int(unknown.sum())
        eligible[:, j], cost[:, j], unpriced[programme.id] = _priced(programme, yes, fen)
    places = pl.Series("region", people["region"] if "region" in people.columns else [None] * n, dtype=pl.String).fill_null(region or "CN")
    members = _members(people, plan, packs, on, places, region)
    known = _known(people, plan, packs, on, wanted, region)
    return Candidates(people["person_id"], places, eligible, unsure, cost, unpriced, members, known)


def _answers(column: pl.Series) -> tuple[Bools, Bools, pl.Series]:
    return column.fill_null(False).to_numpy(), column.is_null().to_numpy(), pl.Series([None] * len(column), dtype=pl.Int64)


def _marks(people: pl.DataFrame, marks: pl.DataFrame, policy: str) -> tuple[Bools, Bools, pl.Series]:
    """Yes, unknown, and fen a place (amount, times the months of a monthly one)."""
    mine = marks.filter(pl.col("policy") == policy).select("person_id", "verdict", "amount_fen", "months")
    rows = people.select("person_id").join(mine, on="person_id", how="left", maintain_order="left")
    fen = rows["amount_fen"] * rows["months"].fill_null(1)
    return (rows["verdict"] == "yes").fill_null(False).to_numpy(), (rows["verdict"] == "unknown").fill_null(False).to_numpy(), fen


def _priced(programme: Programme, yes: Bools, fen: pl.Series) -> tuple[Bools, Ints, int]:
    if programme.cost_fen is not None:
        return yes, np.full(len(yes), programme.cost_fen, dtype=np.int64), 0
    known = fen.is_not_null().to_numpy()
    if yes.any() and not (yes & known).any():
        raise BadInput(
            f"“{programme.name}”每个名额花多少钱不知道：规则包没有金额，项目表也没有写 cost_fen",
            en=f"the cost of a place of {programme.id} is not known: the pack has no amount and the file no cost_fen",
            remedy_zh=f"在项目表里给 {programme.id} 写 cost_fen（分）",
            remedy_en=f"give {programme.id} a cost_fen in the file of programmes",
            code="E_COST_UNKNOWN",
        )
    return yes & known, fen.fill_null(0).to_numpy().astype(np.int64), int((yes & ~known).sum())


def _members(people: pl.DataFrame, plan: Plan, packs: PackSet, on: date, places: pl.Series, region: str | None) -> dict[str, Bools]:
    """Membership of the groups; whoever's is unknown does not count as a member."""
    found = evaluate(people, packs, on, plan.groups, region=region)
    members = {name: found[name].fill_null(False).to_numpy() for name in plan.groups}
    for rule in plan.rules:
        if rule.group.startswith("region:"):
            members[rule.group] = places.str.starts_with(rule.group.removeprefix("region:")).to_numpy()
    return members


def _known(people: pl.DataFrame, plan: Plan, packs: PackSet, on: date, wanted: tuple[str, ...], region: str | None) -> pl.DataFrame:
    """Covariates of the history as PEOPLE tell them: by the plan's expression, by the fact of that name, by the derived fact of that name."""
    scope = scope_of(packs)
    texts = {n: plan.covariates[n].text for n in wanted if n in plan.covariates}
    texts |= {n: n for n in wanted if n not in texts and n not in people.columns and n in scope.derived}
    found = evaluate(people, packs, on, texts, region=region)
    day = pl.Series([on]).new_from_index(0, people.height)
    columns = []
    for name in wanted:
        values = found[name] if name in texts else people[name] if name in people.columns else None
        column = None if values is None else model_column(values, day)
        if column is not None:
            columns.append(column.alias(name))
    return pl.DataFrame(columns)
