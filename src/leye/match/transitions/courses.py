"""Courses that give a skill: the nearest and soonest first. The shipped file is demo data; a city puts its own of the same form in its place."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from leye.kernel.errors import BadInput, Place
from leye.match.places import great_circle_km
from leye.packs import open_pack

IS_DEMO = True
"""The shipped courses are invented; pages say so."""
KM_A_WEEK = 2.0
"""Kilometres that weigh as much as waiting a week. # chosen by us: half an hour more on the bus, for some weeks of evenings"""


@dataclass(frozen=True, slots=True)
class Course:
    """A course. skills: labels it gives · hours · mode: classroom, online · region: six digits, empty online · lat, lon: degrees, None online ·
    first_start, every_weeks: when it begins, again and again · fee_yuan · subsidised: whether training subsidies are usually paid for it."""

    id: str
    name: str
    provider: str
    skills: tuple[str, ...]
    hours: int
    mode: str
    region: str
    lat: float | None
    lon: float | None
    address: str
    first_start: date
    every_weeks: int
    fee_yuan: int
    subsidised: bool

    def next_start(self, on: date) -> date:
        """First beginning on or after a day."""
        if on <= self.first_start:
            return self.first_start
        rounds = math.ceil((on - self.first_start).days / (7 * self.every_weeks))
        return self.first_start + timedelta(weeks=rounds * self.every_weeks)


@dataclass(frozen=True, slots=True)
class Offer:
    """A course as seen from somewhere on a day. km: as the crow flies, 0 online, None where the place asked from is unknown."""

    course: Course
    start: date
    km: float | None


@cache
def courses() -> tuple[Course, ...]:
    """All courses of the pack, in its order."""
    return read_courses(open_pack("courses/demo.csv"))


def read_courses(file: Path) -> tuple[Course, ...]:
    """Courses of a file of the pack's form. Raises BadInput (E_COURSE) with the line that cannot be read."""
    found: list[Course] = []
    with file.open(encoding="utf-8", newline="") as lines:
        for n, row in enumerate(csv.DictReader(lines), start=2):
            try:
                found.append(_course(row))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise _unread(file, n, str(error)) from error
    if len({c.id for c in found}) < len(found):
        raise _unread(file, 1, "id")
    return tuple(found)


def courses_for(skill: str, lat: float | None = None, lon: float | None = None, on: date = date.min, *, most: int | None = None) -> list[Offer]:
    """Offers that give a skill, best first: kilometres and weeks of waiting weighed against each other (KM_A_WEEK), then fee, then id.

    lat, lon: where from, degrees; without them only the start counts. on: day from which it may begin.
    """
    offers = [offer_of(c, lat, lon, on) for c in courses() if skill in c.skills]
    ranked = sorted(offers, key=lambda o: ((o.km or 0.0) + KM_A_WEEK * (o.start - on).days / 7, o.course.fee_yuan, o.course.id))
    return ranked[:most]


def offer_of(course: Course, lat: float | None, lon: float | None, on: date) -> Offer:
    """One course from somewhere on a day."""
    if course.lat is None or course.lon is None:
        return Offer(course, course.next_start(on), 0.0)
    known = lat is not None and lon is not None
    return Offer(course, course.next_start(on), great_circle_km(lat, lon, course.lat, course.lon) if known else None)  # type: ignore[arg-type]


def _course(row: dict[str, str]) -> Course:
    if row["mode"] not in {"classroom", "online"} or row["subsidised"] not in {"yes", "no"} or int(row["every_weeks"]) < 1 or int(row["hours"]) < 1:
        raise ValueError("mode, subsidised, every_weeks, hours")
    return Course(
        row["id"], row["name"], row["provider"], tuple(s for s in row["skills"].split("|") if s), int(row["hours"]), row["mode"], row["region"],
        float(row["lat"]) if row["lat"] else None, float(row["lon"]) if row["lon"] else None, row["address"], date.fromisoformat(row["first_start"]),
        int(row["every_weeks"]), int(row["fee_yuan"]), row["subsidised"] == "yes",
    )  # fmt: skip


def _unread(file: Path, n: int, what: str) -> BadInput:
    return BadInput(
        f"课程表这一行读不懂（{what}）", en=f"the line of courses cannot be read ({what})", remedy_zh="对照 packs/courses/README.md 的列改好",
        remedy_en="see packs/courses/README.md for the columns", places=(Place(file.name, row=n),), code="E_COURSE",
    )  # fmt: skip
