"""The facts that rules may read: id, Chinese name, type, unit, allowed values. One table (`facts.csv`) in the national pack."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from leye.kernel.errors import BadInput

FactValue: TypeAlias = bool | int | str | date | None
"""A value of a fact; None is unknown."""

REGION = re.compile(r"CN(-\d{2}|-\d{4}|-\d{6})?\Z")
KINDS = ("bool", "int", "fen", "date", "enum", "text")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. type: one of KINDS · kind: key | stock | flow | local · allowed: values of an enum or int list, or (low, high) of a range."""

    id: str
    zh: str
    type: str
    unit: str
    kind: str
    about: str
    allowed: tuple[str, ...]
    is_range: bool
    values_zh: tuple[str, ...] = ()
    meaning_zh: str = ""
    meaning_en: str = ""
    source_zh: str = ""

    @property
    def base(self) -> str:
        """Type as expressions see it: bool, int, date, enum or text."""
        return "int" if self.type == "fen" else self.type

    @property
    def low(self) -> int | date | None:
        """Lowest allowed value of a range."""
        return _bound(self, 0) if self.is_range else None

    @property
    def high(self) -> int | date | None:
        """Highest allowed value of a range."""
        return _bound(self, 1) if self.is_range else None

    @property
    def choices(self) -> tuple[str, ...] | tuple[int, ...]:
        """Allowed values of an enum or of a list of numbers; empty for ranges."""
        if self.type == "enum":
            return self.allowed
        return () if self.is_range or self.base != "int" else tuple(int(v) for v in self.allowed)

    def word(self, value: FactValue) -> str:
        """A value as people read it: Chinese words for enums, 是/否, yuan for fen, 未知 for the unknown."""
        if value is None:
            return "未知"
        if isinstance(value, bool):
            return "是" if value else "否"
        if self.type == "enum" and value in self.allowed and self.values_zh:
            return self.values_zh[self.allowed.index(str(value))]
        if self.type == "fen" and isinstance(value, int):
            return f"{value // 100:,}元" if value % 100 == 0 else f"{value / 100:,.2f}元"
        return str(value)

    def enum_id(self, word: str) -> str | None:
        """The id behind an English or Chinese word of an enum; None when there is none."""
        if word in self.allowed:
            return word
        return self.allowed[self.values_zh.index(word)] if word in self.values_zh else None

    def check(self, value: object) -> FactValue:
        """A value of JSON (dates as ISO text) in its type. Raises BadInput (E_FACT_TYPE, E_FACT_RANGE)."""
        if value is None:
            return None
        found = _typed(self, value)
        if not self.allows(found):
            raise self.refusal(value, "E_FACT_RANGE")
        return found

    def from_text(self, text: str) -> FactValue:
        """A value written as text (CSV cell, scalar of a pack); empty, null and ~ are unknown. Raises BadInput."""
        if text in ("", "null", "~"):
            return None
        if self.type == "bool":
            if text in ("true", "false", "是", "否"):
                return text in ("true", "是")
            raise self.refusal(text, "E_FACT_TYPE")
        if self.base == "int":
            if re.fullmatch(r"-?\d+", text) is None:
                raise self.refusal(text, "E_FACT_TYPE")
            return self.check(int(text))
        return self.check((self.enum_id(text) or text) if self.type == "enum" else text)

    def allows(self, value: FactValue) -> bool:
        """Whether a value of the right type lies in what is allowed."""
        if value is None or self.type == "bool":
            return True
        if self.type == "text":
            return bool(value) and (self.id != "region" or REGION.match(str(value)) is not None)
        if self.is_range:
            low, high = self.low, self.high
            return low <= value <= high  # type: ignore[operator]
        return str(value) in self.allowed

    def refusal(self, value: object, code: str) -> BadInput:
        """The error for a value that cannot be: what stands there and what may stand there."""
        what = (
            f"“{self.zh}”({self.id}) 的值 {str(value)[:40]!r} 不对"
            if code == "E_FACT_TYPE"
            else f"“{self.zh}”({self.id}) 的值 {value!r} 不在允许范围"
        )
        may = "至".join(self.allowed) if self.is_range else "、".join(_EXAMPLES.get(self.id, self.allowed))
        kind = {"bool": "true 或 false", "int": "整数", "fen": "整数（分）", "date": "日期 YYYY-MM-DD", "enum": "所列的英文代码", "text": "文字"}[
            self.type
        ]
        return BadInput(
            what,
            en=f"{self.id}: {str(value)[:40]!r} is not {'of type ' + self.type if code == 'E_FACT_TYPE' else 'allowed'}",
            remedy_zh=f"应为{kind}；允许：{may}；不知道就留空",
            remedy_en=f"expected {self.type}, allowed: {(' .. ' if self.is_range else ', ').join(self.allowed)}; leave it empty when unknown",
            code=code,
        )


_EXAMPLES = {"region": ("CN", "CN-44", "CN-4403", "CN-440305"), "person_id": ("任何非空文字",)}


def _bound(fact: Fact, which: int) -> int | date:
    text = fact.allowed[which]
    return date.fromisoformat(text) if fact.type == "date" else int(text)


def _typed(fact: Fact, value: object) -> FactValue:
    if fact.type == "bool" and isinstance(value, bool):
        return value
    if fact.base == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if fact.type == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else _no_date()
        except ValueError:
            raise fact.refusal(value, "E_FACT_TYPE") from None
    if fact.type == "date" and isinstance(value, date):
        return value
    if fact.type in ("enum", "text") and isinstance(value, str):
        return str(value)
    raise fact.refusal(value, "E_FACT_TYPE")


def _no_date() -> date:
    raise ValueError("not a date")


@dataclass(frozen=True, eq=False)
class FactTable:
    """All facts in the order of the table. Found by id or Chinese name."""

    facts: Mapping[str, Fact] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Fact]:
        """Id and Chinese name to fact. Chinese names with punctuation are also found by the part before the bracket."""
        names = dict(self.facts)
        for fact in self.facts.values():
            names.setdefault(fact.zh, fact)
            short = re.split(r"[（(]", fact.zh)[0]
            names.setdefault(short, fact)
        return names

    @cached_property
    def order(self) -> dict[str, int]:
        """Id to place in the table: the order of every `missing` list."""
        return {name: i for i, name in enumerate(self.facts)}

    def __getitem__(self, name: str) -> Fact:
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def __len__(self) -> int:
        return len(self.facts)


def read_facts(path: Path) -> FactTable:
    """The fact table of a file with the columns `id, zh, type, unit, kind, about, allowed, values_zh, meaning_zh, meaning_en, source_zh`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return FactTable({row["id"]: _fact(row) for row in csv.DictReader(file)})


def _fact(row: dict[str, str]) -> Fact:
    is_range = ".." in row["allowed"]
    return Fact(
        row["id"],
        row["zh"],
        row["type"],
        row.get("unit", ""),
        row["kind"],
        row["about"],
        tuple(row["allowed"].split(".." if is_range else "|")),
        is_range,
        tuple(v for v in row.get("values_zh", "").split("|") if v),
        row.get("meaning_zh", ""),
        row.get("meaning_en", ""),
        row.get("source_zh", ""),
    )
