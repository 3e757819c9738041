"""监测立方体: cells by the opened axes with lamp, count and change; any cell opens along the next axis, down to a trade of a group in a district."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.monitoring import cube as query
from leye.office.monitoring.questions import Question, nearest
from leye.office.nightly.cube_step import AXES_OF
from leye.office.permissions import needs
from leye.office.published import Snapshot, published_snapshot
from leye.site import monitoring_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page
from leye.watch.cube import AXES

PER_PAGE = 50
CSV = ("month", "indicator", *AXES, "n", "year_ago", "change", "surprise", "level", "pooled_into")


@needs("monitoring.view")
@require_safe
def cube(request: HttpRequest) -> HttpResponse:
    """`/cube?indicator&axes&axes&region&…&order`: the cells that split `axes` inside the held ones."""
    snapshot = published_snapshot()
    asked, order = asked_of(request)
    context = _answer(request, snapshot, asked, order) if snapshot else {}
    return page(request, "cube/index.html", snapshot=snapshot, asked=asked, order=order, mw=monitoring_words, address=address, **context)


@needs("monitoring.view")
@require_safe
def cube_csv(request: HttpRequest) -> HttpResponse:
    """The same cells; a hidden one has no count."""
    snapshot = published_snapshot()
    asked, order = asked_of(request)
    rows = [[snapshot.run_id, *(r[c] for c in CSV)] for r in query.cells(snapshot, asked, order)] if snapshot else []
    return csv_answer("cube.csv", ("run_id", *CSV), rows)


def asked_of(request: HttpRequest) -> tuple[Question, str]:
    """What the address asks, what does not exist left out; and the order."""
    within = {name: request.GET[name] for name in request.GET if name in AXES}
    order = request.GET.get("order", "")
    return nearest(request.GET.get("indicator", ""), request.GET.getlist("axes"), within), order if order in query.ORDERS else "surprise"


def address(asked: Question, path: str = "/cube", **more: str) -> str:
    """Where a question is answered."""
    pairs = [("indicator", asked.indicator), *(("axes", a) for a in asked.axes), *asked.within.items(), *more.items()]
    return f"{path}?{urlencode(pairs)}"


def _answer(request: HttpRequest, snapshot: Snapshot, asked: Question, order: str) -> dict[str, Any]:
    rows = query.cells(snapshot, asked, order)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    whole = query.cells(snapshot, asked.whole)
    return {
        "indicators": query.indicators(snapshot), "possible": [a for a in AXES_OF[asked.indicator] if a not in asked.within], "shown": shown,
        "rows": [(r, asked.inside(r)) for r in shown.object_list], "hidden": sum(r["hidden"] for r in rows), "orders": list(query.ORDERS),
        "whole": whole[0] if whole else None, "month": query.counted_month(snapshot, asked.indicator),
    }  # fmt: skip
