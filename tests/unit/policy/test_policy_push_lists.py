"""Who is on the list and who is not, since when, what is counted in the open, and what contradicts itself: worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.office.entitlements.lists import Card, Entry
from leye.policy import shipped
from leye.policy.marks import Marker
from leye.policy.push import contradictions, mark_counts, push_list, rules_of_handling, with_days
from leye.policy.push.chance import likely_values, with_chance
from leye.policy.push.contradictions import contradictions_of
from leye.policy.push.contradictions import shipped as shipped_contradictions
from leye.policy.push.counts import LEAST
from leye.policy.push.either import counted_instead
from leye.policy.push.handling import read_handling
from leye.policy.push.listing import SUBSIDIES
from leye.policy.push.standing import HELD_SCHEMA
from leye.policy.push.table import mark_city
from tests_support.push_city import ASKED, CHILD, FIRM, FIRMS, FLEXIBLE, HIRED, JOBLESS, ODD, ON, SKILLED, STORIES, nobody, people_frame

PACKS = shipped()
HANDLING = rules_of_handling(PACKS)
HOMES = pl.DataFrame({"person_id": list(STORIES), "grid_id": ["G1"] * len(STORIES), "counsellor_id": ["C1"] * len(STORIES)})
NOTHING_HELD = pl.DataFrame(schema=HELD_SCHEMA)


def marks_of(**stories: dict[str, Any]) -> pl.DataFrame:
    return mark_city(people_frame(STORIES | stories), None, PACKS, ON).marks


def pushed(marks: pl.DataFrame, **more: Any) -> pl.DataFrame:
    return push_list(marks, HOMES, PACKS, HANDLING, {"left_job_reason": "怎么离开的？"}, more.pop("held", NOTHING_HELD), ON, **more)


def rows(table: pl.DataFrame) -> set[tuple[str, str, str]]:
    return set(table.select("person_id", "policy", "verdict").iter_rows())


def test_a_yes_and_an_unknown_with_one_question_are_on_the_list() -> None:
    table = pushed(marks_of())
    assert {
        (SKILLED, "skill_up", "yes"),
        (JOBLESS, "ui_benefit", "yes"),
        (ASKED, "ui_benefit", "unknown"),
        (FLEXIBLE, "ss_flex_hard", "yes"),
    } <= rows(table)
    asked = table.filter(pl.col("person_id") == ASKED).row(0, named=True)
    assert (asked["fact"], asked["question"], asked["reason"]) == ("left_job_reason", "怎么离开的？", "《失业保险金》只差一项没核实")
    assert table.filter(pl.col("person_id") == CHILD).is_empty()


def test_an_unknown_with_two_questions_is_not() -> None:
    marks = marks_of(**{ASKED: STORIES[ASKED] | {"ui_contribution_months": None}})
    assert marks.filter(pl.col("person_id") == ASKED, pl.col("policy") == "ui_benefit")["verdict"].to_list() == ["unknown"]
    assert pushed(marks).filter(pl.col("person_id") == ASKED, pl.col("policy") == "ui_benefit").is_empty()


def test_what_only_the_place_can_answer_is_asked_of_nobody() -> None:
    marks = marks_of(**{JOBLESS: STORIES[JOBLESS] | {"job_search_willing": None}})
    one = marks.with_columns(pl.when(pl.col("verdict") == "unknown").then(pl.lit(["local_min_wage_fen"])).otherwise("missing").alias("missing"))
    assert pushed(one).filter(pl.col("verdict") == "unknown").is_empty()


def test_unverified_policies_are_never_pushed() -> None:
    unverified = {p.id for p in PACKS.policies.values() if p.status == "unverified"}
    marks = marks_of()
    assert (HIRED, "hire_once", "yes") in rows(marks), "marked"
    assert not unverified & set(pushed(marks)["policy"])
    assert all(not HANDLING.is_pushed(PACKS.policies[p]) for p in unverified)


def test_what_gives_way_is_drawn_or_needs_no_application_is_left_out() -> None:
    marks = marks_of()
    held = pl.DataFrame([(JOBLESS, "ui_benefit", "drawn")], schema=HELD_SCHEMA, orient="row")
    assert (JOBLESS, "ui_benefit", "yes") not in rows(pushed(marks, held=held))
    behind = marks.with_columns(pl.when(pl.col("policy") == "skill_up").then(pl.lit("gives_way:training")).otherwise("choice").alias("choice"))
    assert "skill_up" not in set(pushed(behind)["policy"])
    retired = marks_of(**{CHILD: {"birth": date(1955, 1, 1)}})
    assert (CHILD, "statutory_retirement", "yes") in rows(retired)
    assert "statutory_retirement" not in set(pushed(retired)["policy"])


OPEN_CHOICES = [
    ([("skill_up", 200_000), ("training", 150_000)], {"training": "skill_up"}, "the dearer counts"),
    ([("training", 150_000), ("skill_up", 150_000)], {"training": "skill_up"}, "of equal ones the first by id"),
    ([("skill_up", 200_000), ("ui_benefit", 150_000)], {}, "no group in common: both count"),
    ([("skill_up", 200_000)], {}, "alone"),
]


@pytest.mark.parametrize(("marks", "instead", "why"), OPEN_CHOICES, ids=[c[-1] for c in OPEN_CHOICES])
def test_of_what_shuts_each_other_out_one_is_counted(marks: list[tuple[str, int]], instead: dict[str, str], why: str) -> None:
    assert counted_instead(marks, PACKS) == instead, why


def test_the_list_names_the_one_that_is_counted() -> None:
    skill = marks_of().filter(pl.col("person_id") == SKILLED, pl.col("policy") == "skill_up")
    assert skill.height == 1
    two = pl.concat([skill, skill.with_columns(pl.lit("training").alias("policy"))])
    tied, settled = two.with_columns(pl.lit("open").alias("choice")), two.with_columns(pl.lit("chosen").alias("choice"))
    assert dict(pushed(tied).select("policy", "instead_of").iter_rows()) == {"skill_up": None, "training": "skill_up"}
    assert pushed(settled)["instead_of"].null_count() == 2


def test_a_card_counts_one_of_them_and_the_other_when_that_has_left() -> None:
    def entry(policy: str, fen: int, instead_of: str | None) -> Entry:
        return Entry(SKILLED, policy, "yes", None, fen, None, "once", fen, fen, instead_of, None, ON, ON, "G1", "440605")

    both, left = entry("skill_up", 200_000, None), entry("training", 150_000, "skill_up")
    assert (Card(SKILLED, "k", (both, left)).expected_fen, Card(SKILLED, "k", (both, left)).weight) == (200_000, 200_000)
    assert Card(SKILLED, "k", (left,)).expected_fen == 150_000


def test_money_of_a_firm_is_on_the_firms_list_and_on_no_counsellors() -> None:
    table = pushed(marks_of()).filter(pl.col("person_id") == HIRED)
    assert set(table["subject"]) == {FIRM}
    assert table["counsellor_id"].null_count() == table.height > 0


def test_a_barred_firm_gets_no_subsidy_and_keeps_its_taxes() -> None:
    story = STORIES[HIRED] | {"poverty_alleviated": True}
    barred = pushed(marks_of(**{HIRED: story}), barred={FIRM}).filter(pl.col("subject") == FIRM)
    assert set(barred["policy"]) == {"tax_hire_key"}
    assert PACKS.policies["tax_hire_key"].pays not in SUBSIDIES


def test_the_heaviest_comes_first_and_a_near_deadline_counts() -> None:
    table = pushed(marks_of()).filter(pl.col("counsellor_id") == "C1")
    assert table["weight"].to_list() == sorted(table["weight"].to_list(), reverse=True)
    weights = dict(zip(table["person_id"], table["weight"], strict=True))
    assert weights[SKILLED] == round(150_000 * (1 + 30 / 37)), "1,500 yuan, seven days left"
    assert weights[JOBLESS] == 6 * 187_200


def test_firms_are_marked_once_a_firm_and_their_staff_not_at_all_for_it() -> None:
    from leye.policy.push import firm_rows

    people = people_frame()
    firms = firm_rows(pl.DataFrame(FIRMS), people, PACKS.facts)
    assert firms["local_fund_reserve_months"].to_list() == [20, 20], "the place's facts come from the residents' rows"
    marks = mark_city(people, firms, PACKS, ON).marks
    refund = marks.filter(pl.col("policy") == "ui_refund")
    assert sorted(refund["person_id"]) == sorted(f["firm_id"] for f in FIRMS)
    assert refund["amount_fen"].to_list() == [600_000, 600_000], "60 % of 10,000 yuan"


def days(*rows: tuple[str, int, date, date]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["k", "v", "first_on", "changed_on"], orient="row")


def test_days_are_carried_over_while_a_row_says_the_same() -> None:
    first, second = date(2025, 8, 29), date(2025, 8, 30)
    before = days(("same", 1, first, first), ("changed", 1, first, first), ("gone", 1, first, first))
    now = pl.DataFrame([("same", 1), ("changed", 2), ("new", 1)], schema=["k", "v"], orient="row")
    assert with_days(now, before, second, key=["k"], says=["v"]).rows() == [
        ("same", 1, first, first),
        ("changed", 2, first, second),
        ("new", 1, second, second),
    ]
    again = with_days(now, with_days(now, before, second, key=["k"], says=["v"]), second, key=["k"], says=["v"])
    assert again.rows() == with_days(now, before, second, key=["k"], says=["v"]).rows(), "the same night twice gives the same table"
    assert with_days(now, None, second, key=["k"], says=["v"])["first_on"].to_list() == [second] * 3


def cells(counts: list[tuple[str, int]]) -> pl.DataFrame:
    marks = [("p", region, "yes", 100, 100) for region, n in counts for _ in range(n)]
    return pl.DataFrame(marks, schema=["policy", "region", "verdict", "amount_fen", "expected_fen"], orient="row")


SHOWN: list[tuple[list[tuple[str, int]], dict[str, int | None], str]] = [
    ([("a", 30), ("b", 20)], {"a": 30, "b": 20, "all": 50}, "nothing is small"),
    ([("a", 30), ("b", 20), ("c", 4)], {"a": 30, "b": None, "c": None, "all": 54}, "the next smallest goes too, or the sum would tell"),
    ([("a", 30), ("b", 3), ("c", 4)], {"a": 30, "b": None, "c": None, "all": 37}, "two small ones hide each other"),
    ([("a", 4)], {"a": None, "all": None}, "a sum below the limit is small itself"),
    ([("a", 12)], {"a": 12, "all": 12}, "one region, large enough"),
]


@pytest.mark.parametrize(("counts", "shown", "why"), SHOWN, ids=[s[-1] for s in SHOWN])
def test_small_cells_stay_hidden_in_the_open(counts: list[tuple[str, int]], shown: dict[str, int | None], why: str) -> None:
    table = mark_counts(cells(counts))
    assert dict(zip(table["region"], table["open_n"], strict=True)) == shown
    assert (table["open_n"].is_null() == table["open_amount_fen"].is_null()).all()
    assert dict(zip(table["region"], table["n"], strict=True)) == {**dict(counts), "all": sum(n for _, n in counts)}
    assert LEAST == 10


def contradiction(story: dict[str, Any]) -> set[str]:
    found = contradictions(people_frame({"P1": story}), PACKS, ON)
    one = {c.id for c in contradictions_of(nobody() | story, PACKS, ON)}
    assert set(found["contradiction"]) == one, "table and person agree"
    return one


ODD_STORIES: list[tuple[str, dict[str, Any]]] = [
    ("born_after_business", STORIES[ODD]),
    ("born_after_hire", {"employment_status": "employed", "hire_on": date(2010, 1, 1)}),
    ("born_after_graduation", {"graduate": True, "graduated_on": date(2005, 1, 1)}),
    ("born_after_unemployment", {"registered_unemployed": True, "registered_unemployed_since": date(2005, 1, 1)}),
    ("certificate_before_16", {"cert_level": 4, "cert_on": date(2005, 1, 1)}),
    ("unemployed_in_future", {"registered_unemployed": True, "registered_unemployed_since": date(2025, 9, 1)}),
    ("hired_in_future", {"employment_status": "employed", "hire_on": date(2025, 9, 1)}),
    ("business_in_future", {"business_registered": True, "business_registered_on": date(2025, 9, 1)}),
    ("certificate_in_future", {"cert_level": 4, "cert_on": date(2025, 9, 1)}),
    ("approved_in_future", {"subsidised_months": 3, "first_approved_on": date(2025, 9, 1)}),
    ("claiming_at_work", {"ui_claiming": True, "employment_status": "employed", "hire_on": date(2024, 1, 1)}),
    ("contributions_over_total", {"ui_contribution_months": 20, "ui_total_months": 10}),
    ("contributions_before_16", {"ui_total_months": 200, "ui_contribution_months": 200}),
    ("insured_before_hire", {"employment_status": "employed", "hire_on": date(2025, 6, 1), "hire_ss_months": 9}),
    ("post_never_placed", {"on_public_post": True, "public_post_times": 0}),
    ("subsidy_without_months", {"ss_subsidy_this_month": "ss_flex_hard"}),
    ("orders_without_gig", {"gig_orders_month": 12}),
]


@pytest.mark.parametrize(("name", "story"), ODD_STORIES, ids=[n for n, _ in ODD_STORIES])
def test_each_contradiction_is_found_alone(name: str, story: dict[str, Any]) -> None:
    assert contradiction(story) == {name}


def test_every_contradiction_of_the_pack_has_its_story() -> None:
    assert [c.id for c in shipped_contradictions(PACKS)] == [n for n, _ in ODD_STORIES]


def test_plain_people_and_unknown_facts_contradict_nothing() -> None:
    assert contradiction({}) == set()
    assert contradiction({name: None for name in nobody() if name in PACKS.facts.facts and name != "person_id"}) == set()


def test_a_contradiction_changes_no_mark() -> None:
    story = STORIES[SKILLED] | {"ui_claiming": True}
    assert "claiming_at_work" in contradiction(story)
    assert (SKILLED, "skill_up", "yes") in rows(marks_of(**{SKILLED: story}))


def test_chance_by_hand() -> None:
    """Four others left their jobs: closed, dismissed, resigned, resigned; two of four are not of one's own will."""
    left = ["firm_closed", "dismissed", "resigned", "resigned"]
    stories = {f"P{i}": {"left_job_reason": reason} for i, reason in enumerate(left)} | {ASKED: STORIES[ASKED]}
    people = people_frame(stories)
    marker = Marker(PACKS, ON, only=["ui_benefit"])
    typed = marker.typed(people)
    marks = with_chance(marker.mark(typed), typed, marker)
    assert marks.filter(pl.col("person_id") == ASKED)["chance"].to_list() == [0.5]


