"""带噪发布: counts by group with noise, what the year's privacy budget has left, and what has been published from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import BadInput, LeyeError
from leye.office.clock import now
from leye.office.permissions import can, needs
from leye.office.privacy.models import Release
from leye.office.privacy.releases import budgets, datasets_here, price_list, release, release_called, releases
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.site.release_words import group_words, question_words, shown_cells, value_words
from leye.site.words import pick
from leye.trust.privacy.datasets import Dataset
from leye.trust.privacy.releases import MOST_GROUPS

PER_PAGE = 20
LIST_HEADER = ["release_id", "at", "dataset", "year", "query", "epsilon", "accuracy", "cells", "made_by", "data_sha256", "leaf_index"]
DATASET = "people"
"""The data set of the form; the terminal and the API name theirs."""


@needs("releases.view")
@require_safe
def releases_list(request: HttpRequest) -> HttpResponse:
    """`/releases`: the budget, the form, what has been released."""
    return page(request, "releases/list.html", **_list(request))


@needs("releases.make")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Release; the same question again leads to the same answer."""
    try:
        made, was_there = _made(request)
    except LeyeError as error:
        return refusal(request, error, "releases/list.html", **_list(request))
    say(request, _("这个问题答过了，没有再花预算") if was_there else _("已经发布，花了 ε %(e)s") % {"e": f"{made.epsilon:g}"})
    return HttpResponseRedirect(reverse("release", args=[made.pk]))


@needs("releases.view")
@require_safe
def releases_csv(request: HttpRequest) -> HttpResponse:
    """The list as a table."""
    rows = (
        (
            r.pk,
            r.at,
            r.budget.dataset,
            r.budget.year,
            r.query,
            r.epsilon,
            int(r.accuracy),
            len(r.cells),
            str(r.made_by or ""),
            r.data_sha256,
            r.leaf_index,
        )
        for r in releases(request.user)
    )
    return csv_answer("releases.csv", LIST_HEADER, rows)


@needs("releases.view")
@require_safe
def release_page(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """`/releases/<id>`: value ± accuracy of each cell."""
    made = release_called(request.user, release_id)
    known = _known(made.budget.dataset)
    names = [group_words(known, name) if known else name for name in made.groups] or [_("范围")]
    return page(request, "releases/detail.html", made=made, title=question_words(made, known), names=names, cells=shown_cells(made, known))


@needs("releases.view")
@require_safe
def release_csv(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The cells as a table: codes, not words, so that programs read it."""
    made = release_called(request.user, release_id)
    half = int(made.accuracy)
    header = [*made.groups, "count", "accuracy_95", "epsilon"]
    return csv_answer(f"release-{made.pk}.csv", header, ([*row, half, made.epsilon] for row in made.cells))


def _made(request: HttpRequest) -> tuple[Release, bool]:
    form = request.POST
    by = [name for name in form.getlist("by")[:MOST_GROUPS] if name]
    column, _sign, value = form.get("where", "").partition("=")
    try:
        epsilon = float(form.get("epsilon", ""))
    except ValueError:
        epsilon = float("nan")
    return release(DATASET, by=by, where={column: value} if column else {}, epsilon=epsilon, acting_user=request.user, at=now())


def _list(request: HttpRequest) -> dict[str, Any]:
    known = _known(DATASET)
    shown = Paginator(releases(request.user), PER_PAGE).get_page(request.GET.get("page"))
    kept = budgets(now()) if known else []
    return {
        "budgets": kept,
        "this_year": next((b for b in kept if b["dataset"] == DATASET), None),
        "shown": shown,
        "rows": [(r, question_words(r, _known(r.budget.dataset))) for r in shown.object_list],
        "may_make": can(request.user, "releases.make"),
        "prices": price_list(known) if known else [],
        "groups": [(name, pick(g.zh, g.en)) for name, g in known.groups.items()] if known else [],
        "filters": _filters(known) if known else [],
        "places": range(MOST_GROUPS),
        "typed": _typed(request),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was sent, for a form that comes back with a refusal."""
    form = request.POST
    return {"by": [*form.getlist("by"), *[""] * MOST_GROUPS], "where": form.get("where", ""), "epsilon": form.get("epsilon", "")}


def _filters(known: Dataset) -> list[tuple[str, list[tuple[str, str]]]]:
    """Per group its values as `group=value` with words."""
    return [
        (group_words(known, name), [(f"{name}={value}", value_words(known, name, value)) for value in group.cells])
        for name, group in known.groups.items()
    ]


def _known(code: str) -> Dataset | None:
    """The declaration; None without a city, or when it was taken out of the pack."""
    try:
        return datasets_here().get(code)
    except BadInput:
        return None
