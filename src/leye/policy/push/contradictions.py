"""Facts that cannot all be true: found, shown to the person and the counsellor, never mended and never in the way of a mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from leye.kernel.errors import Place
from leye.packs import open_pack
from leye.policy import fields
from leye.policy.expression import Node
from leye.policy.facts import FactTable
from leye.policy.grammar import Scope, parse
from leye.policy.located import read_located
from leye.policy.pack import PackSet
from leye.policy.push.conditions import evaluated, facts_read, holds

PACK = "push/contradictions.yaml"
SCHEMA: dict[str, Any] = {"person_id": pl.String, "contradiction": pl.String, "facts": pl.List(pl.String), "zh": pl.String, "en": pl.String}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One of the pack. facts: those that it reads, one of which is wrong."""

    id: str
    when: Node
    facts: tuple[str, ...]
    zh: str
    en: str


@lru_cache(maxsize=8)
def shipped(packs: PackSet) -> tuple[Contradiction, ...]:
    """The shipped ones, read for a pack set's facts."""
    return read_contradictions(open_pack(PACK), packs.facts)


def read_contradictions(file: Path, facts: FactTable) -> tuple[Contradiction, ...]:
    """Those of a file. Raises BadInput with the line."""
    shown = f"push/{file.name}"
    root = fields.mapping(read_located(file, shown=shown), file.name, Place(file=shown))
    found = []
    for item in fields.sequence(root.get("contradictions"), "contradictions", root.place):
        one = fields.mapping(item, "contradictions", root.place)
        when = parse(fields.text(one, "when"), Scope(facts), wants="bool")
        found.append(
            Contradiction(str(fields.text(one, "id")), when, tuple(facts_read(when)), str(fields.text(one, "say")), str(fields.text(one, "say_en")))
        )
    return tuple(found)


def contradictions(people: pl.DataFrame, packs: PackSet, on: date) -> pl.DataFrame:
    """`person_id, contradiction, facts, zh, en`, one row a contradiction found, by person. What is unknown contradicts nothing."""
    rules = shipped(packs)
    found = evaluated(people, {c.id: c.when for c in rules}, packs.facts, on)
    parts = [
        found.lazy().filter(pl.col(c.id)).select(
            "person_id", pl.lit(c.id).alias("contradiction"), pl.lit(pl.Series([list(c.facts)])).first().alias("facts"),
            pl.lit(c.zh).alias("zh"), pl.lit(c.en).alias("en"),
        )
        for c in rules
    ]  # fmt: skip
    return pl.concat([pl.DataFrame(schema=SCHEMA), *pl.collect_all(parts)]).sort("person_id", "contradiction")


def contradictions_of(person: Mapping[str, Any], packs: PackSet, on: date) -> list[Contradiction]:
    """Those of one person."""
    return [c for c in shipped(packs) if holds(c.when, person, packs.facts, on)]


def facts_of(found: Iterable[Contradiction]) -> set[str]:
    """Facts that at least one of them doubts."""
    return {name for c in found for name in c.facts}
