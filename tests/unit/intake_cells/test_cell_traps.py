"""Traps measured on other parsers and on a first script of our own: each was read wrongly, in silence, by one of them."""

from __future__ import annotations

import pytest

from leye.intake import Ambiguous, Bad, Ok, parse

VALUES = [
    ("salary", "试用期4000，转正5000", {"min_fen": 500_000, "max_fen": 500_000, "probation_min_fen": 400_000}, "probation is not the pay"),
    ("period", "2022年5月1日至5日", {"start": "2022-05-01", "end": "2022-05-05", "kind": "range"}, "a stretch is not its first day"),
    ("number", "3千6百人", {"value": 3600.0, "unit": "person"}, "mixed figures lose no hundreds"),
    ("number", "降幅2.2%", {"value": -0.022, "unit": "ratio"}, "a fall is negative"),
    ("number", "百分之七点五", {"value": 0.075, "unit": "ratio"}, "百分之 is not a hundred"),
    ("number", "88②", {"value": 88.0, "unit": None}, "a note mark is no digit"),
    ("number", "两万三", {"value": 23000.0, "unit": None}, "colloquial thousands"),
    ("number", "二百五", {"value": 250.0, "unit": None}, "colloquial tens"),
    ("period", "Mar-24", {"start": "2024-03-01", "end": "2024-03-31", "kind": "month"}, "not the year 1"),
    ("period", "2024Q1", {"start": "2024-01-01", "end": "2024-03-31", "kind": "quarter"}, "a quarter is not a day"),
    ("period", "24年Q2", {"start": "2024-04-01", "end": "2024-06-30", "kind": "quarter"}, "a quarter is not a year"),
    ("period", "2024年1-9月", {"start": "2024-01-01", "end": "2024-09-30", "kind": "cumulative"}, "not the ninth of January"),
    ("period", "45292", {"start": "2024-01-01", "end": "2024-01-01", "kind": "day"}, "spreadsheet day number"),
    ("period", "30000", {"start": "1982-02-18", "end": "1982-02-18", "kind": "day"}, "first serial number read as one"),
    ("period", "60000", {"start": "2064-04-08", "end": "2064-04-08", "kind": "day"}, "last serial number read as one"),
    ("period", "1969年", {"start": "1969-01-01", "end": "1969-12-31", "kind": "year"}, "four digits are as written"),
    ("period", "69年", {"start": "2069-01-01", "end": "2069-12-31", "kind": "year"}, "69 is the last of 20xx"),
    ("period", "70年", {"start": "1970-01-01", "end": "1970-12-31", "kind": "year"}, "70 is the first of 19xx"),
    ("person_id", "330106198704150127", {"sex": "female", "birth": "1987-04-15"}, "the seventeenth digit tells the sex"),
    ("region", "吉林", {"code": "220000"}, "the province beats the city"),
    ("region", "思茅市", {"code": "530800"}, "an old name leads to its successor"),
    ("region", "巢湖市", {"code": "340181"}, "today's county-level city"),
]


@pytest.mark.parametrize(("kind", "raw", "value", "why"), VALUES, ids=[v[-1] for v in VALUES])
def test_value(kind: str, raw: str, value: dict[str, object], why: str) -> None:
    outcome = parse(kind, raw)
    assert isinstance(outcome, Ok), outcome
    assert {k: outcome.value[k] for k in value} == value


REFUSED = [
    ("number", "▲5.4", Ambiguous, "E_NUMBER_SIGN", "a triangle is either sign"),
    ("number", "2～3%", Bad, "E_NUMBER_RANGE", "a range is no number"),
    ("number", "下降-2.1%", Ambiguous, "E_NUMBER_SIGN", "falling by a negative"),
    ("number", "降幅收窄0.3个百分点", Bad, "E_NUMBER_DIRECTION", "a change of a change"),
    ("number", "12,3", Bad, "E_NUMBER_GROUPING", "a comma is no decimal point"),
    ("number", "l23", Bad, "E_NUMBER_TEXT", "a letter is no digit"),
    ("number", "3.5万人（含兼职0.8万人）", Bad, "E_NUMBER_MANY", "two figures"),
    ("number", "9e999", Bad, "E_NUMBER_TEXT", "no infinity"),
    ("region", "和平区", Ambiguous, "E_REGION_AMBIGUOUS", "several owners"),
    ("region", "上海市福田区", Bad, "E_REGION_CONFLICT", "parts contradict"),
    ("region", "某某县", Bad, "E_CODE_UNKNOWN", "an unknown county is not the first of a list"),
    ("region", "330104", Ambiguous, "E_REGION_SPLIT", "a district that was divided"),
    ("period", "5/6/2022", Ambiguous, "E_PERIOD_AMBIGUOUS", "day or month first"),
    ("salary", "10-15万", Ambiguous, "E_SALARY_PERIOD", "a month's or a year's"),
    ("salary", "5-8", Ambiguous, "E_SALARY_UNIT", "thousand or ten thousand"),
]


@pytest.mark.parametrize(("kind", "raw", "type_", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_refused(kind: str, raw: str, type_: type, code: str, why: str) -> None:
    outcome = parse(kind, raw)
    assert isinstance(outcome, type_)
    assert outcome.code == code


def test_an_unknown_name_offers_the_nearest_but_not_as_value() -> None:
    outcome = parse("region", "海定区")
    assert isinstance(outcome, Bad)
    assert outcome.suggestion is not None and "330902" in outcome.suggestion


def test_births_after_today_are_impossible_only_when_today_is_known() -> None:
    from datetime import date

    young = "11010120240101001"
    from leye.intake.cells.person_id import check_character

    number = young + check_character(young)
    assert isinstance(parse("person_id", number), Ok)
    assert isinstance(parse("person_id", number, today=date(2024, 1, 1)), Ok)
    late = parse("person_id", number, today=date(2023, 12, 31))
    assert isinstance(late, Bad) and late.code == "E_ID_DATE"
