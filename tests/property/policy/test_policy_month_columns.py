"""Months of date columns by table against plain Python, and comparisons of months as comparisons of days."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from leye.policy.month_columns import compare_months_since, date_part, latest_start

days = st.dates(date(1890, 1, 1), date(2160, 12, 31))
OPS = {"==": int.__eq__, "!=": int.__ne__, "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__}


def complete_months(start: date, end: date) -> int:
    whole = (end.year - start.year) * 12 + end.month - start.month
    return whole - 1 if end.day < start.day else whole


@given(st.lists(st.none() | days, min_size=1, max_size=30))
def test_parts_of_dates(found: list[date | None]) -> None:
    frame = pl.DataFrame({"d": found}, schema={"d": pl.Date})
    got = frame.select(date_part(pl.col("d"), part).alias(part) for part in ("month", "year", "day"))
    assert got["month"].to_list() == [None if d is None else d.year * 12 + d.month for d in found]
    assert got["year"].to_list() == [None if d is None else d.year for d in found]
    assert got["day"].to_list() == [None if d is None else d.day for d in found]


@given(st.lists(st.none() | days, min_size=1, max_size=20), days, st.integers(-60, 800), st.sampled_from(sorted(OPS)))
def test_months_since_as_days(found: list[date | None], end: date, months: int, op: str) -> None:
    frame = pl.DataFrame({"d": found}, schema={"d": pl.Date})
    compared = compare_months_since(pl.col("d"), end, op, months)
    assert compared is not None
    assert frame.select(compared)["d"].to_list() == [None if d is None else OPS[op](complete_months(d, end), months) for d in found]


@given(days, st.integers(0, 600))
def test_the_latest_start_is_the_latest(end: date, months: int) -> None:
    latest = latest_start(end, months)
    assert latest is not None and complete_months(latest, end) >= months
    assert complete_months(date.fromordinal(latest.toordinal() + 1), end) < months


def test_where_the_calendar_ends() -> None:
    assert latest_start(date(2025, 1, 1), 12 * 3000) is None
    assert compare_months_since(pl.col("d"), date(2025, 1, 1), "<", 12 * 3000) is None
