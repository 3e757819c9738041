"""Scenarios as pages and API read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leye.office.permissions import can, not_found, require
from leye.office.reforms import refusals
from leye.office.reforms.models import Scenario, State

MOST_COMPARED = 3


def scenarios(user: Any) -> QuerySet[Scenario]:
    """All scenarios, newest first; none for an account of one district."""
    require(user, "reforms.view")
    found = Scenario.objects.select_related("made_by", "signed_by", "withdrawn_by")
    return found.none() if user.region else found


def scenario_called(user: Any, scenario_id: UUID | str) -> Scenario:
    """One of them. Raises NotFound, also for text that is no id."""
    try:
        found = scenarios(user).filter(pk=UUID(str(scenario_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise not_found()
    return found


def compared(user: Any, ids: list[str]) -> list[Scenario]:
    """Two or three scenarios in the order asked. Raises BadInput (E_COMPARE), NotFound."""
    wanted = list(dict.fromkeys(ids))
    if not 2 <= len(wanted) <= MOST_COMPARED:
        raise refusals.how_many()
    return [scenario_called(user, i) for i in wanted]


def signed(user: Any) -> QuerySet[Scenario]:
    """Signed scenarios, which may be published as rules of one's own."""
    return scenarios(user).filter(state=State.SIGNED)


def next_steps(user: Any, scenario: Scenario) -> list[str]:
    """What this person can do now: sign, withdraw."""
    found = []
    if scenario.state == State.DRAFT and can(user, "reforms.sign") and scenario.made_by_id != user.pk:
        found.append("sign")
    if scenario.state != State.WITHDRAWN and can(user, "reforms.edit"):
        found.append("withdraw")
    return found
