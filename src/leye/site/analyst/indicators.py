"""指标库: every series with its newest figure and whether it was revised; one series with what each publication made of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leye.lake.observations import KEY
from leye.office.indicators import queries
from leye.office.indicators.queries import Indicator
from leye.office.permissions import needs
from leye.office.published import published_snapshot
from leye.site.addresses import indicator_url
from leye.site.charts import store
from leye.site.charts.figures import Figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page
from leye.site.words import day_text, figure, instant_text, is_english, unit_word

PER_PAGE = 50
PERIODS_SHOWN = 60
"""Periods on the page; the CSV holds all. # chosen by us: five years of months"""
LIST_HEADER = [*KEY, "unit", "first_period", "period_start", "value", "quality", "vintage_ts", "periods", "withdrawn", "revised"]
HEADER = ["key", "period_start", "first_value", "first_vintage", "value", "vintage_ts", "change", "days", "versions"]


@needs("indicators.view")
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """`/indicators`: filter by words, fifty a page."""
    found = queries.indicators(published_snapshot())
    text = request.GET.get("q", "").strip()
    matching = [i for i in found if all(w in f"{i.title_zh} {i.title_en} {i.text}".casefold() for w in text.casefold().split())]
    shown = Paginator(matching, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "indicators/index.html", shown=shown, text=text, is_empty=not found)


@needs("indicators.view")
@require_safe
def indicators_csv(request: HttpRequest) -> HttpResponse:
    """All series as a table."""
    rows = [[*i.key, *(i.line[c] for c in LIST_HEADER[len(KEY) :])] for i in queries.indicators(published_snapshot())]
    return csv_answer("indicators.csv", LIST_HEADER, rows)


@needs("indicators.view")
@require_safe
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """`/indicators/<key>`: history, revisions as chart and table."""
    found = queries.indicator_called(key, published_snapshot())
    rows = queries.revisions(found.key).head(PERIODS_SHOWN).to_dicts()
    return page(request, "indicators/detail.html", indicator=found, rows=rows, figure_shown=_figure(request, found, rows), periods=PERIODS_SHOWN)


@needs("indicators.view")
@require_safe
def indicator_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Every period of one series with its first and its newest figure."""
    found = queries.indicator_called(key, published_snapshot())
    rows = queries.revisions(found.key).sort("period_start").select(HEADER[1:]).rows()
    return csv_answer("indicator.csv", HEADER, [(found.text, *row) for row in rows])


@needs("indicators.view")
@require_safe
def indicator_chart(request: HttpRequest, key: str) -> HttpResponse:
    """The definition of the chart that was drawn on the page of the series."""
    found = queries.indicator_called(key, published_snapshot())
    lang, elder = "en" if request.GET.get("lang") == "en" else "zh", request.GET.get("elder") == "1"
    return HttpResponse(store.spec_text(settings.LEYE_DATA, _name(found, lang, elder)), content_type="application/json")


def _figure(request: HttpRequest, found: Indicator, rows: list[dict[str, Any]]) -> Figure | None:
    valued = [r for r in rows if r["value"] is not None]
    if not valued:
        return None
    lang, elder = "en" if is_english() else "zh", bool(getattr(request, "is_elder", False))
    svg = store.drawn(settings.LEYE_DATA, _name(found, lang, elder), lambda width: _draw(found, rows, lang, elder, width))
    revised = sum(1 for r in rows if r["versions"] > 1)
    finding = _("%(title)s：近%(n)s期里有%(revised)s期修订过") % {"title": found.title(lang), "n": len(rows), "revised": revised}
    table = [[day_text(r["period_start"]), figure(r["first_value"], found.unit), figure(r["value"], found.unit)] for r in rows[:12]]
    address = indicator_url(found.text, chart=True, lang=lang, **({"elder": "1"} if elder else {}))
    header = [_("时期"), _("第一次公布"), _("现在的数")]
    note = _("公布到 %(at)s") % {"at": instant_text(found.line["newest_vintage"])}
    return Figure(finding, mark_safe(svg), address, header, table, note)  # noqa: S308 - drawn by us


def _draw(found: Indicator, rows: list[dict[str, Any]], lang: str, elder: bool, width: int | str) -> Any:
    from leye.site.charts.revised import revised

    scale = 100.0 if found.unit == "ratio" else 1.0
    points = [
        (r["period_start"], *(None if r[c] is None else r[c] * scale for c in ("first_value", "value"))) for r in reversed(rows)
    ]  # fmt: skip
    return revised(points, title=unit_word(found.unit), lang=lang, elder=elder, width=width)


def _name(found: Indicator, lang: str, elder: bool) -> store.Name:
    return store.Name(queries.state_name(), "revised", found.text, lang, elder)
