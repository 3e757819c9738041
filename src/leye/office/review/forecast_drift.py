"""Every night: did the newest one-step forecasts of an indicator leave their intervals for good? Then the breaker of the forecast hears of it.

The forecast decides about nobody, so the breaker stops nothing: it stands at 双轨 on the board, with the figures, until a person has looked and
ends it. Each alarm is told once; the event is sealed in the log like every other.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction

from leye.lake import Lake
from leye.office.registry.models import Version
from leye.office.review.breakers import record
from leye.office.review.models import BreakerEvent
from leye.trust.breaker import Event

ALGO = "forecast.panel"
NEWEST = 3
"""Periods whose alarms are told; older ones stand in the record only. Chosen by us: a quarter, so that a late run still tells."""


def watch_forecast_drift(lake: Lake, run_id: str, at: datetime) -> BreakerEvent | None:
    """Tell the breaker of alarms that it has not heard of. None when there are none, or when the algorithm is not running."""
    if not lake.has("forecast_drift", run_id) or not Version.objects.filter(algo=ALGO, state="running").exists():
        return None
    table = lake.scan("forecast_drift", run_id).collect()
    with transaction.atomic():
        found = new_alarms(table, after=_told_until())
        if found.is_empty():
            return None
        last = found["ds"].max()
        assert isinstance(last, date)
        detail = {"run_id": run_id, "until": last.isoformat(), "findings": {r["group"]: _finding(r) for r in found.iter_rows(named=True)}}
        return record(ALGO, "", Event("drift_seen", at), by=None, detail=detail)


def new_alarms(table: pl.DataFrame, *, after: date | None) -> pl.DataFrame:
    """Alarms of the newest periods that lie after a day, the newest of each group."""
    newest = table["ds"].unique().sort()[-NEWEST:]
    recent = table.filter(pl.col("is_alarm") & pl.col("ds").is_in(newest.implode()))
    later = recent if after is None else recent.filter(pl.col("ds") > after)
    return later.sort("ds", "group").unique("group", keep="last", maintain_order=True)


def _told_until() -> date | None:
    """Newest period whose alarms were told."""
    told = BreakerEvent.objects.filter(breaker__algo=ALGO, breaker__region="", verb="drift_seen").values_list("detail", flat=True)
    days = [date.fromisoformat(detail["until"]) for detail in told if "until" in detail]
    return max(days, default=None)


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    """In the form of the other statistics that move a breaker."""
    limit = float(row["threshold"])
    return {"value": round(float(row["statistic"]), 3), "limit": limit, "level": "seen", "kind": row["kind"], "ds": row["ds"].isoformat()}
