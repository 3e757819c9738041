"""Response: what followed a closed alert, measures in reserve, replays of past shocks and their rehearsals – the same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.alerts.outcome import outcome_of
from leye.office.alerts.queries import alert_detail
from leye.office.clock import now
from leye.office.drills import actions as drill_actions
from leye.office.drills import queries as drill_queries
from leye.office.drills.models import Drill
from leye.office.jobs.actions import ask_for
from leye.office.measures import actions, queries
from leye.office.permissions import not_found
from leye.office.published import published_snapshot

router = Router(tags=["alerts"])


class MonthRow(Schema):
    """Observed beside the forecast of then; position: below, inside or above the 80 % interval."""

    ds: date
    observed: float
    mean: float
    low: float
    high: float
    position: str


class ReviewBody(Schema):
    """What followed; zh and en claim no cause. run_id: of the forecast."""

    run_id: str
    months: list[MonthRow]
    zh: str
    en: str


class RangeBody(Schema):
    """90 % interval of a simulation."""

    centre: float
    low: float
    high: float


class ChosenRow(Schema):
    """Who chose a measure for this alert, when and why."""

    by: str
    at: datetime
    why: str


class MeasureRow(Schema):
    """A signed simulation in reserve. cost_added: fen a year · winners: people who will take it up · heads: who become entitled to more."""

    scenario_id: UUID
    reserved_id: UUID | None
    name: str
    changes: list[str]
    changes_en: list[str]
    cost_added: RangeBody
    winners: RangeBody
    heads: int
    losers: int
    on: date
    state: str
    signed_by: str
    signed_at: datetime | None
    may_choose: bool
    chosen: ChosenRow | None = None

    @staticmethod
    def resolve_chosen(found: Any) -> dict[str, object] | None:
        """Null while nobody chose it."""
        c = found.chosen
        return None if c is None else {"by": c.chosen_by.username, "at": c.chosen_at, "why": c.why}


class Wanted(Schema):
    """The signed scenario."""

    scenario_id: UUID


class Chosen(Wanted):
    """With the reason."""

    why: str = Field(..., max_length=500)


class ReplayRow(Schema):
    """One kept replay."""

    id: UUID
    shock: date
    source: str
    body_sha256: str
    made_at: datetime


class DrillStepRow(Schema):
    """One rehearsed step."""

    number: int
    title: str
    title_en: str
    within_days: int
    note: str
    done_at: datetime | None


class DrillRow(Schema):
    """A rehearsal; it counts nowhere."""

    id: UUID
    unique_id: str
    lamp: str
    lit_on: date
    plan_id: str
    steps: list[DrillStepRow]

    @staticmethod
    def resolve_steps(drill: Drill) -> list[Any]:
        """In order."""
        return list(drill.steps.all())


class ReplayDetail(Schema):
    """With its summary, one row a series, and its rehearsals."""

    replay: ReplayRow
    summary: dict[str, Any]
    rows: list[dict[str, Any]]
    drills: list[DrillRow]


class Shock(Schema):
    """2001, 2008, 2020 or a date."""

    shock: str = Field(..., max_length=10)


class Asked(Schema):
    """The job that replays."""

    job_id: UUID


class Series(Schema):
    """Whose lamp is rehearsed."""

    unique_id: str = Field(..., max_length=200)


class Note(Schema):
    """What was found out."""

    text: str = Field(..., max_length=2000)


@router.get("/alerts/{alert_id}/outcome", response=answers(ReviewBody, 404), auth=Needs("alerts.view"), summary="后来怎样 · what followed")
def outcome(request: HttpRequest, alert_id: UUID) -> dict[str, object]:
    """Beside the forecast of the run that raised it. 404 while the alert is open, or when that run is kept no more."""
    alert = alert_detail(request.user, alert_id)
    found = outcome_of(published_snapshot(), alert)
    if found is None:
        raise not_found()
    return {"run_id": alert.run_id, "months": found.months, "zh": found.zh, "en": found.en}


@router.get("/alerts/{alert_id}/measures", response=answers(list[MeasureRow], 404), auth=Needs("reforms.view"), summary="政策储备 · measures")
def measures(request: HttpRequest, alert_id: UUID) -> list[queries.Measure]:
    """Chosen ones first, then those that the alert's plan keeps ready."""
    return queries.measures_for(request.user, alert_detail(request.user, alert_id))


