"""Unemployment risk over HTTP: one's own profile and the way out, the counsellor's list and override, the figures by which it is judged."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.prospects import actions, queries

router = Router(tags=["prospects"])


class ProspectRow(Schema):
    """A profile. p_6, p_12: calibrated chances · low_12, high_12: 90 % range · up, down: inputs that raise and lower it."""

    person_id: str
    question: str
    level: str
    machine_level: str
    p_6: float
    p_12: float
    low_12: float
    high_12: float
    up: list[str]
    down: list[str]
    month: date


class OwnOut(Schema):
    """One's own profiles, and whether one opted out."""

    profiles: list[ProspectRow]
    is_out: bool


class OptIn(Schema):
    """out: true to opt out, false to come back."""

    out: bool


class OverrideIn(Schema):
    """question: job_loss or no_job · level: ordinary, attention, priority."""

    person_id: str = Field(..., max_length=40)
    question: str = Field(..., max_length=20)
    level: str = Field(..., max_length=10)
    reason: str = Field(..., max_length=500)


class OverrideRow(Schema):
    """A level set by hand."""

    id: UUID
    question: str
    machine_level: str
    level: str
    reason: str
    at: datetime
    undone_at: datetime | None


class QualityOut(Schema):
    """Tables of the newest run: figures, bins, gaps (small groups without figures), drift, learned, notices, levels."""

    tables: dict[str, list[dict[str, Any]]]


@router.get("/my/outlook", response=answers(OwnOut), auth=Needs("prospects.own"), summary="我的就业风险 · my own profile")
def own(request: HttpRequest) -> dict[str, object]:
    """Sealed profiles only."""
    found, out = queries.own_prospects(request.user)
    return {"profiles": found, "is_out": out}


@router.post("/my/outlook", response=answers(OwnOut, 404, 409), auth=Needs("prospects.own"), summary="退出、恢复 · opt out or in")
def opt(request: HttpRequest, wanted: OptIn) -> dict[str, object]:
    """Takes effect at once for what is shown, with the next night for what is computed."""
    (actions.opt_out if wanted.out else actions.opt_in)(acting_user=request.user, at=now())
    return own(request)


@router.get("/prospects", response=answers(Page[ProspectRow]), auth=Needs("prospects.view"), summary="帮扶名单 · whom to help more")
def help_list(request: HttpRequest, paging: Query[Paging], level: str = "") -> dict[str, object]:
    """People of one's own grids at attention or priority, most urgent first; ids and no names."""
    return page(queries.help_list(request.user, level), paging)


@router.post("/prospects/overrides", response=answers(OverrideRow, 400, 404, 409), auth=Needs("prospects.override"), summary="改级 · set a level")
def override(request: HttpRequest, said: OverrideIn) -> object:
    """With the reason; one at a time."""
    return actions.override(said.person_id, said.question, level=said.level, reason=said.reason, acting_user=request.user, at=now())


@router.post(
    "/prospects/overrides/{override_id}/undo",
    response=answers(OverrideRow, 404, 409),
    auth=Needs("prospects.override"),
    summary="撤回 · take it back",
)
def undo(request: HttpRequest, override_id: UUID) -> object:
    """The machine's level stands again."""
    return actions.undo(override_id, acting_user=request.user, at=now())


@router.get("/prospects/quality", response=answers(QualityOut), auth=Needs("prospects.audit"), summary="画像质量 · how good it is")
def quality(request: HttpRequest) -> dict[str, object]:
    """Calibration, group gaps with intervals, drift."""
    return {"tables": queries.quality(request.user)}
