"""What a desk does with an alert. Each action: may they, lock the row, may it now, change, audit, event – in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from leye.kernel.errors import BadInput, Conflict, NotAllowed
from leye.office.accounts.models import User
from leye.office.accounts.roles import Role
from leye.office.alerts.models import Alert, State, Task, TaskStep, Transition
from leye.office.alerts.plans import instantiate
from leye.office.alerts.queries import may_take
from leye.office.alerts.words import step_refused, taken_by_another
from leye.office.grounds import account_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.watch.states import transition


def assign_alert(
    alert_id: UUID, *, to: int, acting_user: User, at: datetime, seen_state: str = State.OPEN, plan_id: str = "", reason: str = ""
) -> Task:
    """Give an alert to a colleague; its plan becomes their task.

    seen_state: the state the desk saw when it clicked; one that saw `assigned` or `acting` hands the task on, the latter with a reason.
    plan_id: another plan of the reserve than the first that answers. Raises Conflict when another desk was faster, saying who and when.
    """
    with _locked(alert_id, acting_user, "alerts.assign") as alert:
        if alert.state != seen_state:
            raise taken_by_another(alert)
        owner = _assignee(to, alert)
        name, given = ("assign", {"owner"}) if alert.state == State.OPEN else ("reassign", {"owner"} | ({"reason"} if reason.strip() else set()))
        transition(name, alert.state, role=acting_user.role, given=given)
        old_state, old_owner = alert.state, alert.owner
        task = instantiate(alert, owner=owner, at=at, plan_id=plan_id)
        _change(alert, State.ASSIGNED, at, owner=owner)
        _record(alert, "assigned", acting_user, at, old_state, old_owner=old_owner, note=reason.strip()[:2000], task_id=task.pk, to=owner.pk)
        return task


def undo_assignment(alert_id: UUID, *, acting_user: User, at: datetime) -> Alert:
    """Take the newest assignment back, as long as nothing happened since and the one who made it (or an analyst) asks."""
    with _locked(alert_id, acting_user, "alerts.assign") as alert:
        last = alert.transitions.order_by("-id").first()
        if last is None or last.verb != "assigned" or alert.state != State.ASSIGNED:
            raise step_refused(alert, "undo")
        if last.by_id != acting_user.pk and acting_user.role != Role.ANALYST:
            raise taken_by_another(alert)
        if last.from_owner is None:
            Task.objects.filter(alert=alert).delete()
        else:
            Task.objects.filter(alert=alert).update(owner=last.from_owner)
        _change(alert, State(last.from_state), at, owner=last.from_owner)
        _record(alert, "undone", acting_user, at, State.ASSIGNED, old_owner=last.to_owner)
        return alert


def start_acting(alert_id: UUID, *, acting_user: User, at: datetime) -> Alert:
    """The owner begins. Raises Conflict when it is not theirs any more."""
    with _locked(alert_id, acting_user, "alerts.act") as alert:
        _only_owner(alert, acting_user)
        transition("begin", alert.state, role=acting_user.role)
        _change(alert, State.ACTING, at, owner=alert.owner)
        _record(alert, "acting", acting_user, at, State.ASSIGNED)
        return alert


def complete_step(alert_id: UUID, *, number: int, evidence: str, acting_user: User, at: datetime) -> TaskStep:
    """Tick a step off with what shows that it was done. Raises BadInput without evidence, Conflict when it was done before."""
    with _locked(alert_id, acting_user, "alerts.act") as alert:
        _only_owner(alert, acting_user)
        if alert.state != State.ACTING:
            raise step_refused(alert, "step")
        step = TaskStep.objects.select_related("done_by").filter(task__alert=alert, number=number).first()
        if step is None:
            raise not_found()
        if step.done_at is not None:
            raise Conflict(f"第 {number} 步已经办过了", en=f"step {number} is done already", remedy_zh="刷新后看下一步", remedy_en="reload")
        step.evidence_given = account_of(evidence, "办结凭据", "evidence")
        step.done_at, step.done_by = at, acting_user
        step.save(update_fields=["evidence_given", "done_at", "done_by"])
        alert.changed_at = at
        alert.save(update_fields=["changed_at"])
        audit("alert.step_done", on=alert, by=acting_user, at=at, number=number)
        emit("alert.step_done", permission="alerts.view", region=alert.region, at=at, alert_id=alert.pk, number=number)
        return step


def close_alert(alert_id: UUID, *, result: str, acting_user: User, at: datetime) -> Alert:
    """Close after acting. Raises Conflict while steps of the plan are open, BadInput without a result."""
    with _locked(alert_id, acting_user, "alerts.close") as alert:
        _only_owner(alert, acting_user)
        left = list(TaskStep.objects.filter(task__alert=alert, done_at=None).values_list("number", flat=True))
        if left and alert.state == State.ACTING:
            steps = "、".join(str(n) for n in left)
            raise Conflict(f"还有第 {steps} 步没办", en=f"steps {left} are open", remedy_zh="先把这几步办完，写上凭据", remedy_en="finish them first")
        transition("close", alert.state, role=acting_user.role, given={"evidence"})
        note = account_of(result, "处置结果", "a result")
        old = alert.state
        _change(alert, State.CLOSED, at, owner=alert.owner)
        _record(alert, "closed", acting_user, at, old, note=note)
        return alert


def mark_false_alarm(alert_id: UUID, *, reason: str, acting_user: User, at: datetime) -> Alert:
    """Close as a false alarm, with the reason; it counts in the desk's own record of false alarms."""
    with _locked(alert_id, acting_user, "alerts.false_alarm") as alert:
        transition("dismiss", alert.state, role=acting_user.role, given={"reason"})
        note = account_of(reason, "误报的理由", "a reason")
        old = alert.state
        _change(alert, State.FALSE_ALARM, at, owner=alert.owner)
        _record(alert, "false_alarm", acting_user, at, old, note=note)
        return alert


