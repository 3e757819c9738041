"""Disagreement by week: counted by hand, intervals against the audit's own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from leye.trust.agreement import Judgement, weekly


def at(day: int, hour: int = 4) -> datetime:
    return datetime(2025, 9, day, hour, tzinfo=UTC)


def test_weeks_are_beijing_weeks_newest_first() -> None:
    found = weekly([Judgement(at(1), True), Judgement(at(7, 15), False), Judgement(at(7, 17), True), Judgement(at(9), False)])
    assert [(w.monday, w.reviews, w.disagreed) for w in found] == [(date(2025, 9, 8), 2, 1), (date(2025, 9, 1), 2, 1)], (
        "Sunday 23:00 and Monday 01:00"
    )


def test_the_interval_is_wilsons() -> None:
    (week,) = weekly([Judgement(at(2), n >= 2) for n in range(6)])
    assert (week.share, round(week.lo, 4), round(week.hi, 4)) == (pytest.approx(1 / 3), 0.0968, 0.7000)


def test_no_review_is_no_week_and_no_zero() -> None:
    assert weekly([]) == []


def test_all_agreed_is_not_certainty() -> None:
    (week,) = weekly([Judgement(at(2), True)] * 10)
    assert (week.share, week.lo) == (0, 0) and 0.27 < week.hi < 0.28
