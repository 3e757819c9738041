"""What the optimiser is given: the file of programmes, the history, the candidates; each mistake named with its place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from leye.kernel.errors import BadInput
from leye.policy.located import parse_located
from leye.policy.optimise.candidates import gather, typed_people
from leye.policy.optimise.conditions import evaluate
from leye.policy.optimise.history import make_history
from leye.policy.optimise.programmes import Plan, read_plan
from leye.policy.read_pack import shipped

ON = date(2025, 7, 15)
VOUCHER = "{id: voucher, who: registered_unemployed, pays: employment_fund, cost_fen: 20000}"


def plan(text: str) -> Plan:
    return read_plan(parse_located(text, file="p.yaml"), shipped())


def test_a_file_of_programmes() -> None:
    found = plan(
        f"""
programmes:
  - {{id: internship, cost_fen: 900000, places: 30, override: {{reason: 市里已承诺, by: 王某}}}}
  - {VOUCHER}
compatible: [[internship, voucher]]
covariates: {{months: months_since(registered_unemployed_since)}}
groups: {{loan: student_loan}}
floors: [{{group: disabled, share: 8%}}, {{group: women, share: eligible}}]
caps: [{{group: loan, share: 2/3, of: [voucher]}}]
quotas: [{{region: CN-4406, at_least: 5, at_most: 9}}]
"""
    )
    internship, voucher = found.programmes
    assert (internship.pays, internship.name, internship.places, internship.override_by) == ("employment_fund", "就业见习补贴", 30, "王某")
    assert (voucher.cost_fen, voucher.places, voucher.override) == (20_000, None, "")
    assert found.compatible == (("internship", "voucher"),)
    shares = [(r.kind, r.group, r.share, r.of) for r in found.rules[:3]]
    assert shares == [
        ("floor_share", "disabled", Fraction(2, 25), ()), ("floor_share", "women", None, ()), ("cap_share", "loan", Fraction(2, 3), ("voucher",)),
    ]  # fmt: skip
    assert [(r.kind, r.group, r.count) for r in found.rules[3:]] == [("at_least", "region:CN-4406", 5), ("at_most", "region:CN-4406", 9)]
    assert found.groups["loan"] == "student_loan" and found.groups["disabled"] == "disability_grade >= 1"


MISTAKES = [
    ("programmes: []", "E_PACK_FORM", "no programmes"),
    ("programmes: [{id: ui_benefit}]", "E_ENTITLEMENT", "an entitlement"),
    ("programmes: [{id: ui_benefit, who: graduate, pays: ui_fund}]", "E_ENTITLEMENT", "an entitlement with conditions of one's own"),
    ("programmes: [{id: internship, who: graduate, pays: employment_fund}]", "E_PACK_FORM", "conditions beside the pack's"),
    ("programmes: [{id: nowhere}]", "E_UNKNOWN_NAME", "in no pack and no condition"),
    ("programmes: [{id: v, who: graduate, pays: pocket}]", "E_PACK_FORM", "no such fund"),
    ("programmes: [{id: v, who: graduate, pays: none}]", "E_PACK_FORM", "paid by nobody"),
    ("programmes: [{id: v, who: graduates_all, pays: tax}]", "E_FACT_UNKNOWN", "a fact nobody knows"),
    ("programmes: [{id: v, who: \"sex == 'M'\", pays: tax}]", "E_PROTECTED", "a protected attribute without a clause"),
    ("programmes: [{id: v, who: age < 30, pays: tax}]", "E_PROTECTED", "a protected derived fact without a clause"),
    (f"programmes: [{VOUCHER}, {VOUCHER}]", "E_PACK_FORM", "twice"),
    ("programmes: [{id: none, who: graduate, pays: tax}]", "E_PACK_FORM", "the name of no programme"),
    ("programmes: [{id: internship, cost_fen: 12.5}]", "E_FRACTION", "half a fen"),
    ("programmes: [{id: internship, places: -1}]", "E_PACK_FORM", "fewer than no places"),
    (f"programmes: [{VOUCHER}]\nfloors: [{{group: elves, share: 0.1}}]", "E_UNKNOWN_NAME", "a group nobody defined"),
    (f"programmes: [{VOUCHER}]\nfloors: [{{group: women, share: 120%}}]", "E_SHARE", "more than all"),
    (f"programmes: [{VOUCHER}]\nfloors: [{{group: women, share: many}}]", "E_SHARE", "no number"),
    (f"programmes: [{VOUCHER}]\nquotas: [{{region: Foshan, at_least: 3}}]", "E_REGION", "no region"),
    (f"programmes: [{VOUCHER}]\nquotas: [{{region: CN-44}}]", "E_PACK_FORM", "a quota without a number"),
    (f"programmes: [{VOUCHER}]\ncompatible: [[voucher, other]]", "E_UNKNOWN_NAME", "a set with a stranger"),
]


@pytest.mark.parametrize(("text", "code", "why"), MISTAKES, ids=[m[-1] for m in MISTAKES])
def test_mistakes_in_the_file(text: str, code: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        plan(text)
    said = caught.value
    assert said.code == code and said.zh and said.en and said.remedy_zh and said.remedy_en


def test_a_protected_attribute_with_its_clause() -> None:
    found = plan("programmes: [{id: v, who: disability_grade >= 1, pays: employment_fund, basis: 残疾人就业条例第三条, cost_fen: 1}]")
    assert found.programmes[0].who == "disability_grade >= 1"


PEOPLE = pl.DataFrame(
    {
        "person_id": ["a", "b", "c", "d"],
        "region": ["CN-440605", "CN-440106", None, "CN-11"],
        "sex": ["F", "M", "F", None],
        "birth": [date(2002, 7, 16), date(1980, 1, 1), date(2000, 1, 1), date(1990, 1, 1)],
        "employment_status": ["unemployed", "unemployed", "employed", None],
        "graduate": [True, False, True, None],
        "graduated_on": [date(2024, 6, 30), None, date(2024, 6, 30), None],
        "jobless_since_graduation": [True, False, None, None],
        "registered_unemployed": [True, True, False, None],
        "registered_unemployed_since": [date(2025, 1, 15), date(2024, 7, 15), None, None],
        "disability_grade": [0, 2, 0, None],
    }
)


def people() -> pl.DataFrame:
    return typed_people(PEOPLE, shipped(), file="people.csv")


def test_expressions_over_people_keep_order_and_the_unknown() -> None:
    asked = {"age": "age", "months": "months_since(registered_unemployed_since)", "old": "age >= 30"}
    found = evaluate(people(), shipped(), ON, asked)
    assert found["age"].to_list() == [22, 45, 25, 35] and found["months"].to_list() == [6, 12, None, None]
    assert found["old"].to_list() == [False, True, False, True]


def test_candidates_are_those_the_rules_entitle() -> None:
    of = plan(f"programmes: [{{id: internship, cost_fen: 900000}}, {VOUCHER}]\nquotas: [{{region: CN-4406, at_most: 2}}]")
    found = gather(people(), of, shipped(), ON, wanted=("age", "graduate", "months", "shoe_size"), region="CN-4406")
    assert found.eligible.tolist() == [[True, True], [False, True], [False, False], [False, False]]
    assert found.unsure == {"internship": 1, "voucher": 1}, "d is unknown, not refused"
    assert found.cost[:, 0].tolist() == [900_000] * 4
    assert found.members["disabled"].tolist() == [False, True, False, False] and found.members["region:CN-4406"].tolist() == [
        True,
        False,
        True,
        False,
    ]
    assert found.covariates.columns == ["age", "graduate"] and found.covariates["graduate"].to_list() == [1.0, 0.0, 1.0, None]


def test_a_place_without_a_price_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        gather(people(), plan("programmes: [{id: internship}]"), shipped(), ON, wanted=())
    assert caught.value.code == "E_COST_UNKNOWN" and "cost_fen" in caught.value.remedy_zh


def test_people_with_impossible_facts_or_twice_are_refused() -> None:
    for table, code in ((PEOPLE.with_columns(disability_grade=pl.lit(9)), "E_FACT_RANGE"), (pl.concat([PEOPLE, PEOPLE]), "E_ID_TWICE")):
        with pytest.raises(BadInput) as caught:
            typed_people(table, shipped(), file="people.csv")
        assert caught.value.code == code and caught.value.places


HISTORY = pl.DataFrame(
    {
        "person_id": ["a", "a", "b", "c", "x", "d"],
        "programme": ["training", "none", "none", "training", "other", "none"],
        "started_on": ["2024-01-05", "2024-09-01", "2024-02-01", "2024-03-01", "2024-03-01", None],
        "employed_6m": ["1", "0", "true", None, "1", "0"],
        "months": [3, 9, None, 4, 5, 6],
        "kind": ["p", "q", "p", "q", "p", "p"],
        "born": ["1990-01-05"] * 6,
    }
)


def history(table: pl.DataFrame, **more):
    return make_history(table, people(), ON, known=("training",), file="h.csv", **more)


def test_a_history() -> None:
    found = history(HISTORY.with_columns(pl.col("born").str.to_date()))
    assert found.programme.to_list() == ["training", "none", "none", "none"] and found.outcome.to_list() == [1, 0, 1, 0]
    assert found.person.tolist() == [0, 0, 1, 2] and not found.joined
    assert found.dropped == {"other_programmes": 1, "outcome_unknown": 1}
    assert found.covariates.columns == ["months", "kind", "born"]
    assert found.covariates["born"].to_list()[0] == pytest.approx(34 * 12, abs=0.1), "months before the start"
    assert found.covariates["born"].to_list()[3] == pytest.approx(426.3, abs=0.2), "without a start, before the day asked"
    assert history(HISTORY, keep=("kind",)).covariates.columns == ["kind"]


def test_without_covariates_facts_that_nothing_changes_are_joined() -> None:
    found = history(HISTORY.select("person_id", "programme", "started_on", "employed_6m"))
    assert found.joined and "sex" in found.covariates.columns and "employment_status" not in found.covariates.columns
    assert found.covariates["graduate"].to_list() == [1.0, 1.0, 0.0, None]


def test_names_of_many_people_are_no_covariate() -> None:
    wide = pl.DataFrame({
        "person_id": [f"p{i}" for i in range(90)], "programme": ["none"] * 90, "started_on": [ON] * 90, "employed_6m": [0, 1] * 45,
        "name": [f"n{i}" for i in range(90)], "months": range(90),
    })  # fmt: skip
    assert history(wide).covariates.columns == ["months"] and history(wide).ignored_columns == ("name",)


WRONG = [
    (HISTORY.drop("started_on"), "E_COLUMN_MISSING", None, "a column is missing"),
    (HISTORY.with_columns(employed_6m=pl.Series(["1", "0", "maybe", None, "1", "0"])), "E_HISTORY_VALUE", 3, "no outcome"),
    (HISTORY.with_columns(employed_6m=pl.Series([1, 0, 2, 0, 1, 0])), "E_HISTORY_VALUE", 3, "neither 0 nor 1"),
    (HISTORY.with_columns(started_on=pl.Series(["2024-01-05", "soon", None, None, None, None])), "E_HISTORY_VALUE", 2, "no date"),
    (HISTORY.with_columns(programme=pl.Series(["none", None, "none", "none", "none", "none"])), "E_HISTORY_VALUE", 2, "no programme"),
    (pl.concat([HISTORY, HISTORY[:1]]), "E_ROW_TWICE", 1, "a row twice"),
]


@pytest.mark.parametrize(("table", "code", "row", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_mistakes_in_the_history(table: pl.DataFrame, code: str, row: int | None, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        history(table)
    assert caught.value.code == code and caught.value.remedy_zh and caught.value.remedy_en
    assert caught.value.places[0].row == row