def reopen_alert(alert_id: UUID, *, reason: str, acting_user: User, at: datetime) -> Alert:
    """Open a closed alert again, with the reason; the steps done before stay on record and are given out anew."""
    with _locked(alert_id, acting_user, "alerts.reopen") as alert:
        transition("reopen", alert.state, role=acting_user.role, given={"reason"})
        note = account_of(reason, "重新打开的理由", "a reason")
        old, old_owner = alert.state, alert.owner
        _change(alert, State.OPEN, at, owner=None)
        _record(alert, "reopened", acting_user, at, old, old_owner=old_owner, note=note)
        return alert


@contextmanager
def _locked(alert_id: UUID, acting_user: User, permission: str) -> Iterator[Alert]:
    """The alert's row, locked for one transaction; two desks may click at once, and the second reads what the first wrote."""
    require(acting_user, permission)
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None:
            raise not_found()
        require(acting_user, permission, alert)
        yield alert


def _assignee(user_id: int, alert: Alert) -> User:
    """An active colleague of the desk who may see this district."""
    owner = User.objects.filter(pk=user_id, is_active=True, role__in=[Role.ANALYST, Role.COUNSELLOR]).first()
    if owner is None or not may_take(owner, alert):
        raise BadInput(
            "这位同事接不了这一片的单",
            en="this colleague cannot take it",
            remedy_zh="换一位本片区的专员",
            remedy_en="choose a colleague of the district",
        )
    return owner


def _only_owner(alert: Alert, user: User) -> None:
    if alert.owner_id is None:
        raise step_refused(alert, "act")
    if alert.owner_id != user.pk:
        if user.role == Role.ANALYST:
            raise NotAllowed("这张单在别人手里", en="this task is in other hands", remedy_zh="先把单转给自己", remedy_en="take it over first")
        raise taken_by_another(alert)


def _change(alert: Alert, state: State, at: datetime, *, owner: User | None) -> None:
    alert.state, alert.owner, alert.changed_at = state, owner, at
    alert.closed_at = at if alert.is_closed else None
    alert.save(update_fields=["state", "owner", "changed_at", "closed_at"])


def _record(alert: Alert, verb: str, by: User, at: datetime, old_state: str, *, old_owner: User | None = None, note: str = "", **ids: object) -> None:
    Transition.objects.create(
        alert=alert, at=at, by=by, verb=verb, from_state=old_state, to_state=alert.state, from_owner=old_owner, to_owner=alert.owner, note=note
    )
    audit(f"alert.{verb}", on=alert, by=by, at=at, **ids)
    emit(f"alert.{verb}", permission="alerts.view", region=alert.region, at=at, alert_id=alert.pk, state=alert.state)
