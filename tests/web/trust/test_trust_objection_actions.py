"""Objections: who may do what when, what each step leaves, the clock of thirty days, and the decision that corrects another."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from leye.kernel.decision import Outcome, Subject
from leye.kernel.errors import BadInput, Conflict, LeyeError, NotAllowed, NotFound
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.checks import first_mismatch
from leye.office.decisions.evidence import opened, opened_protected
from leye.office.decisions.gate import decide
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision, Evidence, SealedEvent
from leye.office.objections import actions, queries
from leye.office.objections.models import Objection, Step
from leye.office.objections.reminders import remind
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.privacy.models import ReadAccess
from leye.office.review import actions as reviews
from leye.office.review import lot
from leye.office.review.models import Breaker, ReviewCase
from leye.trust.subtree import Mark
from tests_support.decisions import ALGO, AT, VERSION, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

PERSON, WORDS = "P00000012", "那天九点我已经下线了"


@pytest.fixture
def worker(user_of: Callable[..., Any]) -> Any:
    return user_of("worker", "rider", subject=PERSON, shown="周骑手")


@pytest.fixture
def desk(user_of: Callable[..., Any]) -> Any:
    return user_of("counsellor", "chen", region="440605", shown="陈专员")


@pytest.fixture
def decision() -> Decision:
    return Decision.objects.get(pk=decide(an_offer()).decision_id)


@pytest.fixture
def raised(worker: Any, decision: Decision) -> Objection:
    return actions.raise_objection(decision.pk, category="wrong_facts", words=WORDS, acting_user=worker, at=AT)


@pytest.fixture
def taken(raised: Objection, desk: Any) -> Objection:
    return actions.take_objection(raised.pk, acting_user=desk, at=AT + timedelta(hours=1))


def correct(objection: Objection, user: Any, **changes: Any) -> Objection:
    asked = {"outcome": "withheld", "reason": "核实到您九点已经下线", "reason_code": "another_nearer", "at": AT + timedelta(days=3), **changes}
    return actions.correct(objection.pk, acting_user=user, **asked)


def test_raising_leaves_row_step_leaf_audit_and_event_and_no_word_in_the_log(raised: Objection, worker: Any) -> None:
    step = Step.objects.get()
    leaf = open_log().record(step.leaf_index).decode()
    said = json.loads(leaf)
    assert (said["kind"], said["payload"]["objection"], said["payload"]["category"]) == ("objection.raised", str(raised.pk), "wrong_facts")
    assert said["payload"]["due_on"] == "2025-10-01"
    assert WORDS not in leaf and PERSON not in leaf and "周骑手" not in leaf and "rider" not in leaf
    assert WORDS.encode() not in bytes(step.words_sealed) and queries.told(raised)[0].words == WORDS
    assert AuditEntry.objects.get(verb="objection.raised").by == worker and OutboxEvent.objects.filter(name="objection.raised").count() == 1
    assert first_mismatch() is None


DAYS = [
    (datetime(2025, 9, 1, 1, 0, tzinfo=UTC), date(2025, 10, 1), "in the morning"),
    (datetime(2025, 9, 1, 15, 59, tzinfo=UTC), date(2025, 10, 1), "a minute before Beijing's midnight"),
    (datetime(2025, 9, 1, 16, 0, tzinfo=UTC), date(2025, 10, 2), "at Beijing's midnight the next day has begun"),
    (datetime(2025, 1, 31, 1, 0, tzinfo=UTC), date(2025, 3, 2), "over a short month"),
    (datetime(2024, 1, 31, 1, 0, tzinfo=UTC), date(2024, 3, 1), "over a leap day"),
]


@pytest.mark.parametrize(("at", "due_on", "why"), DAYS, ids=[d[-1] for d in DAYS])
def test_thirty_calendar_days_of_beijing(at: datetime, due_on: date, why: str, worker: Any, decision: Decision) -> None:
    assert actions.raise_objection(decision.pk, category="unfair", words=WORDS, acting_user=worker, at=at).due_on == due_on


CLOCK = [
    # days after raising, reminded, escalated so far
    (0, 0, 0), (19, 0, 0), (20, 1, 0), (21, 1, 0), (27, 1, 0), (28, 1, 1), (29, 1, 1), (31, 1, 1),
]  # fmt: skip


def test_reminders_on_day_twenty_escalation_on_day_twenty_eight_each_once(raised: Objection, desk: Any, user_of: Callable[..., Any]) -> None:
    elsewhere = user_of("counsellor", "luo", region="440606")
    for days, reminded, escalated in CLOCK:
        for hour in (0, 9):  # twice a night is as once
            remind(AT + timedelta(days=days, hours=hour))
        seen = {verb: Step.objects.filter(verb=verb).count() for verb in ("reminded", "escalated")}
        assert seen == {"reminded": reminded, "escalated": escalated}, days
        assert queries.visible(elsewhere).exists() is bool(escalated), "every desk of the city sees what was escalated"
    assert OutboxEvent.objects.filter(name="objection.escalated").count() == 1
    assert Step.objects.get(verb="escalated").by is None


def test_nights_that_were_missed_are_made_up_for(raised: Objection) -> None:
    done = remind(AT + timedelta(days=40))
    assert (done.reminded, done.escalated) == (1, 1)


def test_a_question_to_the_person_does_not_stop_the_clock(taken: Objection, desk: Any) -> None:
    actions.ask_for_more(taken.pk, question="哪个平台的记录", acting_user=desk, at=AT + timedelta(days=1))
    assert remind(AT + timedelta(days=28)).escalated == 1
    assert Objection.objects.get().due_on == date(2025, 10, 1)


def test_what_is_closed_is_not_reminded_of(taken: Objection, desk: Any) -> None:
    actions.uphold(taken.pk, reason="记录没有问题", acting_user=desk, at=AT + timedelta(days=2))
    done = remind(AT + timedelta(days=40))
    assert (done.reminded, done.escalated) == (0, 0)


def test_a_correction_is_a_new_decision_through_the_gate_linked_both_ways(taken: Objection, desk: Any, decision: Decision) -> None:
    done = correct(taken, desk, is_misjudgement=True)
    new = Decision.objects.get(follows=decision)
    record = json.loads(open_log().record(new.leaf_index))
    assert (done.state, done.decided_as_id, new.outcome) == ("corrected", new.pk, "withheld")
    assert (record["follows"], record["review"], record.get("score")) == (str(decision.pk), str(taken.pk), None)
    seen = opened(new.pk)
    assert seen is not None and (seen.subject.id, seen.inputs["distance_m"]) == (PERSON, 320)
    assert (seen.reasons[0]["zh"], seen.reasons[0]["basis"]) == ("核实到您九点已经下线", f"objection:{taken.pk}")
    assert opened_protected(new.pk) == opened_protected(decision.pk), "audits count the correction where they counted the mistake"
    sealed = SealedEvent.objects.get(kind="objection.corrected")
    assert sealed.payload["new_decision"] == str(new.pk) and Breaker.objects.get().misjudged == 1
    assert first_mismatch() is None


def test_without_the_tick_a_correction_does_not_count_against_the_machine(taken: Objection, desk: Any) -> None:
    correct(taken, desk)
    assert not Breaker.objects.exists()


SPOILED = [
    ({"outcome": "offered"}, "E_OBJECTION_OUTCOME", "the old outcome corrects nothing"),
    ({"outcome": ""}, "E_OBJECTION_OUTCOME", "no outcome"),
    ({"outcome": "dismissed"}, "E_OBJECTION_OUTCOME", "an outcome that the card does not know"),
    ({"reason": " 错 "}, "E_REASON", "no reason"),
    ({"reason_code": "nix"}, "E_GATE_REASON", "a reason code that the card does not know"),
]


@pytest.mark.parametrize(("changes", "code", "why"), SPOILED, ids=[s[-1] for s in SPOILED])
def test_a_spoiled_correction_keeps_nothing(changes: dict[str, str], code: str, why: str, taken: Objection, desk: Any) -> None:
    size = open_log().size()
    with pytest.raises(LeyeError) as refused:
        correct(taken, desk, **changes)
    assert refused.value.code == code
    assert (Objection.objects.get().state, Decision.objects.count(), open_log().size()) == ("taken", 1, size)


def test_a_broken_leaf_takes_the_new_decision_with_it(taken: Objection, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("leye.office.objections.steps.seal_event", broken)
    with pytest.raises(OSError, match="disk full"):
        correct(taken, desk)
    assert (Objection.objects.get().state, Decision.objects.count()) == ("taken", 1)


def test_who_wants_a_person_gets_a_persons_decision_even_if_it_is_the_same(worker: Any, desk: Any, decision: Decision) -> None:
    raised = actions.raise_objection(decision.pk, category="human_wanted", words="", acting_user=worker, at=AT)
    actions.take_objection(raised.pk, acting_user=desk, at=AT)
    actions.uphold(raised.pk, reason="我看过了，您确实离得最近", reason_code="nearest", acting_user=desk, at=AT + timedelta(days=1))
    new = Decision.objects.get(follows=decision)
    assert (new.outcome, Objection.objects.get().state, Objection.objects.get().decided_as_id) == ("offered", "upheld", new.pk)


def test_upholding_otherwise_writes_no_decision(taken: Objection, desk: Any) -> None:
    actions.uphold(taken.pk, reason="记录没有问题", acting_user=desk, at=AT + timedelta(days=2))
    assert Decision.objects.count() == 1 and Objection.objects.get().decided_as is None


def test_question_answer_and_withdrawal(taken: Objection, desk: Any, worker: Any) -> None:
    actions.ask_for_more(taken.pk, question="哪个平台的记录", acting_user=desk, at=AT + timedelta(days=1))
    with pytest.raises(Conflict):
        actions.ask_for_more(taken.pk, question="再问一个问题", acting_user=desk, at=AT + timedelta(days=1))
    assert actions.answer(taken.pk, words="佛运达骑手端", acting_user=worker, at=AT + timedelta(days=2)).state == "taken"
    assert actions.withdraw(taken.pk, acting_user=worker, at=AT + timedelta(days=3)).state == "withdrawn"
    assert [t.words for t in queries.told(taken)] == [WORDS, "", "哪个平台的记录", "佛运达骑手端", ""]
    for late in (
        lambda: actions.answer(taken.pk, words="还想补充", acting_user=worker, at=AT + timedelta(days=4)),
        lambda: actions.uphold(taken.pk, reason="晚了一步", acting_user=desk, at=AT + timedelta(days=4)),
        lambda: correct(taken, desk),
    ):
        with pytest.raises(Conflict) as refused:
            late()
        assert refused.value.code == "E_OBJECTION_STEP"


def test_one_open_objection_a_decision_and_after_the_answer_another(taken: Objection, worker: Any, desk: Any, decision: Decision) -> None:
    with pytest.raises(Conflict) as refused:
        actions.raise_objection(decision.pk, category="unfair", words=WORDS, acting_user=worker, at=AT)
    assert refused.value.code == "E_OBJECTION_OPEN" and "2025-10-01" in refused.value.zh
    actions.uphold(taken.pk, reason="记录没有问题", acting_user=desk, at=AT + timedelta(days=2))
    second = actions.raise_objection(decision.pk, category="unfair", words=WORDS, acting_user=worker, at=AT + timedelta(days=3))
    with pytest.raises(NotAllowed, match="回避"):
        actions.take_objection(second.pk, acting_user=desk, at=AT + timedelta(days=3))


def test_a_corrected_decision_is_objected_to_in_its_new_form(taken: Objection, worker: Any, desk: Any, decision: Decision) -> None:
    correct(taken, desk)
    with pytest.raises(Conflict) as refused:
        actions.raise_objection(decision.pk, category="unfair", words=WORDS, acting_user=worker, at=AT)
    assert refused.value.code == "E_OBJECTION_SUPERSEDED"
    new = Decision.objects.get(follows=decision)
    again = actions.raise_objection(new.pk, category="unfair", words=WORDS, acting_user=worker, at=AT + timedelta(days=4))
    with pytest.raises(NotAllowed, match="回避"):
        actions.take_objection(again.pk, acting_user=desk, at=AT + timedelta(days=4))


def test_the_first_reviewer_stands_aside(worker: Any, desk: Any, user_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lot, "SHARES", dict.fromkeys(lot.SHARES, 1.0))
    place = decide(an_offer())
    case = ReviewCase.objects.get()
    reviews.take_case(case.pk, acting_user=desk, at=AT)
    raised = actions.raise_objection(place.decision_id, category="unfair", words=WORDS, acting_user=worker, at=AT)
    assert queries.next_steps(desk, raised) == []
    with pytest.raises(NotAllowed) as refused:
        actions.take_objection(raised.pk, acting_user=desk, at=AT)
    assert refused.value.code == "E_OBJECTION_INVOLVED"
    assert actions.take_objection(raised.pk, acting_user=user_of("analyst"), at=AT).state == "taken"


def test_who_becomes_involved_after_taking_it_stands_aside_too(taken: Objection, desk: Any, decision: Decision) -> None:
    ReviewCase.objects.create(
        id=uuid4(),
        decision=decision,
        algo=ALGO,
        version=VERSION,
        because="lot",
        machine_outcome="offered",
        asked_at=AT,
        due=AT,
        reviewer=desk,
        taken_at=AT,
    )
    with pytest.raises(NotAllowed, match="回避"):
        correct(taken, desk)


def test_an_employee_does_not_decide_an_objection_of_their_own(worker: Any, user_of: Callable[..., Any], raised: Objection) -> None:
    also_rider = user_of("counsellor", "part-time-rider", subject=PERSON)
    with pytest.raises(NotAllowed, match="回避"):
        actions.take_objection(raised.pk, acting_user=also_rider, at=AT)


def test_a_second_desk_hears_who_has_it(taken: Objection, user_of: Callable[..., Any]) -> None:
    second = user_of("counsellor", "luo", region="440605", shown="罗专员")
    with pytest.raises(Conflict, match="陈专员已经接手") as refused:
        actions.take_objection(taken.pk, acting_user=second, at=AT)
    assert refused.value.code == "E_TAKEN"
    with pytest.raises(Conflict, match="陈专员"):
        correct(taken, second)


def test_an_analyst_takes_over_what_was_escalated_or_left_behind(taken: Objection, desk: Any, user_of: Callable[..., Any]) -> None:
    analyst, second = user_of("analyst"), user_of("counsellor", "luo", region="440605")
    with pytest.raises(Conflict):
        actions.take_objection(taken.pk, acting_user=analyst, at=AT + timedelta(days=5))
    remind(AT + timedelta(days=28))
    with pytest.raises(Conflict):
        actions.take_objection(taken.pk, acting_user=second, at=AT + timedelta(days=28))
    assert queries.next_steps(analyst, Objection.objects.get()) == ["take"]
    assert actions.take_objection(taken.pk, acting_user=analyst, at=AT + timedelta(days=28)).handler == analyst
    with pytest.raises(Conflict):
        correct(taken, desk)
    assert correct(taken, analyst).state == "corrected"


def test_a_handler_who_left_does_not_keep_it(taken: Objection, desk: Any, user_of: Callable[..., Any]) -> None:
    desk.is_active = False
    desk.save()
    assert actions.take_objection(taken.pk, acting_user=user_of("analyst"), at=AT + timedelta(days=5)).state == "taken"


def test_strangers_find_nothing(raised: Objection, decision: Decision, user_of: Callable[..., Any]) -> None:
    other = user_of("worker", "other", subject="P00000099")
    elsewhere = user_of("counsellor", "luo", region="440606")
    tries: list[Callable[[], object]] = [
        lambda: actions.raise_objection(decision.pk, category="unfair", words=WORDS, acting_user=other, at=AT),
        lambda: actions.raise_objection(uuid4(), category="unfair", words=WORDS, acting_user=other, at=AT),
        lambda: actions.answer(raised.pk, words="我来补充", acting_user=other, at=AT),
        lambda: actions.withdraw(raised.pk, acting_user=other, at=AT),
        lambda: queries.own_objection(other, raised.pk),
        lambda: actions.take_objection(raised.pk, acting_user=elsewhere, at=AT),
        lambda: queries.objection_called(elsewhere, raised.pk),
        lambda: actions.take_objection(UUID(int=7), acting_user=elsewhere, at=AT),
    ]
    for attempt in tries:
        with pytest.raises(NotFound) as refused:
            attempt()
        assert refused.value.zh == "没有找到，或者不归您这一片", "none and another's answer alike"
    assert queries.objections_about(other, decision.pk) == []


@pytest.mark.parametrize("role", ["operator", "auditor", "admin", "seeker"])
def test_roles_that_decide_no_objections(role: str, raised: Objection, user_of: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed):
        actions.take_objection(raised.pk, acting_user=user_of(role), at=AT)


@pytest.mark.parametrize(("category", "words", "code"), [("nix", WORDS, "E_OBJECTION_CATEGORY"), ("unfair", " 错 ", "E_OBJECTION_WORDS")])
def test_a_form_that_says_nothing(category: str, words: str, code: str, worker: Any, decision: Decision) -> None:
    with pytest.raises(BadInput) as refused:
        actions.raise_objection(decision.pk, category=category, words=words, acting_user=worker, at=AT)
    assert refused.value.code == code and not Objection.objects.exists()


def test_the_desk_reads_the_case_and_the_read_is_recorded(taken: Objection, desk: Any) -> None:
    case = queries.case_of(desk, taken, AT)
    assert (case.before.outcome, case.before.inputs["distance_m"], case.is_erased) == ("offered", 320, False)
    read = ReadAccess.objects.get()
    assert (read.reader, read.purpose) == (desk, "objection") and "words" in read.columns


def test_one_item_of_a_batch_is_corrected_by_itself(worker: Any, desk: Any) -> None:
    marks = (Mark("O00000001", Outcome("offered", -20.0, 500), ("nearest",)), Mark("O00000002", Outcome("withheld"), ("another_nearer",)))
    inputs: dict[str, Any] = {"O00000001": {"zone": "440605-01"}, "O00000002": {"zone": "440605-02", "distance_m": 900}}
    run = BatchRun(ALGO, VERSION, "dispatch", ("zone", "distance_m"), "run-1", AT, "440605")
    decide_batch(run, [PersonMarks(Subject("person", PERSON), marks, inputs)])
    old = Decision.objects.get()
    raised = actions.raise_objection(old.pk, category="wrong_rule", words=WORDS, acting_user=worker, at=AT, item="O00000002")
    actions.take_objection(raised.pk, acting_user=desk, at=AT)
    correct(raised, desk, outcome="offered", reason_code="waited_longest")
    new = Decision.objects.get(follows=old)
    seen = opened(new.pk)
    assert seen is not None and (new.outcome, seen.inputs["distance_m"], seen.inputs["item"]) == ("offered", 900, "O00000002")


def test_erased_inputs_do_not_take_the_answer_away(taken: Objection, desk: Any) -> None:
    Evidence.objects.all().delete()
    assert queries.case_of(desk, Objection.objects.get(), AT).is_erased
    assert correct(taken, desk).state == "corrected"


def test_each_step_has_a_receipt_that_checks(taken: Objection, desk: Any) -> None:
    from leye.office.decisions.heads import pinned_keys
    from leye.office.decisions.receipts import receipt_of
    from leye.trust.receipts import check_receipt

    correct(taken, desk)
    for step in Step.objects.all():
        check_receipt(receipt_of(str(step.sealed_id)), pinned_keys())
