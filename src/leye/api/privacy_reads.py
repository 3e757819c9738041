"""Reads of personal data: one's own record, everybody's for auditors; one's own file, and requests to correct or erase it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers
from leye.office.clock import now
from leye.office.privacy.actions import ask_for_change
from leye.office.privacy.models import ReadAccess
from leye.office.privacy.queries import ReadsAsked, all_reads, odd_patterns, own_reads, own_requests
from leye.office.privacy.reads import OWN, read_file

router = Router(tags=["privacy"])


class Read(Schema):
    """One read of a person's or firm's data; whom it was about is a pseudonym."""

    id: UUID
    at: datetime
    reader: str
    reader_role: str
    reader_region: str
    subject_kind: str
    subject_key: str
    region: str
    is_elsewhere: bool
    purpose: str
    columns: list[str]
    leaf_index: int

    @staticmethod
    def resolve_reader(read: ReadAccess) -> str:
        """Username."""
        return str(read.reader.username)


class OwnRead(Schema):
    """One read of one's own data."""

    id: UUID
    at: datetime
    reader: str
    desk: str
    reader_role: str
    purpose: str
    columns: list[str]
    leaf_index: int

    @staticmethod
    def resolve_reader(read: ReadAccess) -> str:
        """As the person sees it on the page."""
        return str(read.reader)

    @staticmethod
    def resolve_desk(read: ReadAccess) -> str:
        """Their office."""
        return str(read.reader.desk)


class OddRow(Schema):
    """Something to look into."""

    kind: str
    reader: str
    at: datetime
    n: int


class OwnFile(Schema):
    """Everything that is held of a person: facts by name, null where unknown."""

    person_id: str
    at: datetime
    facts: dict[str, Any]


class DataRequestRow(Schema):
    """A request with its answer."""

    id: UUID
    kind: str
    column: str
    state: str
    at: datetime
    due: datetime
    answered_at: datetime | None
    answer: str


class ReadsFilter(Paging):
    """All may be left out. subject: a person's or firm's id."""

    reader: str = Field("", max_length=60, pattern=r"^[^\x00]*$")
    subject: str = Field("", max_length=60, pattern=r"^[^\x00]*$")
    purpose: str = Field("", max_length=40, pattern=r"^[a-z_]*$")
    since: date | None = None
    until: date | None = None
    elsewhere: bool = False


class Change(Schema):
    """What is asked: `column` empty means the whole file, which can only be erased."""

    kind: Literal["correct", "erase"]
    column: str = Field("", max_length=60)
    text: str = Field(max_length=2000)


@router.get("/reads", response=answers(Page[Read]), auth=Needs("reads.view"), summary="读取记录 · who read whose data")
def reads(request: HttpRequest, asked: Query[ReadsFilter]) -> dict[str, object]:
    """Newest first."""
    wanted = ReadsAsked(asked.reader, asked.subject, asked.purpose, asked.since, asked.until, asked.elsewhere)
    return _slice(all_reads(request.user, wanted), asked)


@router.get("/reads/odd", response=answers(list[OddRow]), auth=Needs("reads.view"), summary="值得查一查 · odd patterns")
def odd(request: HttpRequest) -> list[Any]:
    """Many files within an hour, and reads outside the reader's district, over 30 days: hints, not verdicts."""
    return odd_patterns(request.user, at=now())


@router.get("/my/reads", response=answers(Page[OwnRead]), auth=Needs("reads.own"), summary="谁看过我的资料 · who read my data")
def my_reads(request: HttpRequest, asked: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return _slice(own_reads(request.user), asked)


@router.get("/my/data", response=answers(OwnFile, 404), auth=Needs("reads.own"), summary="我的资料 · my data")
def my_data(request: HttpRequest) -> dict[str, Any]:
    """The account's own file; the read is recorded. 404 for an account that stands for nobody."""
    at = now()
    return {"person_id": request.user.subject, "at": at, "facts": read_file(request.user.subject, OWN, request.user, at)}


@router.get("/my/data-requests", response=answers(Page[DataRequestRow]), auth=Needs("reads.own"), summary="我的申请 · my requests")
def my_requests(request: HttpRequest, asked: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return _slice(own_requests(request.user), asked)


@router.post(
    "/my/data-requests", response=answers(DataRequestRow, 400, 404, 409), auth=Needs("reads.own"), summary="要求更正或删除 · ask for a change"
)
def ask(request: HttpRequest, body: Change) -> Any:
    """409 while the same is being handled."""
    return ask_for_change(body.kind, column=body.column, words=body.text, acting_user=request.user, at=now())


def _slice(found: Any, asked: Paging) -> dict[str, object]:
    return {"items": list(found[asked.offset : asked.offset + asked.limit]), "total": found.count(), "limit": asked.limit, "offset": asked.offset}
