"""Skills of one person against the skills of many posts: required and preferred, levels, mentions, projects and titles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from leye.match.ranking import points
from leye.match.ranking.board_skills import SkillBoard
from leye.match.ranking.coded import Ints
from leye.match.ranking.postings import MENTIONED, PREFERRED, REQUIRED, Postings, Window
from leye.match.ranking.profile import Profile
from leye.match.ranking.weights import weights

_WAYS = ("", "list", "project", "text")
_LISTED = _WAYS.index("list")


@dataclass(frozen=True)
class SkillScan:
    """how: (skills,) 0 not shown, 1 list, 2 project, 3 text · level: (skills,) level held, -1 unknown · titles: (distinct titles,) units."""

    board: SkillBoard
    how: np.ndarray[Any, np.dtype[np.int8]]
    level: Ints
    knows_none: bool
    in_project: np.ndarray[Any, np.dtype[np.bool_]]
    titles: Ints

    @classmethod
    def of(cls, board: SkillBoard, person: Profile, told: frozenset[str]) -> SkillScan:
        """told: skills found in the person's text. Skills that no post asks for have no number and change nothing."""
        how = np.zeros(len(board.ids), dtype=np.int8)
        level = np.full(len(board.ids), -1, dtype=np.int32)
        used = np.zeros(len(board.ids), dtype=bool)
        for way, names in ((3, told), (2, person.projects or {}), (1, person.skills or {})):
            how[[board.ids[s] for s in names if s in board.ids]] = way
        for skill, held in person.levels.items():
            if skill in board.ids and held is not None:
                level[board.ids[skill]] = max(held, 0)
        used[[board.ids[s] for s in person.projects or {} if s in board.ids]] = True
        return cls(board, how, level, person.skills is not None, used, _titles(board, person))

    def score(self, rows: np.ndarray[Any, Any]) -> Ints:
        """Contribution of skills to p_employer of every row."""
        w = weights().employer.by
        made = self.titles[self.board.titles.codes[rows]].astype(np.int64)
        if self.knows_none:
            made += np.where(self.board.needed[rows] > 0, w["skills"]["none"], 0)
        made += self._asked(rows) + self._counted(self.board.mentioned, self.how == 1, rows, "mentioned")
        made += self._counted(self.board.projects, self.in_project, rows, "projects")
        units: Ints = made.astype(np.int32)
        return units

    def shown(self, window: Window) -> Ints:
        """At most what skills of lists, projects and mentions count, for every place of a window: 0 where no skill of the person's is named, and
        where one is at least 1."""
        made = np.zeros(window.size, dtype=np.int32)
        for skill in np.flatnonzero(self.how).tolist():
            key = int(self.how[skill]), int(self.level[skill]), bool(self.in_project[skill])
            if key not in self.board.named.memo:
                self.board.named.memo[key] = _worth(self.board.named, *key)
            worth = self.board.named.memo[key]
            for places, ways in self.board.named.within(skill, window):
                made[places] += worth[ways]
        for skill in np.flatnonzero(self.in_project).tolist():
            worth = np.maximum(-(-weights().employer.by["project_skills"]["share"] // self.board.used.of), 1)
            for places, ways in self.board.used.within(skill, window):
                made[places] += worth[ways]
        return made

    def _asked(self, rows: np.ndarray[Any, Any]) -> Any:
        """Only entries that are shown somehow are looked up."""
        asked = self.board.asked
        at, owner = asked.of(rows)
        way = self.how[asked.flat[at]]
        shown = np.flatnonzero(way)
        at, owner, way = at[shown], owner[shown], way[shown]
        kind, of, least = (column[at].astype(np.int32) for column in asked.beside)
        worth, steps = _worths(int(self.board.named.of.max(initial=1)))
        units = worth[kind, of, way]
        held = self.level[asked.flat[at]]
        levels = (way == 1) & (kind == REQUIRED) & (least > 0) & (held >= 0)
        units = units + np.where(levels, steps[self.in_project[asked.flat[at]].astype(np.int8), of, np.clip(least - held, 0, 3)], 0)
        return np.bincount(owner, weights=units, minlength=len(rows)).astype(np.int64)

    def _counted(self, lists: Any, mine: Any, rows: np.ndarray[Any, Any], what: str) -> Any:
        if not mine.any():
            return 0
        w = weights().employer.by
        at, owner = lists.of(rows)
        hits = np.bincount(owner[mine[lists.flat[at]]], minlength=len(rows))
        if what == "mentioned":
            return w["skills"]["mentioned"] * np.minimum(hits, w["skills"]["mentioned_most"])
        return w["project_skills"]["share"] * hits // np.maximum(lists.starts[rows + 1] - lists.starts[rows], 1)


@cache
def _worths(size: int) -> tuple[Ints, Ints]:
    """(kind, of, way) units of a skill shown, and (in a project too, of, levels short) units of its level."""
    w = weights().employer.by
    worth = np.zeros((2, size + 1, 4), dtype=np.int32)
    steps = np.zeros((2, size + 1, 4), dtype=np.int32)
    for of in range(1, size + 1):
        for kind, name in ((REQUIRED, "required"), (PREFERRED, "preferred")):
            shares = points.skill_share(w, name, of)
            worth[kind, of] = [shares.get(way, 0) for way in _WAYS]
        for done in (0, 1):
            steps[done, of] = [points.skill_level(w, 4 - short, 4, of, in_project=bool(done)) for short in range(4)]
    return worth, steps


def _worth(named: Postings, way: int, held: int, in_project: bool) -> Ints:
    """What one skill, shown in a way and held at a level, counts by the way in which a post names it; mentions without their cap, 1 at least."""
    worth, steps = _worths(int(named.of.max(initial=1)))
    mention = weights().employer.by["skills"]["mentioned"] if way == _LISTED else 0
    listed = worth[np.minimum(named.kind, PREFERRED), named.of, way]
    levelled = (way == _LISTED) & (named.kind == REQUIRED) & (named.least > 0) & (held >= 0)
    listed = listed + np.where(levelled, steps[int(in_project), named.of, np.clip(named.least - held, 0, 3)], 0)
    made: Ints = np.maximum(np.where(named.kind == MENTIONED, mention, listed), 1).astype(np.int32)
    return made


def _titles(board: SkillBoard, person: Profile) -> Ints:
    """`points.title` of every distinct title."""
    made = np.zeros(len(board.titles.values), dtype=np.int32)
    if not person.told:
        return made
    hits = np.zeros(len(made), dtype=np.int64)
    for pair in sorted(person.told_pairs):
        if pair in board.with_pair:
            hits[board.with_pair[pair]] += 1
    of, whole = board.title_sizes, weights().employer.by["text"]["title"]
    return np.where((of > 0) & (2 * hits >= of), whole * hits // np.maximum(of, 1), 0).astype(np.int32)
