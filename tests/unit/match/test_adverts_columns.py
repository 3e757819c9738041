"""Columns of jobs from an ad, worked by hand; what must never enter; and what holds for any text."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from leye.match.adverts import parse_advert
from leye.match.adverts.columns import job_columns
from leye.match.columns import JOBS

TEXT = (
    "招电工3名，大专以上，3年以上经验，持高级工证书，英语四级，两班倒，8000-10000元/月，佛山顺德，"
    "五险一金包住，会PLC编程者优先，须登高作业，有厂车接送"
)


def columns(text: str) -> dict:
    return job_columns("电工", text, parse_advert(text))


def test_an_ad_fills_the_columns() -> None:
    told = columns(TEXT)
    assert {k: told[k] for k in ("headcount", "city", "pay_min_fen", "pay_max_fen", "pay_period")} == {
        "headcount": 3, "city": "440600", "pay_min_fen": 800_000, "pay_max_fen": 1_000_000, "pay_period": "month",
    }  # fmt: skip
    assert told["education_min"] == "junior_college"
    assert told["relevant_years_min"] == 3.0
    assert told["skill_grade_min"] == 3
    assert told["shift"] == "rotating"
    assert told["environment"] == ["heights"]
    assert told["shuttle"] is True
    assert told["benefits"] == ["social_insurance", "housing"]
    assert told["hard"] == ["shift", "education_min", "relevant_years_min", "skill_grade_min", "languages_required", "certificates_required"]
    assert told["skills_preferred"] and not set(told["skills_preferred"]) & set(told["skills_required"] or [])


def test_preferences_and_silence_are_no_hard_conditions() -> None:
    told = columns("本科优先，有三年以上经验者优先，英语四级优先，有电工证优先")
    assert told["hard"] == []
    assert (told["education_min"], told["relevant_years_min"], told["certificates_required"]) == (None, None, None)
    assert columns("诚聘，待遇好")["pay_min_fen"] is None


def test_the_ad_of_anybody_is_the_same_for_everybody() -> None:
    plain = "电工，月薪6000元"
    flagged = plain + "，限男性，35岁以下，未婚，本地户籍，汉族，身高170cm以上，无乙肝"
    a, b = columns(plain), columns(flagged)
    assert {k: v for k, v in a.items() if k != "text"} == {k: v for k, v in b.items() if k != "text"}


def test_doubtful_pay_is_left_out_and_days_stay_days() -> None:
    assert columns("月薪999999元")["pay_min_fen"] is None
    told = columns("日结180")
    assert (told["pay_min_fen"], told["pay_period"]) == (18_000, "day")


def test_the_row_is_a_row_of_the_table() -> None:
    frame = pl.DataFrame([columns(TEXT)], schema=JOBS)
    assert frame.height == 1


PIECES = st.sampled_from(
    [
        "本科以上",
        "月薪5000-8000元",
        "3年以上",
        "优先",
        "，",
        "。",
        "<b>",
        "</b>",
        "&nbsp;",
        "持电工证",
        "不要求",
        "佛山",
        "双休",
        "夜班",
        "18-45岁",
        "１",
        "廈門",
        "\u200b",
        "(",
        ")",
        "健康证",
        "+",
        "C1驾照",
        "\n",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_spans_lie_inside_are_sorted_and_reading_twice_is_the_same(text) -> None:
    slots = parse_advert(text)
    assert all(0 <= s.start < s.end <= len(text) for s in slots)
    assert [(s.start, s.end) for s in slots] == sorted((s.start, s.end) for s in slots)
    assert parse_advert(text) == slots
    assert all(s.strength == "soft" for s in slots if s.slot.endswith("_demand"))
    told = job_columns("岗位", text, slots)
    assert set(told) == set(JOBS)
