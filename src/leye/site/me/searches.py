"""我的搜索: searches that the account keeps, with what came in since the last look; keep, change, delete and bring back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.searches import actions, queries
from leye.office.searches.bank import bank_now
from leye.office.searches.criteria import criteria_of
from leye.office.searches.looking import look
from leye.site import job_words
from leye.site.addresses import with_query
from leye.site.csv_answer import csv_answer
from leye.site.open.jobs import rhythms
from leye.site.page import after, page

HEADER = ["name", "q", "place", "pay", "form", "origin", "within", "notify", "hits", "new", "made_at"]


@needs("searches.own")
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """`/my/searches`."""
    return page(request, "searches/mine.html", **_context(request))


@needs("searches.own")
@require_safe
def searches_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    rows = (
        (k.name, k.criteria.q, k.criteria.place, k.criteria.pay, k.criteria.form, k.criteria.origin, k.criteria.within, k.search.notify, len(k.hits),
         len(k.new), k.search.made_at)
        for k in queries.own_searches(request.user) if k.search.deleted_at is None
    )  # fmt: skip
    return csv_answer("my-searches.csv", HEADER, rows)


@needs("searches.own")
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the search whose criteria the form repeats."""
    criteria, form = criteria_of(request.POST.dict(), bank_now().city), request.POST
    seen = queries.ids_of(look(criteria))
    return _after(
        request,
        lambda: actions.keep(criteria, name=form.get("name", ""), notify=form.get("notify", ""), seen=seen, acting_user=request.user, at=now()),
        _("保存好了，有新岗位会提醒您。"),
    )


@needs("searches.own")
@require_POST
def open_search(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Look: what is there now counts as seen."""
    kept = queries.own_search(request.user, search_id)
    actions.looked(search_id, kept.hits, acting_user=request.user, at=now())
    return HttpResponseRedirect(with_query(reverse("jobs"), **kept.criteria.as_dict()))


@needs("searches.own")
@require_POST
def change(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Another name, another rhythm."""
    form = request.POST
    return _after(
        request,
        lambda: actions.change(search_id, name=form.get("name", ""), notify=form.get("notify", ""), acting_user=request.user, at=now()),
        _("改好了。"),
    )


@needs("searches.own")
@require_POST
def delete(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Take it away; the list still offers to bring it back."""
    return _after(request, lambda: actions.delete(search_id, acting_user=request.user, at=now()), _("删掉了；今天之内可以恢复。"))


@needs("searches.own")
@require_POST
def bring_back(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """Undo the deletion."""
    return _after(request, lambda: actions.bring_back(search_id, acting_user=request.user, at=now()), _("恢复了。"))


def _after(request: HttpRequest, act: Callable[[], object], text: str) -> HttpResponse:
    return after(request, act, text, reverse("my-searches"), template="searches/mine.html", context=lambda: _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"kept": queries.own_searches(request.user), "say": job_words, "rhythms": rhythms(), "on": bank_now().on}
