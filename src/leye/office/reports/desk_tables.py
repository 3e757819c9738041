"""What a bulletin says beside the run's tables, written down with it: the desk as it stood, claims, replays, settings, the issue itself.

The desk changes every hour. So its rows are copied once, and numbers about it are looked up in the copy for as long as the report lives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count

from leye.kernel.clock import BEIJING
from leye.office.alerts.models import Alert, State
from leye.office.drills.models import Replay
from leye.office.entitlements.files import packs_here
from leye.office.entitlements.models import Claim
from leye.office.nightly.flows_step import LEAST
from leye.office.nightly.model_steps import FALSE_DISCOVERIES, HORIZON, NOMINAL
from leye.office.published import Row, Snapshot
from leye.policy.promote.elements import title_of
from leye.watch.reserve import plans

OwnTables = dict[str, list[Row]]
WAITING = (State.OPEN, State.ASSIGNED, State.ACTING)
SETTINGS: dict[str, Callable[[], float]] = {
    "interval_narrow": lambda: 0.80,  # the columns lo-80, hi-80 of the run
    "interval_wide": lambda: 0.95,
    "least_count": lambda: float(LEAST),
    "false_discoveries": lambda: FALSE_DISCOVERIES,
    "nominal_false_alarms": lambda: NOMINAL,
    "forecast_months": lambda: float(HORIZON),
}
"""Constants of the program that texts speak of, by name."""


def desk_tables(snapshot: Snapshot, *, at: datetime) -> OwnTables:
    """`settings`, `run`, `policy_names`, `desk_alerts`, `desk_claims`, `desk_replays` as they stand at an instant; plain JSON."""
    return {
        "settings": [{"name": name, "value": value()} for name, value in SETTINGS.items()],
        "run": [_run(snapshot)],
        "desk_alerts": [_alert(a, at) for a in _alerts()],
        "desk_claims": _claims(),
        "policy_names": [_named(p.id, title_of(p.name), p.name_en) for p in sorted(packs_here().policies.values(), key=lambda p: p.id)],
        "desk_replays": [_replay(r) for r in Replay.objects.order_by("shock", "made_at", "id")],
    }


def _run(snapshot: Snapshot) -> Row:
    code = str(snapshot.manifest.get("code_hash", ""))
    notes = list((snapshot.manifest.get("notes") or {}).get("notices", []))
    return {"run_id": snapshot.run_id, "published_at": snapshot.run.at, "on": snapshot.run.on, "code_hash": code, "notices": len(notes)}


def _alerts() -> list[Alert]:
    found = Alert.objects.select_related("owner", "task__owner").prefetch_related("task__steps")
    return list(found.order_by("-rank", "ds", "unique_id"))


def _alert(alert: Alert, at: datetime) -> Row:
    task = getattr(alert, "task", None)
    steps = list(task.steps.all()) if task else []
    plan = {p.id: p for p in plans()}.get(task.plan_id if task and task.plan_id else alert.plan_id)
    waits = alert.state in WAITING
    return {
        "alert_id": str(alert.pk), "unique_id": alert.unique_id, "ds": alert.ds.isoformat(), "level": alert.level, "state": alert.state,
        "is_waiting": waits, "is_lit": alert.is_lit, "has_task": task is not None, "plan_id": plan.id if plan else "",
        "plan_zh": plan.title if plan else "", "plan_en": (plan.title_en or plan.title) if plan else "",
        "owner": str(task.owner.display_name or task.owner.username) if task else "",
        "due": task.due.astimezone(BEIJING).date().isoformat() if task else None, "steps": len(steps),
        "steps_done": sum(s.done_at is not None for s in steps),
        "is_late": bool(task and waits and task.due < at), "closed_on": _day(alert.closed_at),
    }  # fmt: skip


def _named(policy: str, zh: str, en: str) -> Row:
    return {"policy": policy, "zh": zh, "en": en or zh}


def _claims() -> list[Row]:
    found = Claim.objects.values_list("policy", "state").annotate(n=Count("id")).order_by("policy", "state")
    return [{"policy": policy, "state": state, "n": n} for policy, state, n in found]


def _replay(kept: Replay) -> Row:
    summary: dict[str, Any] = kept.body["summary"]
    wanted = ("series", "fell", "lit_of_fallen", "lit_without_fall", "median_lead_months", "nominal")
    return {"replay_id": str(kept.pk), "shock": kept.shock.isoformat(), **{name: summary.get(name) for name in wanted}}


def _day(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(BEIJING).date().isoformat()
