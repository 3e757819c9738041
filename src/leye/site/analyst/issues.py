"""周报、季报: an issue as a page, its numbers with their sources, Word and PDF, made by one person and published by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leye.kernel.errors import LeyeError, NotFound
from leye.office.clock import now
from leye.office.permissions import needs
from leye.office.published import snapshot_of
from leye.office.reports import actions, queries
from leye.office.reports.content import Report
from leye.office.reports.keep import FORMATS, issue_file
from leye.office.reports.models import Issue
from leye.office.reports.pdf_file import has_chromium
from leye.site import report_words
from leye.site.analyst.reports import list_context, pictures_of
from leye.site.csv_answer import csv_answer
from leye.site.file_answer import file_answer
from leye.site.page import page, refusal, say
from leye.site.words import is_english

NUMBERS_SHOWN = 100


@needs("reports.make")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make the issue of a kind over the published run, as a draft."""
    try:
        made = actions.draft(request.POST.get("kind", ""), acting_user=request.user, at=now())
    except LeyeError as error:
        return refusal(request, error, "reports/list.html", **list_context(request))
    say(request, _("写好了一份草案。请另一位分析员来看、来发布。"))
    return HttpResponseRedirect(reverse("issue", args=[made.pk]))


@needs("reports.view")
@require_safe
def issues_csv(request: HttpRequest) -> HttpResponse:
    """All issues as a table."""
    return csv_answer("reports.csv", queries.LIST_HEADER, queries.list_rows(list(queries.issues(request.user))))


@needs("reports.view")
@require_safe
def issue(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """`/reports/issues/<id>`: the text in the page's language, and what can be done with it."""
    return page(request, "reports/issue.html", **_context(request, queries.issue_called(request.user, issue_id)))


@needs("reports.view")
@require_safe
def numbers(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """`/reports/issues/<id>/numbers`: every number with the table, the rows and the column that it was read from."""
    found = queries.issue_called(request.user, issue_id)
    rows = queries.number_rows(queries.report_in(found, _lang()))
    shown = Paginator(rows, len(rows) if request.GET.get("all") else NUMBERS_SHOWN).get_page(request.GET.get("page"))
    return page(request, "reports/numbers.html", issue=found, shown=shown, rw=report_words)


@needs("reports.view")
@require_safe
def numbers_csv(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """The same as a table."""
    found = queries.issue_called(request.user, issue_id)
    name = f"report-numbers-{found.kind}-{found.number}.csv"
    return csv_answer(name, queries.NUMBERS_HEADER, queries.number_rows(queries.report_in(found, _lang())))


@needs("reports.view")
@require_safe
def issue_file_answer(request: HttpRequest, issue_id: str, ending: str) -> HttpResponse:
    """`/reports/issues/<id>.docx`, `.pdf`; `?lang=en` for English on a Chinese page."""
    found = queries.issue_called(request.user, UUID(issue_id))
    report = queries.report_in(found, request.GET.get("lang", _lang()))
    site = request.build_absolute_uri("/").rstrip("/")
    with translation.override("en" if report.lang == "en" else "zh-hans"):
        made = issue_file(found, report, ending, site=site, pictures=_pictures(found, report))
    return file_answer(made, f"leye-{found.kind}-{found.number}-{report.lang}.{ending}", FORMATS[ending])


@needs("reports.publish")
@require_POST
def publish(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Publish as the second person."""
    return _step(request, issue_id, lambda: actions.publish(issue_id, acting_user=request.user, at=now()), _("发布了，已经留痕。"))


@needs("reports.make")
@require_POST
def withdraw(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Take it back, with the reason."""
    reason = request.POST.get("reason", "")
    return _step(request, issue_id, lambda: actions.withdraw(issue_id, reason=reason, acting_user=request.user, at=now()), _("撤回了。"))


def _step(request: HttpRequest, issue_id: UUID, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except NotFound:
        raise
    except LeyeError as error:
        return refusal(request, error, "reports/issue.html", **_context(request, queries.issue_called(request.user, issue_id)))
    say(request, done)
    return HttpResponseRedirect(reverse("issue", args=[issue_id]))


def _context(request: HttpRequest, found: Issue) -> dict[str, Any]:
    report = queries.report_in(found, _lang())
    return {
        "issue": found, "report": report, "pictures": _pictures(found, report), "steps": queries.next_steps(request.user, found),
        "is_own": found.made_by_id == request.user.pk, "has_pdf": has_chromium(settings.CHROMIUM), "rw": report_words,
        "numbers_at": reverse("issue-numbers", args=[found.pk]) + "?all=1",
    }  # fmt: skip


def _pictures(found: Issue, report: Report) -> dict[str, str]:
    """None when the run was swept away: the text stays, its pictures are drawn from the run."""
    try:
        return pictures_of(snapshot_of(found.run_id), report)
    except NotFound:
        return {}


def _lang() -> str:
    return "en" if is_english() else "zh"
