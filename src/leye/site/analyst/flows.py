"""人员流动: who moves between which regions, what is ahead, and what the Spring Festival does to it; small counts hidden."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.nightly.flows_step import LEAST
from leye.office.permissions import needs
from leye.office.published import Snapshot, published_snapshot
from leye.site import monitoring_words
from leye.site.analyst.flow_figure import flow_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page

CSV = ("run_id", "kind", "origin", "dest", "grp", "month", "n", "mean", "lo-80", "hi-80", "lo-95", "hi-95")
KEY = ["kind", "grp", "origin", "dest"]


@needs("monitoring.view")
@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    """`/flows?grp`: pairs by size, next month beside the same month a year ago."""
    snapshot = published_snapshot()
    frame = snapshot.frame("flows") if snapshot else pl.DataFrame()
    groups = frame["grp"].unique().sort().to_list() if frame.width else []
    grp = request.GET.get("grp", "")
    grp = grp if grp in groups else (groups[0] if groups else "")
    rows = pairs(snapshot, grp) if snapshot and groups else []
    figure = flow_figure(request, snapshot, grp) if snapshot and rows else None
    return page(request, "flows/index.html", snapshot=snapshot, groups=groups, grp=grp, rows=rows, figure=figure, least=LEAST, mw=monitoring_words)


@needs("monitoring.view")
@require_safe
def flows_csv(request: HttpRequest) -> HttpResponse:
    """All pairs: the newest month counted (small counts empty) and every month ahead."""
    snapshot = published_snapshot()
    if snapshot is None or not snapshot.frame("flows").width:
        return csv_answer("flows.csv", CSV, [])
    counted = snapshot.frame("flows").filter(pl.col("month") == pl.col("month").max()).sort(*KEY)
    now: list[tuple[object, ...]] = []
    for _, part in counted.group_by("grp", maintain_order=True):
        keys = part.select("kind", "origin", "dest", "grp", "month").rows()
        now += [(snapshot.run_id, *k, n, *[None] * 5) for k, n in zip(keys, shown(part["n"].to_list()), strict=True)]
    ahead = snapshot.frame("flow_forecast").select("kind", "origin", "dest", "grp", "month", "mean", "lo-80", "hi-80", "lo-95", "hi-95").rows()
    return csv_answer("flows.csv", CSV, [*now, *((snapshot.run_id, *r[:5], None, *r[5:]) for r in ahead)])


def shown(counts: Sequence[int | None]) -> list[int | None]:
    """Counts that may stand beside their sum (the chart shows it): one to nine become None, and the next smallest with them until at least two
    are hidden and together make LEAST. A 0 tells nobody apart."""
    hidden = {i for i, n in enumerate(counts) if n is not None and 0 < n < LEAST}
    rest = sorted((n, i) for i, n in enumerate(counts) if n is not None and n >= LEAST)
    while hidden and rest and (len(hidden) < 2 or sum(counts[i] or 0 for i in hidden) < LEAST):
        hidden.add(rest.pop(0)[1])
    return [None if i in hidden else n for i, n in enumerate(counts)]


def pairs(snapshot: Snapshot, grp: str) -> list[dict[str, Any]]:
    """One row a pair of a group, the largest forecast first; what is hidden does not follow from the sums of the chart."""
    counted = snapshot.frame("flows").filter(pl.col("grp") == grp)
    last = counted["month"].max()
    ahead = snapshot.frame("flow_forecast").filter(pl.col("grp") == grp)
    first = ahead["month"].min()
    assert isinstance(last, date) and isinstance(first, date)
    now = counted.filter(pl.col("month") == last).select(*KEY, "n")
    before = counted.filter(pl.col("month") == date(first.year - 1, first.month, 1)).select(*KEY, year_ago="n")
    joined = ahead.filter(pl.col("month") == first).join(now, on=KEY, how="left").join(before, on=KEY, how="left")
    rows = joined.sort("mean", "origin", "dest", descending=[True, False, False]).to_dicts()
    now_shown, before_shown = shown([r["n"] for r in rows]), shown([r["year_ago"] for r in rows])
    return [{**r, "n": a, "year_ago": b, "last": last} for r, a, b in zip(rows, now_shown, before_shown, strict=True)]
