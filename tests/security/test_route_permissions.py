"""Every address of the product, one by one: the right role gets in, others do not, strangers are asked for their login."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from leye.office.accounts.roles import Role
from leye.office.permissions import OPEN_FOLDERS, OPEN_PAGES, PERMISSIONS, can, is_open_path

SAMPLE = {"uuid": str(uuid.UUID(int=7)), "int": "1", "path": "postings/440605/H/all/all", "str": "x", "slug": "x"}


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(route, view) of every address."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


def address(route: str) -> str:
    """A route with something in its holes."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLE[m[1] or "str"], route)


def operations() -> Iterator[tuple[str, str, Any]]:
    """(method, address, operation) of the API."""
    from leye.api.root import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                full = re.sub(r"\{(?:(\w+):)?\w+\}", r"<\1:x>", f"/api{prefix}{path}").replace("<:x>", "<str:x>")
                for method in operation.methods:
                    yield method, address(full.lstrip("/")), operation


PAGES = [(route, view) for route, view in routes() if getattr(view, "__module__", "") != "ninja.operation"]
OPERATIONS = list(operations())


@pytest.mark.parametrize(("route", "view"), PAGES, ids=[p[0] or "(front)" for p in PAGES])
def test_every_page_names_its_permission(route: str, view: Any) -> None:
    if route == "api/":  # the root of the API answers nobody
        return
    permission = getattr(view, "permission", None)
    assert permission is not None, "mark the view with @needs(…) or @is_open"
    assert permission == "open" or permission in PERMISSIONS
    assert (permission == "open") == is_open_path(address(route)), "open views live at open addresses and nowhere else"


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS])
def test_every_operation_names_its_permission(method: str, path: str, operation: Any) -> None:
    if path.startswith("/api/public/"):
        assert operation.auth_param is None
        return
    assert [getattr(check, "permission", None) in PERMISSIONS for check in operation.auth_callbacks] == [True]


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "view"), PAGES, ids=[p[0] or "(front)" for p in PAGES])
def test_pages_by_role(route: str, view: Any, client: Client, signed_in: Callable[..., Client]) -> None:
    path, permission = address(route), getattr(view, "permission", None)
    stranger = client.get(path)
    if permission == "open":
        assert stranger.status_code < 500
        assert "/login?next=" not in stranger.get("Location", "")
    elif path.startswith("/api/"):
        assert stranger.status_code == 401
    else:
        assert (stranger.status_code, stranger.get("Location", "").split("=")[0]) == (302, "/login?next")
    for role in Role:
        answer = signed_in(role).get(path)
        if permission == "open" or (permission and role in PERMISSIONS[permission]):
            assert answer.status_code in {200, 302, 304, 404, 405}, f"{role} should get in"
        else:
            assert answer.status_code in {403, 404}, f"{role} should not get in"


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[f"{m} {p}" for m, p, _ in OPERATIONS])
def test_operations_by_role(method: str, path: str, operation: Any, client: Client, signed_in: Callable[..., Client]) -> None:
    if path.startswith("/api/public/"):  # no such thing by that name, nothing was sent: never a question of who asks
        assert client.generic(method, path).status_code in {200, 404, 422}
        return
    permission = operation.auth_callbacks[0].permission
    stranger = client.generic(method, path, "not json", "application/json")
    assert stranger.status_code == 401, "a stranger learns nothing of what would have been wrong"
    assert stranger["Content-Type"] == "application/problem+json"
    for role in Role:
        answer = signed_in(role).generic(method, path, "not json", "application/json")
        expected = {200, 400, 404, 409, 422} if role in PERMISSIONS[permission] else {403}
        assert answer.status_code in expected, f"{role}: {answer.status_code}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nix", "/cockpit/x/y", "/api/", "/api/nix", "/alerts/../x"])
def test_strangers_are_asked_before_anything_is_looked_up(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == (401 if path.startswith("/api/") else 302)


@pytest.mark.django_db
def test_a_write_of_a_stranger_comes_back_to_the_front_not_to_the_write(client: Client) -> None:
    assert client.post("/cockpit")["Location"] == "/login?next=/"
    assert client.get("/cockpit?a=1&b=2")["Location"] == "/login?next=/cockpit%3Fa%3D1%26b%3D2"


@pytest.mark.django_db
def test_htmx_is_sent_to_the_login_as_a_whole(client: Client) -> None:
    answer = client.get("/cockpit", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login?next=/cockpit")


def test_the_table_knows_only_roles_and_denies_what_it_does_not_know() -> None:
    class Person:
        is_authenticated = is_active = True
        role = "analyst"

    class Left(Person):
        is_active = False

    assert all(roles <= set(Role) and roles for roles in PERMISSIONS.values())
    assert can(Person(), "cockpit.view")
    assert not can(Person(), "nix.view")
    assert not can(Left(), "cockpit.view")
    assert not can(object(), "cockpit.view")


def test_open_addresses_are_those_of_the_design() -> None:
    assert set(OPEN_FOLDERS) == {"/jobs", "/policies", "/courses", "/algorithms", "/insight", "/verify", "/static", "/api/public"}
    assert {"/", "/login", "/help", "/accessibility", "/privacy", "/healthz", "/api/openapi.json"} <= OPEN_PAGES
    assert not is_open_path("/jobsearch")
    assert not is_open_path("/policies../cockpit")


@pytest.mark.parametrize("page", [Path("docs/reference/permissions.md")])
def test_the_reference_page_shows_the_same_table(page: Path) -> None:
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| ([a-z, ]+) \|", text, re.M))
    assert {name: sorted(roles.split(", ")) for name, roles in rows.items()} == {p: sorted(r) for p, r in PERMISSIONS.items()}
