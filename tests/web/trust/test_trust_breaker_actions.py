"""Breakers in the office: what moves them, who may, what is kept and sealed, and that the log alone gives the same standings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.decisions.gate import decide
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.review import actions, breakers, lot, queries
from leye.office.review.models import Breaker, BreakerEvent, ReviewCase
from leye.office.review.replay import first_difference
from leye.trust.breaker import CLOSE_AFTER
from tests_support.decisions import ALGO, AT, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

HERE = "440605"


@pytest.fixture
def operator(user_of: Callable[..., Any]) -> Any:
    return user_of("operator")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, user_of: Callable[..., Any]) -> Callable[..., ReviewCase]:
    """`judged("offered")`: an offer, drawn, and what a reviewer came to; `misjudged=True` declares it."""
    monkeypatch.setattr(lot, "SHARES", dict.fromkeys(lot.SHARES, 1.0))
    reviewer = user_of("counsellor")
    minute = iter(range(1, 1000))

    def make(outcome: str, *, misjudged: bool = False, region: str = HERE) -> ReviewCase:
        case = ReviewCase.objects.get(decision_id=decide(an_offer(region=region)).decision_id)
        at = AT + timedelta(days=900, minutes=next(minute))  # after anything that the office's own clock sealed
        actions.take_case(case.pk, acting_user=reviewer, at=at)
        case = actions.judge(case.pk, outcome=outcome, reason="按距离应该是别人", acting_user=reviewer, at=at + timedelta(seconds=40))
        return actions.declare_misjudgement(case.pk, acting_user=reviewer, at=at + timedelta(seconds=50)) if misjudged else case

    return make


def order(verb: str, user: Any, *, region: str = HERE, **more: Any) -> BreakerEvent:
    return breakers.order(ALGO, region, verb, why="窗口报来的情况", acting_user=user, at=more.pop("at", AT), **more)


def test_an_order_leaves_row_audit_event_and_leaf(operator: Any) -> None:
    event = order("open", operator)
    leaf = json.loads(open_log().record(event.leaf_index))
    assert leaf["kind"] == "breaker.changed"
    assert {k: leaf["payload"][k] for k in ("algo", "region", "number", "verb", "from_state", "to_state", "by")} == {
        "algo": ALGO, "region": HERE, "number": 1, "verb": "open", "from_state": "closed", "to_state": "open", "by": operator.pk,
    }  # fmt: skip
    assert "窗口报来的情况" not in open_log().record(event.leaf_index).decode() and event.why == "窗口报来的情况"
    assert AuditEntry.objects.get(verb="breaker.open").by == operator
    assert OutboxEvent.objects.get(name="breaker.changed").payload == {"algo": ALGO, "place": HERE, "state": "open", "cause": "open"}
    assert queries.breaker_state(ALGO, HERE) == "open"


def test_three_declared_misjudgements_open_it_and_the_gate_refuses(judged: Callable[..., ReviewCase]) -> None:
    judged("withheld", misjudged=True)
    judged("withheld", misjudged=True)
    assert queries.breaker_state(ALGO, HERE) == "closed"
    judged("withheld", misjudged=True)
    assert queries.breaker_state(ALGO, HERE) == "open"
    with pytest.raises(Exception, match="E_GATE_BREAKER"):
        decide(an_offer())
    assert Breaker.objects.get().cause == "misjudged" and first_difference(Breaker.objects.get()) == ""


def test_an_agreement_between_them_keeps_it_closed(judged: Callable[..., ReviewCase]) -> None:
    for outcome in ("withheld", "withheld", "offered", "withheld", "withheld"):
        judged(outcome, misjudged=outcome == "withheld")
    assert (queries.breaker_state(ALGO, HERE), Breaker.objects.get().misjudged) == ("closed", 2)


def test_an_operator_can_declare_misjudgements_by_number_each_decision_once(operator: Any) -> None:
    places = [decide(an_offer()) for _ in range(3)]
    for _ in range(4):
        order("misjudged", operator, decision=str(places[0].leaf_index))
    assert queries.breaker_state(ALGO, HERE) == "closed"
    order("misjudged", operator, decision=str(places[1].decision_id))
    order("misjudged", operator, decision=str(places[2].decision_id))
    assert queries.breaker_state(ALGO, HERE) == "open"


def test_the_way_back_needs_a_person_and_twenty_agreements(operator: Any, judged: Callable[..., ReviewCase]) -> None:
    order("open", operator)
    order("restart", operator)
    assert queries.breaker_state(ALGO, HERE) == "half_open"
    for _ in range(CLOSE_AFTER - 1):
        judged("offered")
    assert queries.breaker_state(ALGO, HERE) == "half_open"
    judged("offered")
    breaker = Breaker.objects.get()
    assert (breaker.state, breaker.cause) == ("closed", "agreed") and first_difference(breaker) == ""


def test_on_trial_one_misjudgement_opens_it_again(operator: Any, judged: Callable[..., ReviewCase]) -> None:
    order("open", operator)
    order("restart", operator)
    judged("withheld")
    assert queries.breaker_state(ALGO, HERE) == "half_open", "a plain disagreement is no misjudgement"
    judged("withheld", misjudged=True)
    assert queries.breaker_state(ALGO, HERE) == "open"


def test_the_strictest_of_district_city_province_and_everywhere_holds(operator: Any) -> None:
    order("watch", operator)
    assert [queries.breaker_state(ALGO, r) for r in (HERE, "440606", "")] == ["dual", "closed", "closed"]
    order("open", operator, region="440600")
    assert [queries.breaker_state(ALGO, r) for r in (HERE, "440606", "440100", "")] == ["open", "open", "closed", "closed"]
    order("open", operator, region="")
    assert queries.breaker_state(ALGO, "310101") == "open" and queries.breaker_state("labour.advice", HERE) == "closed"


def test_a_city_wide_trial_counts_the_reviews_of_its_districts(operator: Any, judged: Callable[..., ReviewCase]) -> None:
    order("open", operator, region="440600")
    order("restart", operator, region="440600")
    judged("offered", region="440605")
    judged("offered", region="440606")
    assert Breaker.objects.get(region="440600").agreed == 2


def test_replay_from_the_log_notices_a_changed_row(operator: Any, judged: Callable[..., ReviewCase]) -> None:
    order("open", operator)
    order("restart", operator)
    judged("offered")
    breaker = Breaker.objects.get()
    assert first_difference(breaker) == ""
    Breaker.objects.filter(pk=breaker.pk).update(state="closed")
    assert first_difference(Breaker.objects.get()) != ""
    Breaker.objects.filter(pk=breaker.pk).update(state="half_open", agreed=19)
    assert first_difference(Breaker.objects.get()) != ""
    Breaker.objects.filter(pk=breaker.pk).update(agreed=1)
    BreakerEvent.objects.filter(breaker=breaker, number=3).delete()
    assert first_difference(Breaker.objects.get()) != "", "a deleted row"


REFUSED = [
    ("analyst", {}, NotAllowed, "E_NOT_ALLOWED", "an analyst only looks"),
    ("auditor", {}, NotAllowed, "E_NOT_ALLOWED", "an auditor only looks"),
    ("operator", {"why": "  停 "}, BadInput, "E_REASON", "a reason of four characters"),
    ("operator", {"verb": "explode"}, BadInput, "E_BREAKER_VERB", "no such step"),
    ("operator", {"verb": "agreed"}, BadInput, "E_BREAKER_VERB", "nobody orders an agreement"),
    ("operator", {"verb": "drift_seen"}, BadInput, "E_BREAKER_VERB", "nobody orders a statistic"),
    ("operator", {"verb": "restart"}, Conflict, "E_BREAKER_STEP", "a closed one is not restarted"),
    ("operator", {"region": "4406"}, BadInput, "E_REGION", "a region has six digits"),
    ("operator", {"region": "４４０６０５"}, BadInput, "E_REGION", "in ASCII"),
    ("operator", {"algo": "nobody.knows"}, NotFound, "E_NOT_FOUND", "an algorithm that is not registered"),
    ("operator", {"verb": "misjudged", "decision": "999999"}, NotFound, "E_NOT_FOUND", "a decision that is not there"),
    ("operator", {"verb": "misjudged", "decision": "' OR 1=1"}, NotFound, "E_NOT_FOUND", "no injection"),
]


@pytest.mark.parametrize(("role", "changed", "error", "code", "why"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_refused_and_nothing_kept(
    role: str, changed: dict[str, str], error: type[Exception], code: str, why: str, user_of: Callable[..., Any]
) -> None:
    asked = {"algo": ALGO, "region": HERE, "verb": "open", "why": "窗口报来的情况", **changed}
    before = open_log().size()
    with pytest.raises(error) as refused:
        breakers.order(asked.pop("algo"), asked.pop("region"), asked.pop("verb"), acting_user=user_of(role), at=AT, **asked)  # type: ignore[arg-type]
    assert refused.value.code == code  # type: ignore[attr-defined]
    assert not BreakerEvent.objects.exists() and open_log().size() == before and not OutboxEvent.objects.filter(name="breaker.changed").exists()


def test_a_decision_of_another_algorithm_is_not_this_ones_misjudgement(operator: Any) -> None:
    place = decide(an_offer())
    with pytest.raises(NotFound):
        breakers.order("labour.advice", "", "misjudged", why="张冠李戴了", acting_user=operator, at=AT, decision=str(place.decision_id))
    assert Decision.objects.count() == 1
