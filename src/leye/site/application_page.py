"""What the three sides of an application share: the page of one, its steps, the list as a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from leye.kernel.clock import beijing_day
from leye.kernel.errors import LeyeError, NotFound
from leye.office.applications import actions
from leye.office.applications.models import Application
from leye.office.applications.queries import case_of
from leye.office.applications.stays import say_stay, stays_due_now
from leye.office.clock import now
from leye.site import vacancy_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say

HEADER = ["application_id", "job_id", "title", "firm", "origin", "state", "reason", "sent_at", "changed_at", "start_on"]


def one(request: HttpRequest, application_id: UUID, names: dict[str, str], **more: Any) -> HttpResponse:
    """The page of one. names: `list`, `one`, `step` addresses of the side."""
    return page(request, "applications/one.html", **context_of(request, application_id, names), **more)


def take(request: HttpRequest, application_id: UUID, verb: str, names: dict[str, str]) -> HttpResponse:
    """A pressed button: a step of the table, `undo`, `share`, `unshare` or `stay`."""
    form, who = request.POST, {"acting_user": request.user, "at": now()}
    try:
        if verb == "undo":
            actions.undo(application_id, **who)
        elif verb in ("share", "unshare"):
            actions.share_contact(application_id, give=verb == "share", **who)
        elif verb == "stay":
            days = form.get("days", "")
            say_stay(application_id, days=int(days) if days.isdecimal() and len(days) < 4 else 0, is_there=form.get("is_there") == "yes", **who)
        else:
            actions.move(
                application_id, verb, words=form.get("words", ""), reason=form.get("reason", ""), start_on=_day(form.get("start_on", "")),
                shares_contact=form.get("shares_contact") == "1", consent=form.get("consent", ""), **who,
            )  # fmt: skip
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "applications/one.html", **context_of(request, application_id, names))
    say(request, _("办好了"))
    return HttpResponseRedirect(reverse(names["one"], args=[application_id]))


def context_of(request: HttpRequest, application_id: UUID, names: dict[str, str]) -> dict[str, Any]:
    """What the page shows to the side that asks."""
    at = now()
    case = case_of(request.user, application_id, at)
    return {
        "case": case, "a": case.application, "names": names, "say": vacancy_words, "today": beijing_day(at),
        "due": stays_due_now(case.application, case.side, at),
    }  # fmt: skip


def table(name: str, rows: Iterable[Application]) -> HttpResponse:
    """A list of applications as CSV; whom they are about stands in none."""
    lines = ((a.pk, a.job_id, a.title, a.firm_name, a.origin, a.state, a.reason, a.sent_at, a.changed_at, a.start_on) for a in rows)
    return csv_answer(name, HEADER, lines)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
