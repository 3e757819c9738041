"""Code tables: administrative divisions (GB/T 2260 with validity), industries (GB/T 4754-2017), occupations (职业分类大典 2022), key groups.

Tables lie in `packs/codes/*.csv` (origin in the README there) and are read once, at first use.
Inside the product a region is six digits (`440600`); `CN`, `CN-44`, `CN-4406` is the prefix form of packs and facts.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from leye.kernel.errors import NotFound
from leye.kernel.period import Month

_TABLES = Path(__file__).parents[1] / "packs"


@dataclass(frozen=True, slots=True)
class RegionSpell:
    """One (code, name) of a division and when the tables list it.

    seen_from, seen_to: first and last month `YYYY-MM` of the tables that carry it, empty when before 1981 ·
    valid_from, valid_to: exact days where known, else None · successors: codes that took its place.
    """

    code: str
    name: str
    level: str
    seen_from: str
    seen_to: str
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]

    @property
    def first_month(self) -> str:
        """First month `YYYY-MM` of validity; empty when before 1981."""
        return f"{self.valid_from:%Y-%m}" if self.valid_from else self.seen_from

    @property
    def last_month(self) -> str:
        """Last month of validity: of the exact end where known, else the month before the next table, `9999-12` when current."""
        if self.is_current:
            return "9999-12"
        return f"{self.valid_to:%Y-%m}" if self.valid_to else _month_before_next_table(self.seen_to)

    def is_listed_in(self, month: str) -> bool:
        """Whether the table that holds in month `YYYY-MM` carries this spell; a table holds until the next, exact days win over it."""
        return self.first_month <= month <= self.last_month

    @property
    def is_current(self) -> bool:
        """Whether the newest table still carries it; such a spell has no end."""
        return self.seen_to == LATEST_REGION_TABLE


LATEST_REGION_TABLE = "2026-04"
"""Month of the newest region table shipped; a spell still seen there is current."""


@dataclass(frozen=True, slots=True)
class Industry:
    """A section (level 1, letter) or division (level 2, letter and two digits)."""

    code: str
    name: str
    level: int
    parent: str


@dataclass(frozen=True, slots=True)
class Occupation:
    """A class of the 2022 classification, 7 digits; level 1 大类, 2 中类, 3 小类, 4 职业. marks: L green, S digital."""

    code: str
    name: str
    level: int
    marks: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """A group that employment policy names (重点群体)."""

    id: str
    zh: str
    en: str
    basis: str


def _rows(name: str) -> list[dict[str, str]]:
    with (_TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def region_spells() -> tuple[RegionSpell, ...]:
    """Every spell of every division, in the order of the table (province, then code)."""
    return tuple(
        RegionSpell(
            r["code"], r["name"], r["level"], r["seen_from"], r["seen_to"], _day(r["valid_from"]), _day(r["valid_to"]),
            tuple(s for s in r["successors"].split("|") if s),
        )
        for r in _rows("codes/regions.csv")
    )  # fmt: skip


@cache
def region_table_months() -> tuple[str, ...]:
    """Months of the tables that brought a change, in order."""
    return tuple(sorted({s.seen_from for s in region_spells() if s.seen_from}))


@cache
def _month_before_next_table(month: str) -> str:
    tables = region_table_months()
    place = bisect_right(tables, month)
    return str(Month.parse(tables[place]) + -1) if place < len(tables) else month


@cache
def region_spells_by_code() -> dict[str, tuple[RegionSpell, ...]]:
    """Code to every spell that it ever had, in the order of the table."""
    found: dict[str, list[RegionSpell]] = {}
    for spell in region_spells():
        found.setdefault(spell.code, []).append(spell)
    return {code: tuple(spells) for code, spells in found.items()}


@cache
def current_regions() -> dict[str, RegionSpell]:
    """Code to spell of the newest table."""
    return {s.code: s for s in region_spells() if s.is_current}


def region_name(code: str) -> str:
    """Name of a current division; raises NotFound with the code."""
    spell = current_regions().get(code)
    if spell is None:
        raise NotFound(f"没有区划代码 {code}", en=f"no current region {code}", remedy_zh="请用六位行政区划代码，例如 440600")
    return spell.name


def region_parent(code: str) -> str | None:
    """Code one level up by the digits: county to city to province to None (the country)."""
    if code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


def region_prefix(code: str) -> str:
    """Six digits to the prefix form.

    >>> region_prefix("440000"), region_prefix("440600"), region_prefix("440605")
    ('CN-44', 'CN-4406', 'CN-440605')
    """
    return "CN-" + (code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code)


def region_code(prefix: str) -> str | None:
    """Prefix form to six digits; None for the whole country `CN`.

    >>> region_code("CN-4406"), region_code("CN")
    ('440600', None)
    """
    return prefix.removeprefix("CN-").ljust(6, "0") if prefix != "CN" else None


@cache
def industries() -> dict[str, Industry]:
    """Code to industry, sections and divisions."""
    return {r["code"]: Industry(r["code"], r["name"], int(r["level"]), r["parent"]) for r in _rows("codes/industries.csv")}


@cache
def occupations() -> dict[str, Occupation]:
    """Seven digits to occupation, all levels."""
    return {r["code"]: Occupation(r["code"], r["name"], int(r["level"]), r["marks"]) for r in _rows("codes/occupations.csv")}


@cache
def key_groups() -> dict[str, KeyGroup]:
    """Id to key group."""
    return {r["id"]: KeyGroup(r["id"], r["zh"], r["en"], r["basis"]) for r in _rows("codes/groups.csv")}


@cache
def spring_festivals() -> dict[int, date]:
    """Year to the first day of the lunar new year."""
    return {int(r["year"]): date.fromisoformat(r["first_day"]) for r in _rows("calendar/spring_festival.csv")}
