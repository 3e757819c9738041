"""Errors as answers: problem details (RFC 9457) for programs, a page with the next step for people."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from leye.kernel.errors import BadInput, CheckFailed, Conflict, LeyeError, NotAllowed, NotFound

log = logging.getLogger("leye.web")

STATUS: list[tuple[type[LeyeError], int]] = [
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (CheckFailed, 422),
    (BadInput, 400),
    (LeyeError, 500),
]


def status_of(error: LeyeError) -> int:
    """HTTP status of an error of the house."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def problem(status: int, code: str, zh: str, *, en: str = "", remedy_zh: str = "", remedy_en: str = "", **more: object) -> JsonResponse:
    """RFC 9457: type, title (Chinese), status, detail (the remedy), and ours beside: code, title_en, detail_en."""
    body = {
        "type": f"urn:leye:{code}",
        "title": zh,
        "status": status,
        "detail": remedy_zh,
        "code": code,
        "title_en": en,
        "detail_en": remedy_en or remedy_zh,
    }
    return JsonResponse(body | more, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})


def problem_of(error: LeyeError) -> JsonResponse:
    """The same from an error of the house."""
    places = {"places": [place.as_dict() for place in error.places]} if error.places else {}
    return problem(status_of(error), error.code, error.zh, en=error.en, remedy_zh=error.remedy_zh, remedy_en=error.remedy_en, **places)


class ErrorPages:
    """A LeyeError out of a view becomes its status and the page `error.html` (code, title, remedy), or a problem under /api."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing on the way in."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only errors meant for people; anything else goes on to Django's 404 and 500."""
        return page_of(request, error) if isinstance(error, LeyeError) else None


def page_of(request: HttpRequest, error: LeyeError) -> HttpResponse:
    """The error's page, or its problem for a program."""
    if request.path_info.startswith("/api/"):
        return problem_of(error)
    return error_page(request, status_of(error), error)


def error_page(request: HttpRequest, status: int, error: LeyeError) -> HttpResponse:
    """`error.html` with `status` and `error`; on an htmx request the fragment `_error.html`."""
    template = "_error.html" if request.headers.get("HX-Request") else "error.html"
    return render(request, template, {"status": status, "error": error}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from this site, or whose page lay open too long."""
    log.warning("csrf.refused path=%s", request.path_info)
    error = NotAllowed(
        "这个表单放得太久了，没存上",
        en="this form has expired and was not saved",
        remedy_zh="回到上一页刷新后再交一次",
        remedy_en="go back, reload, and send again",
        code="E_CSRF",
    )
    return page_of(request, error)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """handler404."""
    return page_of(
        request,
        NotFound("没有这个页面", en="no such page", remedy_zh="请检查地址，或回到首页", remedy_en="check the address, or go to the front page"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: says that it is our fault and what to do; the traceback is in the log. Needs no template when templates are what broke."""
    error = LeyeError(
        "这边出错了，没有做成",
        en="something broke on our side",
        remedy_zh="稍后再试；还不行请告诉管理员",
        remedy_en="try again later",
        code="E_INTERNAL",
    )
    try:
        return page_of(request, error)
    except Exception:
        log.exception("error_page.broken path=%s", request.path_info)
        way_back = '<p><a href="/">回到首页</a></p>'
        body = f'<!doctype html><html lang="zh-Hans"><title>{error.zh}</title><h1>{error.zh}</h1><p>{error.remedy_zh}</p>{way_back}</html>'
        return HttpResponse(body, status=500)


__all__ = ["ErrorPages", "Http404", "csrf_failure", "error_page", "not_found", "page_of", "problem", "problem_of", "server_error", "status_of"]
