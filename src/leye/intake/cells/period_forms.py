"""Single periods in one spelling: years, halves, quarters, months, ten-day periods, weeks, days; each with the year it names or None.

A form that lacks its year is filled from the reference period by `period_cell`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from leye.kernel.period import Month, Period, PeriodKind, Quarter

FIRST_YEAR, LAST_YEAR = 1900, 2100  # chosen by us: statistics of the People's Republic and its plans lie well inside
SERIAL = range(30_000, 60_001)
_SERIAL_ZERO = date(1899, 12, 30)


class Impossible(ValueError):
    """A date, month, quarter or week that the calendar does not have."""


class NeedsReference(ValueError):
    """The text names no year (or no month), and no reference period tells it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What an incomplete form is filled from: year and month of the reference period, where it has one."""

    year: int | None = None
    month: int | None = None


def year_of(text: str | None, around: Around) -> int:
    """A year of two or four digits; without one the year of the reference."""
    if not text:
        if around.year is None:
            raise NeedsReference
        return around.year
    year = int(text)
    if len(text) == 2:
        year += 2000 if year < 70 else 1900
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Impossible
    return year


def month_of(year: int, month: str | int) -> Month:
    """The month, or Impossible."""
    if not 1 <= int(month) <= 12:
        raise Impossible
    return Month(year, int(month))


def day_of(year: int, month: str | int, day: str | int) -> Period:
    """One day, or Impossible."""
    try:
        on = date(year, int(month), int(day))
    except ValueError as error:
        raise Impossible from error
    return Period(on, on, "day")


def serial_day(number: int) -> Period:
    """The day of a spreadsheet serial number (1900 system: day 1 is 1900-01-01, with the false leap day of 1900)."""
    on = _SERIAL_ZERO + timedelta(days=number)
    return Period(on, on, "day")


def half_of(year: int, half: int) -> Period:
    """First or second half of a year."""
    if half not in (1, 2):
        raise Impossible
    return Period(Month(year, 6 * half - 5).first, Month(year, 6 * half).last, "half")


def quarter_of(year: int, quarter: int) -> Period:
    """A quarter, or Impossible."""
    if not 1 <= quarter <= 4:
        raise Impossible
    return Quarter(year, quarter).period


def year_period(year: int) -> Period:
    """A whole year."""
    return Period(date(year, 1, 1), date(year, 12, 31), "year")


def week_of(year: int, week: int) -> Period:
    """A week of ISO 8601, Monday to Sunday."""
    try:
        first = date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise Impossible from error
    return Period(first, first + timedelta(days=6), "week")


def ten_days_of(month: Month, which: str) -> Period:
    """上旬 1-10, 中旬 11-20, 下旬 21 to the end."""
    start = {"上": 1, "中": 11, "下": 21}[which]
    last = month.last if start == 21 else date(month.year, month.month, start + 9)
    return Period(date(month.year, month.month, start), last, "ten_days")


def cumulative_or_range(start: date, end: date, *, whole_months: bool) -> Period:
    """1-N月 of one year is cumulative; every other stretch is a range. Raises Impossible when it runs backwards."""
    if end < start:
        raise Impossible
    same_year = start.year == end.year and (start.month, start.day) == (1, 1)
    kind: PeriodKind = "cumulative" if whole_months and same_year else "range"
    return Period(start, end, kind)


Make = Callable[[re.Match[str], Around], Period]
_Y = r"(?:(?P<y>\d{4}|\d{2})年度?|(?P<y4>\d{4})[-./]?)"
_S = r"[-./]"


def _year(m: re.Match[str], around: Around) -> int:
    return year_of(m["y"] or m["y4"], around)


def _a_day(m: re.Match[str], around: Around) -> Period:
    return day_of(_year(m, around), m["m"], m["d"])


def _a_month(m: re.Match[str], around: Around) -> Period:
    return month_of(_year(m, around), m["m"]).period


def _a_quarter(m: re.Match[str], around: Around) -> Period:
    return quarter_of(_year(m, around), 1 if m["q"] in ("首", "头") else int(m["q"]))


def _a_half(m: re.Match[str], around: Around) -> Period:
    return half_of(_year(m, around), {"上": 1, "下": 2}.get(m["h"]) or int(m["h"]))


def _day_alone(m: re.Match[str], around: Around) -> Period:
    if around.month is None or around.year is None:
        raise NeedsReference
    return day_of(around.year, around.month, m["d"])


def _ten_days(m: re.Match[str], around: Around) -> Period:
    if m["m"] is None:
        if m["y"] or m["y4"]:
            raise Impossible
        if around.month is None or around.year is None:
            raise NeedsReference
        return ten_days_of(Month(around.year, around.month), m["t"])
    return ten_days_of(month_of(_year(m, around), m["m"]), m["t"])


def _first_months(m: re.Match[str], around: Around) -> Period:
    return Period.cumulative(_year(m, around), month_of(2000, m["m"]).month)


def _first_quarters(m: re.Match[str], around: Around) -> Period:
    if not 2 <= int(m["q"].replace("两", "2")) <= 4:
        raise Impossible
    return Period.cumulative(_year(m, around), 3 * int(m["q"].replace("两", "2")))


def _rule(pattern: str, make: Make) -> tuple[re.Pattern[str], Make]:
    return re.compile(pattern, re.IGNORECASE), make


FORMS: tuple[tuple[re.Pattern[str], Make], ...] = (
    _rule(r"(?P<y4>\d{4})(?P<y>)", lambda m, a: year_period(_year(m, a))),
    _rule(r"(?P<y>\d{4}|\d{2})(?P<y4>)(?:年度?(?:全年)?|全年)", lambda m, a: year_period(_year(m, a))),
    _rule(r"(?P<y>)(?P<y4>)全年(?:度)?", lambda m, a: year_period(_year(m, a))),
    _rule(rf"{_Y}?(?P<m>\d{{1,2}})月份?", _a_month),
    _rule(rf"(?P<y>)(?P<y4>\d{{4}}){_S}(?P<m>\d{{1,2}})", _a_month),
    _rule(r"(?P<y>)(?P<y4>\d{4})年(?P<m>\d{2})", _a_month),
    _rule(r"(?P<y>)(?P<y4>(?:19|20)\d\d)(?P<m>\d{2})", _a_month),
    _rule(r"(?P<y>)(?P<y4>\d{4})年?M(?P<m>\d{1,2})", _a_month),
    _rule(rf"(?P<y>)(?P<m>\d{{1,2}}){_S}(?P<y4>\d{{4}})", _a_month),
    _rule(rf"~(?P<m>\d{{1,2}})~{_S}?,?(?:(?P<y>\d{{2}})|(?P<y4>\d{{4}}))", _a_month),
    _rule(rf"(?P<y>)(?P<y4>\d{{4}}){_S}?~(?P<m>\d{{1,2}})~", _a_month),
    _rule(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_S}?~(?P<m>\d{{1,2}})~{_S}?,?(?:(?P<y>\d{{2}})|(?P<y4>\d{{4}}))", _a_day),
    _rule(r"~(?P<m>\d{1,2})~(?P<d>\d{1,2})(?:st|nd|rd|th)?,(?P<y>)(?P<y4>\d{4})", _a_day),
    _rule(rf"{_Y}?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})[日号]?", _a_day),
    _rule(rf"(?P<y>)(?P<y4>\d{{4}})(?P<s>{_S})(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})", _a_day),
    _rule(rf"(?P<y>)(?P<y4>\d{{4}})年(?P<m>\d{{1,2}}){_S}(?P<d>\d{{1,2}})日?", _a_day),
    _rule(r"(?P<y>)(?P<y4>\d{4})(?P<m>\d{2})(?P<d>\d{2})", _a_day),
    _rule(r"(?P<d>\d{1,2})[日号]", _day_alone),
    _rule(rf"(?:(?P<y>\d{{4}}|\d{{2}})年|(?P<y4>\d{{4}}|\d{{2}}){_S}?)?第?Q(?P<q>\d)(?:季度?)?", _a_quarter),
    _rule(rf"Q(?P<q>\d){_S}?(?:(?P<y>\d{{2}})|(?P<y4>\d{{4}}))年?", _a_quarter),
    _rule(rf"(?P<q>[1-9])Q{_S}?(?:(?P<y>\d{{2}})|(?P<y4>\d{{4}}))年?", _a_quarter),
    _rule(rf"{_Y}?第?(?P<q>\d|首|头)(?:个)?季度?", _a_quarter),
    _rule(rf"(?:(?P<y>\d{{4}}|\d{{2}})年|(?P<y4>\d{{4}}|\d{{2}}){_S}?)?H(?P<h>\d)", _a_half),
    _rule(rf"H(?P<h>\d){_S}?(?:(?P<y>\d{{2}})|(?P<y4>\d{{4}}))年?", _a_half),
    _rule(rf"(?P<h>[1-9])H{_S}?(?:(?P<y>\d{{2}})|(?P<y4>\d{{4}}))年?", _a_half),
    _rule(rf"{_Y}?(?P<h>[上下])半年度?", _a_half),
    _rule(rf"{_Y}?(?:(?P<m>\d{{1,2}})月份?)?(?P<t>[上中下])旬", _ten_days),
    _rule(rf"{_Y}?第(?P<w>\d{{1,2}})周", lambda m, a: week_of(_year(m, a), int(m["w"]))),
    _rule(rf"{_Y}(?P<w>\d{{1,2}})周", lambda m, a: week_of(_year(m, a), int(m["w"]))),
    _rule(r"(?P<y>)(?P<y4>\d{4})年?-?W(?P<w>\d{1,2})", lambda m, a: week_of(_year(m, a), int(m["w"]))),
    _rule(rf"{_Y}?前(?P<m>\d{{1,2}})个?月", _first_months),
    _rule(rf"{_Y}?前(?P<q>\d|两)个?季度?", _first_quarters),
)


def single(text: str, around: Around) -> Period | None:
    """The period that the whole text names, None when it has no known form. Raises Impossible and NeedsReference."""
    for pattern, make in FORMS:
        match = pattern.fullmatch(text)
        if match:
            return make(match, around)
    return None
