"""`/api/docs`: the API's description as one plain page, without scripts, made from the same schema as `/api/openapi.json`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_safe

from leye.api.root import api
from leye.office.permissions import is_open


@is_open
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its address, what it does and what it needs."""
    return HttpResponse(_page())


@lru_cache(maxsize=1)
def _page() -> str:
    schema = api.get_openapi_schema(path_prefix="/api/")
    operations = [(method.upper(), path, it) for path, item in schema["paths"].items() for method, it in item.items()]
    rows = format_html_join("", "<tr><td>{} <code>{}</code></td><td>{}<br>{}</td><td>{}</td></tr>", (_row(*operation) for operation in operations))
    return format_html(
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>乐业接口 · Leye API</title></head><body><main><h1>乐业接口 · Leye API {}</h1><p>{}</p>"
        '<p><a href="/api/openapi.json">openapi.json</a> · <a href="/">首页 Home</a></p>'
        "<table><caption>全部操作 · All operations</caption><thead><tr><th>地址 Address</th><th>内容 What</th><th>回答 Answers</th></tr></thead>"
        "<tbody>{}</tbody></table></main></body></html>",
        schema["info"]["version"],
        schema["info"]["description"],
        rows,
    )


def _row(method: str, path: str, operation: dict[str, Any]) -> tuple[str, str, str, str, str]:
    return method, path, operation["summary"], operation.get("description", ""), " ".join(str(code) for code in operation["responses"])
