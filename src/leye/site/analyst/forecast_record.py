"""回测记录: what forecasts came to, by indicator, horizon, origin and series, and whether their errors have drifted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leye.kernel.errors import LeyeError
from leye.office.forecasts import queries
from leye.office.permissions import needs, not_found
from leye.office.published import Snapshot, published_snapshot
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal

SERIES_SHOWN = 20
SERIES_HEADER = ["run_id", "kind", "unique_id", "points", "mase", "bias", "skill_naive", "coverage_80", "coverage_95"]


@needs("forecasts.audit")
@require_safe
def forecast_record(request: HttpRequest) -> HttpResponse:
    """`/forecasts/record?kind&indicator&h`: models, calibration, horizons, origins, series."""
    snapshot = published_snapshot()
    if snapshot is None:
        return page(request, "forecasts/record.html", snapshot=None)
    try:
        return page(request, "forecasts/record.html", **_shown(request, snapshot))
    except LeyeError as error:
        return refusal(request, error, "forecasts/record.html", snapshot=snapshot, record=None)


@needs("forecasts.audit")
@require_safe
def forecast_record_csv(request: HttpRequest, table: str) -> HttpResponse:
    """`record`: every slice of both kinds · `series`: one row a series of both kinds · `drift`: every indicator and period."""
    from leye.forecast import drift

    snapshot = published_snapshot()
    if table == "record":
        frame = queries.record_table(snapshot) if snapshot else None
        header = ["run_id", *(frame.columns if frame is not None else [])]
        return csv_answer("forecast-record.csv", header, [(snapshot.run_id, *r) for r in frame.rows()] if snapshot and frame is not None else [])
    if table == "series":
        rows = [(kind, r) for kind in queries.KINDS for r in queries.series_rows(snapshot, kind=kind)] if snapshot else []
        named = [(snapshot.run_id if snapshot else "", kind, *(r[c] for c in SERIES_HEADER[2:])) for kind, r in rows]
        return csv_answer("forecast-series.csv", SERIES_HEADER, named)
    if table == "drift":
        columns = list(drift.SCHEMA)
        rows = [(snapshot.run_id, *(r[c] for c in columns)) for r in snapshot.rows("forecast_drift")] if snapshot else []
        return csv_answer("forecast-drift.csv", ["run_id", *columns], rows)
    raise not_found()


def _shown(request: HttpRequest, snapshot: Snapshot) -> dict[str, Any]:
    """What the page needs; without a word about the kind the published forecasts, where there are any."""
    asked = request.GET.get("kind", "")
    has_published = bool(queries.choices(snapshot, kind="published")[1])
    kind = asked or ("published" if has_published else "backtest")
    groups, horizons = queries.choices(snapshot, kind=kind)
    group = request.GET.get("indicator", "")
    h = request.GET.get("h", "")
    chosen = int(h) if h.isascii() and h.isdecimal() and int(h[:4]) in horizons else 0
    record = queries.record_of(snapshot, kind=kind, group=group if group in groups else queries.ALL_GROUPS, h=chosen)
    return {
        "snapshot": snapshot,
        "record": record,
        "finding": finding(record),
        "groups": groups,
        "horizons": horizons,
        "has_published": has_published,
        "series_shown": record.series[:SERIES_SHOWN],
        "is_bad": queries.is_bad,
        "drift": queries.drift_of(snapshot),
        "kind_word": kind_word,
    }


def kind_word(kind: str) -> str:
    """What a bet on drift says."""
    return {"high": _("实际比预测高"), "low": _("实际比预测低"), "narrow": _("区间太窄")}[kind]


def finding(record: queries.Record) -> str:
    """The heading: how often the interval held, and whether the mix beat last year's figure."""
    whole = record.whole
    if whole is None or whole["coverage_80"] is None:
        return _("回测记录")
    said = _("八成区间罩住了 %(share)s") % {"share": f"{whole['coverage_80']:.0%}"}
    skill = whole["skill_naive"]
    if skill is None:
        return said
    better = _("，误差比去年同期法小 %(n)s") if skill >= 0 else _("，误差比去年同期法大 %(n)s")
    return said + better % {"n": f"{abs(skill):.0%}"}
