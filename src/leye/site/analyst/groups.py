"""重点群体: for each key group how many, how many out of work, what they earn, which posts and measures are open to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.entitlements.files import packs_here
from leye.office.monitoring.groups import all_figures, every_figure, figures, group_called, has_figures
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.site import monitoring_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

CSV = ("grp", "figure", "policy", "n", "value_fen")


@needs("monitoring.view")
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """`/groups`: all groups side by side."""
    snapshot = published_snapshot()
    return page(request, "groups/index.html", snapshot=snapshot, rows=all_figures(snapshot) if snapshot else [], mw=monitoring_words)


@needs("monitoring.view")
@require_safe
def group(request: HttpRequest, grp: str) -> HttpResponse:
    """`/groups/<id>`. Raises NotFound for a group that the pack does not name."""
    found, snapshot = group_called(grp), published_snapshot()
    known = snapshot is not None and has_figures(snapshot)
    context: dict[str, Any] = figures(snapshot, found) if snapshot and known else {}
    return page(
        request, "groups/detail.html", snapshot=snapshot, group=found, known=known, policies=packs_here().policies, mw=monitoring_words, **context
    )


@needs("monitoring.view")
@require_safe
def groups_csv(request: HttpRequest) -> HttpResponse:
    """All figures; counts under ten are empty."""
    snapshot = published_snapshot()
    rows = [(snapshot.run_id, snapshot.run.on, *(r[c] for c in CSV)) for r in every_figure(snapshot)] if snapshot else []
    return csv_answer("groups.csv", ("run_id", "on", *CSV), rows)
