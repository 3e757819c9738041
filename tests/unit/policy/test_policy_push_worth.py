"""What a mark is worth, by when, and in which order: worked by hand, and the columns against the plain functions."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leye.policy.push.deadlines import last_day, with_deadline
from leye.policy.push.worth import NOTIONAL_FEN, expected_expr, expected_fen, urgency, weight_expr, weight_of

ON = date(2025, 8, 31)

WORTH = [
    (150_000, None, "once", 150_000, "paid once"),
    (600_000, None, "year", 600_000, "a year's amount counts once"),
    (80_000, 6, "month", 480_000, "six months left"),
    (80_000, 36, "month", 960_000, "no more than twelve months"),
    (80_000, None, "month", 960_000, "open months count as twelve"),
    (80_000, 0, "month", 0, "no month left"),
    (30_000_000, 36, "loan", 0, "borrowed money is no gain"),
    (None, 6, "month", 0, "an unknown amount is worth nothing yet"),
    (None, None, "status", 0, "a status pays nothing"),
]


@pytest.mark.parametrize(("amount", "months", "unit", "fen", "why"), WORTH, ids=[w[-1] for w in WORTH])
def test_expected_money_within_a_year(amount: int | None, months: int | None, unit: str, fen: int, why: str) -> None:
    assert expected_fen(amount, months, unit) == fen


def test_the_column_says_the_same() -> None:
    schema = {"amount_fen": pl.Int64, "months": pl.Int64, "unit": pl.String}
    frame = pl.DataFrame([w[:3] for w in WORTH], schema=schema, orient="row")
    assert frame.select(expected_expr()).to_series().to_list() == [w[3] for w in WORTH]


LAST_DAYS = [
    (date(2024, 8, 15), 12, date(2025, 8, 14), "the day before the anniversary"),
    (date(2025, 1, 31), 1, date(2025, 2, 28), "February has no 31st: the month is not complete on its last day"),
    (date(2024, 2, 29), 12, date(2025, 2, 28), "a leap day's year is not complete on the 28th"),
    (date(2025, 1, 1), 3, date(2025, 3, 31), "the first of a month"),
    (date(2025, 3, 31), 1, date(2025, 4, 30), "April has 30 days"),
]


@pytest.mark.parametrize(("start", "months", "last", "why"), LAST_DAYS, ids=[d[-1] for d in LAST_DAYS])
def test_last_day_to_apply(start: date, months: int, last: date, why: str) -> None:
    assert last_day(start, months) == last


def complete_months(start: date, on: date) -> int:
    """`months_between` of the rule language, by its definition."""
    return (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(0, 60))
def test_the_rule_still_holds_on_the_last_day_and_no_longer_on_the_next(start: date, months: int) -> None:
    last = last_day(start, months)
    assert complete_months(start, last) < months
    assert complete_months(start, last + timedelta(days=1)) >= months


@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(0, 36)), min_size=1, max_size=30))
def test_the_column_of_deadlines_is_the_function(rows: list[tuple[date, int]]) -> None:
    names = [f"P{i:08d}" for i in range(len(rows))]
    marks = pl.DataFrame(
        {"person_id": names, "deadline_after": ["cert_on"] * len(rows), "deadline_months": [m for _, m in rows], "version_to": [None] * len(rows)},
        schema_overrides={"version_to": pl.Date, "deadline_months": pl.Int64},
    )
    people = pl.DataFrame({"person_id": names, "cert_on": [d for d, _ in rows]})
    assert with_deadline(marks, people)["deadline"].to_list() == [last_day(d, m) for d, m in rows]


def test_the_end_of_the_rule_comes_first_and_an_unknown_date_leaves_only_it() -> None:
    marks = pl.DataFrame(
        {
            "person_id": ["a", "b", "c"], "deadline_after": ["cert_on", "cert_on", None], "deadline_months": [12, 12, 0],
            "version_to": [date(2025, 12, 31)] * 3,
        },
        schema_overrides={"deadline_after": pl.String},
    )  # fmt: skip
    people = pl.DataFrame({"person_id": ["a", "b", "c"], "cert_on": [date(2025, 6, 1), None, date(2024, 9, 1)]})
    assert with_deadline(marks, people)["deadline"].to_list() == [date(2025, 12, 31)] * 3


URGENCIES = [(ON, 2.0), (ON + timedelta(days=30), 1.5), (ON + timedelta(days=270), 1.1), (None, 1.0), (ON - timedelta(days=5), 2.0)]


@pytest.mark.parametrize(("deadline", "times"), URGENCIES, ids=[str(d) for d, _ in URGENCIES])
def test_urgency(deadline: date | None, times: float) -> None:
    assert urgency(deadline, ON) == pytest.approx(times)


def test_a_deadline_never_outweighs_twice_the_money() -> None:
    assert weight_of(100_000, 1.0, ON, ON) == 200_000 <= weight_of(200_000, 1.0, None, ON)


@given(
    st.lists(
        st.tuples(st.integers(0, 5_000_000), st.floats(0, 1, width=32), st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31))),
        min_size=1,
        max_size=20,
    )
)
def test_the_column_of_weights_is_the_function(rows: list[tuple[int, float, date | None]]) -> None:
    schema = {"expected_fen": pl.Int64, "chance": pl.Float64, "deadline": pl.Date}
    found = pl.DataFrame(rows, schema=schema, orient="row").select(weight_expr(ON)).to_series().to_list()
    for weight, (expected, chance, deadline) in zip(found, rows, strict=True):
        assert abs(weight - weight_of(expected, chance, deadline, ON)) <= 1


def test_what_has_no_known_money_counts_with_a_stated_worth() -> None:
    assert weight_of(0, 1.0, None, ON) == NOTIONAL_FEN == 100_000
