"""What pages and API read of alerts. Everything is cut to what the asking person may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from leye.office.accounts.models import User
from leye.office.accounts.roles import Role
from leye.office.alerts.models import Alert, State, Task, TaskStep, Transition
from leye.office.permissions import not_found, require

WAITING = (State.OPEN, State.ASSIGNED, State.ACTING)


def visible_alerts(user: User) -> QuerySet[Alert]:
    """Alerts of the person's district, and those given to them; analysts and people without a district see the city's."""
    require(user, "alerts.view")
    if user.role == Role.ANALYST or not user.region:
        return Alert.objects.all()
    return Alert.objects.filter(Q(region=user.region) | Q(owner=user))


def desk(user: User, *, state: str = "", level: str = "", indicator: str = "", mine: bool = False) -> QuerySet[Alert]:
    """What waits at the desk: highest level first, then oldest; with owner and task, in one query."""
    found = visible_alerts(user).filter(state__in=[state] if state in State.values else WAITING)
    if level:
        found = found.filter(level=level)
    if indicator:
        found = found.filter(indicator=indicator)
    if mine:
        found = found.filter(owner=user)
    return found.select_related("owner", "task").order_by("-rank", "ds", "unique_id")


def last_closed(user: User, *, count: int = 5) -> list[Alert]:
    """Newest closed alerts, shown when nothing waits."""
    return list(visible_alerts(user).filter(closed_at__isnull=False).select_related("owner").order_by("-closed_at")[:count])


def counts(user: User) -> dict[str, int]:
    """How many wait, by level, and in all."""
    by_level = visible_alerts(user).filter(state__in=WAITING).values_list("level").annotate(n=Count("id"))
    found = {str(level): int(n) for level, n in by_level}
    return found | {"all": sum(found.values())}


def alert_detail(user: User, alert_id: UUID) -> Alert:
    """One alert with owner, task, steps and history. Raises NotFound alike for none and for someone else's."""
    steps = Prefetch("task__steps", queryset=TaskStep.objects.select_related("done_by"))
    history = Prefetch("transitions", queryset=Transition.objects.select_related("by", "from_owner", "to_owner"))
    found = visible_alerts(user).select_related("owner", "task__owner").prefetch_related(steps, history).filter(pk=alert_id).first()
    if found is None:
        raise not_found()
    return found


def alerts_of_series(user: User, unique_id: str) -> list[Alert]:
    """All alerts of one series, newest first."""
    return list(visible_alerts(user).filter(unique_id=unique_id).select_related("owner").order_by("-ds"))


def colleagues(user: User, alert: Alert | None = None) -> list[User]:
    """Who can take an alert: active people of the desk; for a district's alert those of the district and of the city."""
    require(user, "alerts.assign")
    people = User.objects.filter(is_active=True, role__in=[Role.COUNSELLOR, Role.ANALYST]).order_by("role", "username")
    return [person for person in people if alert is None or may_take(person, alert)]


def may_take(person: User, alert: Alert) -> bool:
    """A district's alert stays with its district or the city's desk; a city-wide one may go to anybody."""
    return not person.region or not alert.region or alert.region.endswith("00") or alert.region == person.region


def task_of(alert: Alert) -> Task | None:
    """The alert's task, or None before the first assignment."""
    return getattr(alert, "task", None)


def next_steps(user: User, alert: Alert) -> list[str]:
    """Verbs that this person can use now: assign, reassign, undo, act, step, close, false_alarm."""
    is_owner, is_analyst = alert.owner_id == user.pk, user.role == Role.ANALYST
    verbs: list[Any] = {
        State.OPEN: ["assign", is_analyst and "false_alarm"],
        State.ASSIGNED: [is_owner and "act", "reassign", "undo", is_analyst and "false_alarm"],
        State.ACTING: [is_owner and "step", is_owner and "close", is_analyst and "false_alarm"],
    }.get(State(alert.state), [])
    return [verb for verb in verbs if verb]


def colleague_called(username: str) -> int:
    """Number of an account by its name; 0, which nobody has, for an unknown one (the action then refuses it like any other)."""
    return User.objects.filter(username=username).values_list("pk", flat=True).first() or 0
