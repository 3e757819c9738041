"""Messages of the grids whose turn it is to the sender, and what comes back: receipts of gateways, applications and payments of the desks."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.kernel.errors import LeyeError
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.entitlements.files import data_folder
from leye.office.permissions import not_found
from leye.office.privacy.keyring import keyring
from leye.office.privacy.reads import people_file
from leye.office.promotion import refusals
from leye.office.promotion.actions import locked, trace
from leye.office.promotion.models import Campaign, GridTurn, Handover, Recipient, State
from leye.office.promotion.rollout import PERSONAL, PURPOSE
from leye.office.promotion.senders import FolderSender, Message, Sender
from leye.policy.promote.reading import NAME_SLOT

log = logging.getLogger("leye.promotion")

NO_PHONE = "no_phone"


def deliver_due(campaign_id: UUID, *, acting_user: Any, at: datetime, sender: Sender | None = None) -> list[Handover]:
    """Hand over the messages of all grids whose day has come. Raises Conflict (E_CAMPAIGN_STEP, E_CAMPAIGN_NOT_DUE)."""
    with locked(campaign_id, acting_user, "promotion.send") as campaign:
        if campaign.state != State.RUNNING:
            raise refusals.step_refused(campaign, "sending")
        done = _deliver(campaign, by=acting_user, at=at, sender=sender or FolderSender(data_folder()))
        if not done:
            raise refusals.nothing_due()
        return done


def deliver_all_due(at: datetime, *, sender: Sender | None = None) -> int:
    """The clock's part of it, after each night: all running campaigns. Returns how many batches were handed over.

    A sender that fails keeps neither the night nor other campaigns from going on: nothing of that campaign is kept, the failure is recorded, and the
    next night tries again.
    """
    batches = 0
    for name in Campaign.objects.filter(state=State.RUNNING).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=name)
                if campaign.state == State.RUNNING:
                    batches += len(_deliver(campaign, by=None, at=at, sender=sender or FolderSender(data_folder())))
        except (LeyeError, OSError) as error:
            log.error("promotion.not_sent campaign=%s error=%s", name, type(error).__name__)
            with transaction.atomic():
                trace(Campaign.objects.get(pk=name), "not_sent", by=None, at=at, error=type(error).__name__)
    return batches


def _deliver(campaign: Campaign, *, by: Any, at: datetime, sender: Sender) -> list[Handover]:
    on = beijing_day(at)
    due = list(GridTurn.objects.filter(campaign=campaign, deliver_on__lte=on, delivered_at=None).values_list("grid_id", flat=True))
    if not due:
        return []
    people = list(Recipient.objects.filter(campaign=campaign, grid_id__in=due, handed_on=None, applied_on=None))
    batch, made = f"{on.isoformat()}-{campaign.pk.hex[-12:]}", []
    for channel in campaign.channels:
        messages = list(_personal(campaign, channel, people) if channel in PERSONAL else _sheets(campaign, channel, due))
        if messages:
            taken = sender.send(channel, batch, messages)
            made.append(
                Handover.objects.create(
                    id=new_id(at), campaign=campaign, channel=channel, at=at, by=by, messages=len(messages), grids=len(due), name=taken.name,
                    sha256=taken.sha256,
                )
            )  # fmt: skip
    for person in people:
        person.handed_on = on
    Recipient.objects.bulk_update(people, ["handed_on", "failed"], batch_size=500)
    GridTurn.objects.filter(campaign=campaign, grid_id__in=due).update(delivered_at=at)
    seal_event("promotion.handed_over", at=at, campaign=campaign.pk, grids=len(due), messages=len(people), batches=[h.sha256 for h in made])
    trace(campaign, "handed_over", by=by, at=at, grids=len(due), messages=sum(h.messages for h in made))
    log.info("promotion.handed_over campaign=%s grids=%s messages=%s", campaign.pk, len(due), len(people))
    return made


def _personal(campaign: Campaign, channel: str, people: list[Recipient]) -> Iterator[Message]:
    """One message a person with a phone, the name put into its slot; who has none is marked, and the grid's sheets reach them."""
    mine = [p for p in people if p.channel == channel]
    contacts = _contacts([person_of(p) for p in mine])
    parts = campaign.texts[channel]["parts"]
    for person in mine:
        name, phone = contacts.get(person_of(person), ("", ""))
        if not phone:
            person.failed = NO_PHONE
            continue
        yield Message(str(person.pk), phone, tuple(part.replace(NAME_SLOT, name) for part in parts))


