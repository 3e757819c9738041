"""Best posts of one person: what could reach most is scored first, and whatever cannot reach the list that stands is left out.

Contributions are whole numbers and probabilities come from one table, so that leaving posts out changes no row and no digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from leye.match.ranking import points
from leye.match.ranking.blocks import stretched
from leye.match.ranking.board import Board
from leye.match.ranking.coded import Ints
from leye.match.ranking.postings import Window
from leye.match.ranking.profile import Profile
from leye.match.ranking.reach import Reach, at_most, lacking, pay_units, way_units
from leye.match.ranking.scan_skills import SkillScan
from leye.match.ranking.seeker import FAIL, Seeker, Tables
from leye.match.ranking.weights import LIMIT, weights

AT_ONCE = 8_192
"""Rows scored together. # chosen by us: their temporaries stay in the second-level cache"""
FIRST = 512
"""Rows scored before there is a list to be beaten. # chosen by us: some tens of them pass the gate, enough for a floor near the last one"""
SAMPLE = 4
"""One in so many of the posts that show a skill is looked at first. # chosen by us: the sample costs about what it saves on the rest"""
GROWTH = 8
"""How much more each later step takes, so that a list that never fills costs few steps."""
IN_ONE = 100_000
"""Rows of a window that are bounded one by one; above, by skill and by cell. # chosen by us: about a millisecond"""
Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Found:
    """Rows of the board, best first, with both logits in units and the score."""

    rows: Rows
    person: Ints
    employer: Ints
    score: np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class _Question:
    """One person put to a board: tables, bounds, and the rows that the place allows with what skills count there at most."""

    seeker: Seeker
    skills: SkillScan
    reach: Reach
    window: Window
    shown: Ints
    top: int


