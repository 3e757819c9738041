"""People as JSON: one object of facts, or an array of them, checked value by value.

`_sources` may say where a value comes from: {fact: {"source": register, "on": day}}. Keys that are no facts are ignored and named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from leye.kernel.errors import BadInput, Place
from leye.policy.facts import Fact, FactTable, FactValue

SOURCES = "_sources"
Check: TypeAlias = Callable[[object], FactValue]


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where a value was found, and on which day."""

    source: str
    on: str = ""

    def __str__(self) -> str:
        return f"{self.source} {self.on}".strip()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person, checked. index: place in the array, from 1; 0 for a single object."""

    facts: Mapping[str, FactValue]
    sources: Mapping[str, FactSource]
    ignored: tuple[str, ...]
    index: int = 0

    @property
    def person_id(self) -> str | None:
        """Number of the person, when given."""
        value = self.facts.get("person_id")
        return value if isinstance(value, str) else None


class _Repeated(ValueError):
    """A key stands twice in one JSON object."""


def read_people(text: str, table: FactTable, *, file: str = "") -> tuple[list[PersonFacts], bool]:
    """Everybody in a JSON text, and whether it was an array.

    Raises BadInput: E_EMPTY, E_JSON (with the line), E_PERSON_FORM, E_FACT_TYPE, E_FACT_RANGE, E_ID_TWICE, each with index and fact.
    """
    where = Place(file=file or None)
    if not text.strip():
        raise BadInput(
            "文件是空的", en="the file is empty", remedy_zh="写一个 JSON 对象，例如 {\"birth\": \"1980-05-01\"}",
            remedy_en='write one JSON object, for example {"birth": "1980-05-01"}', places=(where,), code="E_EMPTY",
        )  # fmt: skip
    found = _parsed(text, where)
    if not isinstance(found, list):
        return [_person(found, table, 0, where)], False
    people = [_person(item, table, index, where) for index, item in enumerate(found, 1)]
    _refuse_twice(people, where)
    return people, True


def _parsed(text: str, where: Place) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise BadInput(
            f"不是 JSON：{_json_zh(error)}", en=f"not JSON: {error}", remedy_zh="检查引号、逗号和括号；一个人写 {…}，多个人写 [{…}, {…}]",
            remedy_en="look at quotes, commas and brackets; one person is {…}, several are [{…}, {…}]",
            places=(Place(file=where.file, row=row),), code="E_JSON",
        ) from error  # fmt: skip


def _json_zh(error: Exception) -> str:
    if isinstance(error, _Repeated):
        return f"“{error}”写了两次"
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 个字读不懂"
    return "括号套得太深" if isinstance(error, RecursionError) else "有读不懂的数"


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        raise _Repeated(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _person(record: object, table: FactTable, index: int, where: Place) -> PersonFacts:
    if not isinstance(record, dict):
        raise BadInput(
            f"{_who(index, None)}应是“键: 值”的 JSON 对象，写的是 {json.dumps(record, ensure_ascii=False)[:40]}",
            en=f"{'item ' + str(index) if index else 'the file'} should be a JSON object of facts",
            remedy_zh="一个人写 {…}，多个人写 [{…}, {…}]", remedy_en="one person is {…}, several are [{…}, {…}]",
            places=(Place(file=where.file, row=index or None),), code="E_PERSON_FORM",
        )  # fmt: skip
    return person_facts(record, table, index=index, file=where.file or "")


def person_facts(record: Mapping[str, object], table: FactTable, *, index: int = 0, file: str = "") -> PersonFacts:
    """One record of JSON or Python values, checked. Raises BadInput (E_FACT_TYPE, E_FACT_RANGE) naming fact, index and person."""
    checks = _checks(table)
    found: dict[str, FactValue] = {}
    ignored: list[str] = []
    sources: Mapping[str, FactSource] = {}
    for key, value in record.items():
        if key in checks:
            if value is not None:
                try:
                    found[key] = checks[key](value)
                except BadInput as error:
                    raise _placed(error, key, index, record.get("person_id"), file) from None
        elif key == SOURCES:
            sources = _sources(value, index, file)
        else:
            ignored.append(key)
    return PersonFacts(found, sources, tuple(ignored), index)


def _placed(error: BadInput, fact: str, index: int, person: object, file: str) -> BadInput:
    """The same refusal with who and where."""
    zh = f"{_who(index, person)}{error.zh}"
    en = f"{'item ' + str(index) + ': ' if index else ''}{f'person {_writable(person)}: ' if isinstance(person, str) and person else ''}{error.en}"
    place = Place(file=file or None, row=index or None, column=fact)
    return BadInput(zh, en=en, remedy_zh=error.remedy_zh, remedy_en=error.remedy_en, places=(place,), code=error.code)


def _who(index: int, person: object) -> str:
    named = f"（{_writable(person)}）" if isinstance(person, str) and person else ""
    return f"第 {index} 个人{named}" if index else named


def _writable(text: str) -> str:
    """The beginning of a text, halves of characters replaced: JSON may hold them, no file or terminal can."""
    return text[:40].encode("utf-8", "replace").decode("utf-8")


def _sources(value: object, index: int, file: str) -> dict[str, FactSource]:
    """The `_sources` of a record; anything of another form is refused, for a false source is worse than none."""
    if value is None:
        return {}
    if isinstance(value, dict) and all(isinstance(v, dict) and isinstance(v.get("source"), str) for v in value.values()):
        return {k: FactSource(v["source"][:80], _day(v.get("on"))) for k, v in value.items()}
    raise BadInput(
        f"{_who(index, None)}_sources 的写法不对", en="_sources has another form", 
        remedy_zh='写成 {"birth": {"source": "社保库", "on": "2025-07-01"}}',
        remedy_en='write {"birth": {"source": "social insurance", "on": "2025-07-01"}}',
        places=(Place(file=file or None, row=index or None, column=SOURCES),), code="E_SOURCES",
    )  # fmt: skip


def _day(value: object) -> str:
    return str(value)[:10] if isinstance(value, str | date) else ""


def _refuse_twice(people: list[PersonFacts], where: Place) -> None:
    first: dict[str, int] = {}
    for person in people:
        number = person.person_id
        if number is None:
            continue
        if number in first:
            raise BadInput(
                f"人员编号 {number[:40]} 出现两次（第 {first[number]} 个和第 {person.index} 个）",
                en=f"person_id {number[:40]} stands twice (items {first[number]} and {person.index})",
                remedy_zh="留一个，或给另一人自己的编号", remedy_en="keep one, or give the other person an id of their own",
                places=(Place(file=where.file, row=person.index, column="person_id"),), code="E_ID_TWICE",
            )  # fmt: skip
        first[number] = person.index


@lru_cache(maxsize=8)
def _checks(table: FactTable) -> dict[str, Check]:
    """A checker a fact, with its limits read once: `Fact.check` reads them from text each time, which costs more than the rest of an explanation."""
    return {fact.id: _checker(fact) for fact in table}


def _checker(fact: Fact) -> Check:
    if fact.type == "bool":
        return lambda value: value if value is True or value is False else fact.check(value)
    if fact.base == "int":
        low, high, choices = fact.low, fact.high, frozenset(fact.choices)
        if fact.is_range:
            return lambda value: value if type(value) is int and low <= value <= high else fact.check(value)  # type: ignore[operator]
        return lambda value: value if type(value) is int and value in choices else fact.check(value)
    if fact.type == "enum":
        words = frozenset(fact.allowed)
        return lambda value: value if type(value) is str and value in words else fact.check(value)
    if fact.type == "date":
        return _date_checker(fact)
    return lambda value: _text(fact, value)


def _date_checker(fact: Fact) -> Check:
    first, last = fact.low, fact.high

    def check(value: object) -> FactValue:
        day = value
        if type(value) is str and len(value) == 10 and value[4] == value[7] == "-":
            try:  # noqa: SIM105 - a context manager costs as much as the parse
                day = date.fromisoformat(value)
            except ValueError:
                pass
        return day if type(day) is date and first <= day <= last else fact.check(value)  # type: ignore[operator]

    return check


def _text(fact: Fact, value: object) -> FactValue:
    """Text that can be written out again: JSON may hold half a character."""
    found = fact.check(value)
    if isinstance(found, str) and any("\ud800" <= c <= "\udfff" for c in found):
        raise fact.refusal("�", "E_FACT_TYPE")
    return found
