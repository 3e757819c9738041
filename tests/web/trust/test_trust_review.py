"""Dual track: the lot, blind review, two reviewers at once, and what an open breaker leaves to people."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.decisions.gate import decide
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision
from leye.office.decisions.refusals import GateRefused
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.models import ReadAccess
from leye.office.review import actions, breakers, lot, queries
from leye.office.review.models import Breaker, ReviewCase
from leye.office.review.replay import first_difference
from tests_support.decisions import ALGO, AT, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@pytest.fixture
def everything_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decision is reviewed."""
    monkeypatch.setattr(lot, "SHARES", dict.fromkeys(lot.SHARES, 1.0))


@pytest.fixture
def case(everything_drawn: None) -> ReviewCase:
    """A drawn offer in 440605."""
    return ReviewCase.objects.get(decision_id=decide(an_offer()).decision_id)


@pytest.fixture
def reviewer(user_of: Callable[..., Any]) -> Any:
    return user_of("counsellor", "counsellor")


def test_the_lot_falls_by_the_number_alone() -> None:
    numbers = [UUID(int=i * 2**70 + 12345) for i in range(20_000)]
    shares = {state: sum(lot.is_drawn(n, state) for n in numbers) / len(numbers) for state in ("closed", "dual", "half_open", "open")}
    assert shares["open"] == 0
    for state, wanted in lot.SHARES.items():
        assert abs(shares[state] - wanted) < 4 * (wanted * (1 - wanted) / len(numbers)) ** 0.5
    assert all(lot.is_drawn(n, "dual") for n in numbers if lot.is_drawn(n, "closed")), "a stricter state draws what a calmer one draws"
    assert [lot.is_drawn(n, "dual") for n in numbers[:50]] == [lot.is_drawn(n, "dual") for n in numbers[:50]]


def test_the_gate_asks_for_review_in_its_own_transaction(case: ReviewCase) -> None:
    assert (case.because, case.machine_outcome, case.region, case.algo) == ("lot", "offered", "440605", ALGO)
    assert case.due - case.asked_at == lot.DUE["lot"]
    assert OutboxEvent.objects.get(name="review.asked").payload["case_id"] == str(case.pk)
