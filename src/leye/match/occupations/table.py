"""The occupation table of any month: the 2022 edition, what was published after it, and which class took the place of an older code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from leye.kernel.codes import occupations
from leye.kernel.errors import BadInput, NotFound
from leye.kernel.period import Month
from leye.packs import open_pack

EDITION = "2022-10"
"""First month in which codes of the 2022 edition are given out (adopted on 2022-09-28)."""
FIRST = "2015-08"
"""First month that can be asked: the 2015 edition, of which the few codes in `replaced.csv` are known. # chosen by us"""
STAGES = ("proposed", "published", "entered")


@dataclass(frozen=True, slots=True)
class Entry:
    """A new occupation. proposed_on, published_on, entered_on: `YYYY-MM` or `YYYY-MM-DD`, empty: not yet · code: empty while unknown ·
    placed_in: the 小类 that answers for it meanwhile, our own placement · verified: what was checked, `no` when nothing.
    """

    name: str
    placed_in: str
    proposed_on: str
    published_on: str
    entered_on: str
    code: str
    source: str
    verified: str

    def stage_in(self, month: str) -> str | None:
        """Furthest stage by the end of the month `YYYY-MM`; None before it was proposed."""
        days = (self.entered_on, self.published_on, self.proposed_on)
        return next((s for s, day in zip(reversed(STAGES), days, strict=True) if day and day[:7] <= month), None)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A code that went out of use. valid_to: its last month; the same digits can mean something else afterwards."""

    old_code: str
    old_name: str
    code: str
    valid_to: str
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Class:
    """One class as a month's table has it. level: 1 大类 … 4 职业; marks: L green, S digital."""

    code: str
    name: str
    level: int
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What holds in a month. classes: by code · entries: new occupations known by then · retired: codes out of use, to what took their place."""

    month: str
    classes: Mapping[str, Class]
    entries: tuple[Entry, ...]
    retired: Mapping[str, Replaced] = field(default_factory=dict)

    def resolve(self, code: str) -> tuple[Class, Replaced | None]:
        """The class that a code stands for in this month, and how it came there when the code is an old one. Dashes may be left in or out.

        A code retired in the middle of the month is read as its successor: the month's table is that of its last day. Raises NotFound.
        """
        plain = code.replace("-", "").strip()
        found = self.classes.get(plain)
        if found is not None:
            return found, None
        old = self.retired.get(plain)
        if old is None or old.code not in self.classes:
            raise NotFound(
                f"{self.month} 的职业表里没有代码 {code}", en=f"no occupation {code} in the table of {self.month}",
                remedy_zh="代码是七位数字；换一个月份或按名称查", remedy_en="seven digits; try another month, or search",
                code="E_OCCUPATION",
            )  # fmt: skip
        return self.classes[old.code], old

    def ancestors(self, code: str) -> tuple[Class, ...]:
        """Upper classes of a code, nearest first."""
        uppers = dict.fromkeys((code[:5] + "00", code[:3] + "0000", code[0] + "000000"))
        return tuple(self.classes[u] for u in uppers if u != code and u in self.classes)


def table_of(month: str) -> Table:
    """The table then valid. month: `YYYY-MM`. Raises BadInput (E_TABLE_MONTH) for one that is none, or that lies before the tables we have."""
    asked = _month(month)
    if asked < FIRST:
        raise BadInput(
            f"没有 {asked} 的职业表，最早是 {FIRST}", en=f"no table for {asked}, the first is {FIRST}", code="E_TABLE_MONTH",
            remedy_zh=f"写 {FIRST} 或之后的月份", remedy_en=f"ask for {FIRST} or later",
        )  # fmt: skip
    known = tuple(e for e in entries() if e.stage_in(asked) is not None)
    classes = {c.code: Class(c.code, c.name, c.level, c.marks) for c in occupations().values()}
    for entry in known:
        if entry.code and entry.stage_in(asked) != "proposed":
            classes[entry.code] = Class(entry.code, entry.name, 4)
    if asked < EDITION:  # the old code still means what it meant
        classes |= {r.old_code: Class(r.old_code, r.old_name, 4) for r in replaced() if asked <= r.valid_to}
    retired = {r.old_code: r for r in replaced() if r.valid_to < asked or (r.valid_to == asked and r.old_code not in classes)}
    return Table(asked, classes, known, retired)


def _month(text: str) -> str:
    try:
        return str(Month.parse(text))
    except ValueError:
        raise BadInput(
            f"读不懂月份“{text}”", en=f"not a month: {text!r}", remedy_zh="写成 2025-08", remedy_en="write it like 2025-08", code="E_TABLE_MONTH"
        ) from None


def _rows(name: str) -> list[dict[str, str]]:
    with open_pack(f"occupations/{name}").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def entries() -> tuple[Entry, ...]:
    """New occupations since the 2022 edition, in order of the file."""
    return tuple(Entry(**r) for r in _rows("entries.csv"))


@cache
def replaced() -> tuple[Replaced, ...]:
    """Codes that went out of use."""
    return tuple(Replaced(**r) for r in _rows("replaced.csv"))


@cache
def names_of_classes() -> tuple[tuple[str, str, str], ...]:
    """(code, name, kind): every name that is a fact; kind is `official`, `alias` or `in_use`."""
    official = [(c.code, c.name, "official") for c in occupations().values()]
    aliases = [(r["code"], r["alias"], "alias") for r in _rows("aliases.csv")]
    in_use = [(r["code"], r["title"], "in_use") for r in _rows("titles_in_use.csv")]
    return tuple(official + aliases + in_use)


def newest_month() -> str:
    """The month from which on nothing changes any more in the tables that we have: what is asked for when no month is named."""
    days = [d[:7] for e in entries() for d in (e.proposed_on, e.published_on, e.entered_on) if d]
    return max([EDITION, *days])
