"""Objections over HTTP: the person's side and the desk's, the same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers
from leye.office.clock import now
from leye.office.objections import actions, queries
from leye.office.objections.models import Objection

router = Router(tags=["objections"])


class ObjectionRow(Schema):
    """One objection; `item` names an outcome of a batch. due_on: last day for the answer, Beijing."""

    id: UUID
    decision_id: UUID
    algo: str
    region: str
    category: str
    item: str
    state: str
    raised_at: datetime
    due_on: date
    handler: str | None
    reminded_at: datetime | None
    escalated_at: datetime | None
    decided_at: datetime | None
    new_decision_id: UUID | None


class StepRow(Schema):
    """One step; `words` is what was said. The step's receipt is that of leaf_index."""

    at: datetime
    verb: str
    by: str | None
    words: str
    leaf_index: int


class ObjectionDetail(ObjectionRow):
    """With its steps, and what the asking person can do now."""

    steps: list[StepRow]
    may: list[str]


class Raise(Schema):
    """Why, and what is wrong in one's own words; these may be empty only for `human_wanted`."""

    category: Literal["wrong_facts", "wrong_rule", "unfair", "unexplained", "human_wanted", "other"]
    words: str = Field("", max_length=2000)
    item: str = Field("", max_length=120)


class Words(Schema):
    """What is said."""

    text: str = Field(..., max_length=2000)


class Uphold(Words):
    """reason_code: of the card, for a person who wanted a human decision; the old decision's when empty."""

    reason_code: str = Field("", max_length=60)


class Correct(Uphold):
    """The right outcome, a code of the card; whether the machine misjudged, which counts towards the breaker."""

    outcome: str = Field(..., max_length=60)
    is_misjudgement: bool = False


class DeskFilter(Paging):
    """`state` empty: all that are open."""

    state: Literal["", "raised", "taken", "asked", "upheld", "corrected", "withdrawn"] = ""
    mine: bool = False


