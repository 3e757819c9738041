"""The skill radar for readers: rows of the night with names, what can be seen first, and the skills that somebody has marked."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.match.skills import find as find_skills
from leye.office.nightly.skills_step import POOLED, Skill, skills
from leye.office.published import Snapshot

ORDER = {"rising": 0, "falling": 1, "steady": 2, "unknown": 3}


@dataclass(frozen=True, slots=True)
class Blip:
    """A skill, `month` being the last ahead. mean, low, high: ads a month, band 80 % · before: what it is held against, `against` how · own:
    marked."""

    skill: Skill | None
    id: str
    month: date
    mean: float
    low: float | None
    high: float | None
    before: float | None
    against: str
    verdict: str
    own: bool


def blips(snapshot: Snapshot, own: str = "") -> list[Blip]:
    """All skills, own ones first, then visible changes, then the larger. own: words of the reader."""
    rows = snapshot.select("skill_radar", pl.lit(True))
    last = {r["skill"]: r for r in sorted(rows, key=lambda r: (r["skill"], r["ds"]))}
    mine = own_ids(own)
    found = [
        Blip(skills().get(name), name, r["ds"], r["mean"], r["lo-80"], r["hi-80"], r["before"], r["against"], r["verdict"], name in mine)
        for name, r in last.items()
    ]
    return sorted(found, key=lambda b: (b.id == POOLED, not b.own, ORDER[b.verdict], -b.mean, b.id))


def own_ids(words: str) -> Collection[str]:
    """Skills of the radar that somebody's words name: by the radar's own names, or by a name of the skill table that the radar counts."""
    said = [words, *(f.skill.label for f in find_skills(words))]
    return {s.id for s in skills().values() if any(re.search("|".join([*s.words, re.escape(s.zh)]), text) for text in said if text)}
