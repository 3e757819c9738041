"""Steps of people with a profile: override with a reason, take it back, opt out and in. Each: may they, may it now, change, leave the traces."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from leye.kernel.decision import Subject
from leye.office.accounts.models import User
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.persons import check_grid
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.prospects import refusals
from leye.office.prospects.models import Level, OptOut, Override
from leye.office.prospects.queries import Prospect, prospects_of


def override(person_id: str, question: str, *, level: str, reason: str, acting_user: Any, at: datetime) -> Override:
    """Set a level by hand, for somebody in one's own grids. Raises NotFound, BadInput (E_RISK_LEVEL, E_REASON), Conflict (E_RISK_SAME,
    E_RISK_STANDING)."""
    require(acting_user, "prospects.override")
    check_grid(acting_user, person_id)
    if level not in Level.values:
        raise refusals.unknown_level()
    said = reason_of(reason, otherwise=refusals.reason_missing())
    with transaction.atomic():
        profile = _profile(person_id, question)
        if profile.override is not None:
            raise refusals.standing_already()
        if profile.level == level:
            raise refusals.same_level()
        assert profile.decision is not None
        try:
            with transaction.atomic():
                made = Override.objects.create(
                    id=new_id(at), decision=profile.decision, subject_key=profile.decision.subject_key, question=question,
                    region=profile.decision.region, run_id=profile.decision.run_id, machine_level=profile.machine_level,
                    machine_probability=profile.p_12, level=level, reason=said, by=acting_user, at=at,
                )  # fmt: skip
        except IntegrityError:
            raise refusals.standing_already() from None
        seal_event("risk.overridden", at=at, override=made.pk, decision=made.decision_id, question=question, level=level, by=acting_user.pk)
        audit("risk.overridden", on=made, by=acting_user, at=at, question=question, machine=made.machine_level, level=level)
        emit("risk.overridden", permission="prospects.view", region=made.region, at=at, override_id=made.pk)
    return made


def undo(override_id: UUID, *, acting_user: Any, at: datetime) -> Override:
    """Take an override of one's own district back; the machine's level stands again. Raises NotFound, Conflict (E_UNDO)."""
    require(acting_user, "prospects.override")
    with transaction.atomic():
        found: Override | None = Override.objects.select_for_update(of=("self",)).filter(pk=override_id).first()
        if found is None or not found.is_visible_to(acting_user):
            raise not_found()
        if found.undone_at is not None:
            raise refusals.undone_already()
        found.undone_at, found.undone_by = at, acting_user
        found.save(update_fields=["undone_at", "undone_by"])
        seal_event("risk.override_undone", at=at, override=found.pk, by=acting_user.pk)
        audit("risk.override_undone", on=found, by=acting_user, at=at)
        emit("risk.override_undone", permission="prospects.view", region=found.region, at=at, override_id=found.pk)
    return found


def opt_out(*, acting_user: Any, at: datetime) -> OptOut:
    """Stop being profiled: nothing is shown from now on, and the next night computes nothing. Raises NotFound, Conflict (E_RISK_OPTED)."""
    key = _own_key(acting_user)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=acting_user.pk)  # a second click waits here and then finds the first one
        if OptOut.objects.filter(subject_key=key, back_at=None).exists():
            raise refusals.opted_already(True)
        made = OptOut.objects.create(subject_key=key, at=at)
        audit("risk.opted_out", on=made, by=acting_user, at=at)
        emit("risk.opted_out", at=at, opt_out_id=made.pk)
    return made


def opt_in(*, acting_user: Any, at: datetime) -> OptOut:
    """Be profiled again, from the next night on. Raises NotFound, Conflict (E_RISK_OPTED)."""
    key = _own_key(acting_user)
    with transaction.atomic():
        found: OptOut | None = OptOut.objects.select_for_update().filter(subject_key=key, back_at=None).first()
        if found is None:
            raise refusals.opted_already(False)
        found.back_at = at
        found.save(update_fields=["back_at"])
        audit("risk.opted_in", on=found, by=acting_user, at=at)
        emit("risk.opted_in", at=at, opt_out_id=found.pk)
    return found


def _own_key(user: Any) -> str:
    require(user, "prospects.own")
    if not user.subject:
        raise not_found()
    return subject_key(Subject("person", user.subject))


def _profile(person_id: str, question: str) -> Prospect:
    found = next((p for p in prospects_of([person_id]).get(person_id, []) if p.question == question), None)
    if found is None:
        raise not_found()
    return found
