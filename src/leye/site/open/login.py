"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leye.office.accounts.demo import ACCOUNTS, PASSWORD
from leye.office.accounts.login import inside, sign_in
from leye.office.accounts.roles import ROLE_EN
from leye.office.permissions import is_open, needs
from leye.site.page import page
from leye.site.words import pick


@is_open
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """`/login`: the same answer for an unknown name and a wrong password."""
    next_url = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        return _form(request, next_url)
    username = request.POST.get("username", "")
    done = sign_in(request, username, request.POST.get("password", ""), next_url=next_url)
    if done.user is not None:
        return HttpResponseRedirect(done.go_to)
    if done.wait_s:
        return _form(request, next_url, username, _("试了太多次，请过 %(n)s 秒再试") % {"n": done.wait_s}, status=429)
    return _form(request, next_url, username, _("用户名或密码不对，请再试一次"), status=400)


@needs("account.self")
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """`/logout`; language and large type stay."""
    logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


def _form(request: HttpRequest, next_url: str, username: str = "", error: str = "", *, status: int = 200) -> HttpResponse:
    next_url = inside(request, next_url) if next_url else ""
    return page(request, "login.html", status=status, next=next_url, username=username, error=error, demo=_demo_logins())


def _demo_logins() -> list[tuple[str, str, str]]:
    if settings.LEYE_MODE == "production":
        return []
    return [(pick(str(role.label), ROLE_EN[role]), name, PASSWORD) for role, name, *_rest in ACCOUNTS]
