"""监测立方体: cells by the chosen axes with lamp, count and change, the most surprising first; small ones hidden, and said what watches them."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.nightly.cube_step import AXES_OF
from leye.office.permissions import needs
from leye.office.published import Row, Snapshot, published_snapshot
from leye.site import monitoring_words
from leye.site.csv_answer import csv_answer
from leye.site.page import page

PER_PAGE = 50
AXES = ("region", "industry", "occupation", "grp")
RANK = {"red": 4, "orange": 3, "yellow": 2, "blue": 1}
CSV = ("run_id", "month", "indicator", *AXES, "n", "year_ago", "change", "level", "pooled_into")


@needs("monitoring.view")
@require_safe
def cube(request: HttpRequest) -> HttpResponse:
    """`/cube?indicator&a&b`: up to two axes."""
    snapshot = published_snapshot()
    indicator, axes = asked(request)
    rows = cells(snapshot, indicator, axes) if snapshot else []
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request, "cube/index.html", snapshot=snapshot, indicator=indicator, axes=axes, indicators=list(AXES_OF), possible=AXES_OF[indicator],
        shown=shown, rows=list(shown.object_list), hidden=sum(r["hidden"] for r in rows), month=rows[0]["month"] if rows else None,
        mw=monitoring_words,
    )  # fmt: skip


@needs("monitoring.view")
@require_safe
def cube_csv(request: HttpRequest) -> HttpResponse:
    """The same cells; a hidden one has no count."""
    snapshot = published_snapshot()
    indicator, axes = asked(request)
    rows = cells(snapshot, indicator, axes) if snapshot else []
    run = snapshot.run_id if snapshot else ""
    return csv_answer("cube.csv", CSV, [[run, *(r[c] for c in CSV[1:])] for r in rows])


def asked(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    """Indicator and up to two of its axes; what the indicator does not have is left out."""
    indicator = request.GET.get("indicator", "")
    indicator = indicator if indicator in AXES_OF else next(iter(AXES_OF))
    chosen = [a for a in (request.GET.get("a", ""), request.GET.get("b", "")) if a in AXES_OF[indicator]]
    chosen = chosen or ([] if "a" in request.GET else list(AXES_OF[indicator][:2]))
    return indicator, tuple(a for a in AXES if a in chosen)


def cells(snapshot: Snapshot, indicator: str, axes: tuple[str, ...]) -> list[Row]:
    """Cells that split exactly these axes: lit ones first, then the most surprising; of a hidden one neither count nor change nor lamp is told."""
    split = [pl.col(a) != "all" if a in axes else pl.col(a) == "all" for a in AXES]
    found = snapshot.select("cube", pl.all_horizontal(pl.col("indicator") == indicator, *split))
    return sorted((_told(snapshot, r) for r in found), key=_worth)


def _told(snapshot: Snapshot, row: Row) -> Row:
    hidden, both = row["hidden"], not row["hidden"] and not row["year_ago_hidden"] and row["year_ago"]
    told: dict[str, Any] = {**row, "n": None if hidden else row["n"], "year_ago": row["year_ago"] if both else None}
    told["change"] = row["n"] / row["year_ago"] - 1 if both else None
    told["surprise"] = row["surprise"] if both else None
    told["level"] = None if hidden else row["level"]
    told["series"] = None if hidden else _series_of(snapshot, row)
    told["pooled_into"] = row["pooled_into"] if not row["watched"] else None
    return told


def _series_of(snapshot: Snapshot, row: Row) -> str | None:
    """The series of the panel that counts the same, by its id."""
    roots = {s.region for s in snapshot.series.values() if s.indicator == row["indicator"] and s.region and s.region.endswith("00")}
    region = row["region"] if row["region"] != "all" else next(iter(sorted(roots)), "all")
    name = "/".join((row["indicator"], region, *(row[a] for a in AXES[1:])))
    return name if name in snapshot.series else None


def _worth(row: Row) -> tuple[int, int, float, str]:
    return (row["hidden"], -RANK.get(row["level"] or "", 0), -abs(row["surprise"] or 0.0), row["cell"])
