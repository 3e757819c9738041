"""Figures, months, money and clocks as pages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from leye.office.reports.figures_zh import figure_zh, month_zh, signed_zh, with_unit, yuan_zh
from leye.office.reports.findings import change_words
from leye.site import phrases, words
from leye.site.addresses import series_url, with_query
from leye.site.csv_answer import csv_answer

FIGURES = [
    (None, None, "未知", "nothing known is not zero"),
    (float("nan"), "post", "未知", "NaN is not a figure"),
    (0, "post", "0", "zero is zero"),
    (367.3, "post", "367", "no third of a post"),
    (12345.6, None, "12,346", "thousands are marked"),
    (0.0523, "ratio", "5.23", "a ratio is shown in percent"),
    (7.25, None, "7.25", "a small figure keeps three digits"),
    (128.04, None, "128.0", "a middling one keeps one decimal"),
]


@pytest.mark.parametrize(("value", "unit", "text", "why"), FIGURES, ids=[f[-1] for f in FIGURES])
def test_figures(value: float | None, unit: str | None, text: str, why: str) -> None:
    assert words.figure(value, unit) == text
    assert figure_zh(value, unit) == text, "page and report write alike"


MONEY = [
    (None, "未知"),
    (0, "0 元"),
    (150_000, "1,500 元"),
    (999_999, "10,000 元"),
    (1_000_000, "1 万元"),
    (186_000_000, "186 万元"),
    (1_664_000, "1.664 万元"),
]


@pytest.mark.parametrize(("fen", "text"), MONEY)
def test_money(fen: int | None, text: str) -> None:
    assert words.yuan(fen) == yuan_zh(fen) == text


def test_months_and_days_in_both_languages() -> None:
    assert words.month_text(date(2025, 8, 1)) == month_zh(date(2025, 8, 1)) == "2025年8月"
    assert words.month_text(date(2025, 8, 9)) == month_zh(date(2025, 8, 9)) == "2025年8月9日", "a weekly panel shows its day"
    with translation.override("en"):
        assert words.month_text(date(2025, 8, 1)) == "Aug 2025"
        assert words.day_text(date(2025, 8, 9)) == "9 Aug 2025"


def test_instants_are_shown_in_beijing_time() -> None:
    assert words.instant_text(datetime(2025, 8, 31, 16, 30, tzinfo=UTC)) == "2025年9月1日 00:30"
    assert words.instant_text("2025-08-31T16:30:00+00:00") == "2025年9月1日 00:30"


SHARES = [(-0.284, "−28.4%"), (0.0132, "+1.3%"), (-0.1, "−10.0%"), (0.1, "+10.0%"), (-0.0004, "0.0%"), (12.5, "+1,250.0%")]


@pytest.mark.parametrize(("share", "text"), SHARES)
def test_changes_carry_a_real_minus(share: float, text: str) -> None:
    assert words.signed_percent(share) == signed_zh(share) == text


def test_units_follow_their_figures() -> None:
    assert with_unit(202, "post") == "202 个" and with_unit(0.05, "ratio") == "5.00%" and with_unit(None, "post") == "未知"
    assert phrases.spaced_unit("post") == " 个" and phrases.spaced_unit("ratio") == "%" and phrases.spaced_unit(None) == ""


CLOCKS = [
    (timedelta(days=3), "还有 3 天"),
    (timedelta(hours=5), "还有 5 小时"),
    (timedelta(minutes=5), "还有 1 小时"),
    (timedelta(days=-2), "过期 2 天"),
    (timedelta(minutes=-5), "过期 1 天"),
]


@pytest.mark.parametrize(("left", "text"), CLOCKS)
def test_the_clock_says_how_long_is_left(left: timedelta, text: str) -> None:
    now = datetime(2025, 9, 1, 1, tzinfo=UTC)
    assert phrases.clock_of(now + left, now).startswith(text)


def test_alarm_words_use_the_step_of_the_panel() -> None:
    month = {"run": 4, "change": -0.23, "direction": "down", "zh": "连续4个月低于预期，实际0"}
    week = {"run": 2, "change": 0.31, "direction": "up", "zh": "连续2周高于预期"}
    assert change_words(month, "zh") == "连续4个月低于预期，约少23%"
    assert change_words(week, "zh") == "连续2周高于预期，约多31%"
    assert change_words({"run": 2, "direction": "up"}, "zh") == "连续2期高于预期"
    assert change_words(month, "en") == "below expectation for 4 periods in a row, 23% less"


def test_series_ids_travel_as_one_quoted_piece() -> None:
    assert series_url("a/b c", month="2025-08") == "/series/a%2Fb%20c?month=2025-08"
    assert with_query("/data", source="", code="E_X", page=2) == "/data?code=E_X&page=2"


def test_csv_keeps_the_unknown_empty_and_disarms_formulas() -> None:
    body = csv_answer("x.csv", ["a", "b"], [(None, "=1+1"), (float("nan"), "-5"), (-5, "ok")]).content.decode("utf-8-sig")
    assert body == "a,b\n,'=1+1\n,'-5\n-5,ok\n"


def test_a_demo_role_is_named_and_an_unknown_one_kept() -> None:
    assert phrases.role_word("counsellor") == "就业专员" and phrases.role_word("市场局") == "市场局"


def test_lamps_are_escaped_and_never_a_bare_dot() -> None:
    from leye.site.lamps import lamp, state

    assert str(lamp("red", 2)) == '<span class="lamp lamp-red"><span class="lamp-shape" aria-hidden="true">▲</span> 红 2</span>'
    assert "待处置" in str(state(SimpleNamespace(state="open")))  # type: ignore[arg-type]
    assert {words.level_shape(level) for level in words.LEVELS} == {"▲", "⬟", "◆", "■", "●"}
