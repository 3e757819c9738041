"""Invitations of a signed campaign, by the counsellor of the grid: sent as an application once the person agreed, dropped, restored until sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.office.applications.actions import apply
from leye.office.campaigns import refusals
from leye.office.campaigns.actions import locked
from leye.office.campaigns.envelopes import person_of
from leye.office.campaigns.models import Campaign, Invitation, State, Step
from leye.office.entitlements.persons import check_grid
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require


def send(campaign_id: UUID, invitation_id: UUID, *, consent: str, shares_contact: bool = False, acting_user: Any, at: datetime) -> Invitation:
    """Apply on behalf of a person of one's own grids who agreed; the application names the sealed outcome behind it.

    consent: when and how they agreed. Raises NotFound, BadInput (E_CONSENT), Conflict (E_INVITATION_STATE, E_CAMPAIGN_STATE, E_JOB_CLOSED,
    E_APPLICATION_OPEN).
    """
    require(acting_user, "campaigns.invite")
    with transaction.atomic():
        campaign, invitation, person = _own(campaign_id, invitation_id, acting_user, Step.DRAFTED)
        application = apply(
            person, invitation.job_id, acting_user=acting_user, at=at, words=f"来自活动：{campaign.name}（{campaign.on}）",
            shares_contact=shares_contact, consent=consent, decision_id=invitation.decision_id,
        )  # fmt: skip
        invitation.application = application
        return _moved(invitation, Step.SENT, acting_user, at)


def drop(campaign_id: UUID, invitation_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> Invitation:
    """Do not invite: the person does not want to, or something speaks against it. Raises NotFound, BadInput (E_REASON), Conflict."""
    require(acting_user, "campaigns.invite")
    said = reason_of(reason)
    with transaction.atomic():
        _campaign, invitation, _person = _own(campaign_id, invitation_id, acting_user, Step.DRAFTED)
        invitation.said = said
        return _moved(invitation, Step.DROPPED, acting_user, at)


def restore(campaign_id: UUID, invitation_id: UUID, *, acting_user: Any, at: datetime) -> Invitation:
    """Undo a drop. Raises NotFound, Conflict (E_INVITATION_STATE, E_CAMPAIGN_STATE)."""
    require(acting_user, "campaigns.invite")
    with transaction.atomic():
        _campaign, invitation, _person = _own(campaign_id, invitation_id, acting_user, Step.DROPPED)
        invitation.said = ""
        return _moved(invitation, Step.DRAFTED, acting_user, at)


def _own(campaign_id: UUID, invitation_id: UUID, user: Any, wanted: Step) -> tuple[Campaign, Invitation, str]:
    """Both rows under locks, the campaign first. Raises NotFound alike for none and for somebody of another counsellor's grid."""
    campaign = locked(campaign_id, user)
    found: Invitation | None = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id, campaign=campaign).first()
    if found is None:
        raise not_found()
    person = person_of(found)
    check_grid(user, person)
    if campaign.state != State.SIGNED:
        raise refusals.step_refused(campaign, "邀请", "invite")
    if found.state != wanted:
        raise refusals.invitation_done()
    return campaign, found, person


def _moved(invitation: Invitation, to: Step, by: Any, at: datetime) -> Invitation:
    invitation.state, invitation.changed_by, invitation.changed_at = to, by, at
    invitation.save()
    audit(f"campaign.invitation_{to}", on=invitation, by=by, at=at, campaign=str(invitation.campaign_id))
    emit("campaign.invitation", permission="campaigns.invite", region=invitation.region, at=at, campaign_id=invitation.campaign_id, state=str(to))
    return invitation
