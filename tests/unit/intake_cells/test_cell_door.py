"""The one door: kinds, contexts and what they refuse; outcomes cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from leye.intake import Ambiguous, Missing, Ok, parse
from leye.intake.cells.outcome import as_dict
from leye.kernel.errors import BadInput
from leye.kernel.period import Month, Period


def test_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(BadInput) as caught:
        parse("wage", "5000")
    assert "salary" in caught.value.remedy_zh


@pytest.mark.parametrize("home", ["和平区", "亚特兰蒂斯", "999999", "辽宁上海"])
def test_a_home_that_is_no_single_place_is_refused(home: str) -> None:
    with pytest.raises(BadInput):
        parse("region", "南山", home=home)


@pytest.mark.parametrize("period", ["上月", "很久以前", "5/6/2022", "2022-13"])
def test_a_period_that_cannot_be_read_is_refused(period: str) -> None:
    with pytest.raises(BadInput):
        parse("period", "5月", period=period)


@pytest.mark.parametrize("period", ["2022-08", "2022年8月", Month(2022, 8), Month(2022, 8).period])
def test_the_reference_may_be_text_or_typed(period: str | Month | Period) -> None:
    outcome = parse("period", "上月", period=period)
    assert isinstance(outcome, Ok) and outcome.value["start"] == "2022-07-01"


def test_outcomes_are_frozen() -> None:
    outcome = parse("number", "5")
    with pytest.raises(FrozenInstanceError):
        outcome.code = "W_APPROX"  # type: ignore[misc]


def test_json_form_always_has_the_same_keys() -> None:
    for kind, raw in [("number", "5"), ("number", ""), ("number", "五六百"), ("region", "和平区")]:
        assert list(as_dict(parse(kind, raw))) == ["status", "value", "candidates", "code", "notes"]


def test_candidates_are_values() -> None:
    outcome = parse("region", "和平区")
    assert isinstance(outcome, Ambiguous)
    assert [set(c) for c in outcome.candidates] == [{"code", "name", "level"}] * 2


@pytest.mark.parametrize("raw", ["", " ", "\t", "\u3000", "\u200b", "\ufeff"])
@pytest.mark.parametrize("kind", ["salary", "period", "number", "region", "industry", "occupation", "person_id", "org_id"])
def test_blank_is_missing_in_every_kind(kind: str, raw: str) -> None:
    assert parse(kind, raw) == Missing("M_BLANK")


@pytest.mark.parametrize("kind", ["salary", "period", "number", "region", "industry", "occupation", "person_id", "org_id"])
def test_a_formula_error_is_bad_in_every_kind(kind: str) -> None:
    assert parse(kind, "#DIV/0!").code == "E_EXCEL_ERROR"


def test_periods_given_as_text_are_inclusive_at_both_ends() -> None:
    outcome = parse("period", "2024年2月")
    assert isinstance(outcome, Ok)
    assert date.fromisoformat(outcome.value["end"]) == date(2024, 2, 29)
