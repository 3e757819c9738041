"""Moves as the pages ask for them: by a word for the job and what somebody says of themselves; a person's own list goes through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from leye.kernel.clock import beijing_day
from leye.kernel.decision import Decision, InputValue, Outcome, Subject
from leye.kernel.reason import Reason
from leye.match.columns import EDUCATION
from leye.match.skills import find as find_skills
from leye.match.transitions import Held, Market, Move, Near, Profile, find, held_by, moves, nearest, path_to
from leye.match.transitions import Path as Way
from leye.match.transitions.courses import Offer, courses_for
from leye.match.transitions.telling import told as told_move
from leye.office.clock import now
from leye.office.decisions.gate import decide
from leye.office.decisions.ledger import Sealed
from leye.office.guidance.market import city_market
from leye.office.guidance.own import NOBODY, Home, Own, own_of
from leye.office.permissions import not_found, require
from leye.office.registry.cards import features_of, running_version

ALGO, PURPOSE = "match.moves", "career_guidance"
LONGEST = 300
"""Characters of own skills that are read."""
LEVEL = 3
"""Level of a skill that somebody names without one: a working level."""
COURSES = 2
"""Courses shown for a missing skill."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. job: a word or a code · skills: own words · education: one of EDUCATION, or empty."""

    job: str = ""
    skills: str = ""
    education: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Skills that the table knows in the own words, once each, in order."""
        return tuple(dict.fromkeys(f.skill.label for f in find_skills(self.skills[:LONGEST])))

    @property
    def level(self) -> str | None:
        """The education, None where none was chosen."""
        return self.education if self.education in EDUCATION else None


@dataclass(frozen=True, slots=True)
class Option:
    """A move with its way and the courses that give what is missing, by skill; a skill without a course has an empty list."""

    move: Move
    way: Way
    courses: tuple[tuple[str, tuple[Offer, ...]], ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """The answer. source: None where the word is no known job, then near has the nearest three."""

    asked: Asked
    own: Own
    source: Profile | None
    near: tuple[Near, ...]
    options: tuple[Option, ...]
    market: Market
    pay_fen: int | None

    @property
    def levels(self) -> Mapping[str, int]:
        """Label to level 1–5 of the skills that were named: as the own profile has it, else a working level."""
        return {label: self.own.skills.get(label, LEVEL) for label in self.asked.labels}


def guide(asked: Asked, own: Own = NOBODY) -> Guide:
    """Options from an occupation. own: whose levels of the named skills count and from whose home courses are looked for; nobody in particular
    without."""
    market = city_market(Path(settings.LEYE_DATA))
    source = find(asked.job) if asked.job else None
    if source is None:
        return Guide(asked, own, None, tuple(nearest(asked.job)), (), market, None)
    begun = Guide(asked, own, source, (), (), market, market.figure(source.code).pay_fen)
    held = held_by(source, begun.levels, education=asked.level)
    found = moves(held, market, source=source.code)
    on = market.on or beijing_day(now())
    return replace(begun, options=tuple(_option(m, held, market, source, own.home, on) for m in found))


def own_moves(asked: Asked, *, acting_user: Any, at: datetime) -> tuple[Guide, Sealed]:
    """The account's own list, through the gate: sealed with its reasons and inputs, to be seen among the decisions about oneself and objected to.

    Raises NotAllowed, NotFound for an account without a person or a job that no profile is of, GateRefused (then nothing may be shown).
    """
    require(acting_user, "moves.own")
    found = guide(asked, own_of(acting_user))
    if not acting_user.subject or found.source is None or not found.options:
        raise not_found()
    version = running_version(ALGO)
    sealed = decide(
        Decision(
            ALGO,
            version,
            Subject("person", acting_user.subject),
            PURPOSE,
            Outcome("options_shown"),
            _reasons(found),
            features_of(ALGO, version),
            _inputs(found),
            at,
            candidates=len(found.options),
        )
    )
    return found, sealed


def told(option: Option) -> dict[str, object]:
    """An option as plain JSON, with its way and courses."""
    way: list[object] = [{"code": s.to.code, "name": s.to.name, "hours": s.gap.hours} for s in option.way.steps]
    courses = {label: [{"id": o.course.id, "name": o.course.name, "start": o.start} for o in offers] for label, offers in option.courses}
    return {**told_move(option.move), "way": way, "courses": courses}


def _option(m: Move, held: Held, market: Market, source: Profile, home: Home | None, on: date) -> Option:
    lat, lon = (home.lat, home.lon) if home else (None, None)
    courses = tuple((s.label, tuple(courses_for(s.label, lat, lon, on, most=COURSES))) for s in m.gap.missing)
    return Option(m, path_to(held, m.target, market, source=source.code), courses)


def _reasons(found: Guide) -> tuple[Reason, ...]:
    """One sentence an option: what is there of it, what is to be learnt, what it is best at among those shown."""
    told = []
    for option in found.options:
        m = option.move
        code = f"best_{m.best_in[0]}" if m.best_in else "not_beaten"
        zh = f"{m.target.name}：已会{m.gap.coverage:.0%}，要学约{m.gap.hours}小时"
        en = f"{m.target.official}: {m.gap.coverage:.0%} of its skills are there, about {m.gap.hours} hours to learn"
        told.append(Reason(zh, en, "card:match.moves", code))
    return tuple(told)


def _inputs(found: Guide) -> dict[str, InputValue]:
    options: list[InputValue] = [
        {
            "code": o.move.target.code, "distance": round(o.move.distance, 6), "pay_change": o.move.pay_change and round(o.move.pay_change, 6),
            "trend": o.move.figure.trend, "exposure": list(o.move.figure.exposure or ()), "missing": [s.label for s in o.move.gap.missing],
        }
        for o in found.options
    ]  # fmt: skip
    assert found.source is not None
    levels: dict[str, InputValue] = {**found.levels}
    return {
        "occupation": found.source.code, "skills": list(found.asked.labels), "skill_levels": levels,
        "education": found.asked.level, "options": options,
        "market_on": found.market.on.isoformat() if found.market.on else None,
    }  # fmt: skip
