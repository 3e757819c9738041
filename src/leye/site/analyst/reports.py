"""决策报告: the report of a run as a page, as Word file, as PDF."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from leye.office.permissions import needs
from leye.office.published import Snapshot, published_snapshot, snapshot_of
from leye.office.reports import queries
from leye.office.reports.compose import compose
from leye.office.reports.content import Paragraph, Picture, Report, Table
from leye.office.reports.keep import FORMATS, report_file
from leye.office.reports.models import Kind
from leye.office.reports.pdf_file import has_chromium
from leye.site import report_words
from leye.site.charts import store
from leye.site.charts.figures import draw_fan
from leye.site.file_answer import file_answer
from leye.site.page import page

RUNS_SHOWN = 30
ISSUES_SHOWN = 20


@needs("reports.view")
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """`/reports`: the bulletins' issues, and one report a run, newest first."""
    snapshot = published_snapshot()
    return page(request, "reports/list.html", snapshot=snapshot, **list_context(request))


def list_context(request: HttpRequest) -> dict[str, Any]:
    """What the list shows: issues of bulletins by kind, and the runs with a report each."""
    snapshot = published_snapshot()
    runs = list(reversed(snapshot.lake.runs()))[:RUNS_SHOWN] if snapshot else []
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    shown = Paginator(queries.issues(request.user, kind=kind), ISSUES_SHOWN).get_page(request.GET.get("page"))
    return {"runs": runs, "kind": kind, "kinds": Kind.values, "shown": shown, "has_pdf": has_chromium(settings.CHROMIUM), "rw": report_words}


@needs("reports.view")
@require_safe
def report(request: HttpRequest, run_id: str) -> HttpResponse:
    """`/reports/<run_id>`"""
    snapshot = snapshot_of(run_id)
    made = compose(snapshot)
    return page(
        request,
        "reports/detail.html",
        snapshot=snapshot,
        report=made,
        pictures=pictures_of(snapshot, made),
        kinds=_kinds(),
        has_pdf=has_chromium(settings.CHROMIUM),
    )


@needs("reports.view")
@require_safe
def report_download(request: HttpRequest, run_id: str, ending: str) -> HttpResponse:
    """`/reports/<run_id>.docx`, `.pdf`"""
    snapshot = snapshot_of(run_id)
    site = request.build_absolute_uri("/").rstrip("/")
    with translation.override("zh-hans"):
        made = report_file(snapshot, ending, site=site, pictures=pictures_of(snapshot, compose(snapshot)))
    return file_answer(made, f"leye-{run_id}.{ending}", FORMATS[ending])


def pictures_of(snapshot: Snapshot, made: Report) -> dict[str, str]:
    """unique_id to SVG, drawn in the report's language and normal type whatever the reader's page looks like: the report is one text for all."""
    found: dict[str, str] = {}
    for picture in made.pictures():
        name = store.Name(snapshot.run_id, "fan", picture.unique_id, made.lang, False)
        series = snapshot.get(picture.unique_id)
        with translation.override("en" if made.lang == "en" else "zh-hans"):
            found[picture.unique_id] = store.drawn(settings.LEYE_DATA, name, lambda width, s=series, n=name: draw_fan(snapshot, s, n, width))  # type: ignore[misc]
    return found


def _kinds() -> dict[str, Any]:
    return {"paragraph": Paragraph, "table": Table, "picture": Picture}
