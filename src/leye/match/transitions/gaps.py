"""What separates somebody from an occupation: skills, certificates, schooling, and the hours to get there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from leye.match.columns import EDUCATION
from leye.match.transitions.profiles import CORE, Profile, certificates, profiles, skills

CARRIES_OVER = 0.4
"""Share of a skill that a held skill of its family saves. # chosen by us: a cashier learns to count a till faster than a stranger, and still
learns"""
TOP_LEVEL = 5
"""Levels of a person's skills run 1–5 (match/columns)."""


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody brings. skills: label to strength 0–1 · certificates: names, valid on the day · education: their own level, None unknown ·
    at_least: level that their occupation usually asks for, so that they have it or were taken without it."""

    skills: Mapping[str, float]
    certificates: frozenset[str]
    education: str | None
    at_least: str = "none"


@dataclass(frozen=True, slots=True)
class MissingSkill:
    """held: 0–1, what is there of it · hours: still to learn · importance: 1–3 in the target."""

    label: str
    importance: int
    held: float
    hours: int


@dataclass(frozen=True, slots=True)
class Gap:
    """coverage: 0–1, of the target's skills weighted by importance × rarity · missing: heaviest first · certificates: required and not held · hours:
    of training, skills and certificates · levels: of schooling short of what is usual, 0 none, None unknown: to be asked · levels_at_most: the same
    if no more
    is there than is known."""

    coverage: float
    missing: tuple[MissingSkill, ...]
    certificates: tuple[str, ...]
    hours: int
    levels: int | None
    levels_at_most: int


def held_by(
    profile: Profile | None, own: Mapping[str, int] | None = None, own_certificates: Iterable[str] = (), education: str | None = None
) -> Held:
    """What somebody of an occupation brings, together with what they say of themselves.

    own: label to level 1–5 (three or more is a working level) · education: their own; an occupation only tells a least level, for many riders hold a
    diploma. An own word never lowers what the occupation brings: who left a skill out of a form has not unlearnt it.
    """
    strengths = {} if profile is None else {label: weight / CORE for label, weight in profile.skills.items()}
    for label, level in (own or {}).items():
        strengths[label] = max(strengths.get(label, 0.0), min(1.0, level / (TOP_LEVEL - 2)))
    papers = frozenset(own_certificates) | (frozenset(profile.required) if profile else frozenset())
    return Held(strengths, papers, education, profile.education if profile else "none")


def joined(held: Held, profile: Profile) -> Held:
    """What is there after having worked in an occupation as well."""
    more = held_by(profile)
    strengths = {label: max(held.skills.get(label, 0.0), more.skills.get(label, 0.0)) for label in {**held.skills, **more.skills}}
    return Held(strengths, held.certificates | more.certificates, held.education, held.at_least)


def gap(held: Held, target: Profile) -> Gap:
    """The gap; skills in order of weight × what is missing, then label."""
    family = _by_family(held)
    whole, there, rows = 0.0, 0.0, []
    for label, importance in target.skills.items():
        have, weight = strength(held, family, label, importance), importance * rarity()[label]
        whole, there = whole + weight, there + weight * have
        if have < 1:
            rows.append((weight * (1 - have), MissingSkill(label, importance, round(have, 6), _hours(label, importance, have))))
    rows.sort(key=lambda r: (-round(r[0], 9), r[1].label))
    papers = tuple(c for c in target.required if c not in held.certificates)
    hours = sum(m.hours for _w, m in rows) + sum(certificates()[c].hours for c in papers)
    short = max(0, _level(target.education) - _level(held.education or held.at_least))
    return Gap(there / whole, tuple(m for _w, m in rows), papers, hours, None if held.education is None and short else short, short)


def strength(held: Held, family: Mapping[str, float], label: str, importance: int) -> float:
    """0–1: how far what is held reaches what the target asks; a skill of the family counts CARRIES_OVER."""
    needed = importance / CORE
    own = min(1.0, held.skills.get(label, 0.0) / needed)
    return max(own, CARRIES_OVER * min(1.0, family.get(skills()[label].family, 0.0) / needed))


@cache
def rarity() -> Mapping[str, float]:
    """Label -> weight in (0, 1]: log((N + 1) / n) / log(N + 1), n of the N profiles having it, so that what every job asks for says little (the
    inverse document frequency of Spärck Jones 1972, J. Documentation 28(1), scaled to 1 for what one job alone asks for)."""
    n = len(profiles())
    counts = dict.fromkeys(skills(), 0)
    for profile in profiles().values():
        for label in profile.skills:
            counts[label] += 1
    return {label: math.log((n + 1) / max(count, 1)) / math.log(n + 1) for label, count in counts.items()}


def _hours(label: str, importance: int, have: float) -> int:
    """Hours to the level asked for: a useful skill is learnt to a third of the working level."""
    return math.ceil(skills()[label].hours * importance / CORE * (1 - have))


def _by_family(held: Held) -> dict[str, float]:
    best: dict[str, float] = {}
    for label, value in held.skills.items():
        if label in skills():
            family = skills()[label].family
            best[family] = max(best.get(family, 0.0), value)
    return best


def _level(word: str) -> int:
    """0 none … 7 doctor; secondary school and vocational school stand side by side."""
    if word == "none":
        return 0
    return (
        EDUCATION.index("senior_high" if word == "secondary_vocational" else word) + 1 - (word in {"junior_college", "bachelor", "master", "doctor"})
    )
