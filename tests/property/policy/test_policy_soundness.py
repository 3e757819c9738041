"""What three values promise, on the whole of the shipped packs: sound, decisive, and `missing` is exactly what decides.

Local facts that the packs themselves fill are left as they are: a person's own value there replaces the pack's (first known wins), so an empty cell
is not unknown but "as the pack says", and filling it is a change of the law of the place, not of what is known.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from leye.policy import PackSet, places, shipped
from leye.policy.expression import FactRef, FirstKnown, walk
from leye.policy.marks import mark_table
from tests_support.policy_people import random_people

DAYS = [date(2022, 12, 31), date(2024, 6, 30), date(2025, 7, 15), date(2026, 2, 1)]
PEOPLE = 2500


def filled_by_rules(packs: PackSet, on: date) -> set[str]:
    """Facts for which some rule has another value when the person's is empty."""
    trees = [n for b in places(packs, on).classes for n in b.derived.values()]
    trees += [n for b in places(packs, on).classes for p in b.policies for n in (p.who.node if p.who else None, p.amount, p.months) if n is not None]
    return {part.first.id for tree in trees for part in walk(tree) if isinstance(part, FirstKnown) and isinstance(part.first, FactRef)}


def marks_of(people: pl.DataFrame, packs: PackSet, on: date, **more: object) -> pl.DataFrame:
    return mark_table(people, packs, on, extra=("months",), **more)  # type: ignore[arg-type]


def filled(people: pl.DataFrame, donor: pl.DataFrame, names: set[str]) -> pl.DataFrame:
    """Unknown values of some facts by those of the donor, row by row."""
    return people.with_columns(pl.coalesce(pl.col(n), donor[n]).alias(n) for n in people.columns if n in names)


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
@pytest.mark.parametrize("nulls", [0.2, 0.5])
def test_no_completion_turns_an_answer(on: date, nulls: float) -> None:
    packs = shipped()
    people = random_people(packs, on, PEOPLE, seed=on.year, nulls=nulls)
    before = marks_of(people, packs, on)
    yes = before.filter(pl.col("verdict") == "yes")
    assert yes["policy"].n_unique() > 10
    free = {f.id for f in packs.facts if f.kind != "key"} - filled_by_rules(packs, on)
    for seed in range(3):
        donor = random_people(packs, on, PEOPLE, seed=1000 + seed, nulls=0)
        after = marks_of(filled(people, donor, free), packs, on)
        keys = ["person_id", "policy"]
        turned_no = yes.join(after.filter(pl.col("verdict") == "yes"), on=keys, how="anti")
        assert turned_no.height == 0, f"a yes was lost: {turned_no.row(0)}"
        turned_yes = after.join(before, on=keys, how="anti")
        assert turned_yes.height == 0, f"a no was lost: {turned_yes.row(0)}"
        both = yes.join(after, on=keys, suffix="_after")
        for column in ("amount_fen", "months"):
            changed = both.filter(pl.col(column).is_not_null() & (pl.col(column) != pl.col(f"{column}_after")).fill_null(True))
            assert changed.height == 0, f"a known {column} changed: {changed.row(0)}"


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
def test_with_every_fact_known_nothing_is_unknown(on: date) -> None:
    packs = shipped()
    people = random_people(packs, on, PEOPLE, seed=77, nulls=0)
    marks = marks_of(people, packs, on)
    assert marks.filter(pl.col("verdict") == "unknown").height == 0
    assert marks["missing"].list.len().max() == 0
    pays = {p.policy.id for b in places(packs, on).classes for p in b.policies if p.amount is not None}
    none = {p.policy.id for b in places(packs, on).classes for p in b.policies if p.who is not None and p.amount is None}
    unknown = marks.filter(pl.col("policy").is_in(sorted(pays - none)) & pl.col("amount_fen").is_null())
    assert unknown.height == 0, f"an amount stays unknown: {unknown.row(0)}"


@pytest.mark.parametrize("on", DAYS, ids=[d.isoformat() for d in DAYS])
@pytest.mark.parametrize("nulls", [0.1, 0.35])
def test_filling_what_is_missing_decides(on: date, nulls: float) -> None:
    packs = shipped()
    people = random_people(packs, on, PEOPLE, seed=5, nulls=nulls)
    donor = random_people(packs, on, PEOPLE, seed=6, nulls=0)
    marks = marks_of(people, packs, on).filter(pl.col("missing").list.len() > 0)
    assert marks["verdict"].n_unique() == 2, "both an unknown verdict and an unknown amount must occur"
    for (policy,), open_marks in marks.group_by("policy"):
        rows = people.join(open_marks.select("person_id", "verdict", "missing"), on="person_id", maintain_order="left")
        theirs = donor.filter(people["person_id"].is_in(rows["person_id"].implode()))
        asked = sorted(set(rows["missing"].explode().to_list()))
        complete = rows.with_columns(pl.when(pl.col("missing").list.contains(n)).then(theirs[n]).otherwise(pl.col(n)).alias(n) for n in asked)
        assert all(complete[n].null_count() <= rows[n].null_count() for n in asked)
        after = marks_of(complete.drop("verdict", "missing"), packs, on, only=[str(policy)])
        undecided = after.filter(pl.col("verdict") == "unknown")
        assert undecided.height == 0, f"{policy} stays undecided: {undecided.row(0)}"
        amounts = after.join(rows.filter(pl.col("verdict") == "yes").select("person_id"), on="person_id")
        assert amounts["amount_fen"].null_count() == 0, f"an amount of {policy} stays unknown"


@pytest.mark.parametrize("on", DAYS[2:3], ids=["2025-07-15"])
def test_missing_names_only_unknown_facts_that_the_policy_reads(on: date) -> None:
    packs = shipped()
    people = random_people(packs, on, PEOPLE, seed=8)
    marks = marks_of(people, packs, on).explode("missing").drop_nulls("missing")
    reads: dict[str, set[str]] = {name: set() for name in packs.policies}
    for b in places(packs, on).classes:
        for p in b.policies:
            reads[p.policy.id] |= b.reads(n for n in (p.who.node if p.who else None, p.amount) if n is not None)
    assert {(p, f) for p, f in marks.select("policy", "missing").unique().iter_rows() if f not in reads[p]} == set()
    for (fact,), rows in marks.group_by("missing"):
        known = people.filter(pl.col("person_id").is_in(rows["person_id"].implode()))[str(fact)]
        assert known.null_count() == known.len()
    order = packs.facts.order
    lists = marks_of(people, packs, on)["missing"].to_list()
    assert all(np.diff([order[f] for f in one]).min(initial=1) > 0 for one in lists if len(one) > 1)
