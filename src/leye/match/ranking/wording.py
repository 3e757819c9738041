"""Facts of an item to the words of a sentence, in Chinese or English: occupations, cities and closed vocabularies by name."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any, Literal

import yaml

from leye.packs import open_pack

Lang = Literal["zh", "en"]
_AT: dict[str, int] = {"zh": 0, "en": 1}


@cache
def _pack(name: str) -> Any:
    return yaml.safe_load(open_pack(f"ranking/{name}.yaml").read_text(encoding="utf-8"))


@cache
def _names(table: str) -> dict[str, str]:
    with open_pack(f"codes/{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def say_fact(fact: str, lang: Lang) -> str:
    """`word:night`, `schooling:4`, `grade:3`, `code:2060301` or `city:440100` as a name; anything else as it stands. Parts are joined by 、."""
    return "、".join(_say_one(part, lang) for part in fact.split("、"))


def _say_one(part: str, lang: Lang) -> str:
    kind, sign, value = part.partition(":")
    if not sign:
        return ("没有" if lang == "zh" else "none") if part == "none" else part
    if kind in ("code", "city"):
        return _names("occupations" if kind == "code" else "regions").get(value, value)
    table = _pack("terms").get(kind)
    return table[value][_AT[lang]] if table and value in table else part


def term(kind: str, key: str, lang: Lang) -> str:
    """A word of `ranking/terms.yaml`."""
    return str(_pack("terms")[kind][key][_AT[lang]])


def has_term(kind: str, key: str) -> bool:
    """Whether the pack holds it."""
    return key in _pack("terms")[kind]


def sentence(clause: str, facts: dict[str, str], span: tuple[int, int] | None, lang: Lang) -> str:
    """The sentence of a clause with its facts; places are counted from 1, both ends included, as a reader counts."""
    where = "" if span is None else f"（原文第{span[0] + 1}—{span[1]}字）" if lang == "zh" else f" (characters {span[0] + 1}–{span[1]} of the ad)"
    return str(_pack("clauses")[clause][_AT[lang]]).format(span=where, **{k: say_fact(v, lang) for k, v in facts.items()})
