"""预警回放: a past shock once more, when each lamp would have lit, and the rehearsal (演练) of the plan it would have opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.drills import actions, queries
from leye.office.jobs.actions import ask_for
from leye.office.permissions import needs
from leye.site.charts.replay import replay_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

COLUMNS = (
    "unique_id",
    "peak",
    "trough",
    "fall",
    "first",
    "lead_months",
    "blue",
    "yellow",
    "orange",
    "red",
    "rows",
    "plan_id",
    "plan_title",
    "evidence_zh",
)


@needs("replays.view")
@require_safe
def replays(request: HttpRequest) -> HttpResponse:
    """`/alerts/replay`: what was replayed, what the command left, and the form for another shock."""
    return page(request, "alert_replays/index.html", **_index(request))


@needs("replays.make")
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Replay the city's own panel; the worker does it, the list shows it when it is done."""
    from leye.watch.replay import shock_day

    shock = request.POST.get("shock", "").strip()
    try:
        shock_day(shock)  # what cannot be read is said now
        ask_for("watch_replay", {"shock": shock, "by": request.user.pk}, by=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "alert_replays/index.html", **_index(request))
    say(request, _("已经交给后台回放，做完会出现在下面。"))
    return HttpResponseRedirect(reverse("alert-replays"))


@needs("replays.make")
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Read what `leye watch replay --out DATA/replays/NAME` left."""
    try:
        kept = actions.take_in(request.POST.get("name", ""), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "alert_replays/index.html", **_index(request))
    return HttpResponseRedirect(reverse("alert-replay", args=[kept.pk]))


@needs("replays.view")
@require_safe
def replay(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    """`/alerts/replay/<id>`: summary, chart, table, rehearsals."""
    return page(request, "alert_replays/one.html", **_one(request, replay_id))


@needs("replays.view")
@require_safe
def replay_csv(request: HttpRequest, replay_id: str) -> HttpResponse:
    """The table."""
    kept = queries.replay_called(request.user, UUID(replay_id))
    return csv_answer(f"replay-{kept.pk}.csv", COLUMNS, [[row[c] for c in COLUMNS] for row in kept.body["rows"]])


@needs("replays.make")
@require_POST
def drill(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    """Open the rehearsal of one lamp."""
    uid = request.POST.get("unique_id", "")
    return _step(
        request,
        replay_id,
        lambda: actions.open_drill(replay_id, unique_id=uid, acting_user=request.user, at=now()),
        _("演练开始了，不计入任何统计。"),
    )


@needs("replays.make")
@require_POST
def drill_step(request: HttpRequest, replay_id: UUID, drill_id: UUID, number: int) -> HttpResponse:
    """One rehearsed step done."""
    note = request.POST.get("note", "")
    return _step(
        request, replay_id, lambda: actions.tick_step(drill_id, number=number, note=note, acting_user=request.user, at=now()), _("这一步演练过了。")
    )


def _step(request: HttpRequest, replay_id: UUID, act: Callable[[], Any], text: str) -> HttpResponse:
    try:
        act()
    except LeyeError as error:
        return refusal(request, error, "alert_replays/one.html", **_one(request, replay_id))
    say(request, text)
    return HttpResponseRedirect(reverse("alert-replay", args=[replay_id]) + "#drills")


def _index(request: HttpRequest) -> dict[str, Any]:
    return {"replays": list(queries.replays(request.user)[:50]), "waiting": [] if request.user.region else actions.waiting_folders()}


def _one(request: HttpRequest, replay_id: UUID) -> dict[str, Any]:
    kept = queries.replay_called(request.user, replay_id)
    rows = sorted(kept.body["rows"], key=lambda r: (r["first"] is None, r["first"] or "", r["unique_id"]))
    return {
        "replay": kept,
        "summary": kept.body["summary"],
        "rows": rows,
        "drills": queries.drills_of(kept),
        "figure": replay_figure(request, rows, kept.body_sha256),
    }
