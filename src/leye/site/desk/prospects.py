"""帮扶名单: whom of the own grids to help more, why, and a level set by hand with its reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.privacy.reads import read_list
from leye.office.prospects import actions, queries
from leye.site import risk_words
from leye.site.csv_answer import csv_answer
from leye.site.desk.people import context_of
from leye.site.page import page, refusal, say

PER_PAGE = 20
HEADER = ["person", "question", "level", "machine_level", "p_6", "p_12", "low_12", "high_12", "up", "down", "overridden_by", "month"]


@needs("prospects.view")
@require_safe
def help_list(request: HttpRequest) -> HttpResponse:
    """`/help-list`: priority first; names are read for the purpose of the daily list."""
    level = request.GET.get("level", "")
    found = queries.help_list(request.user, level)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    mine = list(shown.object_list)
    names = read_list([p.person_id for p in mine], "daily_list", request.user, now()) if mine else {}
    return page(
        request, "prospects/list.html", shown=shown, prospects=mine, names=names, level=level, say=risk_words, is_linked=bool(request.user.subject)
    )


@needs("prospects.view")
@require_safe
def help_list_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a table: ids and no names."""
    rows = (
        (p.person_id, p.question, p.level, p.machine_level, p.p_6, p.p_12, p.low_12, p.high_12, ";".join(p.up), ";".join(p.down),
         str(p.override.by) if p.override else "", p.month)
        for p in queries.help_list(request.user, request.GET.get("level", ""))
    )  # fmt: skip
    return csv_answer("help-list.csv", HEADER, rows)


@needs("prospects.override")
@require_POST
def override(request: HttpRequest, person_id: str) -> HttpResponse:
    """Set a level by hand, from the person's page."""
    form = request.POST
    try:
        actions.override(
            person_id, form.get("question", ""), level=form.get("level", ""), reason=form.get("reason", ""), acting_user=request.user, at=now()
        )
    except NotFound:
        raise
    except LeyeError as error:
        context: dict[str, Any] = context_of(request, person_id) | {"risk_reason": form.get("reason", "")}
        return refusal(request, error, "people/detail.html", **context)
    say(request, _("改好了，理由已经留痕；可以随时撤回。"))
    return HttpResponseRedirect(f"{reverse('person', args=[person_id])}#risk")


@needs("prospects.override")
@require_POST
def undo(request: HttpRequest, person_id: str, override_id: UUID) -> HttpResponse:
    """Take it back."""
    try:
        actions.undo(override_id, acting_user=request.user, at=now())
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "people/detail.html", **context_of(request, person_id))
    say(request, _("撤回了，按系统算的级别。"))
    return HttpResponseRedirect(f"{reverse('person', args=[person_id])}#risk")
