"""驾驶舱: what changed, why, and what to do, in ten seconds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from leye.office.alerts.queries import counts, visible_alerts
from leye.office.clock import now
from leye.office.entitlements.headline import relief_of
from leye.office.monitoring.cube import worst
from leye.office.monitoring.questions import question_of
from leye.office.monitoring.response import response_to
from leye.office.permissions import needs
from leye.office.published import Series, Snapshot, published_snapshot
from leye.office.reports.findings import Finding, earlier_alarms, findings
from leye.office.reports.surprise import Surprise, surprises
from leye.site import monitoring_words
from leye.site.addresses import series_url
from leye.site.analyst.cube import address
from leye.site.charts.contributions import next_month_terms, sentence
from leye.site.charts.figures import fan_figure
from leye.site.csv_answer import csv_answer
from leye.site.desk.advice import advice_context
from leye.site.page import page
from leye.site.words import is_english

SURPRISES_SHOWN = 10  # chosen by us: what fits beside the cells
CELLS_SHOWN = 5  # chosen by us: the rest is one click away


@needs("cockpit.view")
@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    """`/cockpit`; to htmx only the findings, when a lamp changed."""
    snapshot = published_snapshot()
    if snapshot is None:
        return page(request, "cockpit.html", snapshot=None)
    found = findings(snapshot)
    context = {"findings": found, "waiting": counts(request.user), "alert_urls": _alert_urls(request, found), "snapshot": snapshot}
    if request.headers.get("HX-Request"):
        return page(request, "cockpit/_findings.html", **context)
    return page(request, "cockpit.html", **context, relief=relief_of(snapshot), now=now(), mw=monitoring_words, **_rest(request, snapshot, found))


@needs("cockpit.view")
@require_safe
def cockpit_csv(request: HttpRequest) -> HttpResponse:
    """Every series with its newest value and how surprising it is."""
    snapshot = published_snapshot()
    header = ["run_id", "unique_id", "title_zh", "month", "observed", "earlier_forecast", "origin", "deviation_sd"]
    if snapshot is None:
        return csv_answer("cockpit.csv", header, [])
    rows = [(snapshot.run_id, s.series.unique_id, s.series.title_zh, s.ds, s.y, s.mean, s.origin, round(s.z, 3)) for s in ranked(snapshot)]
    return csv_answer(f"cockpit-{snapshot.run_id}.csv", header, rows)


def ranked(snapshot: Snapshot) -> list[Surprise]:
    """All surprises, largest first."""
    return sorted(surprises(snapshot).values(), key=lambda s: (-abs(s.z), s.series.unique_id))


def lead_series(snapshot: Snapshot, found: list[Finding]) -> Series | None:
    """The series of the chart: the first finding's; without findings the root of the postings, else the first root."""
    if found:
        return found[0].series
    roots = [s for s in snapshot.series.values() if not s.parent]
    return next((s for s in roots if s.indicator == "postings"), roots[0] if roots else None)


def _rest(request: HttpRequest, snapshot: Snapshot, found: list[Finding]) -> dict[str, Any]:
    lead = lead_series(snapshot, found)
    lang = "en" if is_english() else "zh"
    caption = found[0].text(lang) if found else _("%(title)s没有异常变化") % {"title": lead.title(lang) if lead else ""}
    by_place = [s for s in ranked(snapshot) if s.series.industry not in (None, "all")] or ranked(snapshot)
    return {
        "headline": ngettext("这个月有 %(n)s 件变化要看", "这个月有 %(n)s 件变化要看", len(found)) % {"n": len(found)}
        if found
        else _("这个月没有异常变化"),
        "earlier": [] if found else earlier_alarms(snapshot),
        "lead": lead,
        "figure": fan_figure(request, snapshot, lead, caption) if lead else None,
        "why": next_month_terms(snapshot, lead.unique_id) if lead else [],
        "sentence": sentence,
        "response": response_to(request.user, [f.series.unique_id for f in found]),  # type: ignore[arg-type]
        "cells": worst(snapshot, CELLS_SHOWN),
        "cell_address": lambda cell: address(question_of(cell)),
        "surprises": by_place[:SURPRISES_SHOWN],
        **advice_context(snapshot, [f.series.unique_id for f in found]),
    }


def _alert_urls(request: HttpRequest, found: list[Finding]) -> dict[str, str]:
    """Series to the page of its newest alert, where the desk has taken it up."""
    ids = [f.series.unique_id for f in found]
    rows = visible_alerts(request.user).filter(unique_id__in=ids).order_by("ds").values_list("unique_id", "id")
    return {uid: f"/alerts/{alert}" for uid, alert in rows}


__all__ = ["cockpit", "cockpit_csv", "lead_series", "ranked", "series_url"]
