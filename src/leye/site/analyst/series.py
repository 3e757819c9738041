"""指标序列: the index of series, and one series with its forecast, its make-up, its record and its origin."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.kernel.errors import NotFound
from leye.office.alerts.queries import alerts_of_series
from leye.office.permissions import needs, require
from leye.office.published import Series, Snapshot, ancestors, published_snapshot
from leye.office.reports.findings import finding_for
from leye.office.reports.surprise import surprises
from leye.site import monitoring_words
from leye.site.analyst.forecast_news import news_of
from leye.site.analyst.lineage import Value, origin_of
from leye.site.analyst.record import record_of
from leye.site.charts import store
from leye.site.charts.contributions import contributions_figure
from leye.site.charts.figures import fan_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page
from leye.site.words import INDICATORS, is_english

PER_PAGE = 50


@needs("series.view")
@require_safe
def series_index(request: HttpRequest) -> HttpResponse:
    """`/series`: filter by words and indicator, fifty a page."""
    snapshot = published_snapshot()
    if snapshot is None:
        return page(request, "series/index.html", snapshot=None)
    text, indicator = request.GET.get("q", "").strip(), request.GET.get("indicator", "")
    found = [s for s in snapshot.series.values() if _matches(s, text, indicator)]
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "series/index.html",
        snapshot=snapshot,
        shown=shown,
        rows=[(s, snapshot.history.get(s.unique_id, [])[-1:], surprises(snapshot).get(s.unique_id)) for s in shown.object_list],
        text=text,
        indicator=indicator,
        indicators=list(dict.fromkeys(s.indicator for s in snapshot.series.values() if s.indicator in INDICATORS)),
    )


@needs("series.view")
@require_safe
def series(request: HttpRequest, unique_id: str) -> HttpResponse:
    """`/series/<unique_id>`; `?month=2025-08` opens the origin of that month."""
    snapshot = _published()
    found = snapshot.get(unique_id)
    alarm = next((a for a in snapshot.alerts if a["unique_id"] == unique_id), None)
    lang = "en" if is_english() else "zh"
    said = finding_for(snapshot, unique_id)
    finding = said.text(lang) if said else found.title(lang)
    return page(
        request,
        "series/detail.html",
        snapshot=snapshot,
        series=found,
        trail=ancestors(snapshot, unique_id),
        figure=fan_figure(request, snapshot, found, finding),
        contributions=contributions_figure(request, snapshot, found),
        record=record_of(snapshot, unique_id),
        model=snapshot.models.get(unique_id),
        news=news_of(request, snapshot, found),
        origin=_origin(request, snapshot, found),
        months=[d for d, _ in reversed(snapshot.history.get(unique_id, []))],
        alerts=alerts_of_series(request.user, unique_id),
        alarm=alarm,
        surprise=surprises(snapshot).get(unique_id),
        last=next(((d, v) for d, v in reversed(snapshot.history.get(unique_id, [])) if v is not None), None),
        ahead=snapshot.of_series("forecast", unique_id)[:1],
        chance=next(iter(snapshot.of_series("direction", unique_id)), None),
        mw=monitoring_words,
    )


@needs("series.view")
@require_safe
def series_csv(request: HttpRequest, unique_id: str) -> HttpResponse:
    """History and forecast of one series."""
    snapshot = _published()
    snapshot.get(unique_id)
    rows: list[tuple[object, ...]] = [
        (snapshot.run_id, unique_id, d, v, None, None, None, None, None) for d, v in snapshot.history.get(unique_id, [])
    ]
    rows += [
        (snapshot.run_id, unique_id, r["ds"], None, r["mean"], r["lo-80"], r["hi-80"], r["lo-95"], r["hi-95"])
        for r in snapshot.of_series("forecast", unique_id)
    ]
    return csv_answer("series.csv", ["run_id", "unique_id", "ds", "y", "mean", "lo-80", "hi-80", "lo-95", "hi-95"], rows)


@needs("series.view")
@require_safe
def chart_spec(request: HttpRequest, run_id: str) -> HttpResponse:
    """`/charts/<run_id>?kind&id&lang&elder`: the definition of a drawn chart."""
    ask = request.GET
    snapshot = _published()
    if run_id != snapshot.run_id:
        raise NotFound("这张图属于旧的运行", en="this chart is of an older run", remedy_zh="刷新页面", remedy_en="reload the page")
    lang = "en" if ask.get("lang") == "en" else "zh"
    kind = asked if (asked := ask.get("kind", "")) in ("contributions", "flows", "news", "skills") else "fan"
    if kind == "flows":
        require(request.user, "monitoring.view")
    text = store.spec_text(settings.LEYE_DATA, store.Name(run_id, kind, ask.get("id", ""), lang, ask.get("elder") == "1"))
    return HttpResponse(text, content_type="application/json")


def _published() -> Snapshot:
    snapshot = published_snapshot()
    if snapshot is None:
        raise NotFound("还没有跑过数据", en="nothing was run yet", remedy_zh="先运行 leye run nightly", remedy_en="run leye run nightly first")
    return snapshot


def _matches(s: Series, text: str, indicator: str) -> bool:
    words = text.casefold().split()
    here = f"{s.title_zh} {s.title_en} {s.unique_id}".casefold()
    return (not indicator or s.indicator == indicator) and all(w in here for w in words)


def _origin(request: HttpRequest, snapshot: Snapshot, series: Series) -> Value | None:
    """Origin of the asked month, the newest one unless the address says otherwise."""
    history = snapshot.history.get(series.unique_id, [])
    if not history:
        return None
    try:
        asked = date.fromisoformat(request.GET.get("month", "") + "-01")
    except ValueError:
        asked = history[-1][0]
    return origin_of(snapshot, series, asked)
