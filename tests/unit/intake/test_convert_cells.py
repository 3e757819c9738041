"""One raw cell to typed columns: scaling is exact, own units conflict, labels win, kinds of period are held to."""

from __future__ import annotations

from datetime import date

import pytest

from leye.intake.convert import Refused, Typed, convert
from leye.intake.reasons import explain
from leye.intake.spec import FieldRule, ReadRule, SourceSpec
from leye.intake.units import UNITS


def spec(home: str = "210100", reference: str = "") -> SourceSpec:
    from leye.intake.spec import Contract

    return SourceSpec("x", "", "", "", False, "", home, reference, ReadRule(), (), (), {}, Contract(), None, "x")


def rule(kind: str, **more) -> FieldRule:
    return FieldRule("f", kind, ("f",), **more)


NUMBERS = [
    ("count", "万人", "12.3", 123_000, None, "scaled exactly, no float tail"),
    ("count", "万人", "0.0007", 7, None, "small figures too"),
    ("count", "万人", "1,234.5", 12_345_000, None, "separators under a scale"),
    ("count", "万人", "12.34567", 123_457, "W_ROUNDING", "half a person under 万人 is rounding"),
    ("count", "人", "3.5万", 35_000, None, "an unscaled column takes 万 in a cell"),
    ("count", "人", "120人", 120, None, "and its own unit"),
    ("count", "", "120人", 120, None, "without a unit as well"),
    ("count", "人", "约120", 120, "W_APPROX", "about, with a note"),
    ("count", "人", "0", 0, None, "zero is a value"),
    ("count", "人", "-", None, "M_DASH", "a dash is none"),
    ("money", "元", "5,200.5", 520_050, None, "yuan to fen"),
    ("money", "万元", "1.23456", 1_234_560, None, "ten thousand yuan to fen"),
    ("ratio", "", "5.0%", 0.05, None, "per cent in the cell"),
    ("ratio", "%", "5.0", 0.05, None, "per cent in the column"),
    ("ratio", "%", "5.0%", 0.05, None, "both say per cent: not scaled twice"),
    ("number", "", "-1.5", -1.5, None, "a plain number"),
]


@pytest.mark.parametrize(("kind", "unit", "raw", "value", "code", "why"), NUMBERS, ids=[n[-1] for n in NUMBERS])
def test_numbers(kind, unit, raw, value, code, why):
    assert convert(rule(kind), raw, unit=UNITS.get(unit), spec=spec()) == Typed((value,), code)


CONFLICTS = [
    ("count", "万人", "15.6万", "E_UNIT_CONFLICT", "its own 万 under 万人"),
    ("count", "万人", "156000人", "E_UNIT_CONFLICT", "its own unit under 万人"),
    ("count", "万人", "3千", "E_UNIT_CONFLICT", "another scale"),
    ("count", "人", "5户", "E_UNIT_CONFLICT", "households are not persons"),
    ("count", "", "5%", "E_UNIT_CONFLICT", "a share is no count"),
    ("ratio", "", "5人", "E_UNIT_CONFLICT", "a count is no share"),
    ("money", "元", "5人", "E_UNIT_CONFLICT", "persons are not money"),
    ("count", "人", "#DIV/0!", "E_EXCEL_ERROR", "a formula error"),
    ("count", "人", "=A1/B1", "E_EXCEL_ERROR", "a formula without a value"),
    ("count", "人", "1,23", "E_NUMBER_GROUPING", "irregular separators"),
    ("count", "人", "800-900", "E_NUMBER_RANGE", "two ends"),
]


@pytest.mark.parametrize(("kind", "unit", "raw", "code", "why"), CONFLICTS, ids=[c[-1] for c in CONFLICTS])
def test_refusals(kind, unit, raw, code, why):
    outcome = convert(rule(kind), raw, unit=UNITS.get(unit), spec=spec())
    assert isinstance(outcome, Refused) and outcome.code == code and outcome.reason and outcome.suggestion


def test_a_bare_percentage_out_of_range_is_not_loaded_as_500_percent():
    outcome = convert(rule("ratio", low=0.0, high=1.0), "5.0", unit=None, spec=spec())
    assert isinstance(outcome, Refused) and outcome.code == "E_RANGE"


def test_labels_win_over_the_classification_and_unknown_ones_get_the_nearest():
    grp = rule("text", labels={"高校毕业生": "graduates", "其他人员": "other"})
    assert convert(grp, " 高校毕业生 ", unit=None, spec=spec()) == Typed(("graduates",))
    unknown = convert(grp, "高校毕业", unit=None, spec=spec())
    assert isinstance(unknown, Refused) and unknown.code == "E_CODE_UNKNOWN" and "高校毕业生" in unknown.suggestion


def test_periods_of_another_kind_are_refused_where_months_are_wanted():
    months = rule("period", kinds=("month",))
    assert convert(months, "二〇二四年三月", unit=None, spec=spec()) == Typed((date(2024, 3, 1), date(2024, 3, 31), "month"))
    quarter = convert(months, "2024Q1", unit=None, spec=spec())
    assert isinstance(quarter, Refused) and quarter.code == "E_PERIOD_KIND"


def test_relative_words_use_the_reference_of_the_spec():
    assert convert(rule("period"), "上月", unit=None, spec=spec(reference="2024-06")) == Typed((date(2024, 5, 1), date(2024, 5, 31), "month"))
    alone = convert(rule("period"), "上月", unit=None, spec=spec())
    assert isinstance(alone, Refused) and alone.code == "E_PERIOD_NO_REFERENCE"


def test_regions_use_the_home_of_the_spec():
    assert convert(rule("region"), "和平区", unit=None, spec=spec("210100")) == Typed(("210102",))
    assert convert(rule("region"), "和平区", unit=None, spec=spec("120000")) == Typed(("120101",))
    nowhere = convert(rule("region"), "和平区", unit=None, spec=spec(""))
    assert isinstance(nowhere, Refused) and nowhere.code == "E_REGION_AMBIGUOUS"


def test_required_cells_and_text():
    assert convert(rule("text"), "", unit=None, spec=spec()) == Typed((None,), "M_BLANK")
    empty = convert(rule("id", required=True), "  ", unit=None, spec=spec())
    assert isinstance(empty, Refused) and empty.code == "E_REQUIRED"


def test_every_code_has_words():
    assert explain("E_SOMETHING_NEW").reason == "E_SOMETHING_NEW"
    assert explain("E_DUP_KEY").reason != "E_DUP_KEY"
