"""The gate: a stranger gets the login before anything is looked up; a view without a mark answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from leye.kernel.errors import NotAllowed
from leye.office.permissions import is_open_path, require
from leye.office.web.errors import page_of, problem


class Gate:
    """Before routing: login or open address. After routing: the view's permission."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask strangers for their login, whatever they asked for."""
        if is_open_path(request.path_info) or request.user.is_authenticated:
            return self.get_response(request)
        return ask_for_login(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse | None:
        """Ask the table. The API's operations ask it themselves, one by one, because one address holds several."""
        permission = getattr(view, "permission", None)
        if permission is None and _asks_itself(view):
            return None
        if permission == "open":
            if not is_open_path(request.path_info):
                raise Http404("open view outside the open addresses")
            return None
        if permission is None:
            raise Http404("a view without a permission answers nobody")
        try:
            require(request.user, permission)
        except NotAllowed as error:  # Django hands errors of this hook to nobody
            return page_of(request, error)
        return None


def ask_for_login(request: HttpRequest) -> HttpResponse:
    """A redirect for browsers (told to htmx in its header), 401 for programs."""
    if request.path_info.startswith("/api/"):
        return problem(401, "E_LOGIN", "请先登录", en="sign in first", remedy_zh="先在 /login 登录", remedy_en="sign in at /login")
    back = request.get_full_path() if request.method == "GET" else "/"
    address = f"{settings.LOGIN_URL}?next={quote(back, safe='/')}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _asks_itself(view: Callable[..., Any]) -> bool:
    return getattr(view, "__module__", "") == "ninja.operation"
