"""A person and an advert as the rules read them: one row of each table, words made comparable, pay in monthly terms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from leye.match.columns import PER_MONTH
from leye.match.ranking.words import GAP, fenced, pairs, plain, searchable, skill_name

Row = Mapping[str, Any]


def monthly_fen(fen: int | None, period: str | None) -> float | None:
    """Pay in monthly terms (day × 21.75, hour × 174, year ÷ 12); None when the sum or its period is unknown."""
    return None if fen is None or period is None else fen * PER_MONTH[period]


def unit_vector(lat: float | None, lon: float | None) -> tuple[float, float, float] | None:
    """Place on the unit sphere; None when either angle is unknown."""
    if lat is None or lon is None:
        return None
    a, b = math.radians(lat), math.radians(lon)
    return (math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a))


def names(words: list[str] | None) -> dict[str, str] | None:
    """Comparable form to the word as written, in the order written; None when unknown."""
    return None if words is None else {plain(w): w for w in reversed(words)}


def skill_names(words: list[str] | None) -> dict[str, str] | None:
    """Name of the skill table to the word as written; None when unknown."""
    return None if words is None else {skill_name(w): w for w in reversed(words)}


@dataclass(frozen=True)
class Profile:
    """A row of PEOPLE (typed by `tables.read_people`) on a day."""

    row: Row
    on: date

    @cached_property
    def skills(self) -> dict[str, str] | None:
        """Skills of the list."""
        return skill_names(self.row["skills"])

    @cached_property
    def levels(self) -> dict[str, int | None]:
        """Level of each listed skill, the highest where one stands twice; None: unknown. A list of levels that is empty says 0: none is shown."""
        skills, levels = self.row["skills"] or [], self.row["skill_levels"]
        if not skills:
            return {}
        beside = [None] * len(skills) if levels is None else levels if levels else [0] * len(skills)
        found: dict[str, int | None] = {}
        for word, level in zip(skills, beside, strict=True):
            name = skill_name(word)
            known = [x for x in (level, found.get(name)) if x is not None]
            found[name] = max(known) if known else None
        return found

    @cached_property
    def projects(self) -> dict[str, str] | None:
        """Skills used in projects."""
        return skill_names(self.row["project_skills"])

    @cached_property
    def certificates(self) -> dict[str, date | bool | None] | None:
        """Name to the day it runs out, True for no end, None where nothing is known of its end; of equal names the one valid longest."""
        held, until = self.row["certificates"], self.row["certificate_until"]
        if held is None:
            return None
        ends: list[date | bool | None] = [None] * len(held) if not (until and held) else [True if d is None else d for d in until]
        found: dict[str, date | bool | None] = {}
        for word, end in zip(held, ends, strict=True):
            name = plain(word)
            if name not in found or _lasts(end) > _lasts(found[name]):
                found[name] = end
        return found

    def is_expired(self, certificate: str) -> bool:
        """Whether a held certificate (comparable form) ran out before the day."""
        end = (self.certificates or {}).get(certificate)
        return isinstance(end, date) and end < self.on

    @cached_property
    def least_fen(self) -> float | None:
        """Least monthly pay wished for."""
        return monthly_fen(self.row["pay_min_fen"], self.row["pay_period"])

    @cached_property
    def hoped_fen(self) -> float | None:
        """Most monthly pay wished for."""
        return monthly_fen(self.row["pay_max_fen"], self.row["pay_period"])

    @cached_property
    def place(self) -> tuple[float, float, float] | None:
        """On the unit sphere."""
        return unit_vector(self.row["lat"], self.row["lon"])

    @cached_property
    def told(self) -> str:
        """Free text in the form in which words are looked for, nothing protected in it."""
        return searchable(self.row["text"] or "")

    @cached_property
    def told_pairs(self) -> frozenset[str]:
        """Pairs of characters of the free text."""
        return pairs(self.told)


@dataclass(frozen=True)
class Advert:
    """A row of JOBS (typed by `tables.read_jobs`)."""

    row: Row

    @cached_property
    def required(self) -> dict[str, int | None]:
        """Skills asked for, with the least level (None: none said; of equal names the lower)."""
        skills, levels = self.row["skills_required"] or [], self.row["skill_level_min"]
        if not skills:
            return {}
        found: dict[str, int | None] = {}
        for word, level in zip(skills, levels if levels else [None] * len(skills), strict=True):
            name, least = skill_name(word), level if level and level > 0 else None
            found[name] = least if name not in found or least is None else min(least, found[name] or least)
        return found

    @cached_property
    def preferred(self) -> dict[str, str]:
        """Skills that are welcome and not asked for."""
        return {k: w for k, w in (skill_names(self.row["skills_preferred"]) or {}).items() if k not in self.required}

    @cached_property
    def written(self) -> dict[str, str]:
        """Skill name to the word of the lists."""
        return (skill_names(self.row["skills_preferred"]) or {}) | (skill_names(self.row["skills_required"]) or {})

    @cached_property
    def told(self) -> str:
        """Title and text in the form in which words are looked for."""
        return fenced(self.row["title"] or "") + GAP + fenced(self.row["text"] or "")

    @cached_property
    def least_fen(self) -> float | None:
        """Least monthly pay."""
        return monthly_fen(self.row["pay_min_fen"], self.row["pay_period"])

    @cached_property
    def most_fen(self) -> float | None:
        """Most monthly pay."""
        return monthly_fen(self.row["pay_max_fen"], self.row["pay_period"])

    @cached_property
    def place(self) -> tuple[float, float, float] | None:
        """On the unit sphere."""
        return unit_vector(self.row["lat"], self.row["lon"])

    @cached_property
    def title_pairs(self) -> frozenset[str]:
        """Pairs of characters of the title, nothing protected in it."""
        return pairs(searchable(self.row["title"] or ""))

    @cached_property
    def spans(self) -> dict[tuple[str, ...], tuple[int, int] | None]:
        """Where words were found in the text (`ranking.spans`): twenty people of one list ask for the same ones."""
        return {}

    @cached_property
    def told_conditions(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Lines about the conditions (`ranking.reasons`), by condition and verdict."""
        return {}

    @cached_property
    def hard(self) -> frozenset[str]:
        """Conditions that the advert makes binding."""
        return frozenset(self.row["hard"] or [])


def _lasts(end: date | bool | None) -> date:
    return date.min if end is None else date.max if end is True else end  # type: ignore[return-value]
