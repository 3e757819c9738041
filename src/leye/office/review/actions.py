"""Dual track: decisions drawn by lot or referred by an open breaker, decided again by people who do not see the machine's outcome."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.decision import Decision
from leye.kernel.errors import BadInput, Conflict
from leye.kernel.ids import uuid7
from leye.office.clock import now
from leye.office.decisions.ledger import Sealed, seal_event
from leye.office.decisions.queries import subject_of_user
from leye.office.decisions.subjects import subject_key
from leye.office.grounds import account_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.registry.queries import admission
from leye.office.registry.sealed import text_hash
from leye.office.review import breakers, referred, refusals
from leye.office.review.lot import DUE, is_drawn
from leye.office.review.models import Because, ReviewCase, Verdict

_BECAUSE = {"closed": Because.LOT, "dual": Because.DUAL, "half_open": Because.TRIAL}
_DICE = random.SystemRandom()


def take_sample(sealed: Sealed, decision: Decision, *, state: str) -> ReviewCase | None:
    """Put a drawn decision into the review queue, inside the gate's transaction. What a person decided is not drawn again."""
    if decision.review or not is_drawn(sealed.decision_id, state):
        return None
    return _ask(decision, _BECAUSE[state], at=now(), decision_id=sealed.decision_id)


def refer(decision: Decision, *, at: datetime) -> ReviewCase:
    """Hand what an open breaker refuses to people: the proposal waits, encrypted, until somebody decides; then their outcome passes the gate.

    Raises GateRefused when the algorithm is not registered, so that nobody's case waits for a decision that could never pass.
    """
    from leye.office.decisions.admit import admitted, check_decision

    check_decision(decision, admitted(decision.algo, decision.version), "dual")  # as the gate would with the breaker not open
    with transaction.atomic():
        case = _ask(decision, Because.REFERRED, at=at)
        referred.keep(case, decision)
        return case


def take_case(case_id: UUID, *, acting_user: Any, at: datetime) -> ReviewCase:
    """Take a case to judge it. Raises Conflict when a colleague has it, saying who and since when; NotAllowed when it is about oneself."""
    require(acting_user, "review.work")
    with transaction.atomic():
        case = _locked(case_id, acting_user)
        if case.verdict:
            raise refusals.judged_already(case)
        if case.is_held_at(at) and case.reviewer_id != acting_user.pk:
            raise refusals.taken(case)
        if _is_about(case, acting_user):
            raise refusals.about_oneself()
        if not (case.reviewer_id == acting_user.pk and case.is_held_at(at)):
            case.reviewer, case.taken_at = acting_user, at
            case.save(update_fields=["reviewer", "taken_at"])
            audit("review.taken", on=case, by=acting_user, at=at)
            emit("review.taken", permission="review.view", region=case.region, at=at, case_id=case.pk)
        return case


def release_case(case_id: UUID, *, acting_user: Any, at: datetime) -> ReviewCase:
    """Give a case back to the queue. Raises Conflict when it is not theirs or judged."""
    require(acting_user, "review.work")
    with transaction.atomic():
        case = _mine(case_id, acting_user, at)
        case.reviewer = case.taken_at = None
        case.save(update_fields=["reviewer", "taken_at"])
        audit("review.released", on=case, by=acting_user, at=at)
        emit("review.released", permission="review.view", region=case.region, at=at, case_id=case.pk)
        return case


def judge(case_id: UUID, *, outcome: str, reason: str, acting_user: Any, at: datetime, reason_code: str = "") -> ReviewCase:
    """Say what one would have decided; only then is the machine's outcome shown.

    outcome: a code of the algorithm's card; empty: none of them fits, the reason says what does · reason_code: of the card, for a referred case,
    which becomes a decision by a person. Raises BadInput, Conflict when somebody else has the case or it was judged before, GateRefused.
    """
    require(acting_user, "review.work")
    why = account_of(reason)
    with transaction.atomic():
        case = _mine(case_id, acting_user, at)
        _check_outcome(case, outcome)
        is_same = outcome == case.machine_outcome
        case.verdict = Verdict.AGREE if is_same else Verdict.DISAGREE if outcome else Verdict.OTHER
        case.own_outcome, case.reason, case.decided_at = outcome, why, at
        case.seconds = max(0, round((at - case.taken_at).total_seconds())) if case.taken_at else None
        if case.because == Because.REFERRED:
            case.decision_id = referred.decide_case(case, reason_code=reason_code, at=at)
        case.leaf_index = _seal(case, acting_user, at)
        case.save()
        _count(case, "agreed" if is_same else "disagreed", acting_user, at)
        audit("review.judged", on=case, by=acting_user, at=at, verdict=case.verdict)
        emit("review.judged", permission="review.view", region=case.region, at=at, case_id=case.pk, verdict=case.verdict)
        return case


