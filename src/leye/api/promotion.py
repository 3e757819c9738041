"""Promotion: campaigns step by step, what roll-outs brought, batches for a gateway, and its receipts – the same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers
from leye.kernel.clock import beijing_day
from leye.office.clock import now
from leye.office.entitlements.files import rules_day
from leye.office.promotion import actions, delivery, outcomes, queries
from leye.office.promotion.evaluation import Evaluation, evaluate, reported, reported_of
from leye.office.promotion.models import Campaign
from leye.office.promotion.rollout import Wanted, plan_of, schedule_campaign
from leye.policy.promote.tables import effect_row, funnel_table

router = Router(tags=["promotion"])


class CampaignRow(Schema):
    """One campaign."""

    id: UUID
    policy: str
    region: str
    language: str
    channels: list[str]
    state: str
    rules_on: date
    drafted_at: datetime
    signed_at: datetime | None
    signed_leaf: int | None
    start_on: date | None
    weeks: int | None
    steps: int | None
    seed: int | None
    list_run: str
    text_sha256: str
    listed: int
    told: int
    stop_reason: str


class CampaignDetail(CampaignRow):
    """With its texts, its plan, and what the asking person can do now."""

    texts: dict[str, Any]
    unsure: list[str]
    plan: dict[str, Any]
    may: list[str]


class Draft(Schema):
    """Which policy, by which channels; `region` empty: the place of the data folder."""

    policy: str = Field(..., max_length=60)
    channels: list[str] = Field(..., max_length=10)
    language: str = Field("zh", pattern="^(zh|en)$")


class Seen(Schema):
    """The hash of the texts that were read."""

    text_sha256: str = Field(..., min_length=64, max_length=64)


class PlanAsked(Schema):
    """A plan; `effect` is the total added rate that one would like to see, 0–1."""

    start: date
    steps: int = Field(6, ge=1, le=52)
    weeks: int = Field(8, ge=4, le=104)
    effect: float = Field(0.06, gt=0, le=1)

    def wanted(self) -> Wanted:
        """As the actions take it."""
        return Wanted(self.start, self.steps, self.weeks, self.effect)


class Receipt(Schema):
    """What a gateway reports of one message."""

    message_id: UUID
    delivered_on: date | None = None
    opened_on: date | None = None
    failed: str = Field("", max_length=60)


class Receipts(Schema):
    """A report, taken whole or not at all."""

    rows: list[Receipt] = Field(..., max_length=50_000)


class Why(Schema):
    """A reason in words."""

    text: str = Field(..., max_length=500)


class HandoverRow(Schema):
    """A batch given to the sender; the folder's files hold the messages."""

    id: UUID
    channel: str
    at: datetime
    messages: int
    grids: int
    name: str
    sha256: str
    withdrawn_at: datetime | None


class MessageRow(Schema):
    """One part of one message."""

    message_id: str
    to: str
    part: int
    parts: int
    text: str


class Changed(Schema):
    """How many rows changed."""

    changed: int


