"""Pages of words: help, accessibility, privacy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import is_open
from leye.site.page import page


@is_open
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """`/help`"""
    return page(request, "texts/help.html")


@is_open
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """`/accessibility`"""
    return page(request, "texts/accessibility.html")


@is_open
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """`/privacy`"""
    return page(request, "texts/privacy.html")
