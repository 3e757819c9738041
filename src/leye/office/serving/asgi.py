"""The application that granian serves: ten lines of dispatch."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leye.office.settings")

from django.core.wsgi import get_wsgi_application

from leye.office.serving.wsgi_bridge import Receive, Scope, Send, WsgiBridge

_pages = WsgiBridge(get_wsgi_application())

from leye.office.embedded import refuse_demo_accounts  # noqa: E402 - Django must be set up first
from leye.office.serving.events import serve_events  # noqa: E402

refuse_demo_accounts()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """`/events` is a stream; lifespan says yes to everything; the rest are pages."""
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "http" and scope["path"] == "/events" and scope["method"] == "GET":
        await serve_events(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
