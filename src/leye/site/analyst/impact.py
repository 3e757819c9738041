"""AI 影响: exposure and index by region, trade, occupation or group, the change split into its three effects, and the assumptions behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.impact.adoption import Assumed, adoption_pack
from leye.impact.ai_ads import wilson
from leye.impact.exposure import Exposure, exposure_of
from leye.impact.sources import sources
from leye.impact.tasks import examples_of
from leye.kernel.codes import occupations
from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.impact import actions, refusals
from leye.office.impact.index import City, Row, city_of
from leye.office.impact.models import AdoptionRow
from leye.office.permissions import can, needs
from leye.office.published import Snapshot, published_snapshot
from leye.site import impact_words, monitoring_words
from leye.site.charts.impact import change_figure
from leye.site.csv_answer import csv_answer
from leye.site.page import page, refusal, say
from leye.watch.cube import ALL, AXES

MOST_FOUND = 8
CSV = (
    "run_id", "month", *AXES, "hidden", "n", "exposure_low", "exposure_mid", "exposure_high", "exposure_ilo", "exposure_gpts", "exposure_aioe",
    "index_low", "index_mid", "index_high", "covered", "spread",
)  # fmt: skip


@needs("impact.view")
@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """`/impact?by=region|industry|occupation|grp&region=…&q=…`"""
    return page(request, "impact/index.html", **_context(request))


@needs("impact.view")
@require_safe
def impact_csv(request: HttpRequest) -> HttpResponse:
    """The cells of the page."""
    return cells_csv(request, "impact.csv")


@needs("impact.edit")
@require_POST
def adoption(request: HttpRequest) -> HttpResponse:
    """Replace one assumption, with the reason."""
    form = request.POST
    try:
        shares = [_percent(form.get(k, ""), k) for k in ("low", "mid", "high")]
        day = _day(form.get("on", ""))
        actions.set_adoption(form.get("section", ""), day, Assumed(*shares), reason=form.get("reason", ""), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "impact/index.html", typed=form, **_context(request))
    say(request, _("假设改好了，指数已按新的假设重算。"))
    return HttpResponseRedirect(reverse("impact") + "#adoption")


def cells_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One axis inside a region, as a download; a hidden cell has no figures."""
    snapshot = published_snapshot()
    if snapshot is None:
        return csv_answer(name, CSV, [])
    by, within = asked_of(request)
    city = city_of(snapshot)
    return csv_answer(name, CSV, (csv_row(snapshot, city, r) for r in city.along(by, within)))


def csv_row(snapshot: Snapshot, city: City, row: Row) -> list[Any]:
    """A cell in the order of CSV."""
    head = [snapshot.run_id, city.month, *row.cell, row.is_hidden]
    if row.index is None:
        return [*head, *[None] * (len(CSV) - len(head))]
    e, i = row.index.exposure, row.index.index
    by = [round(e.by_source[s.id], 4) for s in sources()]
    return [*head, row.index.n, *(round(v, 4) for v in (e.low, e.mid, e.high)), *by, *(round(v, 4) for v in (i.low, i.mid, i.high)),
            round(row.index.covered, 4), round(row.index.spread, 4)]  # fmt: skip


def asked_of(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Axis opened and region held; what does not exist is left out."""
    by = asked if (asked := request.GET.get("by", "")) in AXES else "industry"
    region = request.GET.get("region", "")
    return by, {"region": region} if region and region != ALL and by != "region" else {}


def shared_context(request: HttpRequest) -> dict[str, Any]:
    """What the analyst's page and the open one both show."""
    snapshot = published_snapshot()
    by, within = asked_of(request)
    context: dict[str, Any] = {"snapshot": snapshot, "by": by, "within": within, "sources": sources(), "iw": impact_words, "mw": monitoring_words}
    if snapshot is None:
        return context
    city = city_of(snapshot)
    rows = city.along(by, within)
    told = city.change(within.get("region", ALL))
    whole = city.of((within.get("region", ALL), ALL, ALL, ALL))
    regions = sorted({c[0] for c in city.shown} - {ALL})
    return context | {
        "rows": rows, "whole": whole.index, "regions": regions, "month": city.month, "hidden": sum(r.index is None for r in rows), "told": told,
        "figure": change_figure(request, snapshot.run_id, told) if told else None, "pack": adoption_pack(),
    }  # fmt: skip


def _context(request: HttpRequest) -> dict[str, Any]:
    context = shared_context(request)
    context |= {"q": request.GET.get("q", "")[:40], "found": _found(request.GET.get("q", "")[:40]), "may_edit": can(request.user, "impact.edit")}
    snapshot = context["snapshot"]
    if snapshot is None:
        return context
    city = city_of(snapshot)
    day = date.fromisoformat(snapshot.run.on)
    ads = {r["industry"]: r for r in snapshot.rows("impact_ads")}
    context["adopted"] = [(s, city.adoption.at(s, day), ads.get(s), _interval(ads.get(s))) for s in sorted(city.adoption.rows)]
    context["changed"] = list(AdoptionRow.objects.select_related("by").order_by("-at")[:10])
    context["day"] = day
    return context


def _interval(ads: dict[str, Any] | None) -> tuple[float, float] | None:
    return wilson(ads["naming"], ads["ads"]) if ads else None


def _found(text: str) -> list[tuple[str, Exposure, Any]]:
    """Occupations whose code or name holds the words: (name, exposure, examples)."""
    asked = text.strip().replace("-", "")
    if not asked:
        return []
    known = [o for o in occupations().values() if o.level == 4 and (asked in o.name or o.code.startswith(asked))]
    return [(o.name, exposure_of(o.code), examples_of(o.code)) for o in sorted(known, key=lambda o: (len(o.name), o.code))[:MOST_FOUND]]


def _percent(text: str, field: str) -> float:
    try:
        return float(text) / 100
    except ValueError as error:
        raise refusals.bad_field(field, f"“{text[:20]}”不是数字", f"{text[:20]!r} is no number") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refusals.bad_field("日期", f"“{text[:20]}”不是日期，写成 2025-09-01", f"{text[:20]!r} is no day") from error
