"""Alerts: the desk's list, one alert, and its steps – the same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers
from leye.office.alerts import actions, queries
from leye.office.alerts.models import Alert
from leye.office.clock import now

router = Router(tags=["alerts"])


class AlertRow(Schema):
    """One alert at the desk."""

    id: UUID
    unique_id: str
    ds: date
    last_ds: date
    level: str
    score: float
    state: str
    is_lit: bool
    indicator: str
    region: str
    finding: str
    finding_en: str
    plan_id: str
    owner: str | None = None
    run_id: str
    last_run_id: str
    changed_at: datetime

    @staticmethod
    def resolve_owner(alert: Alert) -> str | None:
        """Username of who has it."""
        return alert.owner.username if alert.owner else None


class StepRow(Schema):
    """One step of the plan."""

    number: int
    title: str
    title_en: str
    owner_role: str
    due: datetime
    evidence_wanted: str
    evidence_given: str
    done_at: datetime | None


class TransitionRow(Schema):
    """One change of state."""

    at: datetime
    verb: str
    from_state: str
    to_state: str
    by: str | None = None
    note: str

    @staticmethod
    def resolve_by(change: Any) -> str | None:
        """Username; null for the nightly."""
        return change.by.username if change.by else None


class AlertDetail(AlertRow):
    """With evidence, advice, steps, history and what the asking person can do now."""

    evidence: dict[str, Any]
    advice: list[dict[str, Any]]
    steps: list[StepRow]
    transitions: list[TransitionRow]
    may: list[str]


class AlertFilter(Paging):
    """`state` empty: all that wait."""

    state: Literal["", "open", "assigned", "acting", "closed", "false_alarm"] = ""
    level: Literal["", "blue", "yellow", "orange", "red"] = ""
    indicator: str = Field("", max_length=60)
    mine: bool = False


class Assign(Schema):
    """To whom (username), what the caller saw, and perhaps another plan or a reason."""

    to: str = Field(..., max_length=60)
    seen_state: Literal["open", "assigned", "acting"] = "open"
    plan_id: str = Field("", max_length=80)
    reason: str = Field("", max_length=2000)


class Words(Schema):
    """What is said: evidence, result or reason."""

    text: str = Field(..., max_length=2000)


@router.get("/alerts", response=answers(Page[AlertRow]), auth=Needs("alerts.view"), summary="预警台 · the desk")
def alerts(request: HttpRequest, asked: Query[AlertFilter]) -> dict[str, object]:
    """Highest level first, then oldest; cut to what the person may see."""
    found = queries.desk(request.user, state=asked.state, level=asked.level, indicator=asked.indicator, mine=asked.mine)
    rows = list(found[asked.offset : asked.offset + asked.limit])
    return {"items": rows, "total": found.count(), "limit": asked.limit, "offset": asked.offset}


@router.get("/alerts/{alert_id}", response=answers(AlertDetail, 404), auth=Needs("alerts.view"), summary="一条预警 · one alert")
def alert(request: HttpRequest, alert_id: UUID) -> SimpleNamespace:
    """Evidence, advice, plan and history. Someone else's alert is not found."""
    return _detail(request, alert_id)


@router.post("/alerts/{alert_id}/assign", response=answers(AlertDetail, 400, 404, 409), auth=Needs("alerts.assign"), summary="派单 · assign")
def assign(request: HttpRequest, alert_id: UUID, body: Assign) -> SimpleNamespace:
    """409 says who was faster and when."""
    to = queries.colleague_called(body.to)
    actions.assign_alert(alert_id, to=to, acting_user=request.user, at=now(), seen_state=body.seen_state, plan_id=body.plan_id, reason=body.reason)
    return _detail(request, alert_id)


@router.post("/alerts/{alert_id}/undo", response=answers(AlertDetail, 404, 409), auth=Needs("alerts.assign"), summary="撤回派单 · undo")
def undo(request: HttpRequest, alert_id: UUID) -> SimpleNamespace:
    """Takes the newest assignment back while nothing happened since."""
    actions.undo_assignment(alert_id, acting_user=request.user, at=now())
    return _detail(request, alert_id)


@router.post("/alerts/{alert_id}/act", response=answers(AlertDetail, 404, 409), auth=Needs("alerts.act"), summary="开始处置 · begin")
def act(request: HttpRequest, alert_id: UUID) -> SimpleNamespace:
    """The owner begins."""
    actions.start_acting(alert_id, acting_user=request.user, at=now())
    return _detail(request, alert_id)


@router.post("/alerts/{alert_id}/steps/{number}", response=answers(AlertDetail, 400, 404, 409), auth=Needs("alerts.act"), summary="办结一步 · a step")
def step(request: HttpRequest, alert_id: UUID, number: int, body: Words) -> SimpleNamespace:
    """Ticks a step off with its evidence."""
    actions.complete_step(alert_id, number=number, evidence=body.text, acting_user=request.user, at=now())
    return _detail(request, alert_id)


@router.post("/alerts/{alert_id}/close", response=answers(AlertDetail, 400, 404, 409), auth=Needs("alerts.close"), summary="办结 · close")
def close(request: HttpRequest, alert_id: UUID, body: Words) -> SimpleNamespace:
    """Closes with the result; 409 while steps are open."""
    actions.close_alert(alert_id, result=body.text, acting_user=request.user, at=now())
    return _detail(request, alert_id)


@router.post(
    "/alerts/{alert_id}/false-alarm", response=answers(AlertDetail, 400, 404, 409), auth=Needs("alerts.false_alarm"), summary="误报 · false alarm"
)
def false_alarm(request: HttpRequest, alert_id: UUID, body: Words) -> SimpleNamespace:
    """Closes as a false alarm with the reason."""
    actions.mark_false_alarm(alert_id, reason=body.text, acting_user=request.user, at=now())
    return _detail(request, alert_id)


@router.post("/alerts/{alert_id}/reopen", response=answers(AlertDetail, 400, 404, 409), auth=Needs("alerts.reopen"), summary="重新打开 · reopen")
def reopen(request: HttpRequest, alert_id: UUID, body: Words) -> SimpleNamespace:
    """Opens a closed alert again with the reason."""
    actions.reopen_alert(alert_id, reason=body.text, acting_user=request.user, at=now())
    return _detail(request, alert_id)


def _detail(request: HttpRequest, alert_id: UUID) -> SimpleNamespace:
    """The alert with what hangs on it; an object, because the shapes' resolvers read attributes."""
    found = queries.alert_detail(request.user, alert_id)
    task = queries.task_of(found)
    return SimpleNamespace(
        **{name: getattr(found, name) for name in AlertRow.model_fields},
        evidence=found.evidence,
        advice=found.advice,
        steps=list(task.steps.all()) if task else [],
        transitions=list(found.transitions.all()),
        may=queries.next_steps(request.user, found),
    )
