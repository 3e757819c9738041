"""What every answer carries, whoever asks and whatever comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from leye.office.web.headers import content_policy

pytestmark = pytest.mark.django_db
PATHS = ["/", "/login", "/cockpit", "/nix", "/healthz", "/api/openapi.json", "/api/session", "/api/nix", "/alerts", "/help"]


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


@pytest.mark.parametrize("role", [None, "analyst", "seeker"])
@pytest.mark.parametrize("path", PATHS)
def test_headers_of_every_answer(path: str, role: str | None, client: Client, signed_in: Callable[..., Client]) -> None:
    answer = (signed_in(role) if role else client).get(path)
    policy = directives(answer["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["object-src"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'self'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert "HX-Request" in answer["Vary"]


def test_referrers_stay_inside(client: Client) -> None:
    assert client.get("/login")["Referrer-Policy"] == "same-origin"


def test_static_files_carry_them_too_and_may_be_kept(client: Client) -> None:
    answer = client.get("/static/django_htmx/htmx-2.min.js")
    if answer.status_code == 404:
        answer = client.get("/static/nix.js")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in answer
    assert "no-store" not in answer.get("Cache-Control", "")
    answer.close()


def test_a_split_push_address_is_allowed_and_nothing_else() -> None:
    assert directives(content_policy("https://push.example:8443/events"))["connect-src"] == ["'self'", "https://push.example:8443"]
    assert directives(content_policy("/events"))["connect-src"] == ["'self'"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client) -> None:
    client.get("/login")
    answer = client.post("/preferences", {"language": "en", "elder": "1", "next": "/"})
    for cookie in (*client.cookies.values(), *answer.cookies.values()):
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in {"Lax", "Strict"}, cookie.key


@pytest.mark.parametrize("path", ["/login", "/logout", "/preferences"])
def test_forms_need_the_token(path: str, signed_in: Callable[..., Client]) -> None:
    assert signed_in("analyst", csrf=True).post(path, {}).status_code == 403


def test_a_forged_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_fault_shows_no_inside(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from leye.api import health

    def broken() -> None:
        raise ZeroDivisionError("secret")

    client.raise_request_exception = False
    monkeypatch.setattr(health.connection, "cursor", broken)
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode() and "Traceback" not in answer.content.decode()
    assert "稍后再试" in answer.content.decode()
