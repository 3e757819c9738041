"""Polite refusals: what stands in the way, who did what when, and what to do next."""

from __future__ import annotations

from datetime import datetime

from leye.kernel.clock import BEIJING
from leye.kernel.errors import Conflict
from leye.office.alerts.models import Alert, State, Transition

_VERBS = {
    "assigned": ("派给了{to}", "gave it to {to}"),
    "acting": ("已经开始处置", "began to act"),
    "closed": ("已经办结", "closed it"),
    "false_alarm": ("已经标为误报", "marked it a false alarm"),
    "undone": ("撤回了派单", "took the assignment back"),
    "reopened": ("重新打开了它", "reopened it"),
}


def taken_by_another(alert: Alert) -> Conflict:
    """Somebody was faster: who, when and what, from the last change of state."""
    last = Transition.objects.select_related("by", "to_owner").filter(alert=alert).order_by("-id").first()
    if last is None:
        return step_refused(alert, "assign")
    zh, en = (text.format(to=last.to_owner or "") for text in _VERBS.get(last.verb, ("改了它", "changed it")))
    who = str(last.by) if last.by else "系统"
    return Conflict(
        f"{who}{beijing(last.at)}{zh}",
        en=f"{who} {en} at {beijing(last.at)}",
        remedy_zh="刷新看最新情况；要接手请和对方商量后转单",
        remedy_en="reload; to take over, talk to them first",
        code="E_TAKEN",
    )


def step_refused(alert: Alert, step: str) -> Conflict:
    """The alert stands somewhere from where this step does not lead on."""
    return Conflict(
        f"这条预警现在是“{State(alert.state).label}”，做不了这一步",
        en=f"the alert is {alert.state}; {step} is not possible now",
        remedy_zh="刷新看最新情况，按页面上的下一步办",
        remedy_en="reload and follow the next step shown",
        code="E_STEP",
    )


def beijing(at: datetime) -> str:
    """Minute in Beijing time, as people say it."""
    local = at.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
