"""What the gate asks of a decision before anything is written: is the version running, and does it say only what its card declares?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leye.kernel.clock import beijing_day
from leye.kernel.decision import Decision, Subject
from leye.office.clock import now
from leye.office.decisions import refusals
from leye.office.decisions.models import Decision as Row
from leye.office.registry.queries import Admission, admission
from leye.office.review.queries import names_a_review


def admitted(algo: str, version: str) -> Admission:
    """The running version's card. Raises GateRefused: unregistered, not running, suspended, blacklisted, expired."""
    card = registered(algo, version)
    check_running(card)
    return card


def registered(algo: str, version: str) -> Admission:
    """The version's card, whether it runs or not. Raises GateRefused."""
    card = admission(algo, version)
    if card is None:
        raise refusals.unregistered(algo, version)
    return card


def check_running(card: Admission) -> None:
    """Raises GateRefused. Its time is judged by the office's clock, not by the decision's own date: what arrives late is still decided now."""
    if card.state != "running":
        raise refusals.not_running(card.algo, card.version, card.state)
    if card.expires_on is not None and beijing_day(now()) > card.expires_on:
        raise refusals.expired(card.algo, card.version, card.expires_on)


def check_words(card: Admission, *, purpose: str, features: Collection[str], codes: Collection[str]) -> None:
    """Purpose, features and reason codes are the card's. Raises GateRefused with what is declared."""
    if purpose not in card.purposes:
        raise refusals.undeclared("用途", "purpose", [purpose], sorted(card.purposes), "E_GATE_PURPOSE")
    if strange := sorted(set(features) - card.features):
        raise refusals.undeclared("特征", "features", strange, sorted(card.features), "E_GATE_FEATURE")
    if not codes or not all(codes):
        raise refusals.unexplained()
    if strange := sorted(set(codes) - card.reason_codes):
        raise refusals.undeclared("理由代码", "reason codes", strange, sorted(card.reason_codes), "E_GATE_REASON")


def check_subject(card: Admission, subject: Subject) -> None:
    """What was registered for series decides about nobody, and what was registered for people or firms about no series. Raises GateRefused."""
    if (card.subject == "series") != (subject.kind == "series"):
        raise refusals.wrong_subject(card.algo, card.subject, subject.kind)


def check_decision(decision: Decision, card: Admission, breaker: str) -> None:
    """The words of a single outcome, whom it is about, and whether it may be a machine's. Raises GateRefused.

    What a person decided, and names the case for, passes an open breaker and a stopped version: stopping a machine must not stop people from putting
    right what it did. The case must be there, or anybody could call a machine's outcome a person's.
    """
    if decision.review and not names_a_review(decision.review):
        raise refusals.no_such_review(decision.review)
    if not decision.review:
        check_running(card)
    check_subject(card, decision.subject)
    check_words(card, purpose=decision.purpose, features=decision.features, codes=[r.code for r in decision.reasons])
    if breaker == "open" and not decision.review:
        raise refusals.broken(decision.algo, decision.region)


def check_sandbox(card: Admission, keys: Sequence[str]) -> None:
    """A sandbox takes no more subjects than its cap; those it has may come again. Raises GateRefused."""
    if card.sandbox is None:
        return
    ours = Row.objects.filter(algo=card.algo, version=card.version)
    wanted = set(keys)
    known = set(ours.filter(subject_key__in=wanted).values_list("subject_key", flat=True))
    there = ours.values("subject_key").distinct().count()
    if there + len(wanted - known) > card.sandbox.max_subjects:
        raise refusals.sandbox_full(card.algo, card.version, card.sandbox.max_subjects)
