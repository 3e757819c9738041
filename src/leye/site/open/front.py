"""The front page: what this is, for strangers; where to go, for people who signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from leye.office.permissions import is_open
from leye.site.page import page


@is_open
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`"""
    return page(request, "front.html")
