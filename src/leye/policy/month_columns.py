"""Months and years of date columns by table: the calendar of some centuries is small, and to look a day up costs a sixth of computing it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import cache

import polars as pl

FIRST, LAST = date(1900, 1, 1), date(2150, 12, 31)
_BASE = (FIRST - date(1970, 1, 1)).days


@cache
def _table(part: str) -> pl.Series:
    days = pl.date_range(FIRST, LAST, eager=True)
    if part == "day":
        return days.dt.day().cast(pl.Int64)
    years = days.dt.year().cast(pl.Int64)
    return years if part == "year" else years * 12 + days.dt.month()


def date_part(day: pl.Expr, part: str) -> pl.Expr:
    """`month` (year * 12 + month), `year` or `day` of a date expression as Int64; unknown stays unknown."""

    def look_up(days: pl.Series) -> pl.Series:
        low, high = days.min(), days.max()
        if low is None:
            return pl.Series(days.name, [None], dtype=pl.Int64).new_from_index(0, days.len())
        if low < FIRST or high > LAST:  # type: ignore[operator]
            return _computed(days, part)
        return _table(part).gather(days.to_physical() - _BASE).alias(days.name)

    return day.map_batches(look_up, return_dtype=pl.Int64, is_elementwise=True)


def _computed(days: pl.Series, part: str) -> pl.Series:
    if part == "day":
        return days.dt.day().cast(pl.Int64)
    years = days.dt.year().cast(pl.Int64)
    return years if part == "year" else years * 12 + days.dt.month()


def latest_start(end: date, months: int) -> date | None:
    """The latest day from which at least so many complete months pass to `end`; None where the calendar has no such day.

    Complete months from d to `end` fall as d grows, so that every comparison of them with a number is a comparison of d with such a day.
    """
    index = end.year * 12 + end.month - 1 - months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return None
    return date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))


def compare_months_since(day: pl.Expr, end: date, op: str, months: int) -> pl.Expr | None:
    """months_between(day, end) `op` months, as a comparison of days; None where the calendar ends."""
    at, after = latest_start(end, months), latest_start(end, months + 1)
    if at is None or after is None:
        return None
    if op in ("==", "!="):
        equal = (day <= at) & (day > after)
        return equal if op == "==" else ~equal
    return {">=": day <= at, ">": day <= after, "<": day > at, "<=": day > after}[op]
