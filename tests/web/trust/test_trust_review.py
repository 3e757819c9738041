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
from leye.office.review.models import Breaker, Proposal, ReviewCase
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


def test_nothing_is_drawn_of_what_a_person_decided_or_of_what_failed(everything_drawn: None, user_of: Callable[..., Any]) -> None:
    with pytest.raises(GateRefused):
        decide(an_offer(features=("voiceprint",)))
    assert not ReviewCase.objects.exists()
    breakers.order(ALGO, "440605", "open", why="先由人来定", acting_user=user_of("operator"), at=AT)
    case = actions.refer(an_offer(), at=AT)
    reviewer = user_of("counsellor")
    actions.take_case(case.pk, acting_user=reviewer, at=AT)
    actions.judge(case.pk, outcome="withheld", reason="有更近的人", acting_user=reviewer, at=AT)
    assert ReviewCase.objects.count() == 1 and Decision.objects.count() == 1


def test_the_verdict_is_blind_counted_and_sealed_without_words(case: ReviewCase, reviewer: Any) -> None:
    actions.take_case(case.pk, acting_user=reviewer, at=AT)
    done = actions.judge(case.pk, outcome="withheld", reason="离得更近的另有其人", acting_user=reviewer, at=AT + timedelta(seconds=95))
    assert (done.verdict, done.own_outcome, done.seconds, done.reviewer) == ("disagree", "withheld", 95, reviewer)
    leaf = open_log().record(done.leaf_index)
    said = json.loads(leaf)
    assert (said["kind"], said["payload"]["verdict"], said["payload"]["by"], said["payload"]["seconds"]) == (
        "review.judged",
        "disagree",
        reviewer.pk,
        95,
    )
    assert "另有其人" not in leaf.decode() and "P00000012" not in leaf.decode()
    assert AuditEntry.objects.get(verb="review.judged").by == reviewer
    assert OutboxEvent.objects.get(name="review.judged").payload["verdict"] == "disagree"


@pytest.mark.parametrize(("outcome", "verdict"), [("offered", "agree"), ("offered_premium", "disagree"), ("", "other")])
def test_verdicts_follow_from_the_reviewers_own_outcome(outcome: str, verdict: str, case: ReviewCase, reviewer: Any) -> None:
    actions.take_case(case.pk, acting_user=reviewer, at=AT)
    assert actions.judge(case.pk, outcome=outcome, reason="按情况应该这样", acting_user=reviewer, at=AT).verdict == verdict


def test_what_the_machine_saw_is_read_by_the_reviewer_alone_and_the_read_is_recorded(
    case: ReviewCase, reviewer: Any, user_of: Callable[..., Any]
) -> None:
    for other in (reviewer, user_of("operator"), user_of("auditor")):
        with pytest.raises(NotFound):
            queries.seen_inputs(other, case, AT)
    assert not ReadAccess.objects.exists()
    case = actions.take_case(case.pk, acting_user=reviewer, at=AT)
    assert queries.seen_inputs(reviewer, case, AT)["distance_m"] == 320
    read = ReadAccess.objects.get()
    assert (read.reader, read.purpose, "distance_m" in read.columns) == (reviewer, "decision_review", True)


def test_two_reviewers_cannot_have_one_case(case: ReviewCase, reviewer: Any, user_of: Callable[..., Any]) -> None:
    second = user_of("counsellor", "second", shown="罗专员")
    actions.take_case(case.pk, acting_user=reviewer, at=AT)
    with pytest.raises(Conflict, match="领走了这一件") as refused:
        actions.take_case(case.pk, acting_user=second, at=AT + timedelta(hours=1))
    assert refused.value.code == "E_TAKEN" and "9月1日 09:00" in refused.value.zh
    with pytest.raises(Conflict):
        actions.judge(case.pk, outcome="offered", reason="我也看过了", acting_user=second, at=AT)
    actions.take_case(case.pk, acting_user=second, at=AT + timedelta(hours=25))
    with pytest.raises(Conflict):
        actions.judge(case.pk, outcome="offered", reason="放了一天又来", acting_user=reviewer, at=AT + timedelta(hours=26))
    actions.release_case(case.pk, acting_user=second, at=AT + timedelta(hours=26))
    assert ReviewCase.objects.get().reviewer is None


