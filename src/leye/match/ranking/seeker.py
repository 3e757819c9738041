"""One person against the whole board: for every coded column a table of contributions by value, FAIL where a condition is known to fail.

Tables depend on few facts of a person each, so people alike share them (`Tables.memo`); they never depend on who else is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from leye.match.ranking import points
from leye.match.ranking.board import Board
from leye.match.ranking.closeness import LEVELS
from leye.match.ranking.coded import Ints
from leye.match.ranking.employer_side import fits_major
from leye.match.ranking.gate import schooling
from leye.match.ranking.profile import Profile, names
from leye.match.ranking.weights import weights
from leye.match.ranking.words import plain

FAIL = -(1 << 27)
"""Added where a hard condition is known to fail: no sum of contributions, and not even all conditions failing at once, leaves 32 bits."""
MEMO = 20_000
"""Tables kept at once. # chosen by us: the tables of a city's values are some kilobytes each"""


@dataclass(frozen=True)
class Seeker:
    """person_tables, employer_tables: column of the board to its table · place: (blocks,) what the city counts · wish, work: by
    distinct occupation of the board, what it counts to the person and to the employer."""

    person: Profile
    person_tables: dict[str, Ints]
    employer_tables: dict[str, Ints]
    place: Ints
    wish: Ints
    work: Ints


