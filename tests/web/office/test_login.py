"""Signing in: alike for everybody, slower for guessers, never out of the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from leye.office.accounts import login
from leye.office.accounts.demo import PASSWORD, make_demo_accounts
from leye.office.accounts.models import LoginTry, User
from leye.office.accounts.roles import Role
from leye.office.outbox.models import AuditEntry

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
SECRET = "a-long-password-1"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Now, as a list of one that tests move."""
    held = [AT]
    monkeypatch.setattr(login, "now", lambda: held[0])
    return held


def ask(client: Client, username: str, password: str, next_url: str = "") -> Any:
    return client.post("/login", {"username": username, "password": password, "next": next_url})


def test_an_unknown_name_and_a_wrong_password_answer_alike(client: Client, user_of: Callable[..., Any]) -> None:
    user_of("analyst", "lin", password=SECRET)
    one, two = ask(client, "lin", "wrong"), ask(client, "nobody", "wrong")

    def seen(answer: Any) -> str:
        return answer.content.decode().replace("nobody", "lin").split("csrfmiddlewaretoken")[0]

    assert one.status_code == two.status_code != 302
    assert seen(one) == seen(two)


def test_hashing_is_done_for_unknown_names_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth import hashers

    seen: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: seen.append(raw))
    ask(client, "nobody", "wrong")
    assert seen == ["wrong"], "without it the answer's time tells who exists"
    assert hashers.get_hasher().algorithm


def test_signing_in_makes_a_new_session_and_an_audit_entry(client: Client, user_of: Callable[..., Any]) -> None:
    user = user_of("analyst", "lin", password=SECRET)
    client.get("/login")
    before = client.session.session_key
    answer = ask(client, "lin", SECRET, "/cockpit")
    assert (answer.status_code, answer["Location"]) == (302, "/cockpit")
    assert client.session.session_key != before
    assert AuditEntry.objects.get(verb="account.signed_in").by == user


OUTSIDE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "evil",
    "\thttps://evil.example",
]


@pytest.mark.parametrize("url", OUTSIDE)
def test_next_never_leads_outside(url: str) -> None:
    assert login.inside(RequestFactory().get("/login"), url) == "/"


def test_after_ten_tries_the_right_password_has_to_wait_too(client: Client, user_of: Callable[..., Any], clock: list[datetime]) -> None:
    user_of("analyst", "lin", password=SECRET)
    for _ in range(10):
        assert ask(client, "lin", "wrong").status_code != 429
    assert ask(client, "lin", SECRET).status_code != 302
    request = RequestFactory().post("/login", REMOTE_ADDR="127.0.0.1")
    assert login.sign_in(request, "lin", SECRET).wait_s == 2
    clock[0] += timedelta(seconds=3)
    assert ask(client, "lin", SECRET).status_code == 302
    assert not LoginTry.objects.filter(at=AT).count() > 10, "the pair's tries are forgotten after a success"


def test_the_wait_doubles_and_is_bounded(clock: list[datetime]) -> None:
    request = RequestFactory().post("/login", REMOTE_ADDR="10.0.0.1")
    waits = []
    for _ in range(24):
        while (answer := login.sign_in(request, "lin", "wrong")).wait_s:
            waits.append(answer.wait_s)
            clock[0] += timedelta(seconds=answer.wait_s)
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == login.LONGEST_WAIT_S


def test_another_address_is_not_slowed_by_a_strangers_guesses(client: Client, user_of: Callable[..., Any], clock: list[datetime]) -> None:
    user_of("analyst", "lin", password=SECRET)
    for _ in range(12):
        ask(client, "lin", "wrong")
    answer = client.post("/login", {"username": "lin", "password": SECRET}, REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 302


def test_names_of_tries_are_not_kept_in_clear(client: Client) -> None:
    ask(client, "lin", "wrong")
    assert all("lin" not in key and len(key) == 64 for key in LoginTry.objects.values_list("key", flat=True))


def test_one_demo_login_for_each_of_nine_roles(client: Client) -> None:
    logins = make_demo_accounts()
    assert [x.role for x in logins] == list(Role.values)
    assert make_demo_accounts() == logins
    assert User.objects.count() == 11
    assert User.objects.get(username="auditor").mandate == "职工代表"
    assert ask(client, "seeker", PASSWORD).status_code == 302


def test_demo_accounts_do_not_exist_in_production(client: Client, settings: Any) -> None:
    make_demo_accounts()
    client.force_login(User.objects.get(username="analyst"))
    assert client.get("/cockpit").status_code != 302
    settings.LEYE_MODE = "production"
    assert client.get("/cockpit").status_code == 302, "an old session of theirs ends"
    assert ask(Client(), "analyst", PASSWORD).status_code != 302
