"""A campaign from computing to signing and withdrawal. Each action: may they, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.kernel.decision import Subject
from leye.office.campaigns import refusals
from leye.office.campaigns.asked import Asked, checked
from leye.office.campaigns.computing import asked_parts, compute, content_sha256
from leye.office.campaigns.envelopes import outcomes_of, sealed
from leye.office.campaigns.models import Campaign, Invitation, State
from leye.office.campaigns.sealing import ALGO, regions_of, run_id_of, seal_outcomes
from leye.office.countersign import countersign, take_back
from leye.office.decisions.ledger import new_id
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.searches.bank import bank_now


def make(asked: Asked, *, acting_user: Any, at: datetime) -> Campaign:
    """Compute a campaign in all modes and keep it as a draft. Raises NotAllowed, NotFound, BadInput, Conflict and CheckFailed as `compute`."""
    require(acting_user, "campaigns.edit")
    wanted = checked(asked, acting_user, beijing_day(at))
    found = compute(wanted, acting_user)
    name = new_id(at)
    parts = asked_parts(wanted.name, wanted.on, wanted.kind, wanted.who, wanted.region)
    with transaction.atomic():
        made = Campaign.objects.create(
            id=name, name=wanted.name, on=wanted.on, kind=wanted.kind, who=wanted.who, region=wanted.region, posts=found.posts, body=found.body,
            sealed=sealed(name, found.outcomes), content_sha256=content_sha256(parts, found.posts, found.body, found.outcomes),
            made_by=acting_user, made_at=at,
        )  # fmt: skip
        # groups were joined to finished outcomes to judge them: which columns, of how many, belongs in the audit
        read = ["people.sex", "people.birth", "people.hukou_type"]
        audit("campaign.computed", on=made, by=acting_user, at=at, content_sha256=made.content_sha256, read=read, rows=found.body["seekers"])
        _told(made, at)
    return made


def pick(campaign_id: UUID, mode: str, *, reason: str, acting_user: Any, at: datetime) -> Campaign:
    """Choose one of the modes, with the reason; another choice may follow until it is signed. Raises NotFound, BadInput (E_CAMPAIGN_MODE, E_REASON),
    Conflict (E_CAMPAIGN_STATE)."""
    require(acting_user, "campaigns.edit")
    said = reason_of(reason)
    with transaction.atomic():
        campaign = locked(campaign_id, acting_user)
        if campaign.state not in (State.DRAFT, State.CHOSEN):
            raise refusals.step_refused(campaign, "选方式", "choose a way")
        if mode not in campaign.body["modes"]:
            raise refusals.mode_unknown(list(campaign.body["modes"]))
        _keep(campaign, state=State.CHOSEN, mode=mode, choice=said, chosen_by=acting_user, chosen_at=at)
        audit("campaign.chosen", on=campaign, by=acting_user, at=at, mode=mode)
        _told(campaign, at)
    return campaign


def unpick(campaign_id: UUID, *, acting_user: Any, at: datetime) -> Campaign:
    """Take a choice back before it is signed. Raises NotFound, Conflict (E_CAMPAIGN_STATE)."""
    require(acting_user, "campaigns.edit")
    with transaction.atomic():
        campaign = locked(campaign_id, acting_user)
        if campaign.state != State.CHOSEN:
            raise refusals.step_refused(campaign, "撤销选择", "take a choice back")
        _keep(campaign, state=State.DRAFT, mode="", choice="", chosen_by=None, chosen_at=None)
        audit("campaign.unchosen", on=campaign, by=acting_user, at=at)
        _told(campaign, at)
    return campaign


def sign(campaign_id: UUID, *, acting_user: Any, at: datetime) -> Campaign:
    """A second person signs the chosen mode as it was computed: every outcome is sealed and an invitation drafted for everyone placed, all at once.

    Raises NotAllowed (E_OWN_CAMPAIGN), NotFound, Conflict (E_CAMPAIGN_STATE, E_CAMPAIGN_STALE, E_CAMPAIGN_POSTS), GateRefused.
    """
    require(acting_user, "campaigns.sign")
    with transaction.atomic():
        campaign = locked(campaign_id, acting_user)
        if campaign.state != State.CHOSEN:
            raise refusals.step_refused(campaign, "签署", "sign")
        if acting_user.pk in (campaign.made_by_id, campaign.chosen_by_id):
            raise refusals.own_campaign()
        outcomes = outcomes_of(campaign)
        _check_unchanged(campaign, outcomes)
        countersign(campaign, "campaign.signed", sealed_parts(campaign), by=acting_user, at=at)
        _keep(campaign, sealed_people=seal_outcomes(campaign, outcomes, at=at))
        _draft_invitations(campaign, outcomes["placed"][campaign.mode], acting_user, at)
        audit("campaign.signed", on=campaign, by=acting_user, at=at, mode=campaign.mode, content_sha256=campaign.content_sha256,
              people=campaign.sealed_people)  # fmt: skip
        _told(campaign, at)
    return campaign


def withdraw(campaign_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> Campaign:
    """Take a campaign back with the reason: no further invitation goes out; what was sent goes on as an application. Raises BadInput (E_REASON),
    NotFound, Conflict (E_CAMPAIGN_STATE)."""
    require(acting_user, "campaigns.edit")
    said = reason_of(reason)
    with transaction.atomic():
        campaign = locked(campaign_id, acting_user)
        if campaign.state == State.WITHDRAWN:
            raise refusals.step_refused(campaign, "撤回", "withdraw it")
        take_back(campaign, "campaign.withdrawn", sealed_parts(campaign), reason=said, by=acting_user, at=at)
        audit("campaign.withdrawn", on=campaign, by=acting_user, at=at)
        _told(campaign, at)
    return campaign


def locked(campaign_id: UUID, user: Any) -> Campaign:
    """The row under a lock. Raises NotFound alike for none and for another district's."""
    found: Campaign | None = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id).first()
    if found is None or not found.is_visible_to(user):
        raise not_found()
    return found


