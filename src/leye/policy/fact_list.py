"""Facts and derived facts as one list of plain rows, for terminal, API and page."""

from __future__ import annotations

from typing import Any

from leye.policy.facts import Fact
from leye.policy.pack import Derived, PackSet


def fact_rows(packs: PackSet) -> list[dict[str, Any]]:
    """One row a fact, in the order of the table, derived facts after them.

    Keys: id, zh, type, unit, kind, about, is_derived, is_range, allowed, values_zh, meaning_zh, meaning_en, source_zh.
    """
    return [_row(f) for f in packs.facts] + [_derived_row(d) for d in packs.derived.values()]


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "zh": fact.zh,
        "type": fact.type,
        "unit": fact.unit,
        "kind": fact.kind,
        "about": fact.about,
        "is_derived": False,
        "is_range": fact.is_range,
        "allowed": list(fact.allowed),
        "values_zh": list(fact.values_zh),
        "meaning_zh": fact.meaning_zh,
        "meaning_en": fact.meaning_en,
        "source_zh": fact.source_zh,
    }


def _derived_row(derived: Derived) -> dict[str, Any]:
    forms = [f for f in derived.forms if f.source]
    return {
        "id": derived.id,
        "zh": derived.zh,
        "type": derived.type,
        "unit": derived.unit,
        "kind": "derived",
        "about": "",
        "is_derived": True,
        "is_range": False,
        "allowed": ["true", "false"] if derived.type == "bool" else [],
        "values_zh": [],
        "meaning_zh": derived.say,
        "meaning_en": derived.say_en,
        "source_zh": "；".join(dict.fromkeys(f.source for f in forms)),
    }
