"""Pilots: the frame, readings of its metrics, the stop when one does harm, and the verdict of a person."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.kernel.errors import BadInput, Conflict
from leye.office.grounds import account_of
from leye.office.permissions import require
from leye.office.registry.actions import standing_of
from leye.office.registry.models import Sandbox, SandboxReading, Version
from leye.office.registry.sealed import locked_version, move, record
from leye.trust.registry import step_of
from leye.trust.registry.sandbox import Metric, Plan, harmful

MAY_BE_SET = {"draft", "assessed", "running"}


def set_sandbox(version_id: int, plan: Plan, *, acting_user: Any, at: datetime) -> Sandbox:
    """Set up a pilot, or give a running one another frame (a later end, another cap). Raises BadInput (E_SANDBOX), Conflict (E_REGISTRY_STEP)."""
    require(acting_user, "registry.edit")
    plan.check(today=beijing_day(at))
    with transaction.atomic():
        version = locked_version(version_id)
        there = Sandbox.objects.filter(version=version).first()
        if version.state not in MAY_BE_SET or (version.state == "running" and (there is None or there.verdict)):
            raise no_sandbox(version)
        frame = {"max_subjects": plan.max_subjects, "ends_on": plan.ends_on, "metrics": [metric_row(m) for m in plan.metrics]}
        sandbox = there or Sandbox(version=version)
        for name, value in {**frame, "at": at, "by": acting_user, "verdict": "", "verdict_note": "", "verdict_at": None, "verdict_by": None}.items():
            setattr(sandbox, name, value)
        sandbox.save()
        record("sandbox", version, by=acting_user, at=at, max_subjects=plan.max_subjects, ends_on=plan.ends_on.isoformat(), metrics=frame["metrics"])
        return sandbox


def record_metric(version_id: int, metric: str, value: float, *, note: str = "", acting_user: Any, at: datetime) -> SandboxReading:
    """Record a value. One past its harm limit suspends the version there and then, in the name of nobody. Raises BadInput, Conflict."""
    require(acting_user, "registry.sign")
    if not math.isfinite(value):
        raise BadInput("指标要是一个数", en="a metric is a number", remedy_zh="填一个数", remedy_en="give a number", code="E_SANDBOX")
    with transaction.atomic():
        version = locked_version(version_id)
        sandbox = _running_sandbox(version)
        watched = metrics_of(sandbox)
        if metric not in {m.name for m in watched}:
            raise BadInput(
                f"沙盒没有指标“{metric}”",
                en=f"the sandbox has no metric {metric!r}",
                remedy_zh=f"可选：{'、'.join(m.name for m in watched)}",
                remedy_en=f"choose among {', '.join(m.name for m in watched)}",
                code="E_SANDBOX",
            )
        reading = SandboxReading.objects.create(sandbox=sandbox, metric=metric, value=value, note=note.strip()[:300], at=at, by=acting_user)
        record("metric", version, by=acting_user, at=at, metric=metric, value=value)
        if bad := harmful(watched, {metric: value}):
            _stop(version, sandbox, f"沙盒指标“{bad[0].zh}”为 {value:g}，越过底线 {bad[0].worst:g}，自动暂停", by=None, at=at)
        return reading


def conclude(version_id: int, *, is_passed: bool, note: str, acting_user: Any, at: datetime) -> Version:
    """The verdict: passed, then it goes on to the filing; or stopped, then it is suspended. Raises Conflict when no sandbox runs."""
    require(acting_user, "registry.edit")
    with transaction.atomic():
        version = locked_version(version_id)
        sandbox = _running_sandbox(version)
        why = account_of(note, "结论", "a verdict")
        if not is_passed:
            return _stop(version, sandbox, why, by=acting_user, at=at)
        step = step_of("conclude", standing_of(version))
        _close(sandbox, "passed", why, acting_user, at)
        move(version, "conclude", step.end, by=acting_user, at=at, why=why, document=version.card_hash)
        return version


def metrics_of(sandbox: Sandbox) -> tuple[Metric, ...]:
    """Its metrics, as agreed."""
    return tuple(Metric(**row) for row in sandbox.metrics)


def metric_row(metric: Metric) -> dict[str, Any]:
    """A metric as it is kept."""
    return {"name": metric.name, "zh": metric.zh, "en": metric.en, "worst": metric.worst, "is_bad_above": metric.is_bad_above}


def no_sandbox(version: Version) -> Conflict:
    """There is no pilot here, or its time is over."""
    return Conflict(
        f"{version} 现在没有沙盒可以办这一步",
        en=f"{version} has no running sandbox for this step",
        remedy_zh="登记草稿或评估之后设沙盒；运行中的只能改已有的沙盒",
        remedy_en="set it up as a draft or after the assessment; a running one can only be changed",
        code="E_REGISTRY_STEP",
    )


def _stop(version: Version, sandbox: Sandbox, why: str, *, by: Any, at: datetime) -> Version:
    step = step_of("suspend", standing_of(version))
    _close(sandbox, "stopped", why, by, at)
    move(version, "suspend", step.end, by=by, at=at, why=why, document="")
    return version


def _close(sandbox: Sandbox, verdict: str, note: str, by: Any, at: datetime) -> None:
    sandbox.verdict, sandbox.verdict_note, sandbox.verdict_at, sandbox.verdict_by = verdict, note, at, by
    sandbox.save()


def _running_sandbox(version: Version) -> Sandbox:
    sandbox = Sandbox.objects.select_for_update().filter(version=version, verdict="").first()
    if sandbox is None or version.state != "running":
        raise no_sandbox(version)
    return sandbox
