"""Server-sent events: the outbox by cursor, to those who may hear it. One reader for all streams; the cursor is the event's id."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest

from leye.office.accounts.models import User
from leye.office.outbox.models import OutboxEvent
from leye.office.permissions import can
from leye.office.serving.wsgi_bridge import Receive, Scope, Send

POLL_S = 1.0  # chosen by us: a lamp may be a second late
COMMENT_S = 15.0  # platform notes: keeps proxies from closing the stream
RECHECK_S = 60.0  # chosen by us: who signed out or was switched off hears nothing after a minute
BATCH = 200

Event = dict[str, Any]
_FIELDS = ("id", "name", "payload", "permission", "region")


async def serve_events(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer `/events`: 401 for strangers, 403 without the permission, else the stream until the browser leaves."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    user = await _in_thread(_user_of)(headers.get("cookie", ""))
    if user is None or not can(user, "events.stream"):
        await _refuse(send, 401 if user is None else 403)
        return
    cursor = await _start(headers.get("last-event-id", ""))
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    gone = asyncio.ensure_future(_wait_for_leaving(receive))
    try:
        await _stream(user, headers.get("cookie", ""), cursor, send, gone)
    finally:
        gone.cancel()


async def _stream(user: User, cookie: str, cursor: int, send: Send, gone: asyncio.Future[None]) -> None:
    await _write(send, f"retry: 3000\n: cursor {cursor}\n\n")
    quiet, since_check = 0.0, 0.0
    while not gone.done():
        events = await FEED.after(cursor)
        lines = [sse(event) for event in events if may_hear(user, event)]
        cursor = events[-1]["id"] if events else cursor
        if lines or quiet >= COMMENT_S:
            await _write(send, "".join(lines) or ": still here\n\n")
            quiet = 0.0
        if len(events) == BATCH:
            continue
        await asyncio.wait([gone], timeout=POLL_S)
        quiet, since_check = quiet + POLL_S, since_check + POLL_S
        if since_check >= RECHECK_S:
            since_check = 0.0
            if await _in_thread(_user_of)(cookie) is None:
                return
    return


def sse(event: Event) -> str:
    """One event in the form of the EventSource standard; the data is one line of JSON."""
    return f"id: {event['id']}\nevent: {event['name']}\ndata: {json.dumps(event['payload'], ensure_ascii=False)}\n\n"


def may_hear(user: User, event: Event) -> bool:
    """Events carry the permission they ask for, and a district when they belong to one."""
    if not event["permission"] or not can(user, event["permission"]):
        return False
    return not user.region or not event["region"] or event["region"] == user.region


class Feed:
    """Reads new rows once for all streams. `window` holds every event after `floor`; a cursor before it is answered from the table."""

    def __init__(self, read: Callable[[int], Awaitable[list[Event]]], newest: Callable[[], Awaitable[int]]) -> None:
        self.read, self.newest, self.lock = read, newest, asyncio.Lock()
        self.window: list[Event] = []
        self.floor, self.read_at = -1, float("-inf")

    async def after(self, cursor: int) -> list[Event]:
        """Events with a larger id, oldest first, at most a batch."""
        async with self.lock:
            await self._refresh()
            if cursor < self.floor:
                return await self.read(cursor)
            return [event for event in self.window if event["id"] > cursor][:BATCH]

    async def _refresh(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self.read_at < POLL_S / 2:
            return
        if self.floor < 0:
            self.floor = await self.newest()
        self.window += await self.read(self.window[-1]["id"] if self.window else self.floor)
        if len(self.window) > 2 * BATCH:
            self.floor = self.window[-BATCH - 1]["id"]
            self.window = self.window[-BATCH:]
        self.read_at = now


def _read(cursor: int) -> list[Event]:
    return list(OutboxEvent.objects.filter(id__gt=cursor).order_by("id").values(*_FIELDS)[:BATCH])


def _newest() -> int:
    return OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _user_of(cookie: str) -> User | None:
    """The signed-in user of a cookie header, by Django's own session and its hash check."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(cookie)
    except CookieError:
        return None
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return None
    request = HttpRequest()
    request.session = SessionStore(morsel.value)
    if SESSION_KEY not in request.session:
        return None
    user = get_user(request)
    return user if isinstance(user, User) else None


def _in_thread(work: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    def tidy(*args: Any) -> Any:
        close_old_connections()
        return work(*args)

    return sync_to_async(tidy, thread_sensitive=True)


async def _start(last_event_id: str) -> int:
    """Where the browser stopped, or from now on."""
    return int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else int(await _in_thread(_newest)())


async def _wait_for_leaving(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"private, no-store"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": "请先登录\n".encode() if status == 401 else "这一步不在您的职责里\n".encode()})


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'"),
]

FEED = Feed(_in_thread(_read), _in_thread(_newest))
