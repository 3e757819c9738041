"""Applications and payments of the people on a list, as the desks recorded them: told or not, so that both can be compared."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.office.entitlements.models import ClaimStep, Payment
from leye.office.entitlements.models import State as ClaimState
from leye.office.promotion.actions import locked, trace
from leye.office.promotion.models import Campaign, Recipient, State


def take_outcomes(campaign_id: UUID, *, acting_user: Any, at: datetime) -> int:
    """Look up the claims of everybody on the list; returns how many changed."""
    with locked(campaign_id, acting_user, "promotion.view") as campaign:
        changed = _take(campaign)
        trace(campaign, "outcomes", by=acting_user, at=at, changed=changed)
        return changed


def take_all_outcomes(at: datetime) -> int:
    """The clock's part of it, after each night."""
    changed = 0
    for name in Campaign.objects.filter(state__in=[State.RUNNING, State.STOPPED]).exclude(start_on=None).values_list("pk", flat=True):
        with transaction.atomic():
            changed += _take(Campaign.objects.select_for_update(of=("self",)).get(pk=name))
    return changed


def _take(campaign: Campaign) -> int:
    if campaign.start_on is None:
        return 0
    applied, paid = _applied(campaign.policy, campaign.start_on), _paid(campaign.policy, campaign.start_on)
    changed = []
    for row in Recipient.objects.filter(campaign=campaign).only("id", "subject_key", "applied_on", "paid_on"):
        new = (applied.get(row.subject_key), paid.get(row.subject_key))
        if new != (row.applied_on, row.paid_on):
            row.applied_on, row.paid_on = new
            changed.append(row)
    Recipient.objects.bulk_update(changed, ["applied_on", "paid_on"], batch_size=500)
    return len(changed)


def _applied(policy: str, since: date) -> dict[str, date]:
    """First application of each subject for the policy since the first week."""
    steps = ClaimStep.objects.filter(claim__policy=policy, to_state=ClaimState.APPLIED).order_by("at")
    found: dict[str, date] = {}
    for key, at in steps.values_list("claim__subject_key", "at"):
        if (day := beijing_day(at)) >= since:
            found.setdefault(key, day)
    return found


def _paid(policy: str, since: date) -> dict[str, date]:
    """First payment of each subject for the policy since the first week."""
    rows = Payment.objects.filter(claim__policy=policy, paid_on__gte=since).order_by("paid_on").values_list("claim__subject_key", "paid_on")
    found: dict[str, date] = {}
    for key, day in rows:
        found.setdefault(key, day)
    return found
