"""公平审计: the sealed report of each quarter, its tables and files, and the button that makes a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import CheckFailed, LeyeError
from leye.office.clock import now
from leye.office.decisions.receipts import receipt_of
from leye.office.fairness import keep
from leye.office.fairness.actions import ask_for_report
from leye.office.fairness.compose import compose, headline
from leye.office.fairness.models import FairnessReport
from leye.office.fairness.orders import quarters_with_orders
from leye.office.fairness.queries import Kept, newest_reports, parse_quarter, report_of, versions_of
from leye.office.jobs.models import JobRun
from leye.office.permissions import can, needs, not_found
from leye.office.registry.texts import card_texts
from leye.office.reports.keep import FORMATS, kept_file
from leye.office.reports.pdf_file import has_chromium
from leye.site.charts.fairness import pictures_of
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import page, refusal, say

JOBS_SHOWN = 3


@needs("fairness.view")
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """`/fairness`: one report a quarter, newest first, and what is being made."""
    return page(request, "fairness/list.html", **_list(request))


@needs("fairness.make")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Have the report of a quarter made."""
    try:
        ask_for_report(parse_quarter(request.POST.get("quarter", "")), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "fairness/list.html", **_list(request))
    say(request, _("排上队了，做好以后这里会有一份新的报告"))
    return HttpResponseRedirect(reverse("fairness"))


@needs("fairness.view")
@require_safe
def report(request: HttpRequest, quarter: str) -> HttpResponse:
    """`/fairness/2025Q3`, an older version with `?version=` and the beginning of its hash."""
    kept = report_of(quarter, request.GET.get("version", "")[:64])
    return page(
        request,
        "fairness/detail.html",
        report=_composed(kept),
        row=kept.row,
        versions=versions_of(quarter),
        tables=keep.TABLES,
        pictures=pictures_of(kept),
        has_pdf=has_chromium(settings.CHROMIUM),
    )


@needs("fairness.view")
@require_safe
def report_table(request: HttpRequest, quarter: str, table: str) -> HttpResponse:
    """One of the report's tables as CSV."""
    if table not in keep.TABLES:
        raise not_found()
    rows = keep.rows_of(report_of(quarter, request.GET.get("version", "")[:64]).body, table)
    columns = keep.columns_of(rows)
    return csv_answer(f"fairness-{quarter}-{table}.csv", columns, ([r[c] for c in columns] for r in rows))


@needs("fairness.view")
@require_safe
def report_file(request: HttpRequest, quarter: str, ending: str) -> HttpResponse:
    """The report as Word file or PDF, its sealed figures as JSON, or the receipt that proves when it was sealed."""
    kept = report_of(quarter, request.GET.get("version", "")[:64])
    made, kind = _made(request, kept, ending)
    return file_answer(made, f"leye-fairness-{quarter}.{ending}", kind)


def _made(request: HttpRequest, kept: Kept, ending: str) -> tuple[bytes | str, str]:
    data = Path(settings.LEYE_DATA)
    if ending == "json":
        return keep.read_text(data, kept.row.quarter, kept.row.sha256), "application/json; charset=utf-8"
    if ending == "tlog-proof":
        return receipt_of(str(kept.row.sealed_id)), "text/plain; charset=utf-8"
    home, site = keep.folder(data, kept.row.quarter, kept.row.sha256), request.build_absolute_uri("/").rstrip("/")
    with translation.override("zh-hans"):
        return kept_file(home, ending, lambda: _composed(kept), site=site, pictures=pictures_of(kept)), FORMATS[ending]


def _composed(kept: Kept) -> Any:
    return compose(kept, name=card_texts(kept.row.algo).name_zh)


def _list(request: HttpRequest) -> dict[str, Any]:
    rows = newest_reports()
    return {
        "rows": [(row, _headline(row)) for row in rows],
        "quarters": [str(q) for q in quarters_with_orders(Path(settings.LEYE_DATA))],
        "jobs": list(JobRun.objects.filter(kind="fairness").select_related("by").order_by("-asked_at")[:JOBS_SHOWN]),
        "may_make": can(request.user, "fairness.make"),
        "may_audit_matches": can(request.user, "matches.audit"),
        "has_pdf": has_chromium(settings.CHROMIUM),
    }


def _headline(row: FairnessReport) -> str:
    """The finding; a report whose file was changed says so instead of hiding the list."""
    try:
        return headline(report_of(row.quarter, row.sha256).body)
    except CheckFailed as error:
        return error.zh
