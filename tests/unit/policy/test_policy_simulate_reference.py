"""Simulation against a slow obvious version: every person by the scalar engine, sums by hand, on random people with nulls and random reforms."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.policy import Evaluator, PackSet
from leye.policy.read_pack import shipped
from leye.policy.simulate import apply, changed_people, reform_of_text
from leye.policy.simulate.compare import Both
from leye.policy.simulate.path import monthly_path
from leye.policy.simulate.summary import summarise
from tests_support.policy_people import random_people
from tests_support.policy_reforms import random_reform, slow_path, slow_side

ON = date(2025, 8, 31)
REGIONS = ("CN", "CN-440305", "CN-4406", "CN-110105", "CN-3501", "CN-63")
SEEDS = range(14)


def people_of(packs: PackSet, count: int, seed: int) -> pl.DataFrame:
    return random_people(packs, ON, count, seed=seed, nulls=0.15, regions=REGIONS)


def both_of(seed: int) -> tuple[Both, PackSet, PackSet]:
    """The next random reform that can be put onto the packs (two random changes may contradict one another)."""
    packs = shipped()
    for step in range(50):
        try:
            reform = random_reform(packs, ON, seed * 1000 + step)
            after = apply(reform, packs, ON)
        except BadInput:
            continue
        return Both.of(packs, after, max(ON, reform.start or ON)), packs, after
    raise AssertionError("no reform fits")


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_winners_and_losers_equal_the_slow_reference(seed: int) -> None:
    both, packs, after = both_of(seed)
    people = people_of(packs, 150, seed)
    found = summarise(both, people.lazy(), by=("region", "sex"))
    cache: dict[Any, Evaluator] = {}
    rows = {p: dict.fromkeys(found.policies.columns[2:], 0) for p in both.policies}
    whole = dict.fromkeys(("people", "winners", "losers", "gain_fen", "loss_fen"), 0)
    by_sex: dict[str | None, list[int]] = {}
    changes = set()
    for person in people.to_dicts():
        facts = {k: v for k, v in person.items() if v is not None}
        law, new = (slow_side(side, both.on, facts, None, cache) for side in (packs, after))
        delta = 0
        for p in both.policies:
            count(rows[p], law, new, p)
            delta += new.annual.get(p, 0) - law.annual.get(p, 0)
            if law.verdict.get(p, False) is not new.verdict.get(p, False) or law.annual.get(p, 0) != new.annual.get(p, 0):
                changes.add((person["person_id"], p, law.annual.get(p, 0), new.annual.get(p, 0)))
        for name, add in (("people", 1), ("winners", delta > 0), ("losers", delta < 0), ("gain_fen", max(delta, 0)), ("loss_fen", min(delta, 0))):
            whole[name] += int(add)
        mine = by_sex.setdefault(person["sex"], [0, 0])
        mine[0], mine[1] = mine[0] + int(delta > 0), mine[1] + min(delta, 0)
    assert found.policies.select("policy", *found.policies.columns[2:]).to_dicts() == [{"policy": p} | rows[p] for p in both.policies]
    assert found.whole == whole
    groups = found.groups.filter((pl.col("column") == "sex") & ~pl.col("hidden"))
    assert {r["value"]: [r["winners"], r["loss_fen"]] for r in groups.to_dicts()} == {
        k: v for k, v in by_sex.items() if k in groups["value"].to_list()
    }
    said = changed_people(both, people.lazy()).collect()
    assert set(said.select("person_id", "policy", "annual_before_fen", "annual_after_fen").iter_rows()) == changes


def count(row: dict[str, int], law: Any, new: Any, p: str) -> None:
    old, now = law.verdict.get(p, False), new.verdict.get(p, False)
    row["new"] += old is not True and now is True
    row["lost"] += old is True and now is not True
    for side, word in ((law, "before"), (new, "after")):
        verdict = side.verdict.get(p, False)
        row[f"yes_{word}"] += verdict is True
        row[f"unknown_{word}"] += verdict is None
        row[f"cost_{word}_fen"] += side.annual.get(p, 0)
        row[f"amount_unknown_{word}"] += verdict is True and side.amount.get(p) is None
        row[f"if_unknown_{word}_fen"] += side.possible.get(p, 0) if verdict is None else 0
        row[f"lent_{word}_fen"] += (side.amount[p] or 0) if verdict is True and side.unit[p] == "loan" else 0


@pytest.mark.parametrize("seed", range(100, 105))
def test_the_path_by_month_equals_plain_loops(seed: int) -> None:
    both, packs, after = both_of(seed)
    people = people_of(packs, 40, seed)
    found = monthly_path(both.at(ON), people.lazy(), months=9)
    slow = slow_path(packs, after, list(both.policies), people, ON, 9, None)
    assert found.select("month", "policy", "paid_before", "paid_after", "cost_before_fen", "cost_after_fen").rows() == slow


def test_policies_that_begin_and_end_within_the_months() -> None:
    packs = shipped()
    reform = reform_of_text(
        "reform: r\nfrom: 2025-11-01\nchanges:\n  - {policy: skill_up, extend_to: 2026-12-31}\n  - {policy: ss_flex_hard, end_on: 2025-12-31}\n"
    )
    after = apply(reform, packs, ON)
    both = Both.of(packs, after, ON)
    people = people_of(packs, 120, 5)
    found = monthly_path(both, people.lazy(), months=8)
    slow = slow_path(packs, after, list(both.policies), people, ON, 8, None)
    assert found.drop("pays").rows() == slow
    flex = found.filter(pl.col("policy") == "ss_flex_hard")
    assert flex["paid_after"].to_list()[5:] == [0, 0, 0], "ended with December"
    assert flex["paid_after"].to_list()[:5] == flex["paid_before"].to_list()[:5]


def test_a_table_without_regions_takes_the_place_of_the_question() -> None:
    packs = shipped()
    reform = reform_of_text("reform: r\nchanges:\n  - {parameter: local_ui_benefit_fen, region: CN-44, value: 300000}\n")
    after = apply(reform, packs, ON)
    both = Both.of(packs, after, ON)
    people = people_of(packs, 400, 9).drop("region").with_columns(pl.lit(200_000, dtype=pl.Int64).alias("local_ui_benefit_fen"))
    there = summarise(both, people.lazy(), region="CN-4406")
    elsewhere = summarise(both, people.lazy(), region="CN-11")
    assert there.whole["winners"] > 0, "the reform goes before the value in the row"
    assert elsewhere.whole["winners"] == 0
