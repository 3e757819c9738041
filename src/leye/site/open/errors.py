"""403 as a page, for refusals that Django itself raises."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from leye.kernel.errors import NotAllowed
from leye.office.web.errors import page_of


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """handler403."""
    return page_of(
        request,
        NotAllowed(
            "这一页不归您看",
            en="this page is not yours to see",
            remedy_zh="请找管理员开通，或回到首页",
            remedy_en="ask the administrator, or go to the front page",
        ),
    )
