"""Signing in: the same answer and the same work for an unknown name and a wrong password; slower after ten tries; `next` stays inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from leye.office.accounts.models import LoginTry, User
from leye.office.clock import now
from leye.office.outbox.journal import audit

FREE_TRIES = 10  # platform notes: slow down after ten
LONGEST_WAIT_S = 900  # chosen by us: slows a guesser to 100 tries a day, and a forgetful person to a coffee
WINDOW = timedelta(hours=24)


class Backend(ModelBackend):
    """Users by name and password, asked again at each request. Demo accounts do not exist in production."""

    def user_can_authenticate(self, user: User) -> bool:
        """Active, and no demo account in production."""
        return super().user_can_authenticate(user) and not (user.is_demo and settings.LEYE_MODE == "production")


@dataclass(frozen=True, slots=True)
class SignIn:
    """What came of it. `wait_s` > 0: too many tries, come back then. `go_to` is always inside the site."""

    user: User | None
    wait_s: int
    go_to: str


def sign_in(request: HttpRequest, username: str, password: str, *, next_url: str = "") -> SignIn:
    """Try to sign in; on success the session is new. Never says whether the name exists."""
    at, keys = now(), _keys(request, username)
    wait = max(_wait_s(key, at, free) for key, free in keys)
    if wait > 0:
        return SignIn(None, wait, "")
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        LoginTry.objects.bulk_create(LoginTry(key=key, at=at) for key, _ in keys)
        return SignIn(None, 0, "")
    with transaction.atomic():
        LoginTry.objects.filter(key=keys[0][0]).delete()
        audit("account.signed_in", on=user, by=user, at=at)
    login(request, user)
    return SignIn(user, 0, inside(request, next_url))


def inside(request: HttpRequest, url: str) -> str:
    """The address when it lies inside this site, else the front page: no open redirect."""
    is_inside = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if is_inside and url.startswith("/") else settings.LOGIN_REDIRECT_URL


def _keys(request: HttpRequest, username: str) -> list[tuple[str, int]]:
    """(name and address, ten free tries) and (name from anywhere, a hundred): a stranger cannot cheaply lock somebody out."""
    name, address = username.strip().casefold()[:200], request.META.get("REMOTE_ADDR", "")
    digest = [salted_hmac("leye.login", text, algorithm="sha256").hexdigest() for text in (f"{name}\n{address}", name)]
    return [(digest[0], FREE_TRIES), (digest[1], FREE_TRIES * 10)]


def _wait_s(key: str, at: datetime, free: int) -> int:
    """Seconds still to wait: doubling with every try over the free ones, counted from the last try."""
    tries = list(LoginTry.objects.filter(key=key, at__gt=at - WINDOW).order_by("-at").values_list("at", flat=True)[: free + 11])
    if len(tries) < free:
        return 0
    pause = min(LONGEST_WAIT_S, 2 ** (len(tries) - free + 1))
    return max(0, round(pause - (at - tries[0]).total_seconds()))
