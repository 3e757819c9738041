"""Plans of discretionary programmes over HTTP: asked for, read, signed, withdrawn; placements once they are sealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.data_quality import JobRow
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.programmes import actions, queries
from leye.office.programmes.asked import MOST_CHARACTERS, Asked
from leye.office.programmes.models import ProgrammePlan

router = Router(tags=["policy"])


class PlanRow(Schema):
    """A plan. placed, spent_fen, expected_effect, gap: null when nothing is placed."""

    id: UUID
    name: str
    state: str
    on: date
    made_at: datetime
    signed_at: datetime | None
    sealed_people: int | None
    placed: int | None
    spent_fen: int | None
    expected_effect: float | None
    gap: float | None

    @staticmethod
    def resolve_placed(plan: Any) -> int | None:
        """People with a place."""
        return _figure(plan, "placed")

    @staticmethod
    def resolve_spent_fen(plan: Any) -> int | None:
        """Fen."""
        return _figure(plan, "spent_fen")

    @staticmethod
    def resolve_expected_effect(plan: Any) -> float | None:
        """People more at work."""
        return _figure(plan, "expected_effect")

    @staticmethod
    def resolve_gap(plan: Any) -> float | None:
        """Relative distance to the bound."""
        return _figure(plan, "gap")


class PlanOut(Schema):
    """A plan with all its figures (the form of report.json), the report in Chinese and drafted rules by programme."""

    plan: PlanRow
    figures: dict[str, Any]
    report_zh: str
    drafts: dict[str, str]


class AskIn(Schema):
    """text: programmes as YAML · budgets_fen by fund · floors: group -> share (0.08, 8%, eligible)."""

    text: str = Field(max_length=MOST_CHARACTERS)
    budgets_fen: dict[str, int]
    floors: dict[str, str] = Field(default_factory=dict)
    seed: int = Field(1, ge=0, le=999_999_999)
    name: str = Field("", max_length=120)


class Because(Schema):
    """Why."""

    reason: str = Field(max_length=500)


class PlacementRow(Schema):
    """Who has which place. reasons: codes of the card."""

    person_id: str
    programme: str
    region: str
    effect: float
    cost_fen: int
    reasons: list[str]


def _figure(plan: ProgrammePlan, name: str) -> Any:
    return (plan.body["allocation"] or {}).get(name)


@router.get("/programmes", response=answers(Page[PlanRow]), auth=Needs("programmes.view"), summary="项目资金安排 · plans")
def plans(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return page(list(queries.plans(request.user)), paging)


@router.post("/programmes", response=answers(JobRow, 400), auth=Needs("programmes.edit"), summary="算一个安排 · compute a plan")
def ask(request: HttpRequest, asked: AskIn) -> object:
    """Answers with the job; its result names the plan."""
    wanted = Asked(asked.text, asked.budgets_fen, asked.floors, asked.seed, asked.name)
    return actions.ask(wanted, acting_user=request.user, at=now())


@router.get("/programmes/{plan_id}", response=answers(PlanOut, 404), auth=Needs("programmes.view"), summary="一个安排 · one plan")
def one(request: HttpRequest, plan_id: UUID) -> dict[str, object]:
    """All its figures."""
    plan = queries.plan_called(request.user, plan_id)
    return {"plan": plan, "figures": plan.body, "report_zh": plan.report, "drafts": plan.drafts}


@router.post("/programmes/{plan_id}/sign", response=answers(PlanRow, 404, 409), auth=Needs("programmes.sign"), summary="签署 · sign")
def sign(request: HttpRequest, plan_id: UUID) -> object:
    """Not by who computed it."""
    return actions.sign(plan_id, acting_user=request.user, at=now())


@router.post("/programmes/{plan_id}/withdraw", response=answers(PlanRow, 400, 404, 409), auth=Needs("programmes.edit"), summary="撤回 · withdraw")
def withdraw(request: HttpRequest, plan_id: UUID, because: Because) -> object:
    """With the reason, before outcomes are sealed."""
    return actions.withdraw(plan_id, reason=because.reason, acting_user=request.user, at=now())


@router.get(
    "/programmes/{plan_id}/placements",
    response=answers(Page[PlacementRow], 404, 409),
    auth=Needs("programmes.placements"),
    summary="名单 · placements",
)
def placements(request: HttpRequest, plan_id: UUID, paging: Query[Paging]) -> dict[str, object]:
    """Of a sealed plan only; the look is audited."""
    rows = [dict(zip(queries.PLACEMENTS, r, strict=True)) for r in queries.placements(request.user, plan_id, at=now())]
    return page([r | {"reasons": r["reasons"].split(";")} for r in rows], paging)