def declare_misjudgement(case_id: UUID, *, acting_user: Any, at: datetime) -> ReviewCase:
    """The reviewer who disagreed, having seen the machine's outcome, calls it a misjudgement; three in a row open the breaker.

    Raises Conflict when there is nothing to declare, or it was declared before; NotAllowed for anybody but the reviewer.
    """
    require(acting_user, "review.work")
    with transaction.atomic():
        case = _locked(case_id, acting_user)
        if case.verdict not in {Verdict.DISAGREE, Verdict.OTHER} or case.misjudged_at is not None:
            raise refusals.nothing_to_declare(case)
        if case.reviewer_id != acting_user.pk:
            raise refusals.taken(case)
        case.misjudged_at = at
        case.save(update_fields=["misjudged_at"])
        _count(case, "misjudged", acting_user, at)
        audit("review.misjudged", on=case, by=acting_user, at=at)
        emit("review.misjudged", permission="review.view", region=case.region, at=at, case_id=case.pk)
        return case


def _ask(decision: Decision, because: str, *, at: datetime, decision_id: UUID | None = None) -> ReviewCase:
    name = uuid7(at, _DICE)
    case = ReviewCase.objects.create(
        id=name,
        decision_id=decision_id,
        algo=decision.algo,
        version=decision.version,
        region=decision.region,
        because=because,
        machine_outcome=decision.outcome.value,
        asked_at=at,
        due=at + DUE[because],
    )
    emit("review.asked", permission="review.view", region=case.region, at=at, case_id=name, because=because)
    return case


def _locked(case_id: UUID, user: Any) -> ReviewCase:
    # without the reviewer: PostgreSQL reads a joined row as it was before it waited for the lock, and would show nobody where a colleague was faster
    case = ReviewCase.objects.select_for_update().filter(pk=case_id).first()
    if case is None or not case.is_visible_to(user):
        raise not_found()
    return case


def _mine(case_id: UUID, user: Any, at: datetime) -> ReviewCase:
    case = _locked(case_id, user)
    if case.verdict:
        raise refusals.judged_already(case)
    if case.reviewer_id is None:
        raise Conflict("先领这一件", en="take the case first", remedy_zh="点“领来复核”", remedy_en="press take", code="E_REVIEW_STEP")
    if case.reviewer_id != user.pk:
        raise refusals.taken(case)
    return case


def _is_about(case: ReviewCase, user: Any) -> bool:
    """Whether the account stands for whom the decision is about. Asked of the decision, so that a lawful erasure there leaves no pseudonym here."""
    own = subject_of_user(user)
    if own is None:
        return False
    if case.because == Because.REFERRED:
        return referred.proposal_of(case).subject == own
    return case.decision is not None and case.decision.subject_key == subject_key(own)


def _check_outcome(case: ReviewCase, outcome: str) -> None:
    card = admission(case.algo, case.version)
    known = sorted(card.outcomes) if card is not None else []
    if outcome and outcome not in known and outcome != case.machine_outcome:
        raise BadInput(
            "结论选一个", en="choose an outcome", remedy_zh="从列出的里选", remedy_en=f"one of {', '.join(known)}", code="E_REVIEW_OUTCOME"
        )


def _seal(case: ReviewCase, by: Any, at: datetime) -> int:
    place = seal_event(
        "review.judged",
        at=at,
        case=case.pk,
        decision=case.decision_id,
        algo=case.algo,
        region=case.region,
        because=case.because,
        verdict=case.verdict,
        by=by.pk,
        role=by.role,
        seconds=case.seconds,
        why=text_hash(case.reason),
    )
    return place.leaf_index


def _count(case: ReviewCase, verb: str, by: Any, at: datetime) -> None:
    """Tell the breaker. A referred case says nothing about how the machine decides now: it did not."""
    if case.because != Because.REFERRED:
        breakers.judged(case.algo, case.region, verb, by=by, at=at, decision=case.decision_id, decided_at=case.asked_at)
