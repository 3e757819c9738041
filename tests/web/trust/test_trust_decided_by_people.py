"""What a person decided passes an open breaker and a stopped version; calling a machine's outcome a person's does not help it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leye.kernel.decision import Outcome
from leye.office.decisions.gate import decide
from leye.office.decisions.models import Decision
from leye.office.decisions.refusals import GateRefused
from leye.office.objections import actions as objections
from leye.office.registry.models import Version
from leye.office.review import actions as reviews
from leye.office.review import breakers
from leye.office.review.models import ReviewCase
from tests_support.decisions import ALGO, AT, an_offer, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

NO_CASE = "019a0000-0000-7000-8000-000000000001"


@pytest.fixture
def opened(user_of: Callable[..., Any]) -> None:
    """The breaker of 440605 is open."""
    breakers.order(ALGO, "440605", "open", why="连续暴雨，派单误判", acting_user=user_of("operator"), at=AT)


def code_of(decision: Any) -> str:
    with pytest.raises(GateRefused) as refused:
        decide(decision)
    return refused.value.code


@pytest.mark.parametrize("name", [NO_CASE, "x", "' OR 1=1 --", "case-1"])
def test_a_made_up_review_opens_no_breaker_and_no_version(name: str, opened: None) -> None:
    assert code_of(an_offer(review=name)) == "E_GATE_REVIEW"
    assert not Decision.objects.exists()


def test_an_open_breaker_refuses_the_machine_here_and_not_elsewhere(opened: None) -> None:
    assert code_of(an_offer()) == "E_GATE_BREAKER"
    decide(an_offer(region="440606"))
    assert Decision.objects.get().breaker == "closed"


def test_what_the_breaker_refuses_is_referred_and_decided_by_a_person(opened: None, user_of: Callable[..., Any]) -> None:
    case = reviews.refer(an_offer(), at=AT)
    reviewer = user_of("counsellor")
    reviews.take_case(case.pk, acting_user=reviewer, at=AT)
    reviews.judge(
        case.pk, outcome="withheld", reason="雨太大，先不派", reason_code="another_nearer", acting_user=reviewer, at=AT + timedelta(minutes=2)
    )
    made = Decision.objects.get()
    assert (made.outcome, made.breaker, ReviewCase.objects.get().decision_id) == ("withheld", "open", made.pk)


@pytest.mark.parametrize("state", ["suspended", "blacklisted"])
def test_a_stopped_version_can_still_be_put_right(state: str, user_of: Callable[..., Any]) -> None:
    worker = user_of("worker", subject="P00000012")
    old = decide(an_offer())
    version = Version.objects.get(algo=ALGO)
    version.state = state
    version.save()
    assert code_of(an_offer()) == f"E_GATE_{state.upper()}"
    objection = objections.raise_objection(old.decision_id, category="wrong_facts", words="那天我没上线", acting_user=worker, at=AT)
    desk = user_of("analyst")
    objections.take_objection(objection.pk, acting_user=desk, at=AT)
    objections.correct(objection.pk, outcome="withheld", reason="核实当天没有上线", reason_code="another_nearer", acting_user=desk, at=AT)
    made = Decision.objects.get(follows_id=old.decision_id)
    assert made.outcome == "withheld"


def test_a_version_that_nobody_registered_is_refused_to_people_too(user_of: Callable[..., Any]) -> None:
    worker = user_of("worker", subject="P00000012")
    objection = objections.raise_objection(decide(an_offer()).decision_id, category="human_wanted", words="", acting_user=worker, at=AT)
    assert code_of(an_offer(version="9", review=str(objection.pk))) == "E_GATE_UNREGISTERED"
    assert code_of(an_offer(outcome=Outcome("offered"), reasons=(reason("nix"),), review=str(objection.pk))) == "E_GATE_REASON"
