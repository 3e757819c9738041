"""What must hold for every city: hidden cells cannot be worked out, registers are never overwritten, payments count once."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.policy import shipped
from leye.policy.push import mark_counts, overlaid, rules_of_handling, with_days
from leye.policy.push.counts import LEAST
from leye.policy.push.items import own_item
from leye.policy.push.overlay import Paid, Stated, person_overlaid
from tests_support.push_city import ON, nobody, people_frame

PACKS = shipped()
HANDLING = rules_of_handling(PACKS)
FACTS = PACKS.facts


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
def test_no_hidden_cell_follows_from_the_shown_ones(sizes: list[int]) -> None:
    rows = [("p", f"r{i}", "yes", 100, 100) for i, n in enumerate(sizes) for _ in range(n)]
    table = mark_counts(pl.DataFrame(rows, schema=["policy", "region", "verdict", "amount_fen", "expected_fen"], orient="row"))
    shown = dict(zip(table["region"], table["open_n"], strict=True))
    whole, parts = shown.pop("all"), shown
    assert all(n is None or n >= LEAST for n in [whole, *parts.values()])
    hidden = [r for r, n in parts.items() if n is None]
    if whole is not None:
        assert len(hidden) != 1, "the difference to the sum would tell the only hidden one"
    assert all(parts[f"r{i}"] in (n, None) for i, n in enumerate(sizes))


ASKED = ["sex", "hard_to_employ", "ui_total_months", "left_job_reason", "cert_on", "monthly_wage_fen"]


def values(name: str) -> st.SearchStrategy[Any]:
    fact = FACTS.facts[name]
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "date":
        return st.dates(date(2001, 1, 1), date(2025, 8, 31))
    return st.sampled_from(fact.allowed) if fact.type == "enum" else st.integers(0, 600)


@given(st.data(), st.sets(st.sampled_from(ASKED)))
def test_an_answer_fills_what_is_unknown_and_nothing_else(data: st.DataObject, unknown: set[str]) -> None:
    register = nobody() | dict.fromkeys(unknown)
    stated = [Stated("P1", name, data.draw(values(name))) for name in ASKED]
    now = person_overlaid(register, stated, [], FACTS, HANDLING, ON)
    for answer in stated:
        assert now[answer.fact] == (answer.value if register[answer.fact] is None else register[answer.fact])
    assert {k: v for k, v in now.items() if k not in ASKED} == {k: v for k, v in register.items() if k not in ASKED}


MONTHS = st.sampled_from([date(2025, m, 1) for m in range(1, 9)])
MONTHLY = ["ss_flex_hard", "public_post", "public_post_ss", "ss_hire_hard"]


@given(st.lists(st.tuples(st.sampled_from(MONTHLY), MONTHS), max_size=12), st.integers(0, 24))
def test_subsidised_months_grow_by_the_different_months_paid_whatever_the_order(paid: list[tuple[str, date]], before: int) -> None:
    register = nobody() | {"subsidised_months": before}
    payments = [Paid("P1", policy, month, f"month:{month:%Y-%m}", month) for policy, month in paid]
    now = person_overlaid(register, [], payments, FACTS, HANDLING, ON)
    assert now["subsidised_months"] == before + len({month for _, month in paid})
    assert person_overlaid(register, [], list(reversed(payments)), FACTS, HANDLING, ON) == now
    assert person_overlaid(register, [], payments * 2, FACTS, HANDLING, ON) == now, "the same payment told twice counts once"


@given(st.lists(st.tuples(st.sampled_from(MONTHLY), MONTHS), max_size=8), st.sets(st.sampled_from(ASKED)), st.data())
@settings(max_examples=40, deadline=None)
def test_the_table_is_laid_over_like_each_person(paid: list[tuple[str, date]], unknown: set[str], data: st.DataObject) -> None:
    stories = {"P1": dict.fromkeys(unknown), "P2": {}}
    payments = [Paid("P1", policy, month, f"month:{month:%Y-%m}", month) for policy, month in paid]
    stated = [Stated(person, name, data.draw(values(name))) for person in ("P1", "P2") for name in ASKED]
    people = people_frame(stories)
    table = overlaid(people, stated, payments, FACTS, HANDLING, ON)
    assert table.schema == people.schema
    for row, before in zip(table.iter_rows(named=True), people.iter_rows(named=True), strict=True):
        mine = [s for s in stated if s.person_id == row["person_id"]], [p for p in payments if p.person_id == row["person_id"]]
        assert row == person_overlaid(before, *mine, FACTS, HANDLING, ON)


def test_what_a_payment_sets_by_hand() -> None:
    certified = nobody() | {"cert_level": 4, "cert_on": date(2025, 3, 1), "cert_best_paid_level": 5, "skill_up_times_year": 0}
    paid = Paid("P1", "skill_up", date(2025, 8, 1), "cert:4:2025-03-01", date(2025, 9, 10))
    now = person_overlaid(certified, [], [paid], FACTS, HANDLING, ON)
    assert (now["cert_paid_by"], now["cert_best_paid_level"], now["skill_up_times_year"]) == ("skill_up", 4, 1)
    newer = certified | {"cert_level": 3, "cert_on": date(2025, 8, 20)}
    assert person_overlaid(newer, [], [paid], FACTS, HANDLING, ON)["cert_paid_by"] == "none", "another certificate is not paid for"
    last_month = Paid("P1", "ss_flex_hard", date(2025, 7, 1), "month:2025-07", date(2025, 8, 2))
    this_month = Paid("P1", "ss_flex_hard", date(2025, 8, 1), "month:2025-08", date(2025, 9, 2))
    assert person_overlaid(nobody(), [], [last_month], FACTS, HANDLING, ON)["ss_subsidy_this_month"] == "none"
    both = person_overlaid(nobody() | {"first_approved_on": None}, [], [last_month, this_month], FACTS, HANDLING, ON)
    assert (both["ss_subsidy_this_month"], both["subsidised_months"], both["first_approved_on"]) == ("ss_flex_hard", 2, date(2025, 7, 1))
    recognised = Paid("P1", "recognise_hard", date(2025, 9, 1), "once", date(2025, 9, 1))
    assert person_overlaid(nobody(), [], [recognised], FACTS, HANDLING, ON)["hard_to_employ"] is True
    unknown = person_overlaid(nobody() | {"subsidised_months": None}, [], [this_month], FACTS, HANDLING, ON)
    assert unknown["subsidised_months"] is None, "an unknown count plus one is unknown"


def test_items_by_hand() -> None:
    person = {"cert_level": 4, "cert_on": date(2025, 3, 1), "firm_id": "F1", "hire_on": date(2025, 2, 1), "business_registered_on": None}
    month = date(2025, 8, 1)
    policies = PACKS.policies
    assert own_item(policies["ss_flex_hard"], "month", person, month) == "month:2025-08"
    assert own_item(policies["ui_refund"], "year", person, month) == "year:2025"
    assert own_item(policies["skill_up"], "once", person, month) == "cert:4:2025-03-01"
    assert own_item(policies["expand_post"], "once", person, month) == "hire:F1:2025-02-01"
    assert own_item(policies["startup_once"], "once", person, month) == "once"
    assert own_item(policies["skill_up"], "once", person | {"cert_on": None}, month) == "", "what is unknown names no item"


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2)), max_size=6, unique_by=lambda r: r[0]),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2)), max_size=6, unique_by=lambda r: r[0]),
)
def test_days_say_since_when_against_a_slow_reading(first: list[tuple[str, int]], second: list[tuple[str, int]]) -> None:
    one, two = date(2025, 8, 30), date(2025, 8, 31)
    schema = {"k": pl.String, "v": pl.Int64}
    before = with_days(pl.DataFrame(first, schema=schema, orient="row"), None, one, key=["k"], says=["v"])
    after = with_days(pl.DataFrame(second, schema=schema, orient="row"), before, two, key=["k"], says=["v"])
    known = dict(first)
    expected = [(k, v, one if k in known else two, one if known.get(k, -1) == v else two) for k, v in second]
    assert after.rows() == expected
