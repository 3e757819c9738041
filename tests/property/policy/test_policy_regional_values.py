"""Values of places against a slow reading of the same files, and what is asked where the floor of a place is unknown."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.packs import open_pack
from leye.policy.bind import bind, places
from leye.policy.lookup import value_of
from leye.policy.read_pack import shipped, shipped_regions
from leye.policy.scalar import Evaluator

Row = dict[str, Any]
POLICIES = ("", "ui_benefit", "ui_older_continue", "startup_once", "job_seek_once", "hire_once")


def raw_rows() -> list[tuple[str, str, Row]]:
    """(parameter, region, row) of the files as written, without the loader."""
    found = []
    for name in shipped_regions():
        document = yaml.load(open_pack(f"{name}/parameters.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        for parameter, item in document["parameters"].items():
            found += [(parameter, region, row) for row in item["values"] for region in row.get("regions", [row.get("region")])]
    return found


ROWS = raw_rows()
with open_pack("codes/regions.csv").open(encoding="utf-8") as file:
    CODES = sorted({f"CN-{row['code']}" for row in csv.DictReader(file)})
NAMES = sorted({name for name, _, _ in ROWS})
EDGES = sorted({date.fromisoformat(row[key]) for _, _, row in ROWS for key in ("from", "to") if key in row})
regions = st.one_of(st.sampled_from(CODES), st.sampled_from(sorted({r for _, r, _ in ROWS})), st.sampled_from(CODES).map(lambda c: c[:7]))
days = st.one_of(st.sampled_from(EDGES), st.dates(date(2017, 1, 1), date(2027, 12, 31)))


def slow_value(name: str, region: str, on: date, policy: str) -> str | None:
    """Number or formula text in force, as written: the longest prefix that has a row on that day."""
    for prefix in (region, region[:7], region[:5], "CN"):
        for parameter, place, row in ROWS:
            begun, not_over = row["from"] <= on.isoformat(), row.get("to", "9999-12-31") >= on.isoformat()
            if parameter == name and place == prefix and begun and not_over and row.get("policy", "") in ("", policy):
                return str(row.get("formula", row.get("value")))
    return None


@given(st.sampled_from(NAMES), regions, days, st.sampled_from(POLICIES))
@settings(max_examples=400, deadline=None)
def test_the_value_in_force_is_that_of_the_longest_prefix(name: str, region: str, on: date, policy: str) -> None:
    found = value_of(shipped(), name, region, on, policy)
    assert (None if found is None else found.formula_text or str(found.value)) == slow_value(name, region, on, policy)


def claimant(region: str, paid: int, claimed: int, floor: int | None) -> Row:
    return dict.fromkeys(shipped().facts.facts) | {
        "registered_unemployed": True, "job_search_willing": True, "left_job_reason": "contract_end", "ui_contribution_months": paid,
        "ui_unused_months": 0, "ui_claimed_months": claimed, "sex": "M", "birth": date(1985, 5, 1), "region": region, "local_min_wage_fen": floor,
    }  # fmt: skip


@given(regions, days, st.integers(12, 400), st.integers(0, 24), st.integers(0, 1_000_000))
@settings(max_examples=150, deadline=None)
def test_an_unknown_floor_is_asked_for_and_then_decides_the_benefit(region: str, on: date, paid: int, claimed: int, floor: int) -> None:
    """The floor never moves the verdict; where the benefit is a share of an unknown floor it is asked for, where no rule was seen the benefit is."""
    evaluator = Evaluator(bind(shipped(), on, region))
    without = evaluator.answer(evaluator.env(claimant(region, paid, claimed, None)), "ui_benefit")
    given_floor = evaluator.answer(evaluator.env(claimant(region, paid, claimed, floor)), "ui_benefit")
    assert without.verdict == given_floor.verdict
    formula = slow_value("local_ui_benefit_fen", region, on, "ui_benefit")
    if without.verdict and without.amount_fen is None and formula is not None:
        assert "local_min_wage_fen" in without.missing and given_floor.amount_fen is not None
    if without.verdict and formula is None:
        assert without.amount_fen is None and given_floor.amount_fen is None and without.missing == ("local_ui_benefit_fen",)


@given(regions, days)
@settings(max_examples=60, deadline=None)
def test_a_place_is_answered_as_the_class_of_places_it_falls_into(region: str, on: date) -> None:
    """The country read at once gives each place its own numbers: every local value of the class equals the one of the place alone."""
    country = places(shipped(), on)
    prefix = country.prefix_of(region)
    assert sum(prefix in bound.prefixes for bound in country.classes) == 1
    for name in NAMES:
        for policy in POLICIES:
            own, of_class = value_of(shipped(), name, region, on, policy), value_of(shipped(), name, prefix, on, policy)
            assert own == of_class, f"{name} of {region} differs from that of {prefix}"
