"""Divisions by form of name and by code, as one table in time sees them: listed then, gone before (successors), or not yet born."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leye.intake.cells.region_names import short_forms, stem
from leye.kernel.codes import LATEST_REGION_TABLE, RegionSpell, region_spells, region_spells_by_code, region_table_months
from leye.kernel.period import Month, Period

_CODES = Path(__file__).parents[2] / "packs" / "codes"


@dataclass(frozen=True, slots=True)
class Owner:
    """A spell that bears a form of name; `is_official` when the form is its whole name."""

    spell: RegionSpell
    is_official: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a spell is at a time: the divisions listed then, and whether they are its successors."""

    spells: tuple[RegionSpell, ...]
    by_successor: bool = False
    uncertain: bool = False


def _pairs(name: str) -> list[tuple[str, str]]:
    with (_CODES / name).open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in list(csv.reader(file))[1:]]


@cache
def letters() -> dict[str, str]:
    """One-character province names to codes."""
    return dict(_pairs("region_letters.csv"))


@cache
def owners_by_form() -> dict[str, tuple[Owner, ...]]:
    """Every form of every name to the spells that bear it."""
    found: dict[str, list[Owner]] = {}
    for spell in region_spells():
        found.setdefault(spell.name, []).append(Owner(spell, True))
        for form in short_forms(spell.name):
            found.setdefault(form, []).append(Owner(spell, False))
    for alias, code in _pairs("region_aliases.csv"):
        known = found.setdefault(alias, [])
        known.extend(Owner(s, False) for s in region_spells_by_code()[code] if s.is_current and all(o.spell != s for o in known))
    return {form: tuple(owners) for form, owners in found.items()}


@cache
def longest_form() -> int:
    """Characters of the longest form."""
    return max(map(len, owners_by_form()))


@dataclass(frozen=True, slots=True)
class RegionTable:
    """The divisions of one stretch of months `YYYY-MM`, both inclusive."""

    first: str
    last: str

    @classmethod
    def of(cls, period: Period | None) -> RegionTable:
        """The table of a period; without one the newest."""
        if period is None:
            return cls(LATEST_REGION_TABLE, LATEST_REGION_TABLE)
        return cls(str(Month.of(period.start)), str(Month.of(period.end)))

    def lists(self, spell: RegionSpell) -> bool:
        """Whether the spell holds at the end of the stretch."""
        return spell.is_listed_in(self.last)

    def touches(self, spell: RegionSpell) -> bool:
        """Whether the spell holds at any time of the stretch."""
        return spell.first_month <= self.last and spell.last_month >= self.first

    def is_gone(self, spell: RegionSpell) -> bool:
        """Whether the spell ended before the stretch."""
        return spell.last_month < self.first

    def is_undated(self, spell: RegionSpell) -> bool:
        """Whether the stretch lies between the two tables that saw a change of this spell, with no exact day to decide."""
        before_newest = region_table_months()[-2]
        inside = before_newest < self.last < LATEST_REGION_TABLE
        ending = not spell.is_current and spell.valid_to is None and spell.seen_to == before_newest
        beginning = spell.valid_from is None and spell.seen_from == LATEST_REGION_TABLE
        return inside and (ending or beginning)

    def find(self, spell: RegionSpell) -> Found | None:
        """The spell itself when it holds in the stretch, else its successors then; None when it came later or left nothing."""
        if self.is_undated(spell):
            if spell.is_current:
                return Found((spell,))
            heirs = tuple(h for code in spell.successors for h in region_spells_by_code().get(code, ()) if h.is_current)
            changed = [h for h in heirs if h.valid_from is None or f"{h.valid_from:%Y-%m}" > self.last]
            return Found((spell, *heirs), uncertain=True) if changed else Found(heirs, by_successor=True)
        if self.touches(spell):
            return Found((spell,))
        if not self.is_gone(spell):
            return None
        heirs = tuple(dict.fromkeys(self._heirs(spell, 0)))
        return Found(heirs, by_successor=True) if heirs else self._namesake(spell)

    def _heirs(self, spell: RegionSpell, depth: int) -> list[RegionSpell]:
        found: list[RegionSpell] = []
        for code in spell.successors:
            spells = region_spells_by_code().get(code, ())
            listed = [s for s in spells if self.lists(s) or (self.is_undated(s) and s.is_current)]
            if listed:
                found += listed
                continue
            gone = [s for s in spells if self.is_gone(s) and s != spell]
            if gone and depth < 6:  # chosen by us: the longest chain in the table has four steps
                found += self._heirs(gone[-1], depth + 1)
            else:
                found += self._between(spell, code)
        return found

    def _between(self, spell: RegionSpell, code: str) -> list[RegionSpell]:
        """Divisions of the same stem that were listed while the final successor was not yet born."""
        same = {o.spell for o in owners_by_form().get(stem(spell.name), ()) if code in o.spell.successors or o.spell.code == code}
        return sorted((s for s in same if self.lists(s)), key=lambda s: s.code)

    def _namesake(self, spell: RegionSpell) -> Found | None:
        """The one listed division of the same province and stem, for the few spells without a successor in the table."""
        same = {o.spell for o in owners_by_form().get(stem(spell.name), ()) if o.spell.code[:2] == spell.code[:2] and self.lists(o.spell)}
        return Found(tuple(same), by_successor=True) if len(same) == 1 else None
