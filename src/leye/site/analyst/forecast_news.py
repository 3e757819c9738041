"""What moved a series' forecast since the run before: a sentence, bars that add up, a table, and how wrong the forecast of then was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leye.forecast.compare import compare_en, compare_zh
from leye.forecast.news import NEWS
from leye.forecast.news_words import Effect, effects_of, label_en, label_zh, news_en, news_zh
from leye.office.permissions import needs
from leye.office.published import Series, Snapshot, published_snapshot, snapshot_of
from leye.site.charts import store
from leye.site.charts.figures import Figure, axis_title, name_of, spec_url
from leye.site.charts.revised import labelled, news_bars
from leye.site.csv_answer import csv_answer
from leye.site.words import figure, is_english, month_text

CSV = ("run_id", "compared_with", *NEWS)


@dataclass(frozen=True, slots=True)
class SeriesNews:
    """run_id, last: the run compared with and the newest month it knew · compared: the old forecast against what came, empty where nothing came."""

    run_id: str
    last: date | None
    sentence: str
    figure: Figure
    compared: str


def news_of(request: HttpRequest, snapshot: Snapshot, series: Series) -> SeriesNews | None:
    """The news of the first month ahead; None on a first run, or for a series that the run before did not know."""
    base, table = base_of(snapshot), news_table(snapshot, series.unique_id)
    if base is None or table.is_empty():
        return None
    ds = table["ds"][0]
    effects = [e for e in effects_of(table, series.unique_id, ds) if e.value]
    compared = snapshot.frame("compared")
    held = compared.filter(pl.col("unique_id") == series.unique_id) if compared.width else compared
    return SeriesNews(
        base,
        snapshot_of(base).last_month,
        sentence(snapshot, table, series, ds),
        _figure(request, snapshot, series, effects, table.row(0, named=True)),
        _compared(snapshot, held, series),
    )


@needs("series.view")
@require_safe
def news_csv(request: HttpRequest) -> HttpResponse:
    """`/series/news.csv?id=`: every effect on the next forecast of one series, or of all."""
    snapshot = published_snapshot()
    base = base_of(snapshot) if snapshot else None
    if snapshot is None or base is None:
        return csv_answer("news.csv", CSV, [])
    asked = request.GET.get("id", "")
    table = snapshot.frame("news") if not asked else news_table(snapshot, snapshot.get(asked).unique_id)
    return csv_answer("news.csv", CSV, [(snapshot.run_id, base, *row) for row in table.select(list(NEWS)).rows()] if table.width else [])


def base_of(snapshot: Snapshot) -> str | None:
    """The run that this one was compared with; None where there was none to compare with."""
    base = (snapshot.manifest.get("notes") or {}).get("news_of")
    return str(base) if base else None


def news_table(snapshot: Snapshot, unique_id: str) -> pl.DataFrame:
    """Rows of `news` of one series, without columns where the run has no such table."""
    table = snapshot.frame("news")
    return table.filter(pl.col("unique_id") == unique_id) if table.width else table


def sentence(snapshot: Snapshot, table: pl.DataFrame, series: Series, ds: date) -> str:
    """What moved the forecast, in words; a rate is told by its two figures, the bars say the rest in points."""
    if series.unit == "ratio":
        ends = table.row(0, named=True)
        said = {"month": month_text(ds), "before": figure(ends["before"], series.unit), "after": figure(ends["after"], series.unit)}
        return _("%(month)s的预测由 %(before)s 改为 %(after)s，各项原因见下图。") % said
    told = news_en if is_english() else news_zh
    return told(table, series.unique_id, ds, name=_named(snapshot), when=month_text)


def draw_news(effects: list[Effect], snapshot: Snapshot, series: Series, name: store.Name, width: int | str) -> Any:
    """The Altair chart behind the figure."""
    scale = 100 if series.unit == "ratio" else 1
    rows = [(label, value * scale) for label, value in labelled(effects, name.lang, _named(snapshot))]
    return news_bars(rows, title=axis_title(series), rest=_("其余各项"), lang=name.lang, elder=name.elder, width=width)


def _figure(request: HttpRequest, snapshot: Snapshot, series: Series, effects: list[Effect], ends: dict[str, Any]) -> Figure:
    name = name_of(request, snapshot, "news", series.unique_id)
    svg = store.drawn(settings.LEYE_DATA, name, lambda width: draw_news(effects, snapshot, series, name, width)) if effects else ""
    label = label_en if is_english() else label_zh
    rows = [[label(e, _named(snapshot)), *_was(snapshot, e), moved(e.value, series.unit)] for e in effects]
    rows.append([_("预测的改动（合计）"), "", "", "", moved(ends["after"] - ends["before"], series.unit)])
    return Figure(
        finding=_("%(month)s的预测：上次 %(before)s，这次 %(after)s")
        % {"month": month_text(ends["ds"]), "before": figure(ends["before"], series.unit), "after": figure(ends["after"], series.unit)},
        svg=mark_safe(svg),  # noqa: S308 - drawn by us
        spec_url=spec_url(name) if effects else "",
        header=[_("原因"), _("时期"), _("原来"), _("现在"), _("使预测变动")],
        rows=rows,
    )


def moved(value: float, unit: str | None) -> str:
    """A change with its sign and two decimals, since news are small beside the figure that they move; a rate in points.

    >>> moved(-0.256, "post"), moved(0.00015, "ratio")
    ('−0.26', '+0.015')
    """
    return (f"{value * 100:+,.3f}" if unit == "ratio" else f"{value:+,.2f}").replace("-", "−")


def _was(snapshot: Snapshot, effect: Effect) -> list[str]:
    """Period, what was expected or published of a release before, and its figure now, in the release's own unit."""
    released = snapshot.series.get(effect.release) if effect.release else None
    if released is None or effect.period is None:
        return ["", "", ""]
    return [month_text(effect.period), *("" if v is None else figure(v, released.unit) for v in (effect.before, effect.after))]


def _compared(snapshot: Snapshot, table: pl.DataFrame, series: Series) -> str:
    if table.is_empty() or series.unit == "ratio":
        return ""
    told = compare_en if is_english() else compare_zh
    return told(table, series.unique_id, name=_named(snapshot), when=month_text)


def _named(snapshot: Snapshot) -> Any:
    lang = "en" if is_english() else "zh"
    return lambda uid: snapshot.series[uid].title(lang) if uid in snapshot.series else uid