def test_likely_values_of_categories_are_shares_and_of_numbers_quantiles() -> None:
    kinds = likely_values(pl.Series("sex", ["M", "M", "F", None]), PACKS.facts, "sex")
    assert dict(kinds.iter_rows()) == pytest.approx({"M": 2 / 3, "F": 1 / 3})
    many = likely_values(pl.Series("ui_total_months", list(range(160))), PACKS.facts, "ui_total_months")
    assert many["ui_total_months"].to_list() == [10, 30, 50, 70, 90, 110, 130, 150]
    assert many["_share"].sum() == pytest.approx(1)
    assert likely_values(pl.Series("sex", [None], dtype=pl.String), PACKS.facts, "sex").is_empty()


def test_handling_names_only_policies_of_the_pack_and_says_why_something_is_not_pushed() -> None:
    assert set(HANDLING.policies) <= set(PACKS.policies)
    assert all(h.is_pushed or (h.why_zh and h.why_en) for h in HANDLING.policies.values())
    assert HANDLING.paid_to(PACKS.policies["ss_quarter"]) == "person"
    assert {p.id for p in PACKS.policies.values() if p.about == "hire" and HANDLING.paid_to(p) == "person"} == {"ss_quarter"}


BROKEN = [
    ("policies: {skill_up: {already: no_such_fact}}", "E_FACT_UNKNOWN"),
    ("policies: {skill_up: {already: 'cert_level + 1'}}", "E_TYPE"),
    ("policies: {skill_up: {sets: {no_such_fact: true}}}", "E_FACT_UNKNOWN"),
    ("policies: {skill_up: {sets: {cert_paid_by: nobody}}}", "E_FACT_RANGE"),
    ("policies: {skill_up: {sets: {skill_up_times_year: many}}}", "E_FACT_TYPE"),
    ("this_month: [no_such_fact]\npolicies: {}", "E_FACT_UNKNOWN"),
    ("policies: [skill_up]", "E_PACK_FORM"),
]


@pytest.mark.parametrize(("text", "code"), BROKEN, ids=[f"{i} {c}" for i, (_, c) in enumerate(BROKEN)])
def test_a_broken_handling_file_is_refused(text: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "handling.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_handling(file, PACKS.facts)
    assert refused.value.code == code


def test_a_policy_left_out_is_not_marked() -> None:
    marks = mark_city(people_frame(), None, PACKS, ON, leave_out=["skill_up"]).marks
    assert "skill_up" not in set(marks["policy"])
    assert "ui_benefit" in set(marks["policy"])
