"""预警处置: from a lamp to an assigned task in two clicks, then step by step to the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import BadInput, LeyeError
from leye.office.accounts.models import User
from leye.office.alerts import actions, queries
from leye.office.alerts.models import Alert, Level, State
from leye.office.clock import now
from leye.office.measures.actions import choose
from leye.office.permissions import needs
from leye.office.web.errors import status_of
from leye.site.csv_answer import csv_answer
from leye.site.desk.alert_page import detail_context
from leye.site.page import page, say

PER_PAGE = 15


@needs("alerts.view")
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """`/alerts`: what waits, highest level first, then oldest."""
    asked = _asked(request)
    found = queries.desk(request.user, **asked).defer("advice")  # only the page of one alert reads it
    pages = Paginator(found, PER_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    people = queries.colleagues(request.user)
    context: dict[str, Any] = {
        "alerts": rows,
        "shown": shown,
        "asked": asked,
        "waiting": queries.counts(request.user),
        "closed": queries.last_closed(request.user) if not rows else [],
        "takers": options_by_region(people, rows),
        "now": now(),
        "levels": Level.values,
        "states": State.values,
    }
    template = "alerts/_list.html" if request.headers.get("HX-Request") else "alerts/list.html"
    return page(request, template, **context)


@needs("alerts.view")
@require_safe
def alerts_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table."""
    header = ["alert_id", "level", "state", "unique_id", "series_zh", "ds", "last_ds", "score", "finding_zh", "owner", "due", "run_id"]
    rows = [
        (a.pk, a.level, a.state, a.unique_id, a.series_zh, a.ds, a.last_ds, a.score, a.finding, str(a.owner or ""), _due(a), a.last_run_id)
        for a in queries.desk(request.user, **_asked(request))
    ]
    return csv_answer("alerts.csv", header, rows)


@needs("alerts.view")
@require_safe
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """`/alerts/<id>`: evidence, plan, assignees, clock."""
    return page(request, "alerts/detail.html", **detail_context(request, alert_id))


@needs("alerts.assign")
@require_POST
def assign(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Hand it to a colleague, from the list or from its page."""

    def act(user: User, at: datetime) -> str:
        to = request.POST.get("to", "")
        if not to.isdecimal():
            raise BadInput("还没选交给谁", en="nobody is chosen yet", remedy_zh="选一位同事再派单", remedy_en="choose a colleague first")
        task = actions.assign_alert(alert_id, to=int(to), acting_user=user, at=at, seen_state=request.POST.get("seen", State.OPEN))
        return _("已经派给%(name)s") % {"name": task.owner}

    return _after(request, alert_id, act)


@needs("alerts.assign")
@require_POST
def undo(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take the assignment back."""

    def act(user: User, at: datetime) -> str:
        actions.undo_assignment(alert_id, acting_user=user, at=at)
        return _("派单撤回了")

    return _after(request, alert_id, act)


@needs("alerts.act")
@require_POST
def start(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """The owner begins."""

    def act(user: User, at: datetime) -> str:
        actions.start_acting(alert_id, acting_user=user, at=at)
        return _("开始处置了，按下面的步骤办")

    return _after(request, alert_id, act)


@needs("alerts.act")
@require_POST
def step(request: HttpRequest, alert_id: UUID, number: int) -> HttpResponse:
    """One step done, with what shows it."""

    def act(user: User, at: datetime) -> str:
        actions.complete_step(alert_id, number=number, evidence=request.POST.get("evidence", ""), acting_user=user, at=at)
        return _("第 %(n)s 步办完了") % {"n": number}

    return _after(request, alert_id, act)


@needs("alerts.close")
@require_POST
def close(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """All steps are done."""

    def act(user: User, at: datetime) -> str:
        actions.close_alert(alert_id, result=request.POST.get("result", ""), acting_user=user, at=at)
        return _("办结了，已经留痕")

    return _after(request, alert_id, act)


@needs("alerts.false_alarm")
@require_POST
def false_alarm(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """It was none; the reason counts in the record of false alarms."""

    def act(user: User, at: datetime) -> str:
        actions.mark_false_alarm(alert_id, reason=request.POST.get("reason", ""), acting_user=user, at=at)
        return _("标为误报了，理由已经留痕")

    return _after(request, alert_id, act)


@needs("reforms.edit")
@require_POST
def choose_measure(request: HttpRequest, alert_id: UUID, scenario_id: UUID) -> HttpResponse:
    """Choose a measure of the plan's reserve, with the reason."""

    def act(user: User, at: datetime) -> str:
        choose(alert_id, scenario_id, why=request.POST.get("why", ""), acting_user=user, at=at)
        return _("选定了，已经留痕；钱和规则都还没有动")

    return _after(request, alert_id, act)


def options_by_region(people: list[User], rows: list[Alert]) -> dict[str, SafeString]:
    """Region to the options of its selects, made once a region: a list shows the same few choices in every row."""
    first = {a.region: a for a in rows}
    one = '<option value="{}">{}{}</option>'
    return {
        region: format_html_join("", one, ((p.pk, p, f" · {p.desk}" if p.desk else "") for p in takers(people, alert)))
        for region, alert in first.items()
    }


def takers(people: list[User], alert: Alert) -> list[User]:
    """Who can take it; the district's own people first, so that the choice made for the desk is the likely one."""
    able = [p for p in people if queries.may_take(p, alert)]
    return sorted(able, key=lambda p: (p.region != alert.region, p.role != "counsellor", p.username))


def _after(request: HttpRequest, alert_id: UUID, act: Callable[[User, datetime], str]) -> HttpResponse:
    """Do it, then show where it stands; a refusal is shown beside the unchanged thing, with what to do next."""
    refused: LeyeError | None = None
    text = ""
    try:
        text = act(request.user, now())
    except LeyeError as error:
        refused = error
    is_row = request.POST.get("from") == "list"
    if request.headers.get("HX-Request"):
        template = "alerts/_row.html" if is_row else "alerts/_panel.html"
        context = _row_context(request, alert_id) if is_row else detail_context(request, alert_id)
        return page(request, template, refused=refused, text=text, **context)  # status 200: htmx swaps it where it belongs
    if refused is not None:
        return page(request, "alerts/detail.html", status=status_of(refused), refused=refused, **detail_context(request, alert_id))
    say(request, text)
    return HttpResponseRedirect(reverse("alerts") if is_row else reverse("alert", args=[alert_id]))


def _row_context(request: HttpRequest, alert_id: UUID) -> dict[str, Any]:
    found = queries.alert_detail(request.user, alert_id)
    people = queries.colleagues(request.user)
    return {"alert": found, "takers": options_by_region(people, [found]), "now": now()}


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Filters from the address; words that are none of ours count as no filter."""
    state, level = request.GET.get("state", ""), request.GET.get("level", "")
    return {
        "state": state if state in State.values else "",
        "level": level if level in Level.values else "",
        "mine": request.GET.get("mine") == "1",
    }


def _due(alert: Alert) -> datetime | None:
    task = queries.task_of(alert)
    return task.due if task else None
