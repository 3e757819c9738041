"""Objections from the person's click to the answer. Each action: may they, lock, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.kernel.ids import uuid7
from leye.office.decisions.queries import own_decision
from leye.office.grounds import account_of
from leye.office.objections import refusals
from leye.office.objections.corrections import decide_again
from leye.office.objections.involved import is_involved
from leye.office.objections.models import OPEN, Category, Objection, State
from leye.office.objections.steps import take_step
from leye.office.objections.taking import is_free
from leye.office.permissions import not_found, require

ANSWER_WITHIN_DAYS = 30
"""Calendar days, Beijing (disputes answered within a month; the platform's demands). The day of raising is day 0."""

LONGEST_WORDS = 2000
SHORTEST_WORDS = 4
_DICE = random.SystemRandom()


def raise_objection(decision_id: UUID, *, category: str, words: str, acting_user: Any, at: datetime, item: str = "") -> Objection:
    """Object to one's own decision.

    words: what is wrong; empty only for `human_wanted`, which needs no reason (PIPL art. 24, secondary source) · item: which outcome of a batch.
    Raises NotFound for what is not theirs, BadInput, Conflict while another one is open.
    """
    require(acting_user, "objections.raise")
    decision = own_decision(acting_user, decision_id)
    if category not in Category.values:
        raise refusals.category_unknown()
    text = words.strip()[:LONGEST_WORDS]
    if category != Category.HUMAN_WANTED and len(text) < SHORTEST_WORDS:
        raise refusals.words_missing()
    with transaction.atomic():
        type(decision).objects.select_for_update().get(pk=decision.pk)  # a second click waits here and then finds the first one's objection
        there = Objection.objects.filter(decision=decision, raised_by=acting_user, state__in=OPEN).first()
        if there is not None:
            raise refusals.open_already(there)
        if decision.corrections.exists():
            raise refusals.superseded()
        objection = Objection.objects.create(
            id=uuid7(at, _DICE),
            decision=decision,
            raised_by=acting_user,
            category=category,
            item=item.strip()[:120] if decision.marks else "",
            algo=decision.algo,
            region=decision.region or acting_user.region,
            raised_at=at,
            due_on=beijing_day(at) + timedelta(days=ANSWER_WITHIN_DAYS),
        )
        take_step(objection, "raised", by=acting_user, at=at, words=text, category=category, due_on=objection.due_on.isoformat())
        return objection


def take_objection(objection_id: UUID, *, acting_user: Any, at: datetime) -> Objection:
    """Take it in hand, or take it over (`taking`). Raises NotAllowed for whoever had a part in the decision, Conflict when a colleague was faster."""
    with _locked(objection_id, acting_user) as objection:
        if not is_free(acting_user, objection):
            raise refusals.taken(objection) if objection.is_open else refusals.step_refused(objection, "take")
        if is_involved(acting_user, objection):
            raise refusals.involved()
        _change(objection, State.TAKEN, handler=acting_user)
        take_step(objection, "taken", by=acting_user, at=at)
        return objection


def hand_back(objection_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> Objection:
    """Give it back to the desk, with the reason; the clock runs on."""
    with _mine(objection_id, acting_user, (State.TAKEN, State.ASKED), "hand back") as objection:
        why = account_of(reason)
        _change(objection, State.RAISED, handler=None)
        take_step(objection, "returned", by=acting_user, at=at, words=why)
        return objection


def ask_for_more(objection_id: UUID, *, question: str, acting_user: Any, at: datetime) -> Objection:
    """Ask the person for more; the clock runs on."""
    with _mine(objection_id, acting_user, (State.TAKEN,), "ask") as objection:
        text = account_of(question, "要补充什么", "a question")
        _change(objection, State.ASKED, handler=objection.handler)
        take_step(objection, "asked", by=acting_user, at=at, words=text)
        return objection


def answer(objection_id: UUID, *, words: str, acting_user: Any, at: datetime) -> Objection:
    """The person answers, or adds something while it is open."""
    with _own(objection_id, acting_user) as objection:
        text = words.strip()[:LONGEST_WORDS]
        if len(text) < SHORTEST_WORDS:
            raise refusals.words_missing()
        _change(objection, State.TAKEN if objection.state == State.ASKED else State(objection.state), handler=objection.handler)
        take_step(objection, "answered", by=acting_user, at=at, words=text)
        return objection


def withdraw(objection_id: UUID, *, acting_user: Any, at: datetime) -> Objection:
    """The person takes it back; they may object anew."""
    with _own(objection_id, acting_user) as objection:
        _change(objection, State.WITHDRAWN, handler=objection.handler, decided_at=at)
        take_step(objection, "withdrawn", by=acting_user, at=at)
        return objection


def uphold(objection_id: UUID, *, reason: str, acting_user: Any, at: datetime, reason_code: str = "") -> Objection:
    """The decision stands, with the reason in words for the person.

    To somebody who refused a decision by a machine alone, a new decision with the same outcome is written, made by a person. Raises GateRefused.
    """
    with _mine(objection_id, acting_user, (State.TAKEN, State.ASKED), "decide") as objection:
        why = account_of(reason)
        if objection.category == Category.HUMAN_WANTED:
            objection.decided_as_id = decide_again(objection, outcome="", reason=why, reason_code=reason_code, at=at)
        _change(objection, State.UPHELD, handler=objection.handler, decided_at=at)
        take_step(objection, "upheld", by=acting_user, at=at, words=why, new_decision=objection.decided_as_id)
        return objection


def correct(
    objection_id: UUID, *, outcome: str, reason: str, acting_user: Any, at: datetime, reason_code: str = "", is_misjudgement: bool = False
) -> Objection:
    """The decision was wrong: a new one that links to it passes the gate in the same transaction.

    outcome: a code of the algorithm's card, other than the old one · reason_code: of the card; its own first reason when empty
    · is_misjudgement: counts towards the breaker. Raises BadInput (E_OBJECTION_OUTCOME), GateRefused; then nothing is kept.
    """
    from leye.office.review import breakers

    with _mine(objection_id, acting_user, (State.TAKEN, State.ASKED), "decide") as objection:
        why = account_of(reason)
        if not outcome:
            raise refusals.outcome_unknown([])
        objection.decided_as_id = decide_again(objection, outcome=outcome, reason=why, reason_code=reason_code, at=at)
        _change(objection, State.CORRECTED, handler=objection.handler, decided_at=at)
        take_step(objection, "corrected", by=acting_user, at=at, words=why, new_decision=objection.decided_as_id)
        if is_misjudgement:
            old = objection.decision
            breakers.judged(old.algo, old.region, "misjudged", by=acting_user, at=at, decision=old.pk, decided_at=old.sealed_at)
        return objection


@contextmanager
def _locked(objection_id: UUID, acting_user: Any) -> Iterator[Objection]:
    require(acting_user, "objections.handle")
    with transaction.atomic():
        objection = _row(objection_id)
        if objection is None:
            raise not_found()
        require(acting_user, "objections.handle", objection)
        yield objection


@contextmanager
def _mine(objection_id: UUID, acting_user: Any, states: tuple[State, ...], step: str) -> Iterator[Objection]:
    """The handler's own, in one of the states; whoever became involved since stands aside too."""
    with _locked(objection_id, acting_user) as objection:
        if objection.state not in states:
            raise refusals.step_refused(objection, step)
        if objection.handler_id != acting_user.pk:
            raise refusals.taken(objection)
        if is_involved(acting_user, objection):
            raise refusals.involved()
        yield objection


@contextmanager
def _own(objection_id: UUID, acting_user: Any) -> Iterator[Objection]:
    """The person's own, while it is open."""
    require(acting_user, "objections.raise")
    with transaction.atomic():
        objection = _row(objection_id)
        if objection is None or objection.raised_by_id != acting_user.pk:
            raise not_found()
        if not objection.is_open:
            raise refusals.step_refused(objection, "this")
        yield objection


def _row(objection_id: UUID) -> Objection | None:
    # not the handler: PostgreSQL reads a joined row as it was before it waited for the lock, and would show nobody where a colleague was faster
    found = Objection.objects.select_for_update(of=("self",)).select_related("decision", "raised_by")
    return found.filter(pk=objection_id).first()


def _change(objection: Objection, state: State, *, handler: Any, decided_at: datetime | None = None) -> None:
    objection.state, objection.handler, objection.decided_at = state, handler, decided_at
    objection.save(update_fields=["state", "handler", "decided_at", "decided_as"])
