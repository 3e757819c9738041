"""The gate: every hard condition of a pair, passed, failed or unknown. Only what is known to fail rejects; the unknown is asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from leye.match.columns import EDUCATION
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.words import plain

Verdict = Literal["pass", "fail", "unknown"]
ALWAYS = ("closes_on", "city", "pay_min_fen", "form", "limits")
"""Conditions of every pair."""
NAMED = ("shift", "education_min", "relevant_years_min", "skill_grade_min", "languages_required", "certificates_required")
"""Conditions that bind when the advert names them in `hard`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One hard condition. name: one of ALWAYS or NAMED · verdict · asks: `person` or `employer`, who could settle an unknown, else None."""

    name: str
    verdict: Verdict
    asks: Literal["person", "employer"] | None = None


def conditions(person: Profile, job: Advert) -> list[Condition]:
    """Every condition of the pair, in the order of ALWAYS and NAMED; named ones that the advert does not bind are left out."""
    return [_RULES[name](person, job) for name in (*ALWAYS, *(n for n in NAMED if n in job.hard))]


def passes(person: Profile, job: Advert) -> bool:
    """Whether no condition is known to fail."""
    return all(c.verdict != "fail" for c in conditions(person, job))


def schooling(level: str | None) -> int | None:
    """Place of a level of schooling, `none` lowest at -1; None when unknown."""
    return None if level is None else -1 if level == "none" else EDUCATION.index(level)


def _judge(name: str, mine: object, theirs: object, holds: Callable[[], bool]) -> Condition:
    """Unknown where either side is; the person is asked first, for the advert's side can be read by anybody."""
    if theirs is None:
        return Condition(name, "unknown", "employer")
    if mine is None:
        return Condition(name, "unknown", "person")
    return Condition(name, "pass" if holds() else "fail")


def _closes(person: Profile, job: Advert) -> Condition:
    end = job.row["closes_on"]
    return _judge("closes_on", person.on, end, lambda: bool(end >= person.on))


def _city(person: Profile, job: Advert) -> Condition:
    """City wished for, or remote, or ready to move: known to fail only when all three are known to be false."""
    remote, moves, city, cities = job.row["remote"], person.row["relocate"], job.row["city"], person.row["cities"]
    if remote or moves or (city is not None and cities is not None and city in cities):
        return Condition("city", "pass")
    if cities is None or moves is None:
        return Condition("city", "unknown", "person")
    return Condition("city", "unknown", "employer") if city is None or remote is None else Condition("city", "fail")


def _pay(person: Profile, job: Advert) -> Condition:
    least, most = person.least_fen, job.most_fen
    return _judge("pay_min_fen", least, most, lambda: most is not None and least is not None and most >= least)


def _form(person: Profile, job: Advert) -> Condition:
    return _judge("form", person.row["forms"], job.row["form"], lambda: job.row["form"] in person.row["forms"])


def _limits(person: Profile, job: Advert) -> Condition:
    limits, around = person.row["limits"], job.row["environment"]
    if limits == [] or around == []:
        return Condition("limits", "pass")
    return _judge("limits", limits, around, lambda: not set(limits) & set(around))


def _shift(person: Profile, job: Advert) -> Condition:
    return _judge("shift", person.row["shifts"], job.row["shift"], lambda: job.row["shift"] in person.row["shifts"])


def _education(person: Profile, job: Advert) -> Condition:
    held, least = schooling(person.row["education"]), schooling(job.row["education_min"])
    if least == -1:
        return Condition("education_min", "pass")
    return _judge("education_min", held, least, lambda: held is not None and least is not None and held >= least)


def _at_least(name: str, mine: str) -> Callable[[Profile, Advert], Condition]:
    def rule(person: Profile, job: Advert) -> Condition:
        held, least = person.row[mine], job.row[name]
        if least is not None and least <= 0:
            return Condition(name, "pass")
        return _judge(name, held, least, lambda: bool(held >= least))

    return rule


def _languages(person: Profile, job: Advert) -> Condition:
    wanted, spoken = job.row["languages_required"], person.row["languages"]
    if wanted == []:
        return Condition("languages_required", "pass")
    return _judge("languages_required", spoken, wanted, lambda: {plain(w) for w in wanted} <= {plain(w) for w in spoken})


def _certificates(person: Profile, job: Advert) -> Condition:
    """All held and none run out; one of unknown end is asked about."""
    wanted, held = job.row["certificates_required"], person.certificates
    if wanted == []:
        return Condition("certificates_required", "pass")
    if wanted is None or held is None:
        return Condition("certificates_required", "unknown", "employer" if wanted is None else "person")
    sought = {plain(w) for w in wanted}
    if any(name not in held or person.is_expired(name) for name in sought):
        return Condition("certificates_required", "fail")
    unsure = any(held[name] is None for name in sought)
    return Condition("certificates_required", "unknown" if unsure else "pass", "person" if unsure else None)


_RULES: dict[str, Callable[[Profile, Advert], Condition]] = {
    "closes_on": _closes, "city": _city, "pay_min_fen": _pay, "form": _form, "limits": _limits, "shift": _shift, "education_min": _education,
    "relevant_years_min": _at_least("relevant_years_min", "relevant_years"), "skill_grade_min": _at_least("skill_grade_min", "skill_grade"),
    "languages_required": _languages, "certificates_required": _certificates,
}  # fmt: skip
