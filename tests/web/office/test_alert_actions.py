"""The desk's actions: what changes, what is kept, who is refused and with which words."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leye.kernel.errors import BadInput, Conflict, LeyeError, NotAllowed, NotFound
from leye.office.alerts import actions, queries
from leye.office.alerts.models import Alert, State, Task, TaskStep
from leye.office.outbox.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)  # 09:30 in Beijing
Make = Callable[..., Any]


def kept(verb: str) -> tuple[int, int]:
    return AuditEntry.objects.filter(verb=verb).count(), OutboxEvent.objects.filter(name=verb).count()


def acting_alert(alert_of: Make, owner: Any) -> Alert:
    alert = alert_of()
    actions.assign_alert(alert.pk, to=owner.pk, acting_user=owner, at=AT)
    actions.start_acting(alert.pk, acting_user=owner, at=AT)
    return Alert.objects.get(pk=alert.pk)


def test_assigning_makes_the_plans_task_with_deadlines_from_now(alert_of: Make, user_of: Make) -> None:
    alert, analyst, counsellor = alert_of(), user_of("analyst"), user_of("counsellor", region="440605")
    task = actions.assign_alert(alert.pk, to=counsellor.pk, acting_user=analyst, at=AT)
    alert.refresh_from_db()
    steps = list(task.steps.all())
    assert (alert.state, alert.owner, task.owner, task.plan_id) == (State.ASSIGNED, counsellor, counsellor, "hotel_catering")
    assert [s.number for s in steps] == list(range(1, len(steps) + 1))
    assert steps[0].due == AT + timedelta(days=2), "the first step of the shipped plan is due within two days"
    assert task.due == max(s.due for s in steps)
    assert kept("alert.assigned") == (1, 1)


def test_the_second_desk_hears_who_took_it_and_when(alert_of: Make, user_of: Make) -> None:
    alert, first, second = alert_of(), user_of("analyst", shown="林分析"), user_of("counsellor", region="440605")
    actions.assign_alert(alert.pk, to=second.pk, acting_user=first, at=AT)
    with pytest.raises(Conflict, match="林分析9月1日 09:30派给了") as refused:
        actions.assign_alert(alert.pk, to=first.pk, acting_user=second, at=AT)
    assert refused.value.code == "E_TAKEN"
    assert kept("alert.assigned") == (1, 1), "the refused click leaves no trace of success"


def test_handing_on_keeps_the_steps_that_are_done(alert_of: Make, user_of: Make) -> None:
    one, two = user_of("counsellor", region="440605"), user_of("analyst")
    alert = acting_alert(alert_of, one)
    actions.complete_step(alert.pk, number=1, evidence="核对表已存", acting_user=one, at=AT)
    with pytest.raises(BadInput, match="理由"):
        actions.assign_alert(alert.pk, to=two.pk, acting_user=one, at=AT, seen_state="acting")
    actions.assign_alert(alert.pk, to=two.pk, acting_user=one, at=AT, seen_state="acting", reason="休假两周")
    assert Task.objects.get(alert=alert).owner == two
    assert TaskStep.objects.get(task__alert=alert, number=1).done_by == one


def test_undo_takes_back_the_newest_assignment_only(alert_of: Make, user_of: Make) -> None:
    alert, analyst, one, two = alert_of(), user_of("analyst"), user_of("counsellor", region="440605"), user_of("analyst", "other")
    actions.assign_alert(alert.pk, to=one.pk, acting_user=analyst, at=AT)
    actions.assign_alert(alert.pk, to=two.pk, acting_user=analyst, at=AT, seen_state="assigned")
    assert actions.undo_assignment(alert.pk, acting_user=analyst, at=AT).owner == one
    with pytest.raises(Conflict):
        actions.undo_assignment(alert.pk, acting_user=analyst, at=AT)


def test_undo_of_the_first_assignment_leaves_an_open_alert_without_task(alert_of: Make, user_of: Make) -> None:
    alert, analyst = alert_of(), user_of("analyst")
    actions.assign_alert(alert.pk, to=analyst.pk, acting_user=analyst, at=AT)
    found = actions.undo_assignment(alert.pk, acting_user=analyst, at=AT)
    assert (found.state, found.owner, Task.objects.count()) == (State.OPEN, None, 0)
    assert kept("alert.undone") == (1, 1)


def test_undo_is_too_late_once_somebody_acts(alert_of: Make, user_of: Make) -> None:
    alert = acting_alert(alert_of, user_of("analyst"))
    with pytest.raises(Conflict, match="处置中"):
        actions.undo_assignment(alert.pk, acting_user=user_of("analyst"), at=AT)


def test_only_the_owner_acts(alert_of: Make, user_of: Make) -> None:
    alert, analyst = alert_of(), user_of("analyst")
    owner, other = user_of("counsellor", region="440605"), user_of("counsellor", "c2", region="440605")
    actions.assign_alert(alert.pk, to=owner.pk, acting_user=analyst, at=AT)
    with pytest.raises(Conflict):
        actions.start_acting(alert.pk, acting_user=other, at=AT)
    with pytest.raises(NotAllowed):
        actions.start_acting(alert.pk, acting_user=analyst, at=AT)
    assert actions.start_acting(alert.pk, acting_user=owner, at=AT).state == State.ACTING


def test_a_step_wants_evidence_and_is_done_once(alert_of: Make, user_of: Make) -> None:
    owner = user_of("counsellor", region="440605")
    alert = acting_alert(alert_of, owner)
    with pytest.raises(BadInput, match="办结凭据"):
        actions.complete_step(alert.pk, number=1, evidence=" 好 ", acting_user=owner, at=AT)
    actions.complete_step(alert.pk, number=1, evidence="核对表已存", acting_user=owner, at=AT)
    with pytest.raises(Conflict, match="第 1 步已经办过"):
        actions.complete_step(alert.pk, number=1, evidence="核对表已存", acting_user=owner, at=AT)
    with pytest.raises(NotFound):
        actions.complete_step(alert.pk, number=99, evidence="核对表已存", acting_user=owner, at=AT)
    assert kept("alert.step_done") == (1, 1)


def test_closing_needs_all_steps_and_a_result(alert_of: Make, user_of: Make) -> None:
    owner = user_of("counsellor", region="440605")
    alert = acting_alert(alert_of, owner)
    numbers = list(TaskStep.objects.filter(task__alert=alert).values_list("number", flat=True))
    with pytest.raises(Conflict, match=f"第 {'、'.join(map(str, numbers))} 步没办"):
        actions.close_alert(alert.pk, result="已联系全部企业", acting_user=owner, at=AT)
    for number in numbers:
        actions.complete_step(alert.pk, number=number, evidence="台账已存", acting_user=owner, at=AT)
    with pytest.raises(BadInput, match="处置结果"):
        actions.close_alert(alert.pk, result="", acting_user=owner, at=AT)
    closed = actions.close_alert(alert.pk, result="已联系全部企业", acting_user=owner, at=AT)
    assert (closed.state, closed.closed_at) == (State.CLOSED, AT)
    assert kept("alert.closed") == (1, 1)


def test_closed_is_closed_until_an_analyst_reopens(alert_of: Make, user_of: Make) -> None:
    alert, analyst = alert_of(), user_of("analyst")
    actions.mark_false_alarm(alert.pk, reason="统计口径变了", acting_user=analyst, at=AT)
    for late in (
        lambda: actions.assign_alert(alert.pk, to=analyst.pk, acting_user=analyst, at=AT),
        lambda: actions.start_acting(alert.pk, acting_user=analyst, at=AT),
        lambda: actions.mark_false_alarm(alert.pk, reason="再标一次误报", acting_user=analyst, at=AT),
    ):
        with pytest.raises(LeyeError):
            late()
    with pytest.raises(NotAllowed):
        actions.reopen_alert(alert.pk, reason="又下降了一个月", acting_user=user_of("counsellor", region="440605"), at=AT)
    found = actions.reopen_alert(alert.pk, reason="又下降了一个月", acting_user=analyst, at=AT)
    assert (found.state, found.closed_at, found.owner) == (State.OPEN, None, None)


def test_a_false_alarm_is_the_analysts_word_and_says_why(alert_of: Make, user_of: Make) -> None:
    alert = alert_of()
    with pytest.raises(NotAllowed):
        actions.mark_false_alarm(alert.pk, reason="统计口径变了", acting_user=user_of("counsellor", region="440605"), at=AT)
    with pytest.raises(BadInput, match="误报的理由"):
        actions.mark_false_alarm(alert.pk, reason="误报", acting_user=user_of("analyst"), at=AT)


def test_another_districts_alert_does_not_exist(alert_of: Make, user_of: Make) -> None:
    alert, stranger = alert_of(region="440605"), user_of("counsellor", region="440606")
    answers = []
    for alert_id in (alert.pk, uuid.uuid4()):
        with pytest.raises(NotFound) as refused:
            actions.assign_alert(alert_id, to=stranger.pk, acting_user=stranger, at=AT)
        answers.append(refused.value.as_dict())
    assert answers[0] == answers[1], "someone else's and nobody's answer alike"
    assert list(queries.visible_alerts(stranger)) == []


def test_an_alert_given_to_somebody_is_theirs_to_see(alert_of: Make, user_of: Make) -> None:
    alert, person = alert_of(region="440600"), user_of("counsellor", region="440606")
    assert list(queries.visible_alerts(person)) == []
    actions.assign_alert(alert.pk, to=person.pk, acting_user=user_of("analyst"), at=AT)
    assert list(queries.visible_alerts(person)) == [alert]
    assert queries.alert_detail(person, alert.pk).is_visible_to(person)


@pytest.mark.parametrize("role", ["seeker", "worker", "employer", "provider", "operator", "auditor", "admin"])
def test_other_roles_touch_no_alert(alert_of: Make, user_of: Make, role: str) -> None:
    with pytest.raises(NotAllowed):
        actions.assign_alert(alert_of().pk, to=1, acting_user=user_of(role), at=AT)


UNFIT = [
    ("seeker", {}, "no desk"),
    ("counsellor", {"region": "440606"}, "another district"),
    ("counsellor", {"region": "440605", "is_active": False}, "left"),
]


@pytest.mark.parametrize(("role", "fields", "why"), UNFIT, ids=[u[-1] for u in UNFIT])
def test_a_task_goes_to_somebody_who_can_take_it(alert_of: Make, user_of: Make, role: str, fields: dict[str, Any], why: str) -> None:
    alert, unfit = alert_of(), user_of(role, "unfit", **fields)
    with pytest.raises(BadInput, match="接不了"):
        actions.assign_alert(alert.pk, to=unfit.pk, acting_user=user_of("analyst"), at=AT)
    assert unfit not in queries.colleagues(user_of("analyst"), alert)


def test_an_unknown_plan_is_refused_and_another_may_be_chosen(alert_of: Make, user_of: Make) -> None:
    alert, analyst = alert_of(), user_of("analyst")
    with pytest.raises(BadInput, match="没有预案"):
        actions.assign_alert(alert.pk, to=analyst.pk, acting_user=analyst, at=AT, plan_id="nix")
    assert Alert.objects.get(pk=alert.pk).state == State.OPEN, "nothing of a refused action stays"
    assert actions.assign_alert(alert.pk, to=analyst.pk, acting_user=analyst, at=AT, plan_id="general_review").plan_id == "general_review"


def test_the_desk_lists_the_strongest_first_and_offers_what_may_be_done(alert_of: Make, user_of: Make) -> None:
    blue, red = alert_of(level="blue"), alert_of(level="red", unique_id="postings/440605/C/all/all")
    analyst, counsellor = user_of("analyst"), user_of("counsellor", region="440605")
    assert list(queries.desk(analyst)) == [red, blue]
    assert queries.counts(analyst) == {"blue": 1, "red": 1, "all": 2}
    assert queries.next_steps(analyst, blue) == ["assign", "false_alarm"]
    assert queries.next_steps(counsellor, blue) == ["assign"]
    actions.mark_false_alarm(red.pk, reason="统计口径变了", acting_user=analyst, at=AT)
    assert (list(queries.desk(analyst)), queries.last_closed(analyst)) == ([blue], [red])
