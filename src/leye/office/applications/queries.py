"""Reading applications: a firm's, a person's own, a counsellor's people's; one of them with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leye.office.applications.models import OPEN, Application, State, Step
from leye.office.applications.sides import DESK, side_of
from leye.office.applications.states import FIRM, PERSON, moves_from
from leye.office.applications.steps import person_of, words_of
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.permissions import not_found, require
from leye.office.privacy.reads import read_list

CONTACT = "job_application"
"""Purpose under which a firm reads name and phone of an applicant who agreed."""


@dataclass(frozen=True)
class Told:
    """A step with its words."""

    step: Step
    words: str


@dataclass(frozen=True)
class Case:
    """One application as a side sees it. contact: name and phone once the person agreed, else None · may: verbs of this side now."""

    application: Application
    side: str
    steps: tuple[Told, ...]
    may: tuple[str, ...]
    contact: dict[str, Any] | None
    can_undo: bool


def firm_applications(user: Any, *, state: str = "", job_id: str = "") -> QuerySet[Application]:
    """The firm's, newest change first; `open` for all that wait for somebody."""
    require(user, "applications.firm")
    found = Application.objects.filter(firm_id=user.subject) if user.subject else Application.objects.none()
    found = found.filter(job_id=job_id) if job_id else found
    return _in_state(found, state)


def own_applications(user: Any, state: str = "") -> QuerySet[Application]:
    """The person's own, newest change first."""
    require(user, "applications.own")
    found = Application.objects.filter(subject_key=subject_key(subject_of(user.subject))) if user.subject else Application.objects.none()
    return _in_state(found, state)


def desk_applications(user: Any, state: str = "") -> list[Application]:
    """Those of people of the counsellor's grids, newest change first."""
    from leye.office.entitlements.lists import own_people

    require(user, "applications.desk")
    keys = {subject_key(subject_of(p)) for p in own_people(user)}
    found = _in_state(Application.objects.filter(region=user.region) if user.region else Application.objects.all(), state)
    return [a for a in found if a.subject_key in keys]


def _in_state(found: QuerySet[Application], state: str) -> QuerySet[Application]:
    if state == "open":
        return found.filter(state__in=OPEN)
    return found.filter(state=state) if state in State.values else found


def case_of(user: Any, application_id: UUID, at: datetime) -> Case:
    """One application with its steps; a look of firm or desk at a person is recorded. Raises NotFound for whoever stands on no side of it."""
    application = Application.objects.filter(pk=application_id).select_related("vacancy", "decision").first()
    if application is None:
        raise not_found()
    side = side_of(user, application)
    steps = tuple(Told(s, words_of(s)) for s in application.steps.select_related("by"))
    may = moves_from(application.state, FIRM if side == FIRM else PERSON)
    return Case(application, side, steps, tuple(may), _contact(user, application, side, at), _can_undo(user, application, steps, at))


def _contact(user: Any, application: Application, side: str, at: datetime) -> dict[str, Any] | None:
    if side == PERSON:
        return None
    person = person_of(application)
    if side == DESK:
        return read_list([person], "daily_list", user, at).get(person)
    return read_list([person], CONTACT, user, at).get(person) if application.shares_contact else None


def _can_undo(user: Any, application: Application, steps: Sequence[Told], at: datetime) -> bool:
    from leye.office.applications.actions import can_take_back

    last = next((t.step for t in reversed(steps) if not t.step.is_undone and t.step.verb != "undone"), None)
    return last is not None and can_take_back(last, application, application.vacancy, user, at)
