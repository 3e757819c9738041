"""The last day on which one can apply: so many months after a date of the person, else the last day of the rule."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from leye.policy.bind import BoundPolicy


def last_day(start: date, months: int) -> date:
    """Last day on which fewer than `months` complete months have passed since `start`, counted as `months_between` of the rule language does.

    >>> last_day(date(2025, 1, 31), 1), last_day(date(2024, 8, 15), 12)
    (datetime.date(2025, 2, 28), datetime.date(2025, 8, 14))
    """
    whole = start.year * 12 + start.month - 1 + months
    year, month = divmod(whole, 12)
    length = calendar.monthrange(year, month + 1)[1]
    # in a month without that day the count is complete only when the next month begins
    return date(year, month + 1, start.day) - timedelta(days=1) if start.day <= length else date(year, month + 1, length)


def deadline_of(policy: BoundPolicy, person: Mapping[str, Any]) -> date | None:
    """The last day for one person; None for a rule without an end, or when the date that it counts from is unknown."""
    apply, end = policy.policy.apply, policy.version.end if policy.version else None
    start = person.get(apply.deadline_after) if apply.deadline_after else None
    days = [d for d in (last_day(start, apply.deadline_months) if start else None, end) if d is not None]
    return min(days, default=None)


def with_deadline(marks: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The marks with `deadline`. marks: with `version_to, deadline_after, deadline_months` of their terms · people: with the dates counted from."""
    wanted = [name for name in marks["deadline_after"].unique().drop_nulls().to_list() if name in people.columns]
    day = pl.lit(None, dtype=pl.Date)
    if wanted:
        marks = marks.join(people.select("person_id", *(pl.col(n).alias(f"_{n}") for n in wanted)), on="person_id", how="left", maintain_order="left")
        day = pl.coalesce(*(pl.when(pl.col("deadline_after") == n).then(_last_day(pl.col(f"_{n}"), pl.col("deadline_months"))) for n in wanted))
    return marks.with_columns(pl.min_horizontal(day, pl.col("version_to")).alias("deadline")).drop(f"_{n}" for n in wanted)


def _last_day(start: pl.Expr, months: pl.Expr) -> pl.Expr:
    """`last_day` over columns: offset_by keeps to the month's end, where nothing is taken off."""
    moved = start.dt.offset_by(pl.format("{}mo", months.fill_null(0)))
    return pl.when(moved.dt.day() == start.dt.day()).then(moved.dt.offset_by("-1d")).otherwise(moved)
