"""Decisions: one's own with reasons and receipt, the auditor's replay, and the log's published head and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers
from leye.office.clock import now
from leye.office.decisions import queries
from leye.office.decisions.heads import pinned_keys
from leye.office.decisions.receipts import receipt_of
from leye.office.decisions.replay import replay as replay_decision

router = Router(tags=["decisions"])
public_router = Router(tags=["public"])


class DecisionRow(Schema):
    """One leaf about one subject; `marks` counts the outcomes of a batch and is null for a single one."""

    id: UUID
    leaf_index: int
    algo: str
    version: str
    purpose: str
    outcome: str
    marks: int | None
    region: str
    breaker: str
    follows_id: UUID | None
    at: datetime


class ReasonRow(Schema):
    """Why, in words, and what it rests on."""

    code: str
    zh: str
    en: str
    basis: str


class DecisionDetail(DecisionRow):
    """With reasons and inputs; `is_erased`: both are gone by law."""

    is_erased: bool
    reasons: list[ReasonRow]
    inputs: dict[str, Any]
    outcomes: list[Any] | None = Field(None, description="of a batch: [about, outcome, score, amount_fen, [codes]]")


class Replayed(DecisionDetail):
    """What was sealed, whether what is left gives it again, and the path to the root."""

    is_equal: bool
    false: list[str]
    record: dict[str, Any]
    size: int
    path: list[str]


class Head(Schema):
    """The newest signed head (C2SP checkpoint; null before the first leaf) and the keys that it is checked with."""

    checkpoint: str | None
    keys: list[str]


@router.get("/my/decisions", response=answers(Page[DecisionRow]), auth=Needs("decisions.own"), summary="关于我的决定 · my decisions")
def my_decisions(request: HttpRequest, asked: Query[Paging]) -> dict[str, object]:
    """Newest first; none for an account that stands for nobody."""
    found = queries.own_decisions(request.user)
    return {"items": list(found[asked.offset : asked.offset + asked.limit]), "total": found.count(), "limit": asked.limit, "offset": asked.offset}


@router.get("/my/decisions/{decision_id}", response=answers(DecisionDetail, 404), auth=Needs("decisions.own"), summary="我的一条决定 · one of mine")
def my_decision(request: HttpRequest, decision_id: UUID) -> dict[str, object]:
    """Reasons and inputs. Somebody else's is not found."""
    row = queries.own_decision(request.user, decision_id)
    return _row(row) | _seen(queries.evidence_of(row))


@router.get("/my/decisions/{decision_id}/receipt", auth=Needs("decisions.own"), summary="回执 · receipt (.tlog-proof)")
def my_receipt(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """The proof as text."""
    return HttpResponse(receipt_of(str(queries.own_decision(request.user, decision_id).pk)), content_type="text/plain; charset=utf-8")


@router.get("/decisions/{number}/replay", response=answers(Replayed, 404, 409), auth=Needs("decisions.replay"), summary="决策回放 · replay")
def replay(request: HttpRequest, number: str) -> dict[str, object]:
    """By UUID or leaf number; the read is logged."""
    found = replay_decision(number, acting_user=request.user, at=now())
    said = {"is_equal": found.is_equal, "false": list(found.false), "record": found.record, "size": found.size, "path": list(found.path)}
    return _row(found.decision) | _seen(found.evidence) | said


@public_router.get("/log", response=Head, auth=None, summary="留痕的签名头 · signed head of the log")
def head(request: HttpRequest) -> dict[str, object]:
    """For witnesses, courts and unions: keep it, and ask again later whether the log still agrees."""
    return {"checkpoint": queries.newest_head(), "keys": [key.text() for key in pinned_keys()]}


def _row(row: Any) -> dict[str, object]:
    return {name: getattr(row, name) for name in DecisionRow.model_fields}


def _seen(seen: Any) -> dict[str, object]:
    if seen is None:
        return {"is_erased": True, "reasons": [], "inputs": {}, "outcomes": None}
    return {"is_erased": False, "reasons": seen.reasons, "inputs": dict(seen.inputs), "outcomes": seen.marks}
