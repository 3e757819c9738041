"""Presses on the daily list: one press records what came of a call, moves the claims along, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.kernel.decision import Subject
from leye.office.entitlements import refusals
from leye.office.entitlements.claims import advance
from leye.office.entitlements.files import fact_file, packs_here, rules_day
from leye.office.entitlements.lists import Card, card_of
from leye.office.entitlements.models import Claim, Contact, Result, State
from leye.office.entitlements.rows import about, fresh_id, sealed, take_step
from leye.office.entitlements.rules import explained
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.published import published_snapshot
from leye.policy.push import rules_of_handling

AGAIN_AFTER = {Result.NO_ANSWER: timedelta(days=1), Result.LATER: timedelta(days=3)}
"""When a card comes back; chosen by us: tomorrow after no answer, in three days when somebody asked for another day."""


def press(person_id: str, result: str, *, policies: Sequence[str] = (), acting_user: Any, at: datetime) -> Contact:
    """Record what came of a call to somebody on one's own list. policies: what was on the card; all of it when empty.

    办了 and 已申请 open or move the claims of what is certain. Raises NotFound for anybody on another list, BadInput (E_CONTACT), Conflict
    (E_CARD_DONE) when a colleague was faster.
    """
    require(acting_user, "today.work")
    if result not in Result.values:
        raise refusals.unknown_result()
    card = card_of(acting_user, person_id, at)
    shown = [e.policy for e in card.entries if not policies or e.policy in policies]
    if not shown:
        raise refusals.nothing_left()
    with transaction.atomic():
        contact = _record(card, Result(result), shown, acting_user, at)
        if result in (Result.DONE, Result.APPLIED):
            contact.claims.set(_claims(card, shown, State.APPLIED if result == Result.APPLIED else State.CONTACTED, acting_user, at))
        audit("contact.recorded", on=contact, by=acting_user, at=at, result=result, policies=shown)
        emit("contact.recorded", permission="today.view", region=contact.region, at=at, contact_id=contact.pk, result=result)
        return contact


def undo(contact_id: UUID, *, acting_user: Any, at: datetime) -> Contact:
    """Take a press of today back, as long as nothing followed. Raises NotFound, Conflict (E_UNDO)."""
    require(acting_user, "today.work")
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id, counsellor=acting_user).first()
        if contact is None:
            raise not_found()
        claims = list(contact.claims.select_for_update())
        expected = State.APPLIED if contact.result == Result.APPLIED else State.CONTACTED
        if contact.undone_at is not None or beijing_day(contact.at) != beijing_day(at) or any(c.state != expected for c in claims):
            raise refusals.undo_too_late(contact)
        for claim in claims:
            before = claim.steps.order_by("-id").values_list("from_state", flat=True).first() or State.WITHDRAWN
            take_step(claim, State(before), by=acting_user, at=at, verb="undone")
        contact.undone_at = at
        contact.save(update_fields=["undone_at"])
        audit("contact.undone", on=contact, by=acting_user, at=at)
        emit("contact.undone", permission="today.view", region=contact.region, at=at, contact_id=contact.pk)
        return contact


def _record(card: Card, result: Result, policies: list[str], by: Any, at: datetime) -> Contact:
    name, first, snapshot = fresh_id(at), card.entries[0], published_snapshot()
    wait = AGAIN_AFTER.get(result)
    return Contact.objects.create(
        id=name,
        **about(Subject("person", card.person_id)),
        sealed=sealed(name, subject=card.person_id),
        region=first.region.removeprefix("CN-"),
        grid_id=first.grid_id,
        counsellor=by,
        result=result,
        policies=policies,
        run_id=snapshot.run_id if snapshot is not None else "",
        rules_on=rules_day(),
        again_on=beijing_day(at) + wait if wait else None,
        at=at,
    )


def _claims(card: Card, policies: list[str], to: State, by: Any, at: datetime) -> list[Claim]:
    """Claims of what the rules say yes to now; an unknown is asked, not claimed."""
    packs, on = packs_here(), rules_day()
    file = fact_file(card.person_id, packs, on)
    if file is None:
        raise not_found()
    verdicts = {e.policy: e.verdict for e in explained(file.facts, packs, on)}
    handling = rules_of_handling(packs)
    found = []
    for name in policies:
        policy = packs.policies.get(name)
        if policy is None or verdicts.get(name) is not True or handling.paid_to(policy) != "person":
            continue
        there = Claim.objects.filter(about_key=card.key, policy=name, state__in=[State.APPLIED, State.APPROVED]).exists()
        told = to == State.CONTACTED and Claim.objects.filter(about_key=card.key, policy=name, state=State.CONTACTED).exists()
        if not there and not told:
            found.append(advance(file.subject, file, policy, to, packs=packs, on=on, by=by, at=at, run_id=_run()))
    return found


def _run() -> str:
    snapshot = published_snapshot()
    return snapshot.run_id if snapshot is not None else ""
