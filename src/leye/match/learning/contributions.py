"""Contributions of showings, summed by groups of features: the same items that explain a pair, taken on the day of showing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.match.learning.asof import Row, Versions, shown_days
from leye.match.ranking import points
from leye.match.ranking.employer_side import employer_items
from leye.match.ranking.item import Item
from leye.match.ranking.person_side import person_items
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.weights import UNITS, Weights

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """Features that share one scale, and the entries of the pack that the scale multiplies."""

    name: str
    features: tuple[str, ...]
    entries: tuple[str, ...]


def _one(name: str, entry: str | None = None) -> Group:
    return Group(name, (name,), (entry or name,))


GROUPS: dict[str, tuple[Group, ...]] = {
    "person": (
        *(_one(n) for n in ("target_codes", "pay", "location", "commute", "cities", "form", "shift", "needs")),
        _one("record", "employer_record"), _one("available_from", "freshness"),
    ),
    "employer": (
        # what a project or a word of the text counts is a share of a listed skill: one scale, or a listed skill could count less than a mentioned one
        Group("skills", ("skills", "project_skills", "text"), ("skills", "project_skills", "text")),
        Group("certificates", ("certificates", "certificate_until"), ("certificates", "certificate_until")),
        Group("digital", ("digital",), ("digital", "equipment")),
        *(_one(n) for n in ("current_code", "occupation_distance", "skill_levels", "trainings", "skill_grade", "relevant_years", "total_years")),
        *(_one(n) for n in ("education", "major", "languages", "industries", "available_from", "record")),
    ),
}  # fmt: skip
"""Every feature of a side stands in one group; a test holds this against the pack."""


@dataclass(frozen=True)
class Pairs:
    """Showings that could be read. keep: (rows,) places among the events · people, jobs: (rows,) as on the day · unread: events left out."""

    keep: NDArray[np.int64]
    people: list[Profile]
    jobs: list[Advert]
    unread: int


def pairs_of(events: pl.DataFrame, people: Versions, jobs: Versions) -> Pairs:
    """Both sides of every showing as they were on its day; a showing of which one side was not known then is left out and counted."""
    profiles: dict[tuple[str, int, date], Profile] = {}
    adverts: dict[tuple[str, int], Advert] = {}
    keep: list[int] = []
    mine: list[Profile] = []
    theirs: list[Advert] = []
    ids = zip(events["person_id"].to_list(), events["job_id"].to_list(), shown_days(events), strict=True)
    for k, (person_id, job_id, day) in enumerate(ids):
        one, other = people.on(person_id, day), jobs.on(job_id, day)
        if one is None or other is None:
            continue
        keep.append(k)
        mine.append(_kept(profiles, (person_id, one[0], day), one[1], lambda row, day=day: Profile(row, day)))  # type: ignore[misc]
        theirs.append(_kept(adverts, (job_id, other[0]), other[1], Advert))
    return Pairs(np.array(keep, dtype=np.int64), mine, theirs, len(events) - len(keep))


def _kept(cache: dict[Any, Any], key: Any, row: Row, make: Callable[[Row], Any]) -> Any:
    """What was made of a row once, for its words are taken apart only once."""
    if key not in cache:
        cache[key] = make(row)
    return cache[key]


def contributions(pairs: Pairs, side: str) -> Floats:
    """(rows, groups of the side) in logits under the weights of the shipped pack."""
    items: Callable[[Profile, Advert], list[Item]] = person_items if side == "person" else employer_items
    place = {feature: k for k, group in enumerate(GROUPS[side]) for feature in group.features}
    made = np.zeros((len(pairs.people), len(GROUPS[side])))
    for row, (person, job) in enumerate(zip(pairs.people, pairs.jobs, strict=True)):
        for item in items(person, job):
            made[row, place[item.feature]] += item.units
    return made / UNITS


def chances(pairs: Pairs, w: Weights) -> tuple[Floats, Floats]:
    """(rows,) p_person and p_employer under any weights, by the code that ranks and explains."""
    sides: tuple[tuple[Any, Callable[[Profile, Advert, points.W | None], list[Item]]], ...] = ((w.person, person_items), (w.employer, employer_items))
    both = [
        np.array([side.probability(side.base + sum(i.units for i in items(p, j, side.by))) for p, j in zip(pairs.people, pairs.jobs, strict=True)])
        for side, items in sides
    ]
    return both[0], both[1]
