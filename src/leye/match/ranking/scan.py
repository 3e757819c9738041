"""Best posts of one person: blocks by what they could reach at most, scored exactly, until no block left can change the list.

Contributions are whole numbers and probabilities come from one table, so that leaving blocks out changes no row and no digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from leye.match.ranking import points
from leye.match.ranking.board import Board
from leye.match.ranking.coded import Ints
from leye.match.ranking.profile import Profile
from leye.match.ranking.scan_skills import SkillScan
from leye.match.ranking.seeker import FAIL, Seeker, Tables
from leye.match.ranking.weights import LIMIT, weights

AT_ONCE = 8_192
"""Rows scored together. # chosen by us: their temporaries stay in the second-level cache"""
Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Found:
    """Rows of the board, best first, with both logits in units and the score."""

    rows: Rows
    person: Ints
    employer: Ints
    score: np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Reach:
    """Units that may yet come on each side beyond place and occupation (all), and beyond the tables too (late); base included."""

    all_person: int
    all_employer: int
    late_person: int
    late_employer: int


@dataclass(frozen=True)
class Scan:
    """Answers for people over one board."""

    board: Board
    tables: Tables

    def best(self, person: Profile, told: frozenset[str], top: int, *, exact: bool = False) -> Found:
        """The min(top, feasible) best posts. told: skills found in the person's text. exact: no block is left out."""
        seeker = self.tables.seeker(person)
        skills = SkillScan.of(self.board.skills, person, told)
        reach = _reach(seeker, skills)
        bound = self._bounds(seeker, reach)
        order = np.argsort(-bound, kind="stable")
        order = order[bound[order] >= 0.0]
        found, at = _none(), 0
        while at < len(order):
            floor = float(found.score[-1]) if len(found.rows) == top and not exact else -1.0
            if bound[order[at]] < floor:
                break
            end = at + self._enough(order[at:])
            rows, place = self._rows(seeker, order[at:end])
            found = self._merged(found, self._scored(seeker, skills, rows, place, reach, floor), top)
            at = end
        return found

    def one(self, person: Profile, told: frozenset[str], rows: Rows) -> Found:
        """Those of some rows that pass the gate, in the order given."""
        seeker = self.tables.seeker(person)
        skills = SkillScan.of(self.board.skills, person, told)
        blocks = np.searchsorted(self.board.blocks.last, rows, side="right")
        return self._scored(seeker, skills, rows, seeker.place[blocks], _reach(seeker, skills), -1.0)

    def _enough(self, order: Rows) -> int:
        sizes = np.cumsum(self.board.blocks.last[order] - self.board.blocks.first[order])
        return int(np.searchsorted(sizes, AT_ONCE)) + 1

    def _bounds(self, seeker: Seeker, reach: Reach) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The most a block's score can be; -1 where its place fails."""
        major = self.board.blocks.major
        high = _most(seeker.place + self._by_major(seeker.wish)[major], self._by_major(seeker.work)[major], reach.all_person, reach.all_employer)
        return np.where(seeker.place > FAIL // 2, high, -1.0)

    def _by_major(self, units: Ints) -> Ints:
        """The most that any occupation of each major group (0 unknown, 1 to 9) adds."""
        order, first, groups = self._majors
        made = np.full(10, FAIL, dtype=np.int32)
        if len(order):
            made[groups] = np.maximum.reduceat(units[order], first)
        return made

    @cached_property
    def _majors(self) -> tuple[Rows, Rows, Rows]:
        """Distinct occupations ordered by major group, where each group begins, and the groups."""
        majors = np.fromiter((int((c or "0")[0]) for c, _ in self.board.occupation.values), dtype=np.int64)
        groups, first = np.unique(np.sort(majors), return_index=True)
        return np.argsort(majors, kind="stable"), first, groups

    def _rows(self, seeker: Seeker, blocks: Rows) -> tuple[Rows, Ints]:
        first, size = self.board.blocks.first[blocks], (self.board.blocks.last - self.board.blocks.first)[blocks]
        rows = np.arange(size.sum()) + np.repeat(first - (np.cumsum(size) - size), size)
        return rows, np.repeat(seeker.place[blocks], size)

    def _scored(self, seeker: Seeker, skills: SkillScan, rows: Rows, place: Ints, reach: Reach, floor: float) -> Found:
        """Occupation first, then the columns that can fail, then the dear ones; rows that could not come up to `floor` leave between the steps."""
        board, person, w = self.board, seeker.person, weights()
        occupation = board.occupation.codes[rows]
        p, e = place + seeker.wish[occupation], seeker.work[occupation]
        if floor > 0:
            rows, p, e = _kept(_most(p, e, reach.all_person, reach.all_employer) >= floor, rows, p, e)
        for column, table in seeker.person_tables.items():
            p = p + table[board.by[column].codes[rows]]
        keep = p > FAIL // 2
        if person.least_fen is not None:
            keep &= ~(board.most_fen[rows] < person.least_fen)
        rows, p, e = _kept(keep, rows, p, e)
        for column, table in seeker.employer_tables.items():
            e = e + table[board.by[column].codes[rows]]
        rows, p, e = _kept(e > FAIL // 2, rows, p, e)
        if floor > 0:
            rows, p, e = _kept(_most(p, e, reach.late_person, reach.late_employer) >= floor, rows, p, e)
        p = p + np.int32(w.person.base) + board.static[rows] + self._pay(person, rows) + self._way(person, rows)
        e = e + np.int32(w.employer.base + points.record(w.employer.by, person.row["record_score"])) + skills.score(rows)
        return Found(rows, p, e, w.person.p[p + LIMIT] * w.employer.p[e + LIMIT])

    def _pay(self, person: Profile, rows: Rows) -> Ints:
        """`points.pay` of many rows."""
        w, offer = weights().person.by, self.board.offer[rows]
        least, hoped = points.log_of(person.least_fen), points.log_of(person.hoped_fen)
        if least is None and hoped is None:
            low, high = (points.log_of(float(x)) or 0.0 for x in w["pay_reference_fen"])
            made = np.rint(w["pay"]["no_wish"] * (1.0 - np.clip((offer - low) / (high - low), 0.0, 1.0)))
        else:
            parts = [(w["pay"]["least"], least), (w["pay"]["hoped"], hoped)]
            made = sum((np.rint(weight * np.clip(offer - wish, -1.0, 1.0)) for weight, wish in parts if wish is not None), np.zeros(len(rows)))
        return _whole(made)

    def _way(self, person: Profile, rows: Rows) -> Ints:
        """`points.location` and `points.commute` of many rows."""
        if person.place is None:
            return np.zeros(len(rows), dtype=np.int32)
        w = weights().person.by
        x, y, z = (axis[rows] - here for axis, here in zip(self.board.places, person.place, strict=True))
        km = points.distance_km(np.sqrt(x * x + y * y + z * z))  # type: ignore[arg-type]
        made = np.rint(w["location"]["near"] * np.clip(1.0 - km / w["location"]["half_km"], -1.0, 1.0))
        stated, mode = person.row["commute_max_km"], w["commute_mode_km"].get(person.row["commute_mode"])
        reach = stated if stated is not None else mode
        if reach is not None:
            made = np.where(km <= max(reach, 0.1), made, np.minimum(made, 0.0))
            made = made + _commute(w["commute"], km, max(reach, 0.1), stated is not None, self.board.shuttle[rows])
        return _whole(made)

    def _merged(self, found: Found, new: Found, top: int) -> Found:
        if len(found.rows) == top:
            keep = new.score >= found.score[-1]
            new = Found(new.rows[keep], new.person[keep], new.employer[keep], new.score[keep])
        rows, p, e, score = (np.concatenate([getattr(found, n), getattr(new, n)]) for n in ("rows", "person", "employer", "score"))
        if len(rows) > 4 * top:
            edge = np.partition(score, len(score) - top)[len(score) - top]
            keep = score >= edge
            rows, p, e, score = rows[keep], p[keep], e[keep], score[keep]
        order = np.lexsort((self.board.order[rows], -score))[:top]
        return Found(rows[order], p[order], e[order], score[order])


def _none() -> Found:
    return Found(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0))


def _whole(made: Any) -> Ints:
    """Units of contributions that were rounded as floats; the unknown (NaN) is nothing."""
    units: Ints = np.nan_to_num(made, nan=0.0).astype(np.int32)
    return units


def _place_in(units: Any) -> Any:
    return np.clip(units, -LIMIT, LIMIT) + LIMIT


def _most(p: Ints, e: Ints, person: int, employer: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The score at most, when so many units may yet be added to each side. FAIL stays at the foot of the table."""
    w = weights()
    made: np.ndarray[Any, np.dtype[np.float64]] = w.person.p[_place_in(p + person)] * w.employer.p[_place_in(e + employer)]
    return made


def _kept(keep: Any, rows: Rows, p: Ints, e: Ints) -> tuple[Rows, Ints, Ints]:
    return rows[keep], p[keep], e[keep]


def _reach(seeker: Seeker, skills: SkillScan) -> Reach:
    """late: base, pay, way to work, record and skills; all: the tables too."""
    w, row = weights(), seeker.person.row
    part = w.person.by
    way = part["location"]["near"] + (part["commute"]["within"] + part["commute"]["inside"] if row["commute_max_km"] is not None else 0)
    pay = (part["pay"]["least"] if row["pay_min_fen"] is not None else 0) + (part["pay"]["hoped"] if row["pay_max_fen"] is not None else 0)
    person = w.person.base + pay + (way if seeker.person.place is not None else 0)
    employer = w.employer.base + points.record(w.employer.by, row["record_score"]) + skills.most
    return Reach(
        person + sum(max(int(t.max(initial=FAIL)), FAIL) for t in seeker.person_tables.values()),
        employer + sum(max(int(t.max(initial=FAIL)), FAIL) for t in seeker.employer_tables.values()),
        person,
        employer,
    )


def _commute(part: points.W, km: Any, reach: float, stated: bool, shuttle: Any) -> Any:
    inside = np.rint(part["within"] * (1.0 - km / reach)) + part["inside"] if stated else 0.0 * km
    loss = np.rint(part["beyond"] * np.minimum((km - reach) / reach, 1.0))
    return np.where(km <= reach, inside, -np.where(shuttle, np.floor(loss / 2), loss))
