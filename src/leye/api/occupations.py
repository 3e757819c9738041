"""Occupation codes over HTTP: the table of a month, a title with its choices, what waits for a person, corrections, candidates of new occupations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.match.occupations.table import newest_month, table_of
from leye.office.clock import now
from leye.office.occupations import actions, queries

router = Router(tags=["occupations"])


class ClassRow(Schema):
    """A class. level: 1 大类 to 4 职业 · marks: L green, S digital."""

    code: str
    name: str
    level: int
    marks: str


class AnswerRow(Schema):
    """A choice for a title. p: calibrated probability · note: the entry or correction behind it."""

    code: str
    name: str
    p: float
    note: str


class CodedOut(Schema):
    """What is said of a title. abstain: ask `question` first · upper: upper class that is sure enough · source: model, entry, correction, or none."""

    answers: list[AnswerRow]
    abstain: bool
    question: str
    upper: ClassRow | None
    source: str


class WaitingRow(Schema):
    """A title of the city's adverts that waits for a person. ads: how many carry it."""

    title: str
    ads: int
    coded: CodedOut


class NewcomerRow(Schema):
    """A cluster of titles. counts: adverts of the three months, oldest first."""

    name: str
    titles: list[str]
    counts: list[int]
    employers: int


class CorrectionIn(Schema):
    """month: first month `YYYY-MM` of which it holds, empty for the newest table."""

    title: str = Field(..., max_length=200)
    code: str = Field(..., max_length=10)
    reason: str = Field(..., max_length=500)
    month: str = Field("", max_length=7)


class CorrectionRow(Schema):
    """A correction, standing or taken back."""

    id: UUID
    written: str
    from_code: str
    to_code: str
    valid_from: str
    reason: str
    at: datetime
    undone_at: datetime | None


class NewcomerIn(Schema):
    """name: of a candidate on the list."""

    name: str = Field(..., max_length=200)
    is_approved: bool
    reason: str = Field(..., max_length=500)


class DecisionRow(Schema):
    """What was decided on a candidate."""

    id: UUID
    name: str
    titles: list[str]
    is_approved: bool
    reason: str
    at: datetime


@router.get("/occupations", response=answers(Page[ClassRow], 400), auth=Needs("occupations.view"), summary="职业表 · the table of a month")
def table(request: HttpRequest, paging: Query[Paging], words: str = "", month: str = "") -> dict[str, Any]:
    """All classes of a month, or those that fit the words."""
    held = table_of(month or newest_month())
    return page(queries.search(words, held) if words.strip() else [held.classes[c] for c in sorted(held.classes)], paging)


@router.get("/occupations/code", response=answers(CodedOut, 400), auth=Needs("occupations.view"), summary="编码 · code a title")
def code(request: HttpRequest, title: str, month: str = "") -> object:
    """Five choices, corrections first; a title without a word has none."""
    return queries.coded_by_hand(title[:200], month or newest_month())


@router.get("/occupations/queue", response=answers(Page[WaitingRow]), auth=Needs("occupations.view"), summary="待定 · what waits for a person")
def queue(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Titles of the city's adverts that the coder asks about, the commonest first."""
    return page(queries.queue(request.user, newest_month()), paging)


@router.get("/occupations/newcomers", response=answers(Page[NewcomerRow]), auth=Needs("occupations.view"), summary="新职业候选 · candidates")
def newcomers(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Clusters of unsure titles that rise over three months at three employers or more."""
    return page(queries.candidates_now(request.user), paging)


@router.post(
    "/occupations/newcomers", response=answers(DecisionRow, 400, 409), auth=Needs("occupations.correct"), summary="定候选 · decide on a candidate"
)
def decide(request: HttpRequest, said: NewcomerIn) -> object:
    """With the reason; it leaves the list."""
    return actions.decide_newcomer(said.name, is_approved=said.is_approved, reason=said.reason, acting_user=request.user, at=now())


@router.get("/occupations/corrections", response=answers(Page[CorrectionRow]), auth=Needs("occupations.view"), summary="更正 · corrections")
def corrections(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Newest first; those taken back as well."""
    return page(list(queries.corrections(request.user)), paging)


@router.post("/occupations/corrections", response=answers(CorrectionRow, 400, 404, 409), auth=Needs("occupations.correct"), summary="更正 · correct")
def correct(request: HttpRequest, said: CorrectionIn) -> object:
    """Holds at once, and at the next training."""
    month = said.month or newest_month()
    return actions.correct(said.title, code=said.code, reason=said.reason, month=month, acting_user=request.user, at=now())


@router.post(
    "/occupations/corrections/{correction_id}/undo", response=answers(CorrectionRow, 404, 409), auth=Needs("occupations.correct"),
    summary="撤回 · take it back",
)  # fmt: skip
def undo(request: HttpRequest, correction_id: UUID) -> object:
    """The machine's answer stands again."""
    return actions.undo(correction_id, acting_user=request.user, at=now())
