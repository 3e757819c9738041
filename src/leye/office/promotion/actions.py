"""Drafting, signing and stopping a campaign. Each action: may they, lock, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.office.decisions.ledger import new_id, seal_event
from leye.office.entitlements.files import data_folder
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.promotion import refusals
from leye.office.promotion.models import Campaign, Handover, State
from leye.office.promotion.senders import FolderSender
from leye.office.promotion.texts import texts_of
from leye.office.rules import active_packs
from leye.policy.promote.elements import title_of

LANGUAGE = "zh"


def draft_campaign(
    policy: str, *, channels: Sequence[str], on: date, region: str, acting_user: Any, at: datetime, language: str = LANGUAGE
) -> Campaign:
    """A draft with its texts, made from the rule in force on `on` in `region` (empty: the nation).

    Raises NotFound (E_POLICY, E_CHANNEL), BadInput (E_CAMPAIGN_CHANNEL), CheckFailed (E_UNVERIFIED, E_NOT_IN_FORCE, E_NOTICE_LENGTH).
    """
    require(acting_user, "promotion.draft")
    wanted = list(dict.fromkeys(channels))
    if not wanted:
        raise refusals.no_channel()
    texts = texts_of(policy, channels=wanted, on=on, region=region, language=language)
    known = active_packs(data_folder()).policies[policy]
    with transaction.atomic():
        campaign = Campaign.objects.create(
            id=new_id(at),
            policy=policy,
            policy_zh=title_of(known.name),
            policy_en=known.name_en,
            region=region,
            language=language,
            channels=list(texts.by_channel),
            rules_on=on,
            texts=texts.by_channel,
            unsure=list(texts.unsure),
            text_sha256=texts.sha256,
            drafted_by=acting_user,
            drafted_at=at,
        )
        trace(campaign, "drafted", by=acting_user, at=at, channels=campaign.channels)
        return campaign


def sign_campaign(campaign_id: UUID, *, seen_sha256: str, acting_user: Any, at: datetime) -> Campaign:
    """Sign the texts that were seen. Raises NotAllowed (E_CAMPAIGN_OWN) for the drafter, Conflict (E_CAMPAIGN_STEP, E_CAMPAIGN_STALE)."""
    with locked(campaign_id, acting_user, "promotion.sign") as campaign:
        if campaign.state != State.DRAFT:
            raise refusals.step_refused(campaign, "signing")
        if campaign.drafted_by_id == acting_user.pk:
            raise refusals.own_draft()
        now_reads = texts_of(
            campaign.policy, channels=campaign.channels, on=campaign.rules_on, region=campaign.region, language=campaign.language
        ).sha256
        if not seen_sha256 == campaign.text_sha256 == now_reads:
            raise refusals.texts_changed()
        sealed = seal_event("promotion.signed", at=at, campaign=campaign.pk, policy=campaign.policy, by=acting_user.pk, texts=campaign.text_sha256)
        campaign.state, campaign.signed_by, campaign.signed_at, campaign.signed_leaf = State.SIGNED, acting_user, at, sealed.leaf_index
        campaign.save(update_fields=["state", "signed_by", "signed_at", "signed_leaf"])
        trace(campaign, "signed", by=acting_user, at=at, leaf_index=sealed.leaf_index)
        return campaign


def stop_campaign(campaign_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> Campaign:
    """Stop at once, whatever its state: nothing more goes out, and batches that nobody collected yet are taken back."""
    why = reason_of(reason)
    with locked(campaign_id, acting_user, "promotion.stop") as campaign:
        if campaign.state == State.STOPPED:
            raise refusals.step_refused(campaign, "stopping")
        campaign.state, campaign.stopped_by, campaign.stopped_at, campaign.stop_reason = State.STOPPED, acting_user, at, why[:500]
        campaign.save(update_fields=["state", "stopped_by", "stopped_at", "stop_reason"])
        sender = FolderSender(data_folder())
        back = [h for h in Handover.objects.filter(campaign=campaign, withdrawn_at=None) if sender.withdraw(h.name)]
        Handover.objects.filter(pk__in=[h.pk for h in back]).update(withdrawn_at=at)
        seal_event("promotion.stopped", at=at, campaign=campaign.pk, by=acting_user.pk, withdrawn=len(back))
        trace(campaign, "stopped", by=acting_user, at=at, withdrawn=len(back))
        return campaign


@contextmanager
def locked(campaign_id: UUID, acting_user: Any, permission: str) -> Iterator[Campaign]:
    """The campaign, held until the transaction ends. Raises NotAllowed, NotFound."""
    require(acting_user, permission)
    with transaction.atomic():
        found = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id).first()
        if found is None:
            raise not_found()
        yield found


def trace(campaign: Campaign, verb: str, *, by: Any, at: datetime, **detail: object) -> None:
    """The audit entry and the event of one step."""
    audit(f"promotion.{verb}", on=campaign, by=by, at=at, policy=campaign.policy, **detail)
    emit(f"promotion.{verb}", permission="promotion.view", at=at, campaign_id=campaign.pk, policy=campaign.policy, state=campaign.state)
