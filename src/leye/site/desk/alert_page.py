"""What the page of one alert shows: evidence, chart, plan and steps, who can take it, and the clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from leye.office.alerts import queries
from leye.office.alerts.models import Alert
from leye.office.alerts.outcome import outcome_of
from leye.office.clock import now
from leye.office.measures.queries import measures_for
from leye.office.permissions import can
from leye.office.published import Snapshot, published_snapshot
from leye.office.reports.findings import finding_for
from leye.site.charts.figures import fan_figure
from leye.site.desk.advice import advice_context
from leye.site.desk.reserve import reserve
from leye.site.words import pick


def detail_context(request: HttpRequest, alert_id: UUID) -> dict[str, Any]:
    """Everything for `alerts/detail.html` and its panel. Raises NotFound for what is not there or not theirs."""
    from leye.site.desk.alerts import takers

    alert = queries.alert_detail(request.user, alert_id)
    task, verbs, snapshot = queries.task_of(alert), queries.next_steps(request.user, alert), published_snapshot()
    people = queries.colleagues(request.user)
    is_fragment = bool(request.headers.get("HX-Request"))
    return {
        "alert": alert,
        "task": task,
        "steps": list(task.steps.all()) if task else [],
        "verbs": verbs,
        "people": takers(people, alert),
        "plan": next((p for p in reserve() if p.id == ((task and task.plan_id) or alert.plan_id)), None),
        "snapshot": snapshot,
        "figure": None if is_fragment else _figure(request, snapshot, alert),
        "now": now(),
        "review": outcome_of(snapshot, alert),
        "measures": measures_for(request.user, alert),
        "sees_measures": can(request.user, "reforms.view") and not request.user.region,
        **_advice(snapshot, alert),
    }


def _figure(request: HttpRequest, snapshot: Snapshot | None, alert: Alert) -> Any:
    if snapshot is None or alert.unique_id not in snapshot.series:
        return None
    series = snapshot.series[alert.unique_id]
    found = finding_for(snapshot, alert.unique_id)
    return fan_figure(request, snapshot, series, pick(found.zh, found.en) if found else pick(series.title_zh, series.title_en))


def _advice(snapshot: Snapshot | None, alert: Alert) -> dict[str, Any]:
    if snapshot is None:
        return {"advice": [], "plan_titles": {}, "group_word": None}
    return advice_context(snapshot, [alert.unique_id])
