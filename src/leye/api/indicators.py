"""The indicator store: its series, and one series with its revisions or as it was known at an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import answers
from leye.office.indicators import queries
from leye.office.published import published_snapshot

router = Router(tags=["indicators"])
Rows = list[dict[str, Any]]
MAY = Needs("indicators.view")


class Key(Schema):
    """A series by its key: eight parts joined by slashes."""

    key: str = Field(..., max_length=400)


class KnownAt(Key):
    """The same, with an instant that carries a zone."""

    at: datetime


@router.get("/indicators", response=answers(Rows), auth=MAY, summary="指标库里的序列 · series of the indicator store")
def list_indicators(request: HttpRequest) -> Rows:
    """Every series with its newest figure, its source, when it was published and how many periods were revised."""
    return [{"key": i.text, "title_zh": i.title_zh, "title_en": i.title_en, **i.line} for i in queries.indicators(published_snapshot())]


@router.get(
    "/indicators/revisions",
    response=answers(Rows, 400, 404),
    auth=MAY,
    summary="一个序列的修订 · revisions of a series",
)
def list_revisions(request: HttpRequest, asked: Query[Key]) -> Rows:
    """First figure, newest figure, change and days between, newest period first."""
    return queries.revisions(queries.key_of(asked.key)).to_dicts()


@router.get(
    "/indicators/as-of",
    response=answers(Rows, 400, 404),
    auth=MAY,
    summary="当时所知的序列 · a series as it was known",
)
def known_at(request: HttpRequest, asked: Query[KnownAt]) -> Rows:
    """The series as it was known at an instant."""
    found = queries.as_of(asked.at, key=queries.key_of(asked.key))
    return found.select("period_start", "value", "vintage_ts", "quality").to_dicts()
