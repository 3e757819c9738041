"""Breakers and reviews over HTTP: the same board, queue and steps as the pages', as blind as they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.review import actions, board, breakers, queries
from leye.office.review.models import ReviewCase

router = Router(tags=["review"])


class BreakerRow(Schema):
    """One algorithm in one region, empty: everywhere. `differs`: what the log says otherwise, empty when it replays to the same."""

    algo: str
    region: str
    state: str
    since: datetime | None
    cause: str
    misjudged: int
    agreed: int
    differs: str


class BreakerEventRow(Schema):
    """One event of a breaker."""

    algo: str
    region: str
    number: int
    verb: str
    at: datetime
    by: str | None
    why: str
    decision: UUID | None
    detail: dict[str, Any]
    from_state: str
    to_state: str
    leaf_index: int


class Order(Schema):
    """What is ordered, where, and why; `misjudged` may name the decision."""

    algo: str = Field(..., max_length=60)
    region: str = Field("", max_length=6)
    verb: Literal["watch", "unwatch", "open", "restart", "misjudged"]
    why: str = Field(..., max_length=2000)
    decision: str = Field("", max_length=60)


class CaseRow(Schema):
    """One case. machine_outcome is null until the verdict is given."""

    id: UUID
    decision_id: UUID | None
    algo: str
    version: str
    region: str
    because: str
    asked_at: datetime
    due: datetime
    reviewer: str | None
    taken_at: datetime | None
    verdict: str
    own_outcome: str
    machine_outcome: str | None
    reason: str
    decided_at: datetime | None
    seconds: int | None
    misjudged_at: datetime | None


class CaseDetail(CaseRow):
    """With what the machine saw, for the reviewer who has the case; reading it is recorded."""

    inputs: dict[str, Any]


class CaseFilter(Paging):
    """Waiting or judged."""

    state: Literal["waiting", "judged"] = "waiting"


class Verdict(Schema):
    """One's own outcome, a code of the card; empty: none fits. reason_code is for referred cases."""

    outcome: str = Field("", max_length=60)
    reason: str = Field(..., max_length=2000)
    reason_code: str = Field("", max_length=60)


class WeekRow(Schema):
    """Disagreement of one week, with its 95 % interval."""

    algo: str
    region: str
    monday: date
    reviews: int
    disagreed: int
    share: float
    lo: float
    hi: float


class ByAlgo(Paging):
    """Of one algorithm, or of all."""

    algo: str = Field("", max_length=60)


@router.get("/breakers", response=answers(Page[BreakerRow]), auth=Needs("breaker.view"), summary="熔断器 · breakers")
def all_breakers(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Those that are not closed first."""
    return page([_breaker(card) for card in board.board(request.user)], paging)


@router.get("/breakers/events", response=answers(Page[BreakerEventRow]), auth=Needs("breaker.view"), summary="熔断器的经过 · their events")
def events(request: HttpRequest, asked: Query[ByAlgo]) -> dict[str, object]:
    """Newest first, with who and why."""
    return page([_event(e) for e in queries.events_of(request.user) if not asked.algo or e.breaker.algo == asked.algo], asked)


@router.post("/breakers", response=answers(BreakerEventRow, 400, 404, 409), auth=Needs("breaker.act"), summary="报误判、断开、恢复 · order")
def order(request: HttpRequest, body: Order) -> dict[str, Any]:
    """409 when the breaker stands elsewhere."""
    done = breakers.order(body.algo, body.region, body.verb, why=body.why, decision=body.decision, acting_user=request.user, at=now())
    return _event(done)


@router.get("/reviews", response=answers(Page[CaseRow]), auth=Needs("review.view"), summary="人工复核 · reviews")
def reviews(request: HttpRequest, asked: Query[CaseFilter]) -> dict[str, object]:
    """What waits, by due date; or what was judged, newest first."""
    found = queries.queue(request.user) if asked.state == "waiting" else queries.judged_cases(request.user)
    rows = [_case(c) for c in found[asked.offset : asked.offset + asked.limit]]
    return {"items": rows, "total": found.count(), "limit": asked.limit, "offset": asked.offset}


@router.get("/reviews/disagreement", response=answers(Page[WeekRow]), auth=Needs("review.view"), summary="不一致的比例 · disagreement by week")
def disagreement(request: HttpRequest, asked: Query[ByAlgo]) -> dict[str, object]:
    """By algorithm, region and week."""
    rows = [
        {"algo": algo, "region": region, **{n: getattr(w, n) for n in ("monday", "reviews", "disagreed", "share", "lo", "hi")}}
        for (algo, region), weeks in queries.disagreement(request.user).items()
        for w in weeks
        if not asked.algo or algo == asked.algo
    ]
    return page(rows, asked)


@router.get("/reviews/{case_id}", response=answers(CaseDetail, 404), auth=Needs("review.view"), summary="一件复核 · one case")
def case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Inputs only for whoever has it and has not judged yet."""
    found = queries.case_called(request.user, case_id)
    is_mine = found.reviewer_id == request.user.pk and not found.verdict
    return _case(found) | {"inputs": dict(queries.seen_inputs(request.user, found, now())) if is_mine else {}}


@router.post("/reviews/{case_id}/take", response=answers(CaseRow, 404, 409), auth=Needs("review.work"), summary="领来复核 · take")
def take(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """409 says who was faster and when."""
    return _case(actions.take_case(case_id, acting_user=request.user, at=now()))


@router.post("/reviews/{case_id}/release", response=answers(CaseRow, 404, 409), auth=Needs("review.work"), summary="放回去 · give back")
def release(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Back to the queue."""
    return _case(actions.release_case(case_id, acting_user=request.user, at=now()))


@router.post("/reviews/{case_id}/judge", response=answers(CaseRow, 400, 404, 409), auth=Needs("review.work"), summary="记下结论 · judge")
def judge(request: HttpRequest, case_id: UUID, body: Verdict) -> dict[str, Any]:
    """The answer shows the machine's outcome."""
    done = actions.judge(case_id, outcome=body.outcome, reason=body.reason, reason_code=body.reason_code, acting_user=request.user, at=now())
    return _case(done)


@router.post("/reviews/{case_id}/misjudged", response=answers(CaseRow, 404, 409), auth=Needs("review.work"), summary="报误判 · a misjudgement")
def misjudged(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Only by the reviewer who disagreed, once."""
    return _case(actions.declare_misjudgement(case_id, acting_user=request.user, at=now()))


def _breaker(card: board.Card) -> dict[str, Any]:
    row = card.breaker
    return {
        "algo": card.algo,
        "region": card.region,
        "state": card.state,
        "since": row.since if row else None,
        "cause": row.cause if row else "",
        "misjudged": row.misjudged if row else 0,
        "agreed": row.agreed if row else 0,
        "differs": card.differs,
    }


def _event(event: Any) -> dict[str, Any]:
    plain = ("number", "verb", "at", "why", "decision", "detail", "from_state", "to_state", "leaf_index")
    return {
        "algo": event.breaker.algo,
        "region": event.breaker.region,
        "by": event.by.username if event.by else None,
        **{name: getattr(event, name) for name in plain},
    }


def _case(found: ReviewCase) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(found, name) for name in CaseRow.model_fields if name not in {"reviewer", "machine_outcome"}}
    return row | {
        "reviewer": found.reviewer.username if found.reviewer else None,
        "machine_outcome": found.machine_outcome if found.verdict else None,
    }
