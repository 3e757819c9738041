"""What moved the forecasts since the run before."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current

router = Router(tags=["series"])


class Effect(Schema):
    """One effect on the next forecast of a series: those of a series sum to `after - before`.

    `release` is the series whose figure came or changed.
    """

    unique_id: str
    ds: date
    kind: str
    release: str | None
    period: date | None
    expected: float | None
    actual: float | None
    value: float
    before: float
    after: float


class NewsFilter(Paging):
    """One series, or all."""

    unique_id: str = Field("", max_length=200)


@router.get("/news", response=answers(Page[Effect], 404), auth=Needs("series.view"), summary="预测为什么变 · what moved the forecasts")
def news(request: HttpRequest, asked: Query[NewsFilter]) -> dict[str, object]:
    """Effects by series, of the published run against the run that it names in its manifest as `news_of`; none on a first run."""
    snapshot = current()
    if asked.unique_id:
        snapshot.get(asked.unique_id)
    table = snapshot.frame("news")
    found = table if not (table.width and asked.unique_id) else table.filter(pl.col("unique_id") == asked.unique_id)
    return page(found.to_dicts(), asked)
