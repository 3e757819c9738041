"""Campaigns as the desk, the signer and the auditor read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from leye.kernel.codes import region_prefix
from leye.kernel.errors import LeyeError
from leye.office.entitlements.files import data_folder, packs_here
from leye.office.permissions import can, not_found, require
from leye.office.promotion.models import Campaign, GridTurn, State
from leye.policy.bind import version_of
from leye.policy.promote.elements import title_of
from leye.policy.promote.notice import Notice


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a schedule. step: None for grids kept to the end · told: grids handed over."""

    step: int | None
    on: date | None
    grids: int
    people: int
    told: int


def campaigns(user: Any) -> QuerySet[Campaign]:
    """All, newest first. Raises NotAllowed."""
    require(user, "promotion.view")
    found = Campaign.objects.select_related("drafted_by", "signed_by", "stopped_by").order_by("-drafted_at", "-id")
    return found.annotate(told=Count("recipients", filter=~Q(recipients__handed_on=None)), listed=Count("recipients"))


def campaign_called(user: Any, campaign_id: UUID) -> Campaign:
    """One. Raises NotFound."""
    found = campaigns(user).filter(pk=campaign_id).first()
    if found is None:
        raise not_found()
    return found


def next_steps(user: Any, campaign: Campaign) -> list[str]:
    """What this person can do now: sign, schedule, send, receipts, outcomes, stop."""
    steps = []
    if campaign.state == State.DRAFT and can(user, "promotion.sign") and campaign.drafted_by_id != user.pk:
        steps.append("sign")
    if campaign.state == State.SIGNED and can(user, "promotion.draft"):
        steps.append("schedule")
    if campaign.state == State.RUNNING and can(user, "promotion.send"):
        steps += ["send", "receipts"]
    if campaign.state != State.STOPPED and can(user, "promotion.stop"):
        steps.append("stop")
    return steps


def schedule_of(campaign: Campaign) -> list[StepRow]:
    """The steps in order, the kept grids last."""
    found: dict[int | None, list[GridTurn]] = {}
    for turn in campaign.turns.all():
        found.setdefault(turn.step, []).append(turn)
    order = sorted(found, key=lambda s: (s is None, s or 0))
    return [_step(step, found[step]) for step in order]


def _step(step: int | None, turns: list[GridTurn]) -> StepRow:
    told = sum(t.delivered_at is not None for t in turns)
    return StepRow(step, turns[0].deliver_on, len(turns), sum(t.people for t in turns), told)


def home_region() -> str:
    """The place of the data folder in prefix form, whose rules and amounts a notice tells; empty where no city says."""
    file = data_folder() / "city" / "manifest.json"
    if not file.exists():
        return ""
    code = str(json.loads(file.read_text(encoding="utf-8")).get("region") or "")
    return region_prefix(code) if code else ""


def may_be_told(on: date, region: str = "") -> list[tuple[str, str, str]]:
    """(id, Chinese name, English name) of policies that may be told about: verified, in force that day."""
    packs = packs_here()
    return [
        (p.id, title_of(p.name), p.name_en)
        for p in packs.policies.values()
        if p.status == "verified" and version_of(p, region or "CN", on) is not None
    ]


def public_notice(policy: str, *, on: date, region: str = "", language: str = "zh") -> Notice | None:
    """The board's text of a policy for its public page; None where nobody may be told about it."""
    from leye.office.rules import active_packs
    from leye.policy.promote import shipped_channels, write_notice

    try:
        packs = active_packs(data_folder())
        return write_notice(packs, policy, on=on, channels=shipped_channels(), channel="bulletin", region=region or None, language=language)
    except LeyeError:
        return None
