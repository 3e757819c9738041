"""The step of a panel's calendar: inferred from its dates, never from a setting, so that a clerk's export works as it is."""

from __future__ import annotations

import calendar
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from leye.kernel.errors import BadInput

Unit = Literal["day", "business", "days", "month", "quarter", "half", "year"]

SEASON: dict[Unit, int] = {"day": 7, "business": 5, "days": 1, "month": 12, "quarter": 4, "half": 2, "year": 1}
"""Periods in one season; weeks (`days` with 7) have 52."""
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Calendar months in one period."""
FILLED, FILLED_FROM = 0.1, 8
"""From this many dates on, at least this share of the periods from first to last must be there. # chosen by us: a monthly panel with nine
months in ten missing still passes; dates that follow no step at all end up far below"""


@dataclass(frozen=True, slots=True)
class Step:
    """One period of a panel. `days` counts the days of a `days` step; `day_of_month` 31 stands for the last day of a month."""

    unit: Unit
    anchor: date
    days: int = 1
    day_of_month: int = 1

    @property
    def season(self) -> int:
        """Periods in a season: 12, 4, 52, 7, 5 or 1 (none known)."""
        return 52 if (self.unit, self.days) == ("days", 7) else SEASON[self.unit]

    def position(self, on: date) -> int:
        """Whole periods from the anchor to the period that `on` lies in. Raises ValueError for a date between two `days` or at a weekend."""
        if self.unit in MONTHS:
            return (on.year - self.anchor.year) * 12 // self._months + (on.month - 1) // self._months - (self.anchor.month - 1) // self._months
        gap = (on - self.anchor).days
        if self.unit == "business":
            if on.weekday() > 4:
                raise ValueError(f"{on} 在周末", f"{on} is at a weekend")
            start = self.anchor.weekday()
            return (gap + start) // 7 * 5 + on.weekday() - start
        if gap % self.days:
            raise ValueError(f"{on} 落在两期之间", f"{on} lies between two steps")
        return gap // self.days

    def at(self, position: int) -> date:
        """The date of a position, written as the panel writes its dates."""
        if self.unit == "business":
            weeks, weekday = divmod(position + self.anchor.weekday(), 5)
            return self.anchor + timedelta(days=weeks * 7 + weekday - self.anchor.weekday())
        if self.unit in ("day", "days"):
            return self.anchor + timedelta(days=position * self.days)
        year, month = divmod(self.anchor.year * 12 + self.anchor.month - 1 + position * self._months, 12)
        return date(year, month + 1, min(self.day_of_month, calendar.monthrange(year, month + 1)[1]))

    @property
    def _months(self) -> int:
        return MONTHS[self.unit]


def infer_step(dates: Sequence[date]) -> Step:
    """The step of sorted distinct dates, which gaps do not hide: whole months where all stand on one day of the month, else the commonest distance.

    A single date on the first or last day of a month is read as monthly, any other single date as daily.
    Raises BadInput when the dates follow no step that Leye knows.
    """
    step = _months_of(dates) or _commonest(dates)
    try:
        positions = [step.position(d) for d in dates]
    except ValueError as error:
        raise _no_step(*error.args) from error
    if len(set(positions)) < len(dates):
        raise _no_step("有两个日期落在同一期", "two dates fall into one period")
    if len(dates) >= FILLED_FROM and len(dates) < FILLED * (positions[-1] - positions[0] + 1):
        share = len(dates) / (positions[-1] - positions[0] + 1)
        raise _no_step(f"首尾之间的时期只有 {share:.0%} 有数", f"only {share:.0%} of the periods between first and last are there")
    return step


def _months_of(dates: Sequence[date]) -> Step | None:
    """The step in whole months when all dates stand on one day of the month (or on its last day), however many periods are missing."""
    last = all(_is_last(d) for d in dates)
    if len(dates) < 2 or not (last or len({d.day for d in dates}) == 1):
        return None
    apart = math.gcd(*((b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(dates)))
    unit = next((u for u in reversed(MONTHS) if apart and apart % MONTHS[u] == 0), None)
    return None if unit is None else Step(unit, dates[0], day_of_month=31 if last else dates[0].day)


def _commonest(dates: Sequence[date]) -> Step:
    anchor = dates[0]
    gaps = Counter((b - a).days for a, b in pairwise(dates))
    common = min((-count, gap) for gap, count in gaps.items())[1] if gaps else (30 if anchor.day == 1 or _is_last(anchor) else 1)
    return _step_of(common, dates)


def _step_of(gap: int, dates: Sequence[date]) -> Step:
    anchor = dates[0]
    if gap == 1:
        return Step("business" if len(dates) > 5 and all(d.weekday() < 5 for d in dates) else "day", anchor)
    for unit, low, high in (("month", 28, 31), ("quarter", 89, 92), ("year", 365, 366)):
        if low <= gap <= high:
            last = all(_is_last(d) for d in dates)
            return Step(unit, anchor, day_of_month=31 if last else max(d.day for d in dates))  # type: ignore[arg-type]
    return Step("days", anchor, days=gap)


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _no_step(found_zh: str, found: str) -> BadInput:
    return BadInput(
        f"时序表的日期没有固定间隔（{found_zh}）。",
        en=f"the dates of the panel follow no fixed step ({found}).",
        remedy_zh="请按日、周、月、季、半年或年的固定间隔填写 ds 列；缺的时期可以不写或把 y 留空。",
        remedy_en="write ds in a fixed step of days, weeks, months, quarters, half-years or years; missing periods may be left out or left empty.",
        code="E_PANEL_STEP",
    )