@router.post(
    "/alerts/{alert_id}/measures",
    response=answers(list[MeasureRow], 400, 404, 409),
    auth=Needs("reforms.edit"),
    summary="选定措施 · choose a measure",
)
def choose(request: HttpRequest, alert_id: UUID, asked: Chosen) -> list[queries.Measure]:
    """Sealed in the audit trail; nothing is paid and no rule changes by it."""
    actions.choose(alert_id, asked.scenario_id, why=asked.why, acting_user=request.user, at=now())
    return queries.measures_for(request.user, alert_detail(request.user, alert_id))


@router.get("/plans/{plan_id}/measures", response=answers(list[MeasureRow]), auth=Needs("reforms.view"), summary="预案的政策储备 · a plan's reserve")
def reserve(request: HttpRequest, plan_id: str) -> list[queries.Measure]:
    """Newest first."""
    return queries.reserve_of(request.user, plan_id)


@router.post("/plans/{plan_id}/measures", response=answers(list[MeasureRow], 404, 409), auth=Needs("reforms.edit"), summary="列入储备 · keep ready")
def keep(request: HttpRequest, plan_id: str, asked: Wanted) -> list[queries.Measure]:
    """409 E_NOT_SIGNED for a draft, E_RESERVED when it is there already."""
    actions.reserve(plan_id, asked.scenario_id, acting_user=request.user, at=now())
    return queries.reserve_of(request.user, plan_id)


@router.get("/alert-replays", response=answers(Page[ReplayRow]), auth=Needs("replays.view"), summary="预警回放 · replays")
def replays(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return page(list(drill_queries.replays(request.user)), paging)


@router.post("/alert-replays", response=answers(Asked, 400, 409), auth=Needs("replays.make"), summary="回放一次冲击 · replay a shock")
def ask_replay(request: HttpRequest, asked: Shock) -> dict[str, object]:
    """The worker replays the published panel; the list shows it when it is done."""
    from leye.watch.replay import shock_day

    shock_day(asked.shock)
    job = ask_for("watch_replay", {"shock": asked.shock, "by": request.user.pk}, by=request.user, at=now())
    return {"job_id": job.pk}


@router.get("/alert-replays/{replay_id}", response=answers(ReplayDetail, 404), auth=Needs("replays.view"), summary="一次回放 · one replay")
def replay(request: HttpRequest, replay_id: UUID) -> dict[str, object]:
    """When each lamp would have lit."""
    return _replay(request, replay_id)


@router.post("/alert-replays/{replay_id}/drills", response=answers(ReplayDetail, 404, 409), auth=Needs("replays.make"), summary="演练 · rehearse")
def drill(request: HttpRequest, replay_id: UUID, asked: Series) -> dict[str, object]:
    """Open the plan of one lamp as a rehearsal."""
    drill_actions.open_drill(replay_id, unique_id=asked.unique_id, acting_user=request.user, at=now())
    return _replay(request, replay_id)


@router.post(
    "/alert-replays/{replay_id}/drills/{drill_id}/steps/{number}", response=answers(ReplayDetail, 400, 404, 409), auth=Needs("replays.make"),
    summary="演练一步 · a rehearsed step",
)  # fmt: skip
def drill_step(request: HttpRequest, replay_id: UUID, drill_id: UUID, number: int, asked: Note) -> dict[str, object]:
    """With what was found out."""
    drill_actions.tick_step(drill_id, number=number, note=asked.text, acting_user=request.user, at=now())
    return _replay(request, replay_id)


def _replay(request: HttpRequest, replay_id: UUID) -> dict[str, object]:
    kept = drill_queries.replay_called(request.user, replay_id)
    return {"replay": kept, **{k: kept.body[k] for k in ("summary", "rows")}, "drills": list(drill_queries.drills_of(kept).values())}
