"""The record of forecasts over HTTP: the same rows as the page and the download."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current
from leye.office.forecasts import queries

router = Router(tags=["forecasts"])
MAY = Needs("forecasts.audit")


class RecordRow(Schema):
    """One slice. group: indicator or all · h: periods ahead, 0 for all · origin: null for all · the rest as docs/reference/forecast.md says."""

    kind: str
    model: str
    group: str
    h: int
    origin: date | None
    points: int
    series: int
    origins: int
    mase: float | None
    bias: float | None
    skill_naive: float | None
    skill_of_mix: float | None
    below_80: float | None
    above_80: float | None
    winkler_80: float | None
    coverage_80: float | None
    coverage_80_lo: float | None
    coverage_80_hi: float | None
    coverage_95: float | None
    coverage_95_lo: float | None
    coverage_95_hi: float | None


class RecordFilter(Paging):
    """kind: published or backtest."""

    kind: str = Field("", max_length=20)
    model: str = Field("", max_length=40)
    group: str = Field("", max_length=60)
    h: int | None = Field(None, ge=0, le=1000)


@router.get("/forecasts/record", response=answers(Page[RecordRow], 400, 404), auth=MAY, summary="回测记录 · what forecasts came to")
def forecast_record(request: HttpRequest, asked: Query[RecordFilter]) -> dict[str, object]:
    """Slices of the record of the published run; empty for a run from before the record was kept."""
    frame = queries.record_table(current(), kind=asked.kind)
    wanted: dict[str, Any] = {k: v for k in ("model", "group") if (v := getattr(asked, k))}
    if asked.h is not None:
        wanted["h"] = asked.h
    return page(frame.filter(**wanted).to_dicts() if frame.width else [], asked)


class DriftRow(Schema):
    """One indicator in one period. statistic at or above threshold is an alarm; threshold: periods to a false alarm at the least."""

    group: str
    ds: date
    series: int
    below: float
    above: float
    statistic: float
    threshold: float
    kind: str
    is_alarm: bool


@router.get("/forecasts/drift", response=answers(Page[DriftRow], 404), auth=MAY, summary="预测误差的漂移 · drift of forecast errors")
def forecast_drift(request: HttpRequest, asked: Query[Paging]) -> dict[str, object]:
    """Every indicator and period that one-step forecasts have met, by indicator, oldest first."""
    return page(current().rows("forecast_drift"), asked)
