"""Months, quarters and the periods that statistics speak of, cumulative ones (1-N月) included. Both ends are inclusive."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

PeriodKind = Literal["day", "week", "ten_days", "month", "quarter", "half", "year", "cumulative", "range", "point", "plan"]


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. `Month(2024, 1) + 12 == Month(2025, 1)`; the difference of two months is a number of months."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12 or not 1 <= self.year <= 9999:
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Strict `YYYY-MM`. Raises ValueError on anything else; messy spellings belong to intake."""
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            raise ValueError(f"a month is written YYYY-MM, got {text!r}")
        return cls(int(text[:4]), int(text[5:]))

    @property
    def first(self) -> date:
        """First day; this is how tables write a month."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __sub__(self, other: Month) -> int:
        return (self.year - other.year) * 12 + self.month - other.month

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def zh(self) -> str:
        """Chinese for pages: 2025年8月."""
        return f"{self.year}年{self.month}月"

    @property
    def period(self) -> Period:
        """The same stretch as a Period."""
        return Period(self.first, self.last, "month")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, 1 to 4."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        if not 1 <= self.quarter <= 4 or not 1 <= self.year <= 9999:
            raise ValueError(f"no such quarter: {self.year}Q{self.quarter}")

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def months(self) -> tuple[Month, Month, Month]:
        """Its three months."""
        first = Month(self.year, self.quarter * 3 - 2)
        return first, first + 1, first + 2

    @property
    def period(self) -> Period:
        """The same stretch as a Period."""
        return Period(self.months[0].first, self.months[2].last, "quarter")

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.quarter}"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both inclusive, with its kind. `cumulative` starts on 1 January and ends with a month."""

    start: date
    end: date
    kind: PeriodKind

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends on or after its start: {self.start}..{self.end}")
        if self.kind not in get_args(PeriodKind):
            raise ValueError(f"unknown kind of period: {self.kind}")
        if self.kind == "cumulative" and (
            (self.start.month, self.start.day) != (1, 1) or (self.end + timedelta(days=1)).day != 1 or self.start.year != self.end.year
        ):
            raise ValueError(f"a cumulative period runs from 1 January to the end of a month of one year: {self.start}..{self.end}")

    @classmethod
    def cumulative(cls, year: int, to_month: int) -> Period:
        """January to the given month, as in 1-8月."""
        return cls(date(year, 1, 1), Month(year, to_month).last, "cumulative")

    @property
    def days(self) -> int:
        """Length in days, both ends counted."""
        return (self.end - self.start).days + 1
