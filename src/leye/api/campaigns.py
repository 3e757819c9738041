"""Campaigns over HTTP: computed, picked, signed, withdrawn; invitations of a counsellor's own grids."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.campaigns import actions, invitations, queries
from leye.office.campaigns.asked import Asked
from leye.office.clock import now

router = Router(tags=["matches"])


class CampaignRow(Schema):
    """A campaign. mode: the picked one, empty before · region: empty for the whole place."""

    id: UUID
    name: str
    on: date
    kind: str
    who: str
    region: str
    state: str
    mode: str
    choice: str
    made_at: datetime
    signed_at: datetime | None
    sealed_people: int | None


class CampaignOut(CampaignRow):
    """With its posts, and for each mode the account and the groups."""

    posts: list[dict[str, Any]]
    modes: dict[str, Any]

    @staticmethod
    def resolve_modes(campaign: Any) -> dict[str, Any]:
        """Account and groups by mode."""
        found: dict[str, Any] = campaign.body["modes"]
        return found


class CampaignIn(Schema):
    """places: job_id -> places · who: `district`, `help`, `today` or `wish`."""

    name: str = Field(max_length=60)
    on: date
    kind: str
    who: str
    region: str = ""
    places: dict[str, int]


class PickIn(Schema):
    """Which way, and why."""

    mode: str = Field(max_length=8)
    reason: str = Field(max_length=500)


class Because(Schema):
    """Why."""

    reason: str = Field(max_length=500)


class ConsentIn(Schema):
    """consent: when and how the person agreed · shares_contact: the firm may see name and phone."""

    consent: str = Field(max_length=200)
    shares_contact: bool = False


class InvitationRow(Schema):
    """One placed person of one's own grids."""

    id: UUID
    job_id: str
    title: str
    state: str
    said: str
    decision_id: UUID
    application_id: UUID | None


class AskingRow(InvitationRow):
    """With whom it is for."""

    person_id: str


@router.get("/campaigns", response=answers(Page[CampaignRow]), auth=Needs("campaigns.view"), summary="招聘活动 · campaigns")
def campaigns(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Newest first."""
    return page(list(queries.campaigns(request.user)), paging)


@router.post("/campaigns", response=answers(CampaignOut, 400, 404, 409), auth=Needs("campaigns.edit"), summary="算一场 · compute a campaign")
def make(request: HttpRequest, asked: CampaignIn) -> object:
    """In all modes."""
    return actions.make(Asked(**asked.dict()), acting_user=request.user, at=now())


@router.get("/campaigns/{campaign_id}", response=answers(CampaignOut, 404), auth=Needs("campaigns.view"), summary="一场活动 · one campaign")
def one(request: HttpRequest, campaign_id: UUID) -> object:
    """Figures of all modes; nobody is named."""
    return queries.campaign_called(request.user, campaign_id)


@router.post("/campaigns/{campaign_id}/pick", response=answers(CampaignRow, 400, 404, 409), auth=Needs("campaigns.edit"), summary="选方式 · pick")
def pick(request: HttpRequest, campaign_id: UUID, picked: PickIn) -> object:
    """With the reason."""
    return actions.pick(campaign_id, picked.mode, reason=picked.reason, acting_user=request.user, at=now())


@router.post("/campaigns/{campaign_id}/unpick", response=answers(CampaignRow, 404, 409), auth=Needs("campaigns.edit"), summary="撤销选择 · unpick")
def unpick(request: HttpRequest, campaign_id: UUID) -> object:
    """Before it is signed."""
    return actions.unpick(campaign_id, acting_user=request.user, at=now())


@router.post("/campaigns/{campaign_id}/sign", response=answers(CampaignRow, 404, 409), auth=Needs("campaigns.sign"), summary="签署 · sign")
def sign(request: HttpRequest, campaign_id: UUID) -> object:
    """Not by who computed or picked."""
    return actions.sign(campaign_id, acting_user=request.user, at=now())


@router.post(
    "/campaigns/{campaign_id}/withdraw", response=answers(CampaignRow, 400, 404, 409), auth=Needs("campaigns.edit"), summary="撤回 · withdraw"
)
def withdraw(request: HttpRequest, campaign_id: UUID, because: Because) -> object:
    """No further invitation goes out."""
    return actions.withdraw(campaign_id, reason=because.reason, acting_user=request.user, at=now())


@router.get(
    "/campaigns/{campaign_id}/invitations", response=answers(Page[AskingRow], 404), auth=Needs("campaigns.invite"), summary="邀请 · invitations"
)
def invited(request: HttpRequest, campaign_id: UUID, paging: Query[Paging]) -> dict[str, object]:
    """Of one's own grids; reads are recorded."""
    found = page(queries.invitations_of(request.user, queries.campaign_called(request.user, campaign_id), now()), paging)
    fields = list(InvitationRow.model_fields)
    found["items"] = [{f: getattr(a.invitation, f) for f in fields} | {"person_id": a.person_id} for a in found["items"]]
    return found


@router.post(
    "/campaigns/{campaign_id}/invitations/{invitation_id}/send",
    response=answers(InvitationRow, 400, 404, 409),
    auth=Needs("campaigns.invite"),
    summary="代交 · send",
)
def send(request: HttpRequest, campaign_id: UUID, invitation_id: UUID, agreed: ConsentIn) -> object:
    """As an application, with the person's consent."""
    return invitations.send(
        campaign_id, invitation_id, consent=agreed.consent, shares_contact=agreed.shares_contact, acting_user=request.user, at=now()
    )


@router.post(
    "/campaigns/{campaign_id}/invitations/{invitation_id}/drop",
    response=answers(InvitationRow, 400, 404, 409),
    auth=Needs("campaigns.invite"),
    summary="不邀请 · drop",
)
def drop(request: HttpRequest, campaign_id: UUID, invitation_id: UUID, because: Because) -> object:
    """With the reason."""
    return invitations.drop(campaign_id, invitation_id, reason=because.reason, acting_user=request.user, at=now())


@router.post(
    "/campaigns/{campaign_id}/invitations/{invitation_id}/restore",
    response=answers(InvitationRow, 404, 409),
    auth=Needs("campaigns.invite"),
    summary="恢复 · restore",
)
def restore(request: HttpRequest, campaign_id: UUID, invitation_id: UUID) -> object:
    """Undo a drop."""
    return invitations.restore(campaign_id, invitation_id, acting_user=request.user, at=now())