@router.get("/my/objections", response=answers(Page[ObjectionRow]), auth=Needs("objections.raise"), summary="我的申诉 · my objections")
def mine(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return _slice(queries.own_objections(request.user), paging)


@router.get(
    "/my/objections/{objection_id}", response=answers(ObjectionDetail, 404), auth=Needs("objections.raise"), summary="我的一件申诉 · one of mine"
)
def own(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    """With everything that was said."""
    return _own(request, objection_id)


@router.post(
    "/my/decisions/{decision_id}/object", response=answers(ObjectionDetail, 400, 404, 409), auth=Needs("objections.raise"), summary="申诉 · object"
)
def object_to(request: HttpRequest, decision_id: UUID, body: Raise) -> dict[str, Any]:
    """Somebody else's decision is not found; 409 while another objection is open."""
    raised = actions.raise_objection(decision_id, category=body.category, words=body.words, item=body.item, acting_user=request.user, at=now())
    return _own(request, raised.pk)


@router.post(
    "/my/objections/{objection_id}/answer", response=answers(ObjectionDetail, 400, 404, 409), auth=Needs("objections.raise"), summary="补充 · add"
)
def answer(request: HttpRequest, objection_id: UUID, body: Words) -> dict[str, Any]:
    """Say more while it is open."""
    actions.answer(objection_id, words=body.text, acting_user=request.user, at=now())
    return _own(request, objection_id)


@router.post(
    "/my/objections/{objection_id}/withdraw", response=answers(ObjectionDetail, 404, 409), auth=Needs("objections.raise"), summary="撤回 · withdraw"
)
def withdraw(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    """Take it back."""
    actions.withdraw(objection_id, acting_user=request.user, at=now())
    return _own(request, objection_id)


@router.get("/objections", response=answers(Page[ObjectionRow]), auth=Needs("objections.view"), summary="申诉台 · the desk")
def desk(request: HttpRequest, asked: Query[DeskFilter]) -> dict[str, object]:
    """By due date; cut to what the person may see."""
    return _slice(queries.desk(request.user, state=asked.state, mine=asked.mine), asked)


@router.get("/objections/{objection_id}", response=answers(ObjectionDetail, 404), auth=Needs("objections.view"), summary="一件申诉 · one objection")
def objection(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    """With what was said; reading it is recorded."""
    return _detail(request, objection_id)


@router.post("/objections/{objection_id}/take", response=answers(ObjectionDetail, 404, 409), auth=Needs("objections.handle"), summary="受理 · take")
def take(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    """403 for whoever had a part in the decision; 409 says who was faster."""
    actions.take_objection(objection_id, acting_user=request.user, at=now())
    return _detail(request, objection_id)


@router.post(
    "/objections/{objection_id}/ask", response=answers(ObjectionDetail, 400, 404, 409), auth=Needs("objections.handle"), summary="请本人补充 · ask"
)
def ask(request: HttpRequest, objection_id: UUID, body: Words) -> dict[str, Any]:
    """The clock runs on."""
    actions.ask_for_more(objection_id, question=body.text, acting_user=request.user, at=now())
    return _detail(request, objection_id)


@router.post(
    "/objections/{objection_id}/return", response=answers(ObjectionDetail, 400, 404, 409), auth=Needs("objections.handle"), summary="退回 · hand back"
)
def give_back(request: HttpRequest, objection_id: UUID, body: Words) -> dict[str, Any]:
    """Back to the desk."""
    actions.hand_back(objection_id, reason=body.text, acting_user=request.user, at=now())
    return _detail(request, objection_id)


@router.post(
    "/objections/{objection_id}/uphold", response=answers(ObjectionDetail, 400, 404, 409), auth=Needs("objections.handle"), summary="维持 · uphold"
)
def uphold(request: HttpRequest, objection_id: UUID, body: Uphold) -> dict[str, Any]:
    """The decision stands."""
    actions.uphold(objection_id, reason=body.text, reason_code=body.reason_code, acting_user=request.user, at=now())
    return _detail(request, objection_id)


@router.post(
    "/objections/{objection_id}/correct", response=answers(ObjectionDetail, 400, 404, 409), auth=Needs("objections.handle"), summary="更正 · correct"
)
def correct(request: HttpRequest, objection_id: UUID, body: Correct) -> dict[str, Any]:
    """A new decision that links to the old one; 422 when the gate refuses it."""
    actions.correct(
        objection_id,
        outcome=body.outcome,
        reason=body.text,
        reason_code=body.reason_code,
        is_misjudgement=body.is_misjudgement,
        acting_user=request.user,
        at=now(),
    )
    return _detail(request, objection_id)


def _own(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    found = queries.own_objection(request.user, objection_id)
    return _row(found) | {"steps": _steps(found), "may": ["answer", "withdraw"] if found.is_open else []}


def _detail(request: HttpRequest, objection_id: UUID) -> dict[str, Any]:
    found = queries.objection_called(request.user, objection_id)
    queries.case_of(request.user, found, now())  # records the read of what the person says
    return _row(found) | {"steps": _steps(found), "may": queries.next_steps(request.user, found)}


def _slice(found: Any, paging: Paging) -> dict[str, Any]:
    rows = [_row(o) for o in found.select_related("handler")[paging.offset : paging.offset + paging.limit]]
    return {"items": rows, "total": found.count(), "limit": paging.limit, "offset": paging.offset}


def _row(found: Objection) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(found, name) for name in ObjectionRow.model_fields if name not in {"handler", "new_decision_id"}}
    return row | {"handler": found.handler.username if found.handler else None, "new_decision_id": found.decided_as_id}


def _steps(found: Objection) -> list[dict[str, Any]]:
    return [
        {
            "at": t.step.at,
            "verb": t.step.verb,
            "by": t.step.by.username if t.step.by else None,
            "words": t.words,
            "leaf_index": t.step.leaf_index,
        }
        for t in queries.told(found)
    ]
