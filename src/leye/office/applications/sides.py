"""On which side of an application somebody stands: the person, their counsellor, the firm. Whoever stands on none is told that it does not exist."""

from __future__ import annotations

from typing import Any

from leye.kernel.errors import NotFound
from leye.office.applications.models import Application
from leye.office.applications.states import FIRM, PERSON
from leye.office.applications.steps import person_of
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements.persons import check_grid
from leye.office.permissions import can, not_found

DESK = "desk"


def side_of(user: Any, application: Application) -> str:
    """`person`, `desk` or `firm`. Raises NotFound."""
    if can(user, "applications.firm") and user.subject and application.firm_id == user.subject:
        return FIRM
    if can(user, "applications.own") and user.subject and application.subject_key == subject_key(subject_of(user.subject)):
        return PERSON
    if can(user, "applications.desk") and _is_own_person(user, application):
        return DESK
    raise not_found()


def may_move(side: str, wanted: str) -> bool:
    """Whether a side may take a step of `person` or `firm`; a counsellor acts for the person."""
    return side == wanted or (side == DESK and wanted == PERSON)


def _is_own_person(user: Any, application: Application) -> bool:
    try:
        check_grid(user, person_of(application))
    except NotFound:
        return False
    return True
