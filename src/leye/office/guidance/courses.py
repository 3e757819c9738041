"""Courses as the open page asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from leye.match.skills import normalise
from leye.match.transitions.courses import Offer, courses, offer_of

MODES = ("classroom", "online")


@dataclass(frozen=True, slots=True)
class Asked:
    """skill: words for a skill or a part of a course's name · region: six digits; online courses are everywhere · mode · free: only those without a
    fee."""

    skill: str = ""
    region: str = ""
    mode: str = ""
    free: bool = False


def search(asked: Asked, on: date) -> list[Offer]:
    """Offers that fit, soonest first, then id."""
    label = normalise(asked.skill) if asked.skill else None
    found = [
        offer_of(c, None, None, on)
        for c in courses()
        if (not asked.skill or label in c.skills or asked.skill in c.name or any(asked.skill in s for s in c.skills))
        and (not asked.region or c.region in ("", asked.region))
        and (not asked.mode or c.mode == asked.mode)
        and (not asked.free or c.fee_yuan == 0)
    ]
    return sorted(found, key=lambda o: (o.start, o.course.id))


@cache
def regions() -> tuple[str, ...]:
    """Districts that have a course."""
    return tuple(sorted({c.region for c in courses() if c.region}))


@cache
def labels() -> tuple[str, ...]:
    """Skills that some course gives."""
    return tuple(sorted({s for c in courses() for s in c.skills}))
