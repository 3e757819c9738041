"""The roll-out of a signed campaign: what a plan would see, and the lottery that nobody could choose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import IntegrityError, transaction

from leye.kernel.clock import beijing_day
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements.files import data_folder
from leye.office.privacy.keyring import keyring
from leye.office.promotion import refusals
from leye.office.promotion.actions import locked, trace
from leye.office.promotion.audience import audience, digest_of
from leye.office.promotion.models import Campaign, GridTurn, Recipient, State
from leye.office.rules import active_packs
from leye.policy.promote import Rates, Turn, balance, draw_schedule, power_of, reach_weeks, shipped_channels
from leye.policy.promote.tables import plan_row

PURPOSE = "promotion"
QUIET_WEEKS = 2
RATES = Rates(0.01, 0.003)
"""Weekly rate of application without notice and its spread between grids, where no earlier roll-out says better; chosen by us."""
PERSONAL = ("sms", "wechat")
"""Channels that reach one person; the others are sheets of a grid."""
BAND_AUDIENCES = {"16-34": "age_16_34", "35-49": "age_35_49", "50+": "age_50_up"}
INSERT_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan as asked for. effect: total added rate that one would like to see."""

    start: date
    steps: int = 6
    weeks: int = 8
    effect: float = 0.06
    rates: Rates = RATES


@dataclass(frozen=True)
class Plan:
    """people: the list · turns: the order · told: power and balance as `plan_row` gives them."""

    people: pl.DataFrame
    list_run: str
    turns: tuple[Turn, ...]
    told: dict[str, Any]


def plan_of(campaign: Campaign, wanted: Wanted, *, seed: int = 0) -> Plan:
    """The order and what it could see; with seed 0 a preview, whose order is not the one that will be drawn.

    Raises CheckFailed (E_CAMPAIGN_AUDIENCE, E_CAMPAIGN_MARKS), BadInput (E_ROLLOUT_PLAN).
    """
    policy = active_packs(data_folder()).policies[campaign.policy]
    if policy.about != "person":
        raise refusals.not_for_persons(campaign.policy_zh)
    people, run_id = audience(campaign.policy, wanted.start)
    counts: dict[str, int] = dict(people.group_by("grid_id").len().iter_rows())
    turns = draw_schedule(counts, start=wanted.start, steps=wanted.steps, seed=seed, quiet_weeks=QUIET_WEEKS)
    n, reached, _ = reach_weeks(turns, start=wanted.start, weeks=wanted.weeks)
    power = power_of(n, reached, wanted.weeks, wanted.rates, effect=wanted.effect)
    told = plan_row(power, balance(turns)) | {"weekly_rate": wanted.rates.mean, "between_sd": wanted.rates.between_sd}
    return Plan(people, run_id, turns, told)


def schedule_campaign(campaign_id: UUID, wanted: Wanted, *, acting_user: Any, at: datetime) -> Campaign:
    """Freeze the list, draw the order, seal both and begin. The seed comes from the signature's place in the log and the list itself.

    Raises Conflict (E_CAMPAIGN_STEP, E_CAMPAIGN_RUNNING), BadInput (E_CAMPAIGN_START, E_ROLLOUT_PLAN), CheckFailed.
    """
    if wanted.start < beijing_day(at):
        raise refusals.start_past()
    try:
        with locked(campaign_id, acting_user, "promotion.draft") as campaign:
            if campaign.state != State.SIGNED:
                raise refusals.step_refused(campaign, "scheduling")
            listed, _run = audience(campaign.policy, wanted.start)
            plan = plan_of(campaign, wanted, seed=seed_of(campaign, digest_of(listed)))
            _begin(campaign, plan, wanted, acting_user, at)
            return campaign
    except IntegrityError as error:
        found = Campaign.objects.filter(pk=campaign_id).values_list("policy", flat=True).first()
        raise refusals.running_already(str(found)) from error


def seed_of(campaign: Campaign, list_sha256: str) -> int:
    """63 bits of a hash over the campaign, its signature's leaf and the list: whoever drew up one of them could not know the others."""
    text = f"{campaign.pk}|{campaign.signed_leaf}|{campaign.text_sha256}|{list_sha256}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1


def _begin(campaign: Campaign, plan: Plan, wanted: Wanted, by: Any, at: datetime) -> None:
    campaign.state, campaign.scheduled_by = State.RUNNING, by
    campaign.list_run, campaign.list_sha256 = plan.list_run, digest_of(plan.people)
    campaign.start_on, campaign.weeks, campaign.steps = wanted.start, wanted.weeks, wanted.steps
    campaign.seed, campaign.plan = seed_of(campaign, campaign.list_sha256), plan.told
    with transaction.atomic():  # the uniqueness of running campaigns speaks here, before anything hangs on it
        campaign.save()
    GridTurn.objects.bulk_create(
        GridTurn(campaign=campaign, grid_id=t.grid, people=t.people, block=t.block, step=t.step if t.on else None, deliver_on=t.on)
        for t in plan.turns
    )
    Recipient.objects.bulk_create(_recipients(campaign, plan.people, at), batch_size=INSERT_AT_ONCE)
    seal_event(
        "promotion.scheduled", at=at, campaign=campaign.pk, policy=campaign.policy, list=campaign.list_sha256, run=plan.list_run, seed=campaign.seed,
        people=plan.people.height, grids=len(plan.turns), turns=turns_digest(plan.turns),
    )  # fmt: skip
    trace(campaign, "scheduled", by=by, at=at, people=plan.people.height, grids=len(plan.turns))


def turns_digest(turns: tuple[Turn, ...]) -> str:
    """Hash of who is told when."""
    said = json.dumps([[t.grid, t.step, t.on.isoformat() if t.on else None] for t in turns])
    return hashlib.sha256(said.encode()).hexdigest()


def _recipients(campaign: Campaign, people: pl.DataFrame, at: datetime) -> Iterator[Recipient]:
    ring, by_band = keyring(PURPOSE), channel_by_band(campaign.channels)
    for person, grid, sex, band in people.iter_rows():
        name = new_id(at)
        yield Recipient(
            id=name,
            campaign=campaign,
            subject_key=subject_key(subject_of(person)),
            sealed=ring.encrypt(json.dumps({"person_id": person}).encode(), name.bytes),
            grid_id=grid,
            sex=sex,
            age_band=band,
            channel=by_band[band],
        )


def channel_by_band(channels: list[str]) -> dict[str, str]:
    """The first personal channel of the plan for each age band that the campaign has; any of its personal ones else, empty where it has none."""
    mine = [c for c in channels if c in PERSONAL]
    plan = {a.id: a.channels for a in shipped_channels().audiences}
    found = {band: next((c for c in plan.get(who, ()) if c in mine), mine[0] if mine else "") for band, who in BAND_AUDIENCES.items()}
    return found | {"": mine[0] if mine else ""}
