"""The answer to the worst alert that waits: its plan, and the steps with who does them by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leye.office.accounts.models import User
from leye.office.alerts.models import Alert, Task
from leye.office.alerts.plans import shipped_plans
from leye.office.alerts.queries import desk, task_of
from leye.watch import Plan


@dataclass(frozen=True, slots=True)
class Step:
    """One step. due: once somebody has the task; before that only `within_days` of the assignment is known · who: role that answers for it."""

    zh: str
    en: str
    who: str
    within_days: int | None
    due: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Response:
    """alert: open, assigned or in hand · task: None before the first assignment · steps: of the task, else of the plan; none where no plan fits."""

    alert: Alert
    plan_id: str
    title_zh: str
    title_en: str
    task: Task | None
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """Steps that are done."""
        return sum(s.done_at is not None for s in self.steps)


def response_to(user: User, unique_ids: Sequence[str] = ()) -> Response | None:
    """The response to the alert of the first of these series that waits at the desk, else to the desk's first; None when nothing waits.

    Raises NotAllowed without `alerts.view`.
    """
    waiting = desk(user)
    order = {uid: at for at, uid in enumerate(unique_ids)}
    named = sorted(waiting.filter(unique_id__in=unique_ids), key=lambda a: (order[a.unique_id], -a.rank, a.ds))
    alert = named[0] if named else waiting.first()
    return None if alert is None else _response(alert)


def _response(alert: Alert) -> Response:
    task = task_of(alert)
    plan_id = (task.plan_id if task else "") or alert.plan_id
    plan = shipped_plans().get(plan_id)
    title_zh = (task.plan_title if task else "") or (plan.title if plan else "")
    return Response(alert, plan.id if plan else "", title_zh, plan.title_en if plan else "", task, _steps(task, plan))


def _steps(task: Task | None, plan: Plan | None) -> tuple[Step, ...]:
    if task is not None:
        return tuple(Step(s.title, s.title_en, s.owner_role, None, s.due, s.done_at) for s in task.steps.all())
    return tuple(Step(s.do, s.do_en, s.owner, s.within_days, None, None) for s in plan.steps) if plan else ()
