"""The clock of objections: after 20 days the handler is reminded, after 28 every desk of the city sees it. Asking twice a day is as once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.office.objections.models import OPEN, Objection
from leye.office.objections.steps import take_step

REMIND_AFTER_DAYS, ESCALATE_AFTER_DAYS = 20, 28
"""Calendar days since raising, of the 30. Chosen by us: ten days are enough to act, two are enough for somebody else to step in."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many were reminded and escalated by one call."""

    reminded: int
    escalated: int


def remind(at: datetime) -> Reminded:
    """Record what is due today: each reminder and escalation once an objection, each in a transaction of its own."""
    on = beijing_day(at)
    reminded = escalated = 0
    for name, raised_at in Objection.objects.filter(state__in=OPEN).values_list("pk", "raised_at"):
        age_days = (on - beijing_day(raised_at)).days
        reminded += age_days >= REMIND_AFTER_DAYS and _mark(name, "reminded", at)
        escalated += age_days >= ESCALATE_AFTER_DAYS and _mark(name, "escalated", at)
    return Reminded(reminded, escalated)


def _mark(name: UUID, verb: str, at: datetime) -> bool:
    """Whether it was not marked yet, and is now."""
    with transaction.atomic():
        objection = Objection.objects.select_for_update().get(pk=name)
        if not objection.is_open or getattr(objection, f"{verb}_at") is not None:
            return False
        setattr(objection, f"{verb}_at", at)
        objection.save(update_fields=[f"{verb}_at"])
        take_step(objection, verb, by=None, at=at)
        return True