def _sheets(campaign: Campaign, channel: str, grids: Sequence[str]) -> Iterator[Message]:
    """One sheet a grid."""
    for grid in grids:
        yield Message(f"{campaign.pk.hex[-12:]}-{grid}", grid, tuple(campaign.texts[channel]["parts"]))


def person_of(recipient: Recipient) -> str:
    """The id of the person, in clear; only for the message itself."""
    return str(json.loads(keyring(PURPOSE).decrypt(bytes(recipient.sealed), recipient.pk.bytes))["person_id"])


def _contacts(ids: list[str]) -> dict[str, tuple[str, str]]:
    """Name and phone by person; nothing else is read."""
    table = pl.scan_parquet(people_file()).select("person_id", pl.col("name").fill_null(""), pl.col("phone").fill_null(""))
    rows = table.join(pl.LazyFrame({"person_id": ids}, schema={"person_id": pl.String}), on="person_id", how="semi").collect()
    return {person: (name, phone) for person, name, phone in rows.iter_rows()}


def export_batch(campaign_id: UUID, handover_id: UUID, *, acting_user: Any, at: datetime) -> list[dict[str, str]]:
    """The messages of a batch that waits in the folder, for a gateway that asks instead of collecting files. Who took it is recorded.

    Raises NotFound when there is no such batch, or when it has left or was taken back.
    """
    with locked(campaign_id, acting_user, "promotion.send") as campaign:
        found = Handover.objects.filter(campaign=campaign, pk=handover_id, withdrawn_at=None).first()
        rows = FolderSender(data_folder()).waiting(found.name) if found is not None else None
        if found is None or rows is None:
            raise not_found()
        seal_event("promotion.exported", at=at, campaign=campaign.pk, batch=found.sha256, by=acting_user.pk)
        trace(campaign, "exported", by=acting_user, at=at, handover=found.pk, messages=found.messages)
        return rows


def record_receipts(campaign_id: UUID, rows: Sequence[dict[str, Any]], *, acting_user: Any, at: datetime) -> int:
    """What a gateway reports: `message_id, delivered_on, opened_on, failed`; whole or not at all. Returns how many rows changed something.

    Raises BadInput (E_RECEIPT) with the line: an unknown number, no date, a date before the hand-over or after today, opened but not delivered.
    """
    with locked(campaign_id, acting_user, "promotion.send") as campaign:
        known = {str(r.pk): r for r in Recipient.objects.filter(campaign=campaign).exclude(handed_on=None)}
        changed = []
        for number, row in enumerate(rows, start=1):
            found = known.get(str(row.get("message_id", "")).strip())
            if found is None:
                raise refusals.bad_receipt(number, "没有这个消息编号", "no message of that number was handed over")
            if _taken_in(found, row, number, beijing_day(at)):
                changed.append(found)
        Recipient.objects.bulk_update(changed, ["delivered_on", "opened_on", "failed"], batch_size=500)
        trace(campaign, "receipts", by=acting_user, at=at, rows=len(rows), changed=len(changed))
        return len(changed)


def _taken_in(found: Recipient, row: dict[str, Any], number: int, today: date) -> bool:
    delivered = _day(row.get("delivered_on"), number) or found.delivered_on
    opened = _day(row.get("opened_on"), number) or found.opened_on
    failed = "" if delivered else str(row.get("failed") or found.failed)[:60]
    for day in (delivered, opened):
        if day is not None and not (found.handed_on or today) <= day <= today:
            raise refusals.bad_receipt(number, f"日期 {day} 早于交出或晚于今天", f"{day} is before the hand-over or after today")
    if opened is not None and (delivered is None or opened < delivered):
        raise refusals.bad_receipt(number, "没有送达就打开了", "opened before it was delivered")
    before = (found.delivered_on, found.opened_on, found.failed)
    found.delivered_on, found.opened_on, found.failed = delivered, opened, failed
    return before != (delivered, opened, failed)


def _day(value: object, number: int) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise refusals.bad_receipt(number, f"“{value}”不是日期", f"{value!r} is no date") from None
