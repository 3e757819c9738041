"""ASGI in front, WSGI behind: one request is read whole, handled in a thread of its own, and sent piece by piece.

asgiref's own bridge runs every request on one shared thread; here a slow download keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

THREADS = 6  # chosen by us: pages hold the interpreter lock, so more threads only help slow readers and database waits
BODY_LIMIT = 64 * 1024 * 1024  # chosen by us: the largest department file we were shown has 20 MB


class WsgiBridge:
    """Serves a WSGI application as an ASGI one."""

    def __init__(self, application: Wsgi, *, threads: int = THREADS) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        body = await read_body(receive)
        if body is None:
            await send({"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
            await send({"type": "http.response.body", "body": "文件太大 (too large)".encode()})
            return
        loop = asyncio.get_running_loop()

        async def pushed(message: dict[str, Any]) -> None:
            await send(message)  # granian's send is awaitable, but no coroutine

        def push(message: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(pushed(message), loop).result()

        await loop.run_in_executor(self.pool, self._answer, environ_of(scope, body), push)

    def _answer(self, environ: Environ, push: Callable[[dict[str, Any]], None]) -> None:
        started: list[dict[str, Any]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            started[:] = [{"type": "http.response.start", "status": int(status.split(" ", 1)[0]), "headers": raw}]

        parts = self.application(environ, start_response)
        try:
            for part in parts:
                if started:
                    push(started.pop())
                push({"type": "http.response.body", "body": part, "more_body": True})
            if started:
                push(started.pop())
            push({"type": "http.response.body", "body": b""})
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()


async def read_body(receive: Receive) -> bytes | None:
    """The request's body; None when it is larger than the limit."""
    chunks, size = [], 0
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > BODY_LIMIT:
            return None
        if not message.get("more_body", False) or message["type"] == "http.disconnect":
            return b"".join(chunks)


def environ_of(scope: Scope, body: bytes) -> Environ:
    """The WSGI environment of an ASGI scope. A header sent twice is joined by commas, cookies by semicolons (RFC 9110 §5.3, RFC 9113 §8.2.3)."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    raw_path = scope.get("raw_path") or scope["path"].encode("utf-8")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path.split(b"?", 1)[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:  # X_Forwarded_Proto would read as X-Forwarded-Proto below: never let a client write a proxy's header
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
