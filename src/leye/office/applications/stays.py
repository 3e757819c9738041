"""After a hire: still there after 30 and 90 days? Each side says it once; every fact keeps when it was known, so that learning is blind before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.office.applications import refusals
from leye.office.applications.models import Application, State, Stay, Step
from leye.office.applications.sides import side_of
from leye.office.applications.steps import person_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found

ASKED_DAYS = (30, 90)
"""Days after the start on which it is asked. # chosen by us: the end of a short trial and of a long one"""
EVENTS = {
    "person_id": pl.String, "job_id": pl.String, "event": pl.String, "reason": pl.String, "at": pl.Datetime("us", "UTC"),
    "known_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
"""A row an event of an application. event: a verb of the steps, or `there_30`, `gone_30`, `there_90`, `gone_90` · at: when it happened · known_at:
when this house learnt of it."""


def stays_due(application: Application, side: str, on: date) -> list[int]:
    """Numbers of days that a side can answer for now."""
    if application.state != State.ACCEPTED or application.start_on is None:
        return []
    said = set(application.stays.filter(side=side).values_list("days", flat=True))
    return [d for d in ASKED_DAYS if d not in said and application.start_on + timedelta(days=d) <= on]


def stays_due_now(application: Application, side: str, at: datetime) -> list[int]:
    """The same at an instant."""
    return stays_due(application, side, beijing_day(at))


def say_stay(application_id: UUID, *, days: int, is_there: bool, acting_user: Any, at: datetime) -> Stay:
    """Say whether the person was still there on that day. Raises NotFound, BadInput (E_STAY_DAY)."""
    with transaction.atomic():
        application = Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
        if application is None:
            raise not_found()
        side = side_of(acting_user, application)
        if days not in stays_due(application, side, beijing_day(at)) or application.start_on is None:
            raise refusals.stay_not_due(days)
        made = Stay.objects.create(
            application=application,
            days=days,
            side=side,
            is_there=is_there,
            happened_on=application.start_on + timedelta(days=days),
            by=acting_user,
            at=at,
        )
        audit("application.stay", on=application, by=acting_user, at=at, days=days, is_there=is_there, side=side)
        emit("application.stay", at=at, application_id=application.pk, days=days)
        return made


def events(until: datetime) -> pl.DataFrame:
    """What was known of all applications at an instant, as EVENTS, by known_at. A step that was taken back by then is left out with its undoing; one
    taken back later stands, because that is what was known."""
    rows: list[tuple[Any, ...]] = []
    people: dict[UUID, str] = {}
    steps = Step.objects.filter(at__lte=until).select_related("application").order_by("leaf_index")
    held: dict[UUID, list[Step]] = {}
    for step in steps:
        people.setdefault(step.application_id, person_of(step.application))
        mine = held.setdefault(step.application_id, [])
        if step.verb == "undone":
            place = max((i for i, s in enumerate(mine) if s.is_undone), default=None)
            if place is not None:
                mine.pop(place)
        else:
            mine.append(step)
    for name, mine in held.items():
        rows += [(people[name], s.application.job_id, s.verb, s.reason, s.at, s.at) for s in mine]
    for stay in Stay.objects.filter(at__lte=until).select_related("application"):
        name = f"{'there' if stay.is_there else 'gone'}_{stay.days}"
        happened = datetime.combine(stay.happened_on, datetime.min.time(), stay.at.tzinfo)
        rows.append((person_of(stay.application), stay.application.job_id, name, "", happened, stay.at))
    return pl.DataFrame(sorted(rows, key=lambda r: (r[5], r[0], r[1], r[2])), schema=EVENTS, orient="row")