def sealed_parts(campaign: Campaign) -> dict[str, Any]:
    """What a leaf says of a campaign: everything by hash, the mode, how many it places, who made and chose it."""
    account = campaign.body["modes"].get(campaign.mode, {}).get("account", {})
    return {
        "campaign_id": str(campaign.pk), "content": campaign.content_sha256, "mode": campaign.mode, "placed": account.get("placed", 0),
        "made_by": campaign.made_by_id, "chosen_by": campaign.chosen_by_id,
    }  # fmt: skip


def _check_unchanged(campaign: Campaign, outcomes: dict[str, Any]) -> None:
    """Figures and outcomes as they were, and every post still open: nobody signs a campaign for other people or for posts that are gone."""
    parts = asked_parts(campaign.name, campaign.on, campaign.kind, campaign.who, campaign.region)
    if content_sha256(parts, campaign.posts, campaign.body, outcomes) != campaign.content_sha256 or campaign.mode not in outcomes["placed"]:
        raise refusals.changed_since()
    there = set(bank_now().jobs.jobs["job_id"])
    if gone := [p["title"] for p in campaign.posts if p["job_id"] not in there]:
        raise refusals.posts_closed(gone)


def _draft_invitations(campaign: Campaign, placed: dict[str, Any], by: Any, at: datetime) -> None:
    decisions = dict(Decision.objects.filter(algo=ALGO, run_id=run_id_of(campaign)).values_list("subject_key", "pk"))
    titles, regions = {p["job_id"]: p["title"] for p in campaign.posts}, regions_of(list(placed))
    rows = []
    for person, (job_id, *_figures) in placed.items():
        name, key = new_id(at), subject_key(Subject("person", person))
        rows.append(
            Invitation(
                id=name, campaign=campaign, subject_key=key, sealed=sealed(name, {"person": person}), region=regions[person], job_id=job_id,
                title=titles[job_id][:120], changed_by=by, changed_at=at, decision_id=decisions[key],
            )
        )  # fmt: skip
    Invitation.objects.bulk_create(rows, batch_size=500)


def _keep(campaign: Campaign, **fields: Any) -> None:
    for field, value in fields.items():
        setattr(campaign, field, value)
    campaign.save(update_fields=list(fields))


def _told(campaign: Campaign, at: datetime) -> None:
    emit("campaign.changed", permission="campaigns.view", region=campaign.region, at=at, campaign_id=campaign.pk, state=campaign.state)