@dataclass
class Tables:
    """Makes seekers over one board."""

    board: Board
    memo: dict[Hashable, Ints] = field(default_factory=dict)

    def seeker(self, person: Profile) -> Seeker:
        """Tables of one person."""
        if len(self.memo) > MEMO:
            self.memo.clear()
        row, p, e = person.row, weights().person.by, weights().employer.by
        aims = tuple(sorted(set(row["target_codes"] or ())))
        held = (row["current_code"],) if row["current_code"] else ()
        wish = self._occupations(aims, p["target_codes"])
        work = self._occupations(held, e["current_code"])
        for codes in (aims, held):
            work = work + self._occupations(codes, e["occupation_distance"])
        return Seeker(person, self._wishes(person, p), self._demands(person, e), self._place(row, p), wish, work)

    def _of(self, column: str, key: Hashable, rule: Callable[[Any], int]) -> Ints:
        found = self.memo.get((column, key))
        if found is None:
            found = self.memo[(column, key)] = self.board.by[column].table(rule)
        return found

    def _wishes(self, person: Profile, w: points.W) -> dict[str, Ints]:
        row = person.row
        forms, shifts = (None if row[c] is None else frozenset(row[c]) for c in ("forms", "shifts"))
        limits, needs = frozenset(row["limits"] or ()), frozenset(row["needs"] or ())
        return {
            "form": self._of("form", forms, lambda v: _wish(w["form"], forms, v, True)),
            "shift": self._of("shift", shifts, lambda v: _wish(w["shift"], shifts, *v)),
            "environment": self._of("environment", limits, lambda v: FAIL if limits & set(v or ()) else 0),
            "benefits": self._of(
                "benefits", needs, lambda v: 0 if v is None else sum(w["needs"]["met" if n in v else "unmet"] for n in needs)
            ),
        }  # fmt: skip

    def _demands(self, person: Profile, w: points.W) -> dict[str, Ints]:
        row = person.row
        step, grade, now, ever = schooling(row["education"]), row["skill_grade"], row["relevant_years"], row["total_years"]
        made = {
            "education": self._of("education", step, lambda v: points.level(w["education"], step, v[0]) + _short(v[1], step, v[0])),
            "skill_grade": self._of("skill_grade", grade, lambda v: points.level(w["skill_grade"], grade, v[0]) + _short(v[1], grade, v[0])),
            "relevant_years": self._of("relevant_years", now, lambda v: points.years(w["relevant_years"], now, v[0]) + _short(v[1], now, v[0])),
            "total_years": self._of("total_years", ever, lambda v: points.years(w["total_years"], ever, v)),
            "digital": self._of("digital", row["digital_level"], lambda v: points.level(w["digital"], row["digital_level"], v)),
        }
        ready = row["available_from"]
        made["start_by"] = self._of("start_by", ready, lambda v: 0 if v is None or ready is None else points.start(w, (ready - v).days))
        return made | self._papers(person, w)

    def _papers(self, person: Profile, w: points.W) -> dict[str, Ints]:
        spoken, tools, trained, trades = (_set(person.row[c]) for c in ("languages", "equipment", "trainings", "industries"))
        held = None if person.certificates is None else tuple(sorted((k, _state(person, k)) for k in person.certificates))
        major = person.row["major"]
        return {
            "languages": self._of("languages", spoken, lambda v: _languages(w["languages"], spoken, *v)),
            "certificates": self._of("certificates", held, lambda v: _certificates(w, None if held is None else dict(held), *v)),
            "trainings_accepted": self._of("trainings_accepted", trained, lambda v: _either(w["trainings"], trained, v)),
            "industry": self._of("industry", trades, lambda v: _either(w["industries"], trades, None if v is None else (plain(v),))),
            "equipment_required": self._of(
                "equipment_required", tools, lambda v: 0 if not v or tools is None else points.share(w["equipment"], len(tools & set(v)), len(v))
            ),
            "majors": self._of("majors", major, lambda v: _major(w["major"], major, v)),
        }  # fmt: skip

    def _occupations(self, codes: tuple[str, ...], part: points.W) -> Ints:
        """Contribution of a person's codes to every distinct occupation (with what it accepts) of the board."""
        patterns = self.board.occupation
        if not codes:
            return self._cached(("none",), lambda: np.zeros(len(patterns.values), dtype=np.int32))
        by_level = np.array([part[name] for name in LEVELS], dtype=np.int32)
        levels = self._cached(("levels", codes), lambda: self._levels(codes))
        asked = self._cached(("asked",), lambda: np.fromiter((bool(c or a) for c, a in patterns.values), dtype=np.int32))
        return by_level[levels] * asked

    def _levels(self, codes: tuple[str, ...]) -> Ints:
        """Place in LEVELS of the nearest code, for every distinct occupation of the board."""
        own, accepting = self._patterns
        best = np.full(len(own), 5, dtype=np.int32)
        for code in codes:
            c = int(code)
            level = np.full(len(own), 5, dtype=np.int32)
            for found, digits in ((4, 10**6), (3, 10**4), (2, 10**2)):
                level[(own >= 0) & (own // digits == c // digits)] = found
            level[accepting.get(code, [])] = 1
            level[own == c] = 0
            np.minimum(best, level, out=best)
        return best

    @cached_property
    def _patterns(self) -> tuple[np.ndarray[Any, Any], dict[str, list[int]]]:
        """Own code of every distinct occupation of the board (-1 unknown), and which of them accept a code besides."""
        patterns = self.board.occupation.values
        accepting: defaultdict[str, list[int]] = defaultdict(list)
        for place, (_code, accepted) in enumerate(patterns):
            for code in accepted:
                accepting[code].append(place)
        return np.fromiter((int(c) if c else -1 for c, _ in patterns), dtype=np.int64, count=len(patterns)), dict(accepting)

    def _cached(self, key: Hashable, make: Callable[[], Ints]) -> Ints:
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def _place(self, row: Any, w: points.W) -> Ints:
        """What the city of every block counts: inside the cities wished for, else by whether it matters, else by whether the person moves."""
        part, blocks, cities, moves = w["cities"], self.board.blocks, row["cities"], row["relocate"]
        if cities is None:
            return self._cached(("anywhere",), lambda: np.zeros(len(blocks.city), dtype=np.int32))
        made = self._cached(("outside", moves), lambda: self._outside(part, moves)).copy()
        for city in set(cities):
            made[blocks.in_city.get(city, [])] = part["inside"]
        return made

    def _outside(self, part: points.W, moves: bool | None) -> Ints:
        """The same for somebody who wishes for no city of the board."""
        blocks = self.board.blocks
        made = np.full(len(blocks.city), part["relocate" if moves else "unknown"], dtype=np.int32)
        if moves is False:
            made[blocks.remote == 0] = FAIL
        made[blocks.remote == 1] = 0
        made[blocks.in_city.get(None, [])] = 0
        return made


def _wish(part: points.W, wanted: frozenset[str] | None, said: str | None, binds: bool) -> int:
    if wanted is None or said is None:
        return 0
    return int(part["inside"]) if said in wanted else int(part["outside"]) + (FAIL if binds else 0)


def _short(binds: bool, held: float | None, least: float | None) -> int:
    return FAIL if binds and held is not None and least is not None and held < least else 0


def _set(words: list[str] | None) -> frozenset[str] | None:
    return None if words is None else frozenset(names(words) or ())


def _state(person: Profile, certificate: str) -> str:
    end = (person.certificates or {})[certificate]
    return "unsure" if end is None else "over" if person.is_expired(certificate) else "good"


def _languages(part: points.W, spoken: frozenset[str] | None, wanted: tuple[str, ...] | None, binds: bool) -> int:
    if not wanted or spoken is None:
        return 0
    hits = sum(x in spoken for x in wanted)
    return points.share(part, hits, len(wanted)) + (FAIL if binds and hits < len(wanted) else 0)


def _certificates(w: points.W, held: dict[str, str] | None, wanted: tuple[str, ...] | None, binds: bool) -> int:
    if not wanted or held is None:
        return 0
    states = [held.get(c) for c in wanted]
    good, over = sum(s in ("good", "unsure") for s in states), states.count("over")
    ends, of = w["certificate_until"], len(wanted)
    until = int(ends["valid"] * states.count("good") // of + ends["expired"] * over // of)
    return points.share(w["certificates"], good, of) + until + (FAIL if binds and good < of else 0)


def _major(part: points.W, held: str | None, wanted: tuple[str, ...] | None) -> int:
    return 0 if not wanted or held is None else points.either(part, fits_major(held, wanted) is not None)


def _either(part: points.W, held: frozenset[str] | None, wanted: tuple[str, ...] | None) -> int:
    return 0 if not wanted or held is None else points.either(part, any(x in held for x in wanted))
