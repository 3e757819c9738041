"""Alarm rows of a scan become spells: a beginning, and what followed until the lamp went out. Plain functions over rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

RECENT_DAYS = 92  # chosen by us: a lamp that went out within the last quarter is still worth a look at the desk


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm row. kind: onset, rise or still (evidence of leye.watch)."""

    unique_id: str
    ds: date
    level: str
    score: float
    evidence: dict[str, Any]

    @property
    def kind(self) -> str:
        """Rows without a kind begin a spell of their own."""
        return str(self.evidence.get("kind", "onset"))


@dataclass(frozen=True, slots=True)
class Spell:
    """rows: at least one, oldest first, all of one series and direction."""

    rows: tuple[Row, ...]
    is_lit: bool

    @property
    def begins(self) -> Row:
        """The onset."""
        return self.rows[0]

    @property
    def newest(self) -> Row:
        """What the lamp shows now."""
        return self.rows[-1]


def read_rows(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Rows of the table `alerts`; evidence is JSON text."""
    return [Row(r["unique_id"], r["ds"], r["level"], float(r["score"]), json.loads(r["evidence"])) for r in rows]


def spells(rows: Iterable[Row], lit: Mapping[str, date]) -> list[Spell]:
    """Group rows by series and direction; `lit` maps unique_id to the day since which its lamp burns, for lamps that burn at the end."""
    open_spells: dict[tuple[str, str], list[Row]] = {}
    found: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: (r.unique_id, r.ds)):
        key = (row.unique_id, str(row.evidence.get("direction", "")))
        if row.kind == "onset" or key not in open_spells:
            open_spells[key] = [row]
            found.append(open_spells[key])
        else:
            open_spells[key].append(row)
    last = {id(spell) for spell in open_spells.values()}
    return [Spell(tuple(s), id(s) in last and s[0].unique_id in lit and lit[s[0].unique_id] <= s[-1].ds) for s in found]


def worth_taking_up(spell: Spell, *, on: date) -> bool:
    """Burning, or out for less than a quarter; older spells stand on the series' page only."""
    return spell.is_lit or (on - spell.newest.ds).days <= RECENT_DAYS
