"""Series: the list with its filters, and one series with all that is known of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, Point, answers, page
from leye.api.snapshot import current

router = Router(tags=["series"])


class SeriesKey(Schema):
    """What a series counts, where and of whom; `calm_direction` says which side is bad."""

    unique_id: str
    parent: str | None
    indicator: str | None
    region: str | None
    industry: str | None
    occupation: str | None
    grp: str | None
    unit: str | None
    title_zh: str
    title_en: str
    calm_direction: str


class SeriesFilter(Paging):
    """Any of these; `q` looks into titles and ids."""

    indicator: str = Field("", max_length=60)
    region: str = Field("", max_length=6)
    industry: str = Field("", max_length=6)
    occupation: str = Field("", max_length=10)
    grp: str = Field("", max_length=40)
    parent: str = Field("", max_length=200)
    q: str = Field("", max_length=60)


class Band(Schema):
    """One period ahead, with its two intervals."""

    ds: date
    mean: float | None
    lo_80: float | None
    hi_80: float | None
    lo_95: float | None
    hi_95: float | None


class SeriesDetail(Schema):
    """Everything about one series, all from one run."""

    run_id: str
    on: str
    key: SeriesKey
    children: list[str]
    history: list[Point]
    forecast: list[Band]
    model: dict[str, Any]
    contributions: list[dict[str, Any]]
    backtest: list[dict[str, Any]]
    alerts: list[dict[str, Any]]


@router.get("/series", response=answers(Page[SeriesKey], 404), auth=Needs("series.view"), summary="序列目录 · list of series")
def series_list(request: HttpRequest, asked: Query[SeriesFilter]) -> dict[str, object]:
    """Series of the published run in the order of the panel's keys."""
    wanted = {k: v for k in ("indicator", "region", "industry", "occupation", "grp", "parent") if (v := getattr(asked, k))}
    found = [s for s in current().series.values() if all(getattr(s, k) == v for k, v in wanted.items()) and _mentions(s, asked.q)]
    return page(found, asked)


@router.get("/series/{path:unique_id}", response=answers(SeriesDetail, 404), auth=Needs("series.view"), summary="一个序列 · one series")
def series(request: HttpRequest, unique_id: str = Path(..., max_length=200)) -> dict[str, object]:
    """History, forecast with intervals, contributions, back-test record and alarms."""
    snapshot = current()
    key = snapshot.get(unique_id)
    return {
        "run_id": snapshot.run_id,
        "on": snapshot.run.on,
        "key": key,
        "children": snapshot.children.get(unique_id, []),
        "history": [{"ds": ds, "y": y} for ds, y in snapshot.history.get(unique_id, [])],
        "forecast": [{k.replace("-", "_"): v for k, v in row.items()} for row in snapshot.of_series("forecast", unique_id)],
        "model": snapshot.models.get(unique_id, {}),
        "contributions": snapshot.of_series("contributions", unique_id),
        "backtest": snapshot.of_series("backtest", unique_id),
        "alerts": [a for a in snapshot.alerts if a["unique_id"] == unique_id],
    }


def _mentions(key: Any, text: str) -> bool:
    return not text or text.casefold() in f"{key.unique_id}\n{key.title_zh}\n{key.title_en}".casefold()
