"""Events to the lake: one Parquet file a Beijing day, written once the day has begun and again until it is over."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from leye.kernel.clock import BEIJING, beijing_day
from leye.office.outbox.models import OutboxEvent

SCHEMA = {"id": pl.Int64, "at": pl.Datetime("us", "UTC"), "name": pl.String, "payload": pl.String}


def write_days(data: Path, *, at: datetime) -> list[Path]:
    """Write every day that has events and no finished file: `events/YYYY-MM-DD.parquet`. A past day's file is final."""
    folder = data / "events"
    folder.mkdir(parents=True, exist_ok=True)
    first = OutboxEvent.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return []
    written, day, today = [], _resume(data, beijing_day(first)), beijing_day(at)
    while day <= today:
        start = datetime.combine(day, time(), BEIJING)
        rows = OutboxEvent.objects.filter(at__gte=start, at__lt=start + timedelta(days=1)).order_by("id").values_list("id", "at", "name", "payload")
        if table := [(i, when, name, json.dumps(payload, ensure_ascii=False, sort_keys=True)) for i, when, name, payload in rows]:
            file = folder / f"{day.isoformat()}.parquet"
            beside = folder / f".{file.name}.new"
            pl.DataFrame(table, schema=SCHEMA, orient="row").write_parquet(beside, compression="zstd")
            beside.replace(file)
            written.append(file)
        day += timedelta(days=1)
    return written


def _resume(data: Path, first: date) -> date:
    """The newest day that has a file is written again, since it may have been cut off before midnight."""
    return max((date.fromisoformat(f.stem) for f in (data / "events").glob("????-??-??.parquet")), default=first)
