"""Stretches from one period to another: 1-N月 (cumulative from January), other month, quarter, day and year spans (range)."""

from __future__ import annotations

import re

from leye.intake.cells.period_forms import (
    Around,
    Impossible,
    NeedsReference,
    cumulative_or_range,
    day_of,
    month_of,
    quarter_of,
    single,
    year_of,
)
from leye.kernel.period import Period

_SEP = r"(?:-|至|到)"
_Y = r"(?:(?P<y>\d{4}|\d{2})年|(?P<y4>\d{4})[-./]?)?"
_MONTHS = re.compile(rf"{_Y}(?P<a>\d{{1,2}})(?:月份?)?{_SEP}(?P<b>\d{{1,2}})月份?(?:累计)?")
_QUARTERS = re.compile(rf"{_Y}(?:第?(?P<a>\d)(?:季度?)?{_SEP}第?(?P<b>\d)季度?|Q(?P<c>\d){_SEP}Q?(?P<d>\d))", re.IGNORECASE)
_DAYS = re.compile(rf"{_Y}(?P<m>\d{{1,2}})月(?P<a>\d{{1,2}})[日号]?{_SEP}(?P<b>\d{{1,2}})[日号]")
_DOTTED_DAYS = re.compile(rf"(?P<y>\d{{4}})(?P<s>[./])(?P<m>\d{{1,2}})(?P=s)(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}})日?")
_SHORT_YEARS = re.compile(rf"(?P<a>\d{{2}})年?{_SEP}(?P<b>\d{{2}})年")
_MONTH_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})")


def span(text: str, around: Around) -> Period | None:
    """The stretch that the whole text names, None when it has no known form. Raises Impossible and NeedsReference."""
    for pattern, make in ((_MONTHS, _months), (_QUARTERS, _quarters), (_DAYS, _days), (_DOTTED_DAYS, _days), (_SHORT_YEARS, _short_years)):
        match = pattern.fullmatch(text)
        if match:
            return make(match, around)
    return _general(text, around)


def _year(match: re.Match[str], around: Around) -> int:
    groups = match.groupdict()
    return year_of(groups.get("y") or groups.get("y4"), around)


def _months(match: re.Match[str], around: Around) -> Period:
    first, last = month_of(2000, match["a"]).month, month_of(2000, match["b"]).month
    year = _year(match, around)
    return cumulative_or_range(month_of(year, first).first, month_of(year, last).last, whole_months=True)


def _quarters(match: re.Match[str], around: Around) -> Period:
    year = _year(match, around)
    first, last = quarter_of(year, int(match["a"] or match["c"])), quarter_of(year, int(match["b"] or match["d"]))
    if last.start <= first.start:
        raise Impossible
    return cumulative_or_range(first.start, last.end, whole_months=True)


def _days(match: re.Match[str], around: Around) -> Period:
    year = _year(match, around)
    first, last = day_of(year, match["m"], match["a"]), day_of(year, match["m"], match["b"])
    return cumulative_or_range(first.start, last.end, whole_months=False)


def _short_years(match: re.Match[str], around: Around) -> Period:
    first, last = year_of(match["a"], around), year_of(match["b"], around)
    if last <= first:
        raise Impossible
    return Period(day_of(first, 1, 1).start, day_of(last, 12, 31).end, "range")


def _general(text: str, around: Around) -> Period | None:
    """Two periods of one kind around a separator; the second may leave out the year, or the year and the month, of the first."""
    found: set[Period] = set()
    failure: ValueError | None = None
    for sep in re.finditer(_SEP, text):
        try:
            stretch = _pair(text[: sep.start()], text[sep.end() :], around)
        except (Impossible, NeedsReference) as error:
            failure = error
            continue
        if stretch is not None:
            found.add(stretch)
    if len(found) == 1:
        return found.pop()
    if found or failure:
        raise failure or Impossible
    return None


def _pair(left: str, right: str, around: Around) -> Period | None:
    first = single(left, around) if left else None
    if first is None or not right:
        return None
    next_year = re.match(r"(?:次|翌|第2)年", right)
    if next_year:
        right = f"{first.start.year + 1}年{right[next_year.end() :]}"
    month_day = _MONTH_DAY.fullmatch(right)
    if month_day and first.kind == "day":
        last: Period | None = day_of(first.start.year, *month_day.groups())
    else:
        last = single(right, Around(first.start.year, first.start.month if first.kind == "day" else None))
    if last is None or last.kind != first.kind or first.kind in ("week", "ten_days", "cumulative"):
        return None
    if last.start <= first.start:
        raise Impossible
    return cumulative_or_range(first.start, last.end, whole_months=first.kind in ("month", "quarter"))
