"""差距: how far the districts, and town and country, lie apart, with intervals, lamp and a year ago."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.monitoring.gaps import BOUNDS, gap_months
from leye.office.monitoring.gaps import gaps as newest
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.site import monitoring_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

CSV = ("unique_id", "ds", "high", "low", *BOUNDS)


@needs("monitoring.view")
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """`/gaps`: the newest month of every gap."""
    snapshot = published_snapshot()
    return page(request, "gaps/index.html", snapshot=snapshot, rows=newest(snapshot) if snapshot else [], mw=monitoring_words)


@needs("monitoring.view")
@require_safe
def gaps_csv(request: HttpRequest) -> HttpResponse:
    """Every month of every gap."""
    snapshot = published_snapshot()
    rows = [(snapshot.run_id, *(r[c] for c in CSV)) for r in gap_months(snapshot)] if snapshot else []
    return csv_answer("gaps.csv", ("run_id", *CSV), rows)
