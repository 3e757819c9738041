"""What people ask of their own data, and how the desk answers: correct (更正) or erase (删除), each with a clock and a reason.

The city's tables are copies of what departments sent; nobody here changes a cell of them by hand. A request that is granted says which department
corrected it, and the next file of that department brings the new value in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from leye.kernel.decision import Subject
from leye.kernel.errors import BadInput, Conflict
from leye.office.accounts.models import User
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.privacy.keyring import keyring
from leye.office.privacy.models import DataRequest, ReadAccess
from leye.office.privacy.queries import read_called, subject_id_of
from leye.office.privacy.reads import OWN, file_row, log_read, region_of
from leye.trust.privacy.purposes import purpose_called

ANSWER_WITHIN = timedelta(days=15)
"""PIPL art. 50 asks for a timely answer without a number of days; 15 calendar days is our own choice, half of the objections' month."""

SHORTEST_WORDS = 4  # characters; chosen by us: "错了" alone does not say what would be right
LONGEST_WORDS = 1_000


def ask_for_change(kind: str, *, column: str, words: str, acting_user: User, at: datetime) -> DataRequest:
    """Ask to have one's own data corrected or erased. column: a fact of one's file, or empty for the whole file (erasure only).

    Raises BadInput, NotFound for an account that stands for nobody, Conflict while the same request is open.
    """
    require(acting_user, "reads.own")
    row = file_row(acting_user.subject, ("region",)) if acting_user.subject else None
    if row is None:
        raise not_found()
    said = _checked(kind, column, words)
    name = new_id(at)
    request = DataRequest(
        id=name, kind=kind, asked_by=acting_user, subject_key=subject_key(subject_of(acting_user.subject)), region=region_of(row), column=column,
        words_sealed=keyring("requests").encrypt(said.encode(), name.bytes), at=at, due=at + ANSWER_WITHIN,
    )  # fmt: skip
    with transaction.atomic():
        try:
            with transaction.atomic():
                request.save(force_insert=True)
        except IntegrityError:
            raise Conflict(
                "这一项已经申请过，正在办",
                en="this was asked for already and is being handled",
                remedy_zh="等答复，或在“我的资料”里看进度",
                remedy_en="wait for the answer, or see its state under “My data”",
            ) from None
        seal_event("data_request.asked", at=at, request_id=name, asked=kind, column=column)
        audit("data_request.asked", on=request, by=acting_user, at=at, asked=kind, column=column)
        emit("data_request.asked", permission="objections.handle", region=request.region, at=at, request_id=name)
    return request


def answer_request(name: UUID, *, grant: bool, answer: str, acting_user: User, at: datetime) -> DataRequest:
    """Answer a request with words for the person. Raises NotFound outside the own district, Conflict when it was answered before, BadInput."""
    require(acting_user, "objections.handle")
    said = answer.strip()
    if not SHORTEST_WORDS <= len(said) <= LONGEST_WORDS:
        raise _too_short_or_long("答复")
    with transaction.atomic():
        request = DataRequest.objects.select_for_update().filter(pk=name).first()
        if request is None or not may_handle(acting_user, request):
            raise not_found()
        if request.state != DataRequest.State.OPEN:
            who, when = str(request.answered_by), f"{request.answered_at:%m-%d %H:%M}"
            raise Conflict(f"{who} 已经在 {when} 办过", en=f"{who} answered it at {when}", remedy_zh="刷新后看答复", remedy_en="reload")
        request.state = DataRequest.State.DONE if grant else DataRequest.State.REFUSED
        request.answered_by, request.answered_at, request.answer = acting_user, at, said
        request.save(update_fields=["state", "answered_by", "answered_at", "answer"])
        seal_event("data_request.answered", at=at, request_id=name, state=str(request.state))
        audit("data_request.answered", on=request, by=acting_user, at=at, state=str(request.state))
        emit("data_request.answered", permission="objections.handle", region=request.region, at=at, request_id=name, state=str(request.state))
    return request


def open_request(name: UUID, *, acting_user: User, at: datetime) -> tuple[DataRequest, str]:
    """A request with what the person says; the read is recorded under the purpose `request_handling`. Raises NotFound."""
    require(acting_user, "objections.handle")
    request = DataRequest.objects.select_related("asked_by", "answered_by").filter(pk=name).first()
    if request is None or not may_handle(acting_user, request):
        raise not_found()
    subject = subject_of(request.asked_by.subject)
    log_read(acting_user, subject, "request_handling", ["request"], at)
    return request, words_of(request)


def trace_read(name: UUID, *, acting_user: User, at: datetime) -> tuple[ReadAccess, str]:
    """A read with the id of whom it was about; the trace is recorded under the purpose `reads_audit`. Raises NotFound, NotAllowed."""
    found = read_called(acting_user, name)
    kind, subject = subject_id_of(found)
    log_read(acting_user, Subject(kind, subject), "reads_audit", ["person_id"], at)
    return found, subject


def words_of(request: DataRequest) -> str:
    """What the person wrote. Whoever calls this shows it to the person, or records the read."""
    return keyring("requests").decrypt(bytes(request.words_sealed), request.pk.bytes).decode()


def may_handle(user: Any, request: DataRequest) -> bool:
    """People of the district, and those who have the whole city."""
    return not user.region or not request.region or user.region == request.region


def _checked(kind: str, column: str, words: str) -> str:
    if kind not in DataRequest.Kind.values or (column and column not in purpose_called(OWN).columns) or (kind == "correct" and not column):
        raise BadInput(
            "没有选好要改哪一项",
            en="name the fact that is meant",
            remedy_zh="从“我的资料”里选一项",
            remedy_en="choose one under “My data”",
            code="E_REQUEST",
        )
    said = words.strip()
    if not SHORTEST_WORDS <= len(said) <= LONGEST_WORDS:
        raise _too_short_or_long("说明")
    return said


def _too_short_or_long(what: str) -> BadInput:
    return BadInput(
        f"{what}要写 {SHORTEST_WORDS} 到 {LONGEST_WORDS} 个字",
        en=f"write {SHORTEST_WORDS} to {LONGEST_WORDS} characters",
        remedy_zh="写清楚哪里不对、应该是什么",
        remedy_en="say what is wrong and what would be right",
        code="E_REQUEST",
    )
