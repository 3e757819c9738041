"""Shapes of answers that several operations share."""

from __future__ import annotations

from datetime import date
from typing import Any, Generic, TypeVar

from ninja import Field, Schema

T = TypeVar("T")


class Page(Schema, Generic[T]):
    """A slice of a list: `total` counts the whole list."""

    items: list[T]
    total: int
    limit: int
    offset: int


class Paging(Schema):
    """Which slice."""

    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class Problem(Schema):
    """RFC 9457 problem details, titles in Chinese, English beside."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    title_en: str
    detail_en: str


class Point(Schema):
    """One observed value; `y` null is missing."""

    ds: date
    y: float | None


def page(rows: list[Any], paging: Paging) -> dict[str, Any]:
    """Cut a list to its slice."""
    return {"items": rows[paging.offset : paging.offset + paging.limit], "total": len(rows), "limit": paging.limit, "offset": paging.offset}


def answers(model: Any, *problems: int) -> dict[Any, Any]:
    """Response map: the model for 200, a problem for 401, 403, 422 and what else is named."""
    return {200: model, frozenset({401, 403, 422, *problems}): Problem}
