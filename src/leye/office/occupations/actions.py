"""Steps with occupation codes: correct a title, take it back, decide on a candidate of a new occupation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from leye.match.occupations.cleaning import clean_title
from leye.match.occupations.table import table_of
from leye.office.decisions.ledger import new_id
from leye.office.grounds import reason_of
from leye.office.occupations import refusals
from leye.office.occupations.models import Correction, NewcomerDecision
from leye.office.occupations.queries import candidates_now, coded_by_hand
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require

LONGEST = 200


def correct(title: str, *, code: str, reason: str, month: str, acting_user: Any, at: datetime) -> Correction:
    """Say which occupation a title is, from a month on. Holds at once for everything coded from here, and at the next training.

    Raises BadInput (E_TITLE, E_REASON, E_TABLE_MONTH), NotFound (E_OCCUPATION), Conflict (E_CORRECTED, E_CODE_SAME).
    """
    require(acting_user, "occupations.correct")
    clean = clean_title(title)
    if not clean:
        raise refusals.no_title()
    said = reason_of(reason, otherwise=refusals.reason_missing())
    table = table_of(month)
    held, _old = table.resolve(code)
    with transaction.atomic():
        if Correction.objects.filter(clean=clean, undone_at=None).exists():
            raise refusals.standing_already()
        machine = coded_by_hand(title, table.month).answers
        before = machine[0].code if machine else ""
        if before == held.code:
            raise refusals.same_code()
        try:
            with transaction.atomic():
                made = Correction.objects.create(
                    id=new_id(at), clean=clean, written=title.strip()[:LONGEST], from_code=before, to_code=held.code, valid_from=table.month,
                    reason=said, by=acting_user, at=at,
                )  # fmt: skip
        except IntegrityError:
            raise refusals.standing_already() from None
        audit("occupation.corrected", on=made, by=acting_user, at=at, clean=clean, before=before, after=held.code)
        emit("occupation.corrected", permission="occupations.view", at=at, correction_id=made.pk)
    return made


def undo(correction_id: UUID, *, acting_user: Any, at: datetime) -> Correction:
    """Take a correction back; the machine's answer stands again. Raises NotFound, Conflict (E_UNDO)."""
    require(acting_user, "occupations.correct")
    with transaction.atomic():
        found: Correction | None = Correction.objects.select_for_update(of=("self",)).filter(pk=correction_id).first()
        if found is None:
            raise not_found()
        if found.undone_at is not None:
            raise refusals.undone_already()
        found.undone_at, found.undone_by = at, acting_user
        found.save(update_fields=["undone_at", "undone_by"])
        audit("occupation.correction_undone", on=found, by=acting_user, at=at)
        emit("occupation.correction_undone", permission="occupations.view", at=at, correction_id=found.pk)
    return found


def decide_newcomer(name: str, *, is_approved: bool, reason: str, acting_user: Any, at: datetime) -> NewcomerDecision:
    """Approve a cluster as a candidate to be proposed, or refuse it; it leaves the list. Raises BadInput (E_REASON), Conflict (E_NEWCOMER)."""
    require(acting_user, "occupations.correct")
    said = reason_of(reason, otherwise=refusals.reason_missing())
    with transaction.atomic():
        found = next((n for n in candidates_now(acting_user) if n.name == name), None)
        if found is None:
            raise refusals.no_newcomer()
        try:
            with transaction.atomic():
                made = NewcomerDecision.objects.create(
                    id=new_id(at), name=found.name, titles=list(found.titles), counts=list(found.counts), employers=found.employers,
                    is_approved=is_approved, reason=said, by=acting_user, at=at,
                )  # fmt: skip
        except IntegrityError:
            raise refusals.no_newcomer() from None
        audit("occupation.newcomer_decided", on=made, by=acting_user, at=at, name=found.name, approved=is_approved)
        emit("occupation.newcomer_decided", permission="occupations.view", at=at, decision_id=made.pk)
    return made
