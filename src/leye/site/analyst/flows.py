"""人员流动: who moves between which regions, what is ahead, and what the Spring Festival does to it; small counts hidden."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.monitoring.flows import BANDS, every_pair, flow_groups, pairs
from leye.office.nightly.flows_step import LEAST
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.site import monitoring_words
from leye.site.analyst.flow_figure import flow_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page

CSV = ("kind", "origin", "dest", "grp", "month", "n", *BANDS)


@needs("monitoring.view")
@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    """`/flows?grp`: pairs by size, next month beside the same month a year ago."""
    snapshot = published_snapshot()
    groups = flow_groups(snapshot) if snapshot else []
    grp = request.GET.get("grp", "")
    grp = grp if grp in groups else next(iter(groups), "")
    rows = pairs(snapshot, grp) if snapshot and groups else []
    figure = flow_figure(request, snapshot, grp) if snapshot and rows else None
    return page(request, "flows/index.html", snapshot=snapshot, groups=groups, grp=grp, rows=rows, figure=figure, least=LEAST, mw=monitoring_words)


@needs("monitoring.view")
@require_safe
def flows_csv(request: HttpRequest) -> HttpResponse:
    """All pairs: the newest month counted (small counts empty) and every month ahead."""
    snapshot = published_snapshot()
    rows = [[snapshot.run_id, *(r[c] for c in CSV)] for r in every_pair(snapshot)] if snapshot else []
    return csv_answer("flows.csv", ("run_id", *CSV), rows)