def test_refused_verdicts_keep_nothing(case: ReviewCase, reviewer: Any, user_of: Callable[..., Any]) -> None:
    with pytest.raises(Conflict, match="先领"):
        actions.judge(case.pk, outcome="offered", reason="没领就写", acting_user=reviewer, at=AT)
    actions.take_case(case.pk, acting_user=reviewer, at=AT)
    with pytest.raises(BadInput):
        actions.judge(case.pk, outcome="nonsense", reason="没有这个结果", acting_user=reviewer, at=AT)
    with pytest.raises(BadInput):
        actions.judge(case.pk, outcome="offered", reason="  短 ", acting_user=reviewer, at=AT)
    with pytest.raises(Conflict, match="没有可报的误判"):
        actions.declare_misjudgement(case.pk, acting_user=reviewer, at=AT)
    for role in ("analyst", "auditor", "worker", "admin"):
        with pytest.raises(NotAllowed):
            actions.take_case(case.pk, acting_user=user_of(role), at=AT)
    with pytest.raises(NotFound):
        actions.take_case(case.pk, acting_user=user_of("counsellor", "elsewhere", region="440606"), at=AT)
    assert ReviewCase.objects.get().verdict == "" and not Breaker.objects.exists()
    actions.judge(case.pk, outcome="withheld", reason="按情况应该这样", acting_user=reviewer, at=AT)
    with pytest.raises(Conflict, match="已经复核过"):
        actions.judge(case.pk, outcome="offered", reason="改主意了不行", acting_user=reviewer, at=AT)
    with pytest.raises(Conflict):
        actions.declare_misjudgement(case.pk, acting_user=user_of("operator"), at=AT)
    actions.declare_misjudgement(case.pk, acting_user=reviewer, at=AT)
    with pytest.raises(Conflict, match="没有可报的误判"):
        actions.declare_misjudgement(case.pk, acting_user=reviewer, at=AT)
    assert Breaker.objects.get().misjudged == 1 and first_difference(Breaker.objects.get()) == ""


def test_nobody_reviews_a_decision_about_themselves(case: ReviewCase, user_of: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed, match="您本人"):
        actions.take_case(case.pk, acting_user=user_of("counsellor", "rider", subject="P00000012"), at=AT)


def test_erased_inputs_leave_the_case_readable_and_empty(case: ReviewCase, reviewer: Any) -> None:
    from leye.office.decisions.models import Evidence

    case = actions.take_case(case.pk, acting_user=reviewer, at=AT)
    Evidence.objects.all().delete()
    assert dict(queries.seen_inputs(reviewer, case, AT)) == {}


def test_a_referred_case_becomes_the_persons_decision(user_of: Callable[..., Any], reviewer: Any) -> None:
    breakers.order(ALGO, "440605", "open", why="先由人来定", acting_user=user_of("operator"), at=AT)
    case = actions.refer(an_offer(), at=AT)
    assert case.decision_id is None and case.because == "referred" and b"P00000012" not in bytes(Proposal.objects.get(case=case).sealed)
    actions.take_case(case.pk, acting_user=reviewer, at=AT)
    assert queries.seen_inputs(reviewer, ReviewCase.objects.get(), AT)["zone"] == "440605-01"
    with pytest.raises(BadInput, match="由您决定"):
        actions.judge(case.pk, outcome="", reason="都不合适就不行", acting_user=reviewer, at=AT)
    with pytest.raises(GateRefused):
        actions.judge(case.pk, outcome="offered", reason="理由代码没有", reason_code="nix", acting_user=reviewer, at=AT)
    assert ReviewCase.objects.get().verdict == "" and not Decision.objects.exists(), "all or nothing"
    actions.judge(case.pk, outcome="offered", reason="离得最近，路上安全", reason_code="nearest", acting_user=reviewer, at=AT)
    made = Decision.objects.get()
    record = json.loads(open_log().record(made.leaf_index))
    assert (record["review"], record["breaker"], record.get("score"), record["outcome"]) == (str(case.pk), "open", None, "offered")
    assert not Breaker.objects.get().events.filter(verb="agreed").exists(), "what a person decided says nothing of the machine"


def test_disagreement_by_week_counts_drawn_cases_only(everything_drawn: None, reviewer: Any, user_of: Callable[..., Any]) -> None:
    for n, outcome in enumerate(("offered", "withheld", "offered", "")):
        case = ReviewCase.objects.get(decision_id=decide(an_offer()).decision_id)
        actions.take_case(case.pk, acting_user=reviewer, at=AT + timedelta(minutes=n))
        actions.judge(case.pk, outcome=outcome, reason="按情况应该这样", acting_user=reviewer, at=AT + timedelta(minutes=n))
    ((place, (week,)),) = queries.disagreement(user_of("auditor")).items()
    assert (place, week.reviews, week.disagreed, week.share) == ((ALGO, "440605"), 4, 2, 0.5)
    assert 0.14 < week.lo < 0.16 and 0.84 < week.hi < 0.86


def test_another_districts_cases_are_not_there(case: ReviewCase, user_of: Callable[..., Any]) -> None:
    elsewhere = user_of("counsellor", "elsewhere", region="440606")
    assert not queries.queue(elsewhere).exists() and queries.queue(user_of("auditor")).count() == 1
    with pytest.raises(NotFound):
        queries.case_called(elsewhere, case.pk)
