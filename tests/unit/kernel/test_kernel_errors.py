"""Errors carry a stable code, both languages, the remedy and the places."""

from __future__ import annotations

import pytest

from leye.kernel.errors import BadInput, CheckFailed, Conflict, LeyeError, NotAllowed, NotFound, Place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place(file="a.csv"), "a.csv"),
        (Place("a.xlsx", "一月", 7, "人数"), "a.xlsx 一月 第 7 行 “人数”"),
        (Place(row=0), "第 0 行"),
    ],
    ids=["nowhere", "file", "cell", "row 0 is a row"],
)
def test_places_read_as_a_person_would_say(place: Place, text: str) -> None:
    assert str(place) == text


def test_the_sentence_holds_code_place_words_and_remedy() -> None:
    error = BadInput("编码不对", remedy_zh="请转成 UTF-8", places=(Place(file="a.csv", row=3),), code="E_ENC")
    assert str(error) == "E_ENC: a.csv 第 3 行 编码不对 请转成 UTF-8"


def test_more_than_ten_places_are_counted() -> None:
    error = BadInput("缺列", places=tuple(Place(row=n) for n in range(13)))
    assert "第 9 行" in str(error) and "第 10 行" not in str(error) and "另有 3 处" in str(error)
    assert len(error.as_dict()["places"]) == 13


def test_english_falls_back_to_chinese_so_that_nothing_is_empty() -> None:
    error = LeyeError("坏了", remedy_zh="重来")
    assert (error.en, error.remedy_en) == ("坏了", "重来")
    assert LeyeError("坏了", en="broken", remedy_zh="重来", remedy_en="again").as_dict()["remedy_en"] == "again"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (BadInput, "E_BAD_INPUT"),
        (CheckFailed, "E_CHECK_FAILED"),
        (NotAllowed, "E_NOT_ALLOWED"),
        (Conflict, "E_CONFLICT"),
        (NotFound, "E_NOT_FOUND"),
    ],
)
def test_codes_are_stable_and_an_own_code_stays_with_its_error(kind: type[LeyeError], code: str) -> None:
    assert kind("x").code == code
    assert kind("x", code="E_OTHER").code == "E_OTHER"
    assert kind.code == code
