"""Cells of the three tables of 天池“人岗智能匹配” to values: a form that nobody knows is unknown, never a guess, and counted by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from leye.match.loaders.tabbed import Cells
from leye.match.skills import normalise

NOTHING = {"", "-", "\\N", "NULL", "null", "nan"}
"""Cells that say nothing."""
DEGREES = {
    "初中": "junior_high", "高中": "senior_high", "中专": "secondary_vocational", "中技": "secondary_vocational", "大专": "junior_college",
    "本科": "bachelor", "硕士": "master", "MBA": "master", "EMBA": "master", "博士": "doctor", "不限": "none",
}  # fmt: skip
UNPLACED = {"其他", "其它"}
"""A level of schooling that says nothing of its height."""
YEARS = {"0": 0.0, "1": 0.0, "103": 1.0, "305": 3.0, "510": 5.0, "1099": 10.0}
"""Bands such as 103, one to three years; 1 is up to one year. Lower ends."""
ANY_YEARS = "-1"
OPEN_YUAN = 99_999
"""An upper end like this is none."""
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A line of one table. odd counts the cells of no known form."""

    table: str
    cells: Cells
    odd: Counter[str]

    def said(self, column: str) -> str | None:
        """The cell, None when it says nothing or the column is not there."""
        text = self.cells.get(column, "").strip()
        return None if text in NOTHING else text

    def read(self, column: str, form: Callable[[str], T | None]) -> T | None:
        """The cell in a form, which raises ValueError for what it does not know."""
        text = self.said(column)
        try:
            return None if text is None else form(text)
        except ValueError:
            self.odd[f"{self.table}.{column}"] += 1
            return None

    def words(self, column: str) -> list[str]:
        """Parts between bars or commas, each once."""
        parts = re.split(r"[|,，]", self.said(column) or "")
        return list(dict.fromkeys(p.strip() for p in parts if p.strip() not in NOTHING))

    def skills(self, column: str) -> list[str] | None:
        """Those of the words that the skill table knows; None where it knows none, for keywords are no full list."""
        return [w for w in self.words(column) if normalise(w)] or None


def degree(text: str) -> str | None:
    """Level of schooling in the words of PEOPLE and JOBS."""
    if text in UNPLACED:
        return None
    if text not in DEGREES:
        raise ValueError(text)
    return DEGREES[text]


def day(text: str) -> date:
    """YYYYMMDD."""
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def year(text: str) -> int:
    """YYYY or YYYYMM."""
    if not re.fullmatch(r"(?:19|20)\d\d(?:\d\d)?", text):
        raise ValueError(text)
    return int(text[:4])


def whole(text: str) -> int:
    """A whole number, also written as 3.0."""
    number = float(text)
    if number != int(number):
        raise ValueError(text)
    return int(number)


def flag(text: str) -> bool:
    """0 or 1."""
    found = whole(text)
    if found not in (0, 1):
        raise ValueError(text)
    return bool(found)


def age(text: str) -> int:
    """Years; what no seeker can be is odd."""
    found = whole(text)
    if not 14 <= found <= 90:
        raise ValueError(text)
    return found


def least_years(text: str) -> float | None:
    """Lower end of a band of years asked for; None where any are welcome."""
    if text == ANY_YEARS:
        return None
    if text not in YEARS:
        raise ValueError(text)
    return YEARS[text]


def band_yuan(text: str) -> tuple[int | None, int | None]:
    """Ten digits, five for each end of a monthly wish; all zeros leave it open. Lower ends such as 04001 are one above the band below.

    >>> band_yuan("0400106000"), band_yuan("0000000000"), band_yuan("5000199999")
    ((4000, 6000), (None, None), (50000, None))
    """
    if not re.fullmatch(r"\d{10}", text):
        raise ValueError(text)
    low, high = int(text[:5]), int(text[5:])
    if high and low > high:
        raise ValueError(text)
    return (low - low % 10 or None if low % 10 == 1 else low or None), (high if 0 < high < OPEN_YUAN else None)


def yuan(text: str) -> int | None:
    """Monthly pay of an advert; 0 and -1 say nothing."""
    found = whole(text)
    return found if found > 0 else None
