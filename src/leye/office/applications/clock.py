"""What the clock does to applications: those of a closed job become obsolete, those that nobody moves are closed, hires are asked about later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from leye.office.applications.models import OPEN, Application, State
from leye.office.applications.steps import take_step
from leye.office.vacancies.models import Vacancy

QUIET_DAYS = 90
"""Days without a step after which an application counts as gone. # chosen by us: as long as a vacancy may stand in one stretch"""


def make_obsolete(vacancy: Vacancy, *, by: Any, at: datetime) -> int:
    """End the open applications of a closed vacancy inside the caller's transaction, which holds the vacancy's lock; returns how many."""
    found = list(Application.objects.select_for_update(of=("self",)).filter(vacancy=vacancy, state__in=OPEN).order_by("id"))
    for application in found:
        take_step(application, "obsolete", State.OBSOLETE, by=by, side="clock", at=at)
    return len(found)


def close_quiet(at: datetime) -> int:
    """End applications without a step for QUIET_DAYS; the nightly calls it. Returns how many."""
    done = 0
    due = Application.objects.filter(state__in=OPEN, changed_at__lt=at - timedelta(days=QUIET_DAYS)).values_list("pk", flat=True)
    for name in list(due):
        with transaction.atomic():
            application = Application.objects.select_for_update(of=("self",)).get(pk=name)
            if application.is_open and application.changed_at < at - timedelta(days=QUIET_DAYS):
                take_step(application, "obsolete", State.OBSOLETE, by=None, side="clock", at=at)
                done += 1
    return done
