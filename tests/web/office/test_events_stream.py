"""Server-sent events: who hears what, from where, and what a stranger gets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from leye.office.accounts.roles import Role
from leye.office.outbox.journal import emit
from leye.office.serving import events
from leye.office.serving.events import BATCH, Feed, may_hear, sse

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)


def person(role: str, region: str = "") -> Any:
    return SimpleNamespace(role=role, region=region, is_authenticated=True, is_active=True)


def event(number: int = 1, permission: str = "alerts.view", region: str = "") -> dict[str, Any]:
    return {"id": number, "name": "alert.opened", "payload": {"alert_id": "x"}, "permission": permission, "region": region}


HEARS = [
    ("analyst", "", "440605", True, "the city's analyst hears every district"),
    ("counsellor", "440605", "440605", True, "one's own district"),
    ("counsellor", "440606", "440605", False, "another district"),
    ("counsellor", "440606", "", True, "what concerns all"),
    ("seeker", "", "", False, "no desk"),
]


@pytest.mark.parametrize(("role", "home", "region", "hears", "why"), HEARS, ids=[h[-1] for h in HEARS])
def test_who_hears(role: str, home: str, region: str, hears: bool, why: str) -> None:
    assert may_hear(person(role, home), event(region=region)) is hears


def test_an_event_without_permission_is_for_no_browser() -> None:
    assert not any(may_hear(person(role), event(permission="")) for role in Role)


def test_the_form_of_an_event() -> None:
    assert sse(event(7)) == 'id: 7\nevent: alert.opened\ndata: {"alert_id": "x"}\n\n'
    assert sse(event() | {"payload": {"text": "一\n二"}}).count("\n") == 4, "a line break in the data stays inside it"


def feed_of(table: list[dict[str, Any]], reads: list[int]) -> Feed:
    async def read(cursor: int) -> list[dict[str, Any]]:
        reads.append(cursor)
        return [e for e in table if e["id"] > cursor][:BATCH]

    async def newest() -> int:
        return table[-1]["id"] if table else 0

    return Feed(read, newest)


def test_many_streams_cost_one_reading() -> None:
    table, reads = [event(i) for i in range(1, 6)], []

    async def listen() -> None:
        feed = feed_of(table, reads)
        assert await feed.after(5) == []
        table.append(event(6))
        feed.read_at = float("-inf")
        heard = await asyncio.gather(*(feed.after(5) for _ in range(50)))
        assert all([e["id"] for e in h] == [6] for h in heard)

    asyncio.run(listen())
    assert reads == [5, 5], "once at the start, once for the new event"


@pytest.mark.parametrize("cursor", [0, 3, 399, 700, 1000, 1003])
def test_nothing_is_skipped_wherever_a_stream_begins(cursor: int) -> None:
    table, reads = [event(i) for i in range(1, 1001)], []

    async def listen() -> list[int]:
        feed, heard, at = feed_of(table, reads), [], cursor
        await feed.after(1000)
        for _ in range(20):
            if table[-1]["id"] < 1700:
                table.extend(event(table[-1]["id"] + 1) for _ in range(70))
            feed.read_at = float("-inf")
            new = [e["id"] for e in await feed.after(at)]
            heard += new
            at = new[-1] if new else at
        return heard

    assert asyncio.run(listen()) == list(range(cursor + 1, 1701))


class Browser:
    """An ASGI client that leaves after some pieces of the answer."""

    def __init__(self, cookie: str, last_event_id: str = "", leave_after: int = 2) -> None:
        headers = [(b"cookie", cookie.encode()), (b"last-event-id", last_event_id.encode())]
        self.scope = {"type": "http", "path": "/events", "method": "GET", "headers": headers}
        self.sent: list[dict[str, Any]] = []
        self.leave_after, self.gone = leave_after, asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if sum(m["type"] == "http.response.body" for m in self.sent) >= self.leave_after:
            self.gone.set()

    @property
    def text(self) -> str:
        return b"".join(m.get("body", b"") for m in self.sent).decode()


def listen(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(events, "POLL_S", 0.01)
    monkeypatch.setattr(events, "FEED", Feed(events._in_thread(events._read), events._in_thread(events._newest)))

    async def stream() -> None:
        await asyncio.wait_for(events.serve_events(browser.scope, browser.receive, browser.send), 10)

    async_to_sync(stream)()
    return browser


def cookie_of(client: Any) -> str:
    return f"sessionid={client.cookies['sessionid'].value}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cookie", ["", "sessionid=nix", "sessionid=", "a=b; sessionid=\x01", "===;;;"])
def test_strangers_are_refused(cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = listen(Browser(cookie), monkeypatch)
    assert browser.sent[0]["status"] == 401
    assert (b"cache-control", b"private, no-store") in browser.sent[0]["headers"]


@pytest.mark.django_db(transaction=True)
def test_a_role_without_the_permission_is_refused(signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert listen(Browser(cookie_of(signed_in("seeker"))), monkeypatch).sent[0]["status"] == 403


@pytest.mark.django_db(transaction=True)
def test_the_stream_goes_on_from_the_last_event_heard(signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    with transaction.atomic():
        one, two, three = (emit("alert.opened", permission="alerts.view", region=r, at=AT, n=i) for i, r in enumerate(["", "440605", "440606"]))
    browser = listen(Browser(cookie_of(signed_in("counsellor", region="440606")), str(one.pk)), monkeypatch)
    assert browser.sent[0]["status"] == 200
    assert dict(browser.sent[0]["headers"])[b"content-type"].startswith(b"text/event-stream")
    assert f"id: {three.pk}\n" in browser.text
    assert f"id: {one.pk}\n" not in browser.text, "heard before"
    assert f"id: {two.pk}\n" not in browser.text, "another district's"
