"""Language and large type, both from a cookie, so that they survive login and logout. Chinese unless somebody switched."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

YEAR_S = 365 * 24 * 3600


class Preferences:
    """Sets `request.LANGUAGE_CODE` (zh-hans, en) and `request.is_elder`. The browser's Accept-Language decides nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        language = chosen_language(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        request.is_elder = request.COOKIES.get(settings.ELDER_COOKIE_NAME) == "1"  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh-hans" else language)
        return response


def chosen_language(request: HttpRequest) -> str:
    """The cookie's language when it is one of ours, else Chinese."""
    asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def remember(response: HttpResponse, *, language: str | None = None, is_elder: bool | None = None) -> HttpResponse:
    """Write the cookies for a year. Unknown languages are ignored."""
    kept = {"max_age": YEAR_S, "httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, str(language), **kept)
    if is_elder is not None:
        response.set_cookie(settings.ELDER_COOKIE_NAME, "1" if is_elder else "0", **kept)
    return response
