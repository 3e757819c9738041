"""A project as its form tells it: which jobs it creates, which it displaces, whom it retrains, over how many months, with which papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from leye.impact.errors import bad_project, unknown_occupation
from leye.kernel.codes import industries, occupations

EVIDENCE = ("none", "plan", "contract", "paid")
"""How well created jobs are backed: nothing, a plan, a contract or public commitment, people already on the payroll."""
MOST_JOBS = 1_000_000
"""Heads of one line at most. # chosen by us: a typing error above it, the largest employers have fewer in one city"""


@dataclass(frozen=True, slots=True)
class Line:
    """heads of one occupation (7 digits). Raises NotFound, BadInput (E_PROJECT)."""

    occupation: str
    heads: int

    def __post_init__(self) -> None:
        if self.occupation not in occupations():
            raise unknown_occupation(self.occupation)
        if not 0 < self.heads <= MOST_JOBS:
            raise bad_project("人数要在 1 到 1,000,000 之间", f"heads must lie between 1 and {MOST_JOBS:,}, got {self.heads}")


@dataclass(frozen=True, slots=True)
class Project:
    """created, displaced: by occupation · retrained: displaced people who keep work after training, 0 ≤ retrained ≤ displaced · staff: employed
    at the place before, None unknown · displaced_from, displaced_to: first and last day on which jobs go, None without any · created_by: day by which
    the new jobs exist · evidence: one of EVIDENCE · region six digits, section a letter. Raises BadInput (E_PROJECT)."""

    region: str
    section: str
    starts: date
    created: tuple[Line, ...]
    displaced: tuple[Line, ...]
    retrained: int
    created_by: date | None
    displaced_from: date | None
    displaced_to: date | None
    staff: int | None = None
    evidence: str = "none"

    def __post_init__(self) -> None:
        if not self.created and not self.displaced:
            raise bad_project("新增和减少的岗位都没有填", "neither created nor displaced jobs are given")
        if self.section not in {i.code for i in industries().values() if len(i.code) == 1}:
            raise bad_project(f"行业门类 {self.section} 不存在", f"no industry section {self.section}")
        if self.evidence not in EVIDENCE:
            raise bad_project(f"佐证只能是 {'、'.join(EVIDENCE)}", f"evidence must be one of {', '.join(EVIDENCE)}")
        if not 0 <= self.retrained <= self.heads_displaced:
            raise bad_project("转岗培训的人数不能超过减少的岗位数", "no more people are retrained than jobs are displaced")
        if self.displaced and (self.displaced_from is None or self.displaced_to is None or self.displaced_to < self.displaced_from):
            raise bad_project("减少岗位要写从哪天到哪天", "displaced jobs want a first and a last day")
        if self.created and self.created_by is None:
            raise bad_project("新增岗位要写到哪天为止招满", "created jobs want the day by which they exist")
        if self.staff is not None and self.staff < self.heads_displaced:
            raise bad_project("减少的岗位比现有员工还多", "more jobs are displaced than people are employed")

    @property
    def heads_created(self) -> int:
        """Heads of all created jobs."""
        return _sum(self.created)

    @property
    def heads_displaced(self) -> int:
        """Heads of all displaced jobs."""
        return _sum(self.displaced)

    @property
    def displaced_a_month(self) -> float:
        """Jobs that go in a month of 30.4 days, at the pace stated."""
        if self.displaced_from is None or self.displaced_to is None:
            return 0.0
        return self.heads_displaced / max((self.displaced_to - self.displaced_from).days / 30.4375, 1.0)


def _sum(lines: Sequence[Line]) -> int:
    return sum(line.heads for line in lines)
