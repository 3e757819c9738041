"""A region cell as a path of names: longest known form first, every step inside the one before; what is left over is the tail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leye.intake.cells.region_table import Owner, RegionTable, longest_form, owners_by_form
from leye.kernel.codes import RegionSpell

SEPARATORS = re.compile(r"[\s/\\>·、,，|_.;:→\-–—―─~()\[\]【】]+")
_FILLER = re.compile(r"市辖区|(?:省|自治区)直辖县级行政(?:区划|单位)|省直辖县|\|县\|")


@dataclass(frozen=True, slots=True)
class Path:
    """What was recognised. `owners`: spells that the last name may mean inside the path; `steps`: number of names;
    `official`: whether the last name was written in full; `conflict`: whether a known name did not fit."""

    owners: tuple[Owner, ...]
    steps: int
    official: bool
    tail: str
    conflict: bool = False


def lies_in(code: str, parent: str) -> bool:
    """Whether a code lies strictly inside another by its digits."""
    if code == parent:
        return False
    return code[:2] == parent[:2] if parent.endswith("0000") else parent.endswith("00") and code[:4] == parent[:4]


def split_path(text: str, table: RegionTable) -> Path:
    """Walk the text from the left. Names that exist only after the table's time are not seen."""
    rest = _FILLER.sub("|", SEPARATORS.sub("|", text)).strip("|")
    owners: tuple[Owner, ...] = ()
    steps, official, conflict = 0, False, False
    while rest:
        step = _next(rest, owners, table)
        if step is None:
            conflict = bool(owners) and _is_other_name(rest, table)
            break
        form, found = step
        if steps and _is_county_level(owners) and not _is_whole(rest, form):
            conflict = _is_other_name(rest, table)
            break  # text below a county may hold the names of other places: 黄浦区南京东路
        owners, official = found, any(o.is_official for o in found)
        rest = rest[len(form) :].lstrip("|")
        steps += 1
    return Path(owners, steps, official, rest.replace("|", ""), conflict)


def _next(rest: str, parents: tuple[Owner, ...], table: RegionTable) -> tuple[str, tuple[Owner, ...]] | None:
    index = owners_by_form()
    limit = min(len(rest), longest_form())
    for length in range(limit, 1, -1):
        known = index.get(rest[:length])
        if known is None:
            continue
        born = tuple(o for o in known if table.find(o.spell) is not None)
        fitting = _inside(born, parents, table) if parents else born
        if fitting:
            return rest[:length], fitting
    return None


def _inside(children: tuple[Owner, ...], parents: tuple[Owner, ...], table: RegionTable) -> tuple[Owner, ...]:
    """Children strictly inside a parent, by their own codes or those of their successors; else the parent named again."""
    codes = {c for p in parents for c in _codes(p.spell, table)}
    strict = tuple(c for c in children if any(lies_in(code, p) for code in _codes(c.spell, table) for p in codes))
    if strict:
        return strict
    return tuple(c for c in children if c.spell.code in codes)


def _codes(spell: RegionSpell, table: RegionTable) -> list[str]:
    found = table.find(spell)
    return [spell.code, *(s.code for s in found.spells)] if found else [spell.code]


def _is_county_level(owners: tuple[Owner, ...]) -> bool:
    return all(o.spell.level == "county" for o in owners)


def _is_whole(rest: str, form: str) -> bool:
    return rest == form or rest[len(form) : len(form) + 1] == "|"


def _is_other_name(rest: str, table: RegionTable) -> bool:
    """Whether the rest begins with (or is) another division's name, written in full or standing alone."""
    head = rest.split("|")[0]
    index = owners_by_form()
    if any(table.find(o.spell) for o in index.get(head, ())):
        return True
    return any(
        o.is_official and table.find(o.spell)
        for start in range(len(head))
        for end in range(start + 3, min(len(head), start + longest_form()) + 1)
        for o in index.get(head[start:end], ())
    )