@dataclass(frozen=True)
class Scan:
    """Answers for people over one board."""

    board: Board
    tables: Tables

    def best(self, person: Profile, told: frozenset[str], top: int, *, exact: bool = False) -> Found:
        """The min(top, feasible) best posts. told: skills found in the person's text. exact: no post is left out unscored."""
        seeker = self.tables.seeker(person)
        skills = SkillScan.of(self.board.skills, person, told)
        blocks = np.flatnonzero(seeker.place > FAIL // 2)
        window = Window.of(self.board.blocks.first[blocks], self.board.blocks.last[blocks])
        shown = np.zeros(window.size, dtype=np.int32) if exact else skills.shown(window)
        asked = _Question(seeker, skills, Reach.of(self.board, seeker, skills), window, shown, top)
        if exact:
            return self._merged(_none(), self._scored(asked, stretched(window.first, window.last), shown, -1.0), top)
        return self._in_one(asked) if window.size <= IN_ONE else self._by_cell(asked, blocks)

    def one(self, person: Profile, told: frozenset[str], rows: Rows) -> Found:
        """Those of some rows that pass the gate, in the order given."""
        seeker = self.tables.seeker(person)
        skills = SkillScan.of(self.board.skills, person, told)
        shown = np.zeros(len(rows), dtype=np.int32)
        asked = _Question(seeker, skills, Reach.of(self.board, seeker, skills), Window.of(rows[:0], rows[:0]), shown, 1)
        return self._scored(asked, rows, shown, -1.0)

    def _in_one(self, asked: _Question) -> Found:
        """Of a window so small that a bound for every row costs less than sorting out which rows need one."""
        rows = stretched(asked.window.first, asked.window.last)
        return self._taken(asked, rows, asked.shown, _none())

    def _by_cell(self, asked: _Question, blocks: Rows) -> Found:
        """Of a large window: the bound of a cell says how much skill must be shown before its posts could enter the list. A sample of the posts that
        show some comes first, for a good list early is what shuts out the rest; then the others of them; last, cell by cell, posts that show none."""
        cells, reach, seeker = self.board.cells, asked.reach, asked.seeker
        at = stretched(cells.of_block[blocks], cells.of_block[blocks + 1])
        block, occupation = cells.block[at], cells.occupation[at]
        p = reach.block_person[block] + seeker.wish[occupation] + reach.cell_pay(cells, at)
        e = reach.block_employer[block] + seeker.work[occupation]
        lacks = np.full(len(cells.first), np.iinfo(np.int32).max, dtype=np.int32)
        sharing, found = np.flatnonzero(asked.shown != 0), _none()
        sampled = np.arange(len(sharing)) % SAMPLE == 0
        for places in (sharing[sampled], sharing[~sampled]):
            lacks[at] = lacking(p, e, _floor(found, asked.top))
            rows, shown = asked.window.rows(places), asked.shown[places]
            enough = shown >= lacks[cells.of_row[rows]]
            found = self._taken(asked, rows[enough], shown[enough], found)
        steps = _BestFirst(at_most(p, e), FIRST)
        while len(now := at[steps.next(_floor(found, asked.top))]):
            rows = stretched(cells.first[now], cells.last[now])
            rows = rows[asked.shown[asked.window.places(rows)] == 0]
            found = self._taken(asked, rows, np.zeros(len(rows), dtype=np.int32), found)
        return found

    def _taken(self, asked: _Question, rows: Rows, shown: Ints, found: Found) -> Found:
        """The list after some rows that it does not hold yet. shown: what skills count at most in each."""
        reach, block, occupation = asked.reach, self.board.blocks.of_row[rows], self.board.occupation.codes[rows]
        p = reach.block_person[block] + asked.seeker.wish[occupation] + reach.pay[self.board.band[rows]]
        steps = _BestFirst(at_most(p, reach.block_employer[block] + asked.seeker.work[occupation] + shown), FIRST)
        while len(now := steps.next(floor := _floor(found, asked.top))):
            found = self._merged(found, self._scored(asked, rows[now], shown[now], floor), asked.top)
        return found

    def _scored(self, asked: _Question, rows: Rows, shown: Ints, floor: float) -> Found:
        """Those of some rows that pass the gate and could come up to `floor`, piece by piece."""
        parts = [self._piece(asked, rows[k : k + AT_ONCE], shown[k : k + AT_ONCE], floor) for k in range(0, len(rows), AT_ONCE)] or [_none()]
        return Found(*(np.concatenate([getattr(f, n) for f in parts]) for n in ("rows", "person", "employer", "score")))

    def _piece(self, asked: _Question, rows: Rows, shown: Ints, floor: float) -> Found:
        """Cheap contributions first, then the columns that can fail, then the dear ones; rows that could not come up to `floor` leave between."""
        board, seeker, reach, w = self.board, asked.seeker, asked.reach, weights()
        person, block, occupation = seeker.person, board.blocks.of_row[rows], board.occupation.codes[rows]
        p = seeker.place[block] + seeker.wish[occupation] + np.int32(w.person.base) + board.static[rows] + pay_units(person, board.offer[rows])
        p = p + self._way(person, rows)
        e = seeker.work[occupation] + np.int32(w.employer.base + points.record(w.employer.by, person.row["record_score"]))
        late = reach.skills[block] + shown
        keep = at_most(p + np.int32(reach.person_tables), e + late + np.int32(reach.employer_tables)) >= floor
        if person.least_fen is not None:
            keep &= ~(board.most_fen[rows] < person.least_fen)
        rows, p, e, late = _kept(keep, rows, p, e, late)
        for column, table in seeker.person_tables.items():
            p = p + table[board.by[column].codes[rows]]
        keep = at_most(p, e + late + np.int32(reach.employer_tables)) >= floor
        rows, p, e, late = _kept(keep & (p > FAIL // 2), rows, p, e, late)
        for column, table in seeker.employer_tables.items():
            e = e + table[board.by[column].codes[rows]]
        rows, p, e = _kept((at_most(p, e + late) >= floor) & (e > FAIL // 2), rows, p, e)
        e = e + asked.skills.score(rows)
        return Found(rows, p, e, w.person.p[p + LIMIT] * w.employer.p[e + LIMIT])

    def _way(self, person: Profile, rows: Rows) -> Ints:
        """`points.location` and `points.commute` of rows."""
        if person.place is None:
            return np.zeros(len(rows), dtype=np.int32)
        x, y, z = (axis[rows] - here for axis, here in zip(self.board.places, person.place, strict=True))
        km: Any = points.distance_km(np.sqrt(x * x + y * y + z * z))  # type: ignore[arg-type]
        return way_units(person, km, self.board.shuttle[rows])

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


class _BestFirst:
    """Places of bounds in growing steps, each step's above the next one's."""

    def __init__(self, bound: Floats, first: int) -> None:
        self.bound, self.size, self.left = bound, first, np.arange(len(bound))

    def next(self, floor: float) -> Rows:
        """The next step's; none when no bound left comes up to the floor."""
        now = self.left[self.bound[self.left] >= floor]
        self.left = now[:0]
        if len(now) > self.size:
            parted = np.argpartition(-self.bound[now], self.size)
            now, self.left = now[parted[: self.size]], now[parted[self.size :]]
        self.size *= GROWTH
        return now


def _floor(found: Found, top: int) -> float:
    """What a score must come up to; anything will do while the list is short."""
    return float(found.score[-1]) if len(found.rows) == top else -1.0


def _none() -> Found:
    return Found(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0))


def _kept(keep: Any, *columns: Any) -> Iterator[Any]:
    return (column[keep] for column in columns)
