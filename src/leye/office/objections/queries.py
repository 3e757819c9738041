"""Objections as the person, the desk and the auditor read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from leye.office.decisions.evidence import opened
from leye.office.objections.corrections import Before, before_of
from leye.office.objections.involved import is_involved
from leye.office.objections.models import OPEN, Objection, State, Step
from leye.office.objections.steps import words_of
from leye.office.objections.taking import is_free
from leye.office.permissions import not_found, require


@dataclass(frozen=True, slots=True)
class Told:
    """A step with its words in clear."""

    step: Step
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """What the handler sees of the decision: reasons in words, what was seen, the outcome objected to. None of it when it was erased."""

    reasons: list[dict[str, str]]
    before: Before
    is_erased: bool


def objections_about(user: Any, decision_id: UUID) -> list[Objection]:
    """Objections of the user to one decision, newest first."""
    return list(Objection.objects.filter(raised_by=user, decision_id=decision_id).order_by("-raised_at"))


def own_objections(user: Any) -> QuerySet[Objection]:
    """One's own, newest first."""
    require(user, "objections.raise")
    return Objection.objects.filter(raised_by=user).select_related("decision", "decided_as").order_by("-raised_at")


def own_objection(user: Any, objection_id: UUID) -> Objection:
    """One of them. Raises NotFound alike for none and for somebody else's."""
    found = own_objections(user).filter(pk=objection_id).first()
    if found is None:
        raise not_found()
    return found


def visible(user: Any) -> QuerySet[Objection]:
    """What the desk or the auditor may see, by the day on which it is due."""
    require(user, "objections.view")
    found = Objection.objects.select_related("decision", "handler", "raised_by").order_by("due_on", "id")
    if not user.region:
        return found
    return found.filter(Q(region__in=["", user.region]) | Q(handler=user) | Q(escalated_at__isnull=False))


def desk(user: Any, *, state: str = "", mine: bool = False) -> QuerySet[Objection]:
    """What is open, or in one state, by due date."""
    found = visible(user).filter(state__in=[state] if state in State.values else OPEN)
    return found.filter(handler=user) if mine else found


def objection_called(user: Any, objection_id: UUID) -> Objection:
    """One objection for the desk. Raises NotFound alike for none and for another district's."""
    found = visible(user).filter(pk=objection_id).first()
    if found is None:
        raise not_found()
    return found


def told(objection: Objection) -> list[Told]:
    """Its steps in order, with what was said. Whoever shows them to the desk logs the read."""
    return [Told(step, words_of(step)) for step in objection.steps.select_related("by")]


def case_of(user: Any, objection: Objection, at: datetime) -> Case:
    """The decision behind it, for the desk; the read is recorded for the purpose `objection`. Raises NotAllowed."""
    from leye.office.privacy.reads import log_read

    seen = opened(objection.decision_id)
    if seen is None:
        return Case([], before_of(objection), True)
    before = before_of(objection)
    log_read(user, seen.subject, "objection", [*sorted(before.inputs), "words"], at)
    return Case(seen.reasons, before, False)


def next_steps(user: Any, objection: Objection) -> list[str]:
    """What this person can do now: take, ask, return, uphold, correct; empty for readers and for those who must stand aside."""
    from leye.office.permissions import can

    if not can(user, "objections.handle") or not objection.is_open or is_involved(user, objection):
        return []
    if is_free(user, objection):
        return ["take"]
    if objection.handler_id != user.pk:
        return []
    return ["correct", "uphold", *(["ask"] if objection.state == State.TAKEN else []), "return"]


def must_stand_aside(user: Any, objection: Objection) -> bool:
    """Whether somebody who handles objections may not handle this one, because they had a part in the decision."""
    from leye.office.permissions import can

    return can(user, "objections.handle") and objection.is_open and is_involved(user, objection)
