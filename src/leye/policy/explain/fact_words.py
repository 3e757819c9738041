"""How facts are asked for and spoken of: a question in plain words, the paper that shows the answer, English names, and how a number grows.

The texts are data: `questions.yaml` of a pack, top key `questions`, one entry a fact (docs/reference/explanation.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from leye.kernel.errors import Place
from leye.policy import fields
from leye.policy.facts import FactTable
from leye.policy.located import Mapping as LocatedMapping
from leye.policy.located import read_located
from leye.policy.pack import PackSet

FILE = "questions.yaml"
ASKED = ("person", "employer", "office")
GROWTH = ("", "month", "year")


@dataclass(frozen=True, slots=True)
class FactWords:
    """Words of one fact.

    asked: who can answer · paper: what shows it · values_en: English of an enum's values, in their order · numbers: single numbers that are said in
    words (999 months: open-ended) as number -> (Chinese, English) · grows: "month" when it gains one a month while `grows_when` holds,
    "year" when it starts again at 0 on 1 January · while_employed: grows only for those in a job ·
    after: the fact that is asked first, because this one hangs on it.
    """

    name_en: str
    ask_zh: str
    ask_en: str
    paper_zh: str = ""
    paper_en: str = ""
    asked: str = "person"
    values_en: tuple[str, ...] = ()
    numbers: Mapping[int, tuple[str, str]] | None = None
    grows: str = ""
    grows_when_zh: str = ""
    grows_when_en: str = ""
    while_employed: bool = False
    after: str = ""


@lru_cache(maxsize=16)
def fact_words(packs: PackSet) -> Mapping[str, FactWords]:
    """Words by fact id, of all packs read together; a later pack's entry replaces an earlier one's. Facts without an entry are absent."""
    found: dict[str, FactWords] = {}
    for pack in packs.packs:
        if (pack.folder / FILE).is_file():
            found |= read_fact_words(pack.folder / FILE, packs.facts, shown=f"{pack.folder.name}/{FILE}")
    return found


def read_fact_words(path: Path, facts: FactTable, *, shown: str = "") -> dict[str, FactWords]:
    """The entries of one file. Raises BadInput with file and line: E_FACT_UNKNOWN, E_PACK_FORM."""
    top = fields.mapping(read_located(path, shown=shown), FILE, Place(file=shown))
    entries = fields.mapping(top.get("questions"), "questions", top.place)
    return {_fact_id(name, entries, facts): _entry(fields.mapping(entry, name, entries.place)) for name, entry in entries.items()}


def _fact_id(name: str, entries: LocatedMapping, facts: FactTable) -> str:
    if name not in facts.facts:
        raise fields.refuse(
            f"没有“{name}”这个事实", f"no fact {name!r}", getattr(name, "place", entries.place), "用 leye policy facts 查看可用的名称",
            "see `leye policy facts`", code="E_FACT_UNKNOWN",
        )  # fmt: skip
    return str(name)


def _entry(found: LocatedMapping) -> FactWords:
    grows = found.get("grows")
    growth = fields.mapping(grows, "grows", found.place) if grows is not None else LocatedMapping()
    ask, paper, when = fields.two_languages(found, "ask"), fields.two_languages(found, "paper"), ("", "")
    if grows is not None:
        when = fields.two_languages(growth, "when") if "when" in growth else when
    return FactWords(
        name_en=str(fields.text(found, "name_en")),
        ask_zh=ask[0],
        ask_en=ask[1],
        paper_zh=paper[0],
        paper_en=paper[1],
        asked=_one_of(found, "asked", ASKED, "person"),
        values_en=tuple(str(v) for v in fields.sequence(found.get("values_en"), "values_en", found.place)),
        numbers=_numbers(found),
        grows=_one_of(growth, "by", GROWTH, "") if grows is not None else "",
        grows_when_zh=when[0],
        grows_when_en=when[1],
        while_employed=grows is not None and str(fields.text(growth, "while", default="")) == "employed",
        after=str(fields.text(found, "after", default="")),
    )


def _numbers(found: LocatedMapping) -> dict[int, tuple[str, str]]:
    numbers = found.get("numbers")
    if numbers is None:
        return {}
    rows = fields.mapping(numbers, "numbers", found.place)
    return {fields.whole(key, "numbers", rows.place): fields.two_languages(rows, key) for key in rows}  # type: ignore[arg-type]


def _one_of(found: LocatedMapping, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = str(fields.text(found, key, default=default))
    if value not in allowed:
        raise fields.refuse(
            f"“{key}”不能是“{value}”", f"{key!r} cannot be {value!r}", found.place, f"可写：{'、'.join(a for a in allowed if a)}",
            f"one of: {', '.join(a for a in allowed if a)}",
        )  # fmt: skip
    return value
