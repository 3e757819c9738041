"""Dates in bare figures, where the order of day, month and year has to be told or left open."""

from __future__ import annotations

import re
from datetime import date

from leye.intake.cells.period_forms import SERIAL, Around, Impossible, day_of, month_of, serial_day, year_of
from leye.kernel.period import Period

_THREE_LONG = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})")
_THREE_SHORT = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{1,2})")
_TWO = re.compile(r"(\d{1,2})[-./](\d{1,2})")
_DAY_OR_YEAR = re.compile(r"(\d{1,2})[-./]?~(\d{1,2})~")
_MIXED_DASH = re.compile(r"(\d{4})[./](\d{1,2})-(\d{1,2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_EIGHT_OR_SIX = re.compile(r"\d{6}|\d{8}")


def excel_serial(text: str) -> Period | None:
    """The day of a five-digit spreadsheet number (a fraction is a time of day); None for anything else."""
    match = _SERIAL.fullmatch(text)
    return serial_day(int(match[1])) if match and int(match[1]) in SERIAL else None


def readings(text: str, around: Around) -> list[Period] | None:
    """Every period that bare figures may mean, without repetition; None when the text is of another form.

    An empty list means that no reading is a possible date. `22-7` is a month by convention (two-digit year first); with a first
    figure of 12 or less it might as well be a day of a month, so all readings are given.
    """
    long = _THREE_LONG.fullmatch(text)
    if long:
        a, b, year = long[1], long[3], long[4]
        return _distinct((year, b, a), (year, a, b))
    short = _THREE_SHORT.fullmatch(text)
    if short:
        a, b, c = short[1], short[3], short[4]
        return _distinct((a, b, c), (c, b, a), (c, a, b))
    mixed = _MIXED_DASH.fullmatch(text)
    if mixed:
        return [*_distinct((mixed[1], mixed[2], mixed[3])), *_stretch(mixed)]
    either = _DAY_OR_YEAR.fullmatch(text)
    if either:
        return _unique([*_month(either[1], either[2]), *_day(str(around.year or ""), either[2], either[1])]) * 2
    two = _TWO.fullmatch(text)
    if two:
        return _two(two[1], two[2], around)
    if _EIGHT_OR_SIX.fullmatch(text) and not re.match("19|20", text):
        return _distinct((text[:2], text[2:4], text[4:]), (text[4:], text[2:4], text[:2]), (text[4:], text[:2], text[2:4])) * 2
    return None


def _two(a: str, b: str, around: Around) -> list[Period]:
    year_first = _month(a, b) if len(a) == 2 else []
    if int(a) > 12:
        return year_first
    others = [*_month(b, a), *_day(str(around.year or ""), a, b)]
    found = _unique([*year_first, *others])
    return found * 2 if len(found) == 1 else found


def _stretch(match: re.Match[str]) -> list[Period]:
    first, last = int(match[2]), int(match[3])
    if not 1 <= first < last <= 12:
        return []
    year = int(match[1])
    return [Period(date(year, first, 1), month_of(year, last).last, "cumulative" if first == 1 else "range")]


def _distinct(*orders: tuple[str, str, str]) -> list[Period]:
    return _unique([p for order in orders for p in _day(*order)])


def _unique(periods: list[Period]) -> list[Period]:
    return sorted(set(periods), key=lambda p: (p.start, p.end))


def _day(year: str, month: str, day: str) -> list[Period]:
    if len(year) not in (2, 4):
        return []
    try:
        return [day_of(year_of(year, Around()), month, day)]
    except Impossible:
        return []


def _month(year: str, month: str) -> list[Period]:
    if len(year) != 2:
        return []
    try:
        return [month_of(year_of(year, Around()), month).period]
    except Impossible:
        return []