@router.get("/campaigns", response=answers(Page[CampaignRow]), auth=Needs("promotion.view"), summary="各项宣传 · campaigns")
def campaigns(request: HttpRequest, asked: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    found = queries.campaigns(request.user)
    return {"items": list(found[asked.offset : asked.offset + asked.limit]), "total": found.count(), "limit": asked.limit, "offset": asked.offset}


@router.post("/campaigns", response=answers(CampaignDetail, 400, 404, 409), auth=Needs("promotion.draft"), summary="起草 · draft")
def draft(request: HttpRequest, body: Draft) -> dict[str, Any]:
    """Texts are made from the rule in force; refused for a policy whose basis was not seen."""
    made = actions.draft_campaign(
        body.policy, channels=body.channels, on=rules_day(), region=queries.home_region(), acting_user=request.user, at=now(), language=body.language
    )
    return _detail(request, made.pk)


@router.get("/campaigns/{campaign_id}", response=answers(CampaignDetail, 404), auth=Needs("promotion.view"), summary="一项宣传 · one campaign")
def campaign(request: HttpRequest, campaign_id: UUID) -> dict[str, Any]:
    """Texts, plan, state."""
    return _detail(request, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/sign", response=answers(CampaignDetail, 400, 404, 409), auth=Needs("promotion.sign"), summary="签发 · sign the texts"
)
def sign(request: HttpRequest, campaign_id: UUID, body: Seen) -> dict[str, Any]:
    """409 when the rule or the texts changed since; 403 for the drafter."""
    actions.sign_campaign(campaign_id, seen_sha256=body.text_sha256, acting_user=request.user, at=now())
    return _detail(request, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/plan",
    response=answers(dict[str, Any], 400, 404, 409),
    auth=Needs("promotion.view"),
    summary="算功效 · what it sees",
)
def plan(request: HttpRequest, campaign_id: UUID, body: PlanAsked) -> dict[str, Any]:
    """Power and balance; writes nothing."""
    return plan_of(queries.campaign_called(request.user, campaign_id), body.wanted()).told


@router.post(
    "/campaigns/{campaign_id}/schedule", response=answers(CampaignDetail, 400, 404, 409), auth=Needs("promotion.draft"), summary="抽签开始 · begin"
)
def schedule(request: HttpRequest, campaign_id: UUID, body: PlanAsked) -> dict[str, Any]:
    """Freezes the list and draws the order."""
    schedule_campaign(campaign_id, body.wanted(), acting_user=request.user, at=now())
    return _detail(request, campaign_id)


@router.post(
    "/campaigns/{campaign_id}/send", response=answers(list[HandoverRow], 404, 409), auth=Needs("promotion.send"), summary="交出到期的 · hand over"
)
def send(request: HttpRequest, campaign_id: UUID) -> list[Any]:
    """What is due now; 409 when nothing is."""
    return delivery.deliver_due(campaign_id, acting_user=request.user, at=now())


@router.get(
    "/campaigns/{campaign_id}/handovers", response=answers(list[HandoverRow], 404), auth=Needs("promotion.view"), summary="交出的批次 · batches"
)
def handovers(request: HttpRequest, campaign_id: UUID) -> list[Any]:
    """Name and hash of each batch; the messages lie in the sender's folder."""
    return list(queries.campaign_called(request.user, campaign_id).handovers.all())


@router.get(
    "/campaigns/{campaign_id}/handovers/{handover_id}",
    response=answers(list[MessageRow], 404),
    auth=Needs("promotion.send"),
    summary="一批 · messages",
)
def messages(request: HttpRequest, campaign_id: UUID, handover_id: UUID) -> list[Any]:
    """For a gateway that asks; recorded. 404 once the file was collected or taken back."""
    return delivery.export_batch(campaign_id, handover_id, acting_user=request.user, at=now())


@router.post(
    "/campaigns/{campaign_id}/receipts", response=answers(Changed, 400, 404, 409), auth=Needs("promotion.send"), summary="网关回执 · receipts"
)
def receipts(request: HttpRequest, campaign_id: UUID, body: Receipts) -> dict[str, int]:
    """Delivered, opened, failed by the number on the message."""
    rows = [r.dict() | {"message_id": str(r.message_id)} for r in body.rows]
    return {"changed": delivery.record_receipts(campaign_id, rows, acting_user=request.user, at=now())}


@router.post("/campaigns/{campaign_id}/outcomes", response=answers(Changed, 404), auth=Needs("promotion.view"), summary="申请和发放 · outcomes")
def look_up(request: HttpRequest, campaign_id: UUID) -> dict[str, int]:
    """Applications and payments that the desks recorded, told or not."""
    return {"changed": outcomes.take_outcomes(campaign_id, acting_user=request.user, at=now())}


@router.post("/campaigns/{campaign_id}/stop", response=answers(CampaignDetail, 400, 404, 409), auth=Needs("promotion.stop"), summary="停止 · stop")
def stop(request: HttpRequest, campaign_id: UUID, body: Why) -> dict[str, Any]:
    """Nothing more goes out; what nobody collected is taken back."""
    actions.stop_campaign(campaign_id, reason=body.text, acting_user=request.user, at=now())
    return _detail(request, campaign_id)


@router.get(
    "/campaigns/{campaign_id}/evaluation", response=answers(dict[str, Any], 404), auth=Needs("promotion.view"), summary="有没有用 · what it brought"
)
def evaluation(request: HttpRequest, campaign_id: UUID) -> dict[str, Any]:
    """Effect with interval, weeks, leads, funnel; small cells hidden. Empty before the first week is over."""
    found = evaluate(queries.campaign_called(request.user, campaign_id), beijing_day(now()))
    return {} if found is None else _evaluation(found)


@router.get("/rollouts", response=answers(list[dict[str, Any]]), auth=Needs("promotion.view"), summary="报来的分批通知 · reported roll-outs")
def rollouts(request: HttpRequest) -> list[dict[str, Any]]:
    """Those in the data folder."""
    return [_evaluation(found) for found in reported(settings.LEYE_DATA)]


@router.get("/rollouts/{policy}", response=answers(dict[str, Any], 404), auth=Needs("promotion.view"), summary="其中一项 · one of them")
def rollout(request: HttpRequest, policy: str) -> dict[str, Any]:
    """By policy."""
    return _evaluation(reported_of(settings.LEYE_DATA, policy))


def _detail(request: HttpRequest, campaign_id: UUID) -> dict[str, Any]:
    found: Campaign = queries.campaign_called(request.user, campaign_id)
    return {name: getattr(found, name) for name in CampaignDetail.model_fields if name != "may"} | {"may": queries.next_steps(request.user, found)}


def _evaluation(found: Evaluation) -> dict[str, Any]:
    return {
        "policy": found.policy,
        "until": found.until.isoformat() if found.until else None,
        "source": found.source,
        "effect": effect_row(found.effect) if found.effect else None,
        "refused": found.refused.as_dict() if found.refused else None,
        "funnel": funnel_table(c for cells in found.funnels.values() for c in cells).to_dicts(),
    }
