"""A plan of the policy reserve becomes a task: one per alert, its steps with deadlines counted from the assignment."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from leye.kernel.errors import BadInput
from leye.kernel.ids import uuid7
from leye.office.accounts.models import User
from leye.office.alerts.models import Alert, Task, TaskStep

WITHOUT_PLAN = timedelta(days=7)  # chosen by us: an alarm without a plan is looked at within the week


@lru_cache(maxsize=1)
def shipped_plans() -> dict[str, Any]:
    """Plans by id, read once a process."""
    from leye.watch import plans

    return {plan.id: plan for plan in plans()}


def instantiate(alert: Alert, *, owner: User, at: datetime, plan_id: str = "") -> Task:
    """The alert's task, made at the first assignment; at a later one only the owner changes, steps done stay done.

    plan_id: the desk's choice, else the first plan that answers the alarm. Raises BadInput on a plan that is not in the reserve.
    """
    if plan_id and plan_id not in shipped_plans():
        raise BadInput(f"没有预案“{plan_id}”", en=f"no plan {plan_id!r}", remedy_zh="从列出的预案里选一个", remedy_en="choose one that is listed")
    task = Task.objects.filter(alert=alert).first()
    if task is not None:
        task.owner = owner
        task.save(update_fields=["owner"])
        return task
    plan = shipped_plans().get(plan_id or alert.plan_id)
    steps = list(plan.steps) if plan is not None else []
    due = max((at + timedelta(days=step.within_days) for step in steps), default=at + WITHOUT_PLAN)
    task = Task.objects.create(
        id=uuid7(at, random.SystemRandom()),
        alert=alert,
        plan_id=plan.id if plan is not None else "",
        plan_title=plan.title if plan is not None else "",
        owner=owner,
        due=due,
        created_at=at,
    )
    TaskStep.objects.bulk_create(
        TaskStep(
            task=task,
            number=number,
            title=step.do,
            title_en=step.do_en,
            owner_role=step.owner,
            due=at + timedelta(days=step.within_days),
            evidence_wanted=step.evidence,
        )
        for number, step in enumerate(steps, 1)
    )
    return task
