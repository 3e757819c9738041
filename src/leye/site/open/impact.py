"""AI 影响, open to everybody: the aggregate of the city, with its ranges and sources."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import is_open
from leye.site.analyst.impact import cells_csv, shared_context
from leye.site.page import page


@is_open
@require_safe
def insight(request: HttpRequest) -> HttpResponse:
    """`/insight/impact?by=region|industry|occupation|grp`"""
    return page(request, "impact/insight.html", **shared_context(request))


@is_open
@require_safe
def insight_csv(request: HttpRequest) -> HttpResponse:
    """The cells of the page."""
    return cells_csv(request, "impact-insight.csv")
