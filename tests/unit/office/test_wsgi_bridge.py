"""The bridge from ASGI to WSGI: headers, bodies, addresses, and an application that streams or breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from leye.office.serving import wsgi_bridge
from leye.office.serving.wsgi_bridge import WsgiBridge, environ_of

SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "client": ("10.0.0.7", 5), "server": ("127.0.0.1", 80)}


def ask(application: Any, bodies: list[bytes] | None = None, **scope: Any) -> list[dict[str, Any]]:
    """All messages that a browser would get."""
    sent: list[dict[str, Any]] = []
    parts = bodies or [b""]

    async def run() -> None:
        left = list(parts)

        async def receive() -> dict[str, Any]:
            body = left.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(left)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await WsgiBridge(application, threads=1)(SCOPE | scope, receive, send)

    asyncio.run(run())
    return sent


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    yield environ["wsgi.input"].read()
    yield b"!"


def test_a_body_in_pieces_goes_in_whole_and_comes_out_in_pieces() -> None:
    start, *bodies = ask(echo, [b"one ", b"two"])
    assert start["status"] == 201
    assert [v for n, v in start["headers"] if n == b"set-cookie"] == [b"a=1", b"b=2"]
    assert b"".join(b["body"] for b in bodies) == b"one two!"
    assert [b.get("more_body", False) for b in bodies] == [True, True, False]


def test_an_answer_without_body_is_an_answer() -> None:
    def nothing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("204 No Content", [])
        return []

    assert [m["type"] for m in ask(nothing)] == ["http.response.start", "http.response.body"]


def test_close_is_called_even_when_the_application_breaks() -> None:
    closed: list[bool] = []

    class Broken:
        def __iter__(self) -> Any:
            raise ZeroDivisionError

        def close(self) -> None:
            closed.append(True)

    with pytest.raises(ZeroDivisionError):
        ask(lambda environ, start_response: Broken())
    assert closed == [True]


def test_a_body_over_the_limit_is_refused_before_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi_bridge, "BODY_LIMIT", 3)
    assert ask(echo, [b"ab", b"cd"])[0]["status"] == 413


HEADERS = [
    ([(b"x-a", b"1"), (b"x-a", b"2")], "HTTP_X_A", "1,2", "twice becomes a list"),
    ([(b"cookie", b"a=1"), (b"cookie", b"b=2")], "HTTP_COOKIE", "a=1; b=2", "cookies are joined by semicolons"),
    ([(b"content-type", b"text/csv")], "CONTENT_TYPE", "text/csv", "without the prefix"),
    ([(b"content-length", b"99")], "CONTENT_LENGTH", "0", "the length is that of the body, whatever the client says"),
    ([(b"x_forwarded_proto", b"https")], "HTTP_X_FORWARDED_PROTO", None, "no underscore may pose as a proxy's header"),
]


@pytest.mark.parametrize(("headers", "key", "value", "why"), HEADERS, ids=[h[-1] for h in HEADERS])
def test_headers(headers: list[tuple[bytes, bytes]], key: str, value: str | None, why: str) -> None:
    assert environ_of(SCOPE | {"headers": headers}, b"").get(key) == value


def test_a_quoted_address_arrives_as_wsgi_wants_it() -> None:
    environ = environ_of(SCOPE | {"path": "/series/岗/x", "raw_path": b"/series/%E5%B2%97%2Fx", "query_string": b"q=%20"}, b"")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/series/岗/x"
    assert (environ["QUERY_STRING"], environ["REMOTE_ADDR"]) == ("q=%20", "10.0.0.7")
