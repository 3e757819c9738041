"""Promised jobs against real ones: what a project's follow-up entries say on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from leye.impact.project import Project


@dataclass(frozen=True, slots=True)
class Count:
    """One look at the place: heads created, displaced and retrained since the start, as of a day."""

    on: date
    created: int
    displaced: int
    retrained: int


@dataclass(frozen=True, slots=True)
class Standing:
    """due: jobs promised by the day of the newest count · real: found then · kept: real / due, None while nothing is due · word: `early`, `kept`,
    `short` (at least half), `broken` · extra_displaced: jobs that went beyond what was stated."""

    on: date | None
    due: int
    real: int
    kept: float | None
    word: str
    extra_displaced: int


def standing(project: Project, counts: Sequence[Count]) -> Standing:
    """counts in any order. Before the day by which the jobs exist nothing is due: a straight line would blame projects that hire at the end."""
    newest = max(counts, key=lambda c: c.on, default=None)
    if newest is None:
        return Standing(None, 0, 0, None, "early", 0)
    due = project.heads_created if project.created_by and newest.on >= project.created_by else 0
    extra = max(newest.displaced - project.heads_displaced, 0)
    if not due:
        return Standing(newest.on, 0, newest.created, None, "early", extra)
    kept = newest.created / due
    word = "kept" if kept >= 1 else "short" if kept >= 0.5 else "broken"
    return Standing(newest.on, due, newest.created, kept, word, extra)
