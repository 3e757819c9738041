"""The clock of vacancies: a reminder before the last day, expiry after it. Asking twice a day is as once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.office.vacancies.actions import locked
from leye.office.vacancies.models import State, Vacancy
from leye.office.vacancies.traces import trace

REMIND_BEFORE_DAYS = 5
"""# chosen by us: a working week's time to extend"""


@dataclass(frozen=True, slots=True)
class Looked:
    """How many were reminded and expired by one call."""

    reminded: int
    expired: int


def look(at: datetime) -> Looked:
    """Record what is due today, each in a transaction of its own."""
    on = beijing_day(at)
    due = Vacancy.objects.filter(state__in=[State.OPEN, State.PAUSED], closes_on__lte=on + timedelta(days=REMIND_BEFORE_DAYS))
    reminded = expired = 0
    for name, last in due.values_list("pk", "closes_on"):
        if last < on:
            expired += _expire(name, at)
        else:
            reminded += _remind(name, at)
    return Looked(reminded, expired)


def _expire(name: UUID, at: datetime) -> bool:
    """People who applied stay where they are: the employer can still answer them, and is asked to."""
    with transaction.atomic():
        vacancy = locked(name)
        if vacancy is None or vacancy.state not in (State.OPEN, State.PAUSED) or vacancy.closes_on is None or vacancy.closes_on >= beijing_day(at):
            return False
        vacancy.state, vacancy.changed_at = State.EXPIRED, at
        vacancy.save(update_fields=["state", "changed_at"])
        trace(vacancy, "expired", by=None, at=at)
        return True


def _remind(name: UUID, at: datetime) -> bool:
    with transaction.atomic():
        vacancy = locked(name)
        if vacancy is None or vacancy.reminded_at is not None or vacancy.state not in (State.OPEN, State.PAUSED):
            return False
        vacancy.reminded_at = at
        vacancy.save(update_fields=["reminded_at"])
        trace(vacancy, "reminded", by=None, at=at)
        return True
