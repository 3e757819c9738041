"""Last step: the city's indicators as this run knew them go into the indicator store, as a vintage; only what changed is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from leye.forecast.steps import Step, infer_step
from leye.lake.observations import Appended, ObservationStore, open_store
from leye.lake.observations.form import first_day
from leye.office.indicators.queries import CITY
from leye.office.nightly.panel_step import Panels

_LETTER = {"day": "D", "business": "D", "month": "M", "quarter": "Q", "year": "Y"}


def remember(data: Path, panels: Panels, *, at: datetime) -> Appended | None:
    """Store the panel of a run as known at `at`; the same panel again stores nothing. None for a step that the store does not know.

    A clock that stands still (LEYE_NOW) or goes back does not overwrite: the vintage is then a second after the newest one of the city.
    """
    freq = _letter(infer_step(panels.panel["ds"].unique().sort().to_list()))
    if freq is None:
        return None
    store = open_store(data)
    return store.append_snapshot(_observations(data, panels, freq), vintage_ts=_vintage(store, at), name="panel")


def _observations(data: Path, panels: Panels, freq: str) -> pl.DataFrame:
    dims = [pl.col(c).fill_null("all") for c in ("region", "industry", "occupation", "grp")]
    keys = panels.keys.select("unique_id", pl.col("indicator").fill_null("series"), *dims, pl.col("unit").fill_null("number"))
    rows = panels.panel.join(keys, on="unique_id").select(
        "indicator", "region", "industry", "occupation", "grp", pl.lit(freq).alias("freq"), pl.col("ds").alias("period_start"),
        pl.col("y").alias("value"), "unit", pl.lit(CITY).alias("source"),
        pl.lit("made" if (data / "city").is_dir() else "final").alias("quality"),
    )  # fmt: skip
    return rows.with_columns(period_start=first_day())


def _vintage(store: ObservationStore, at: datetime) -> datetime:
    newest = store.list_series().filter(pl.col("source") == CITY)["newest_vintage"].max()
    return max(at, newest + timedelta(seconds=1)) if isinstance(newest, datetime) else at


def _letter(step: Step) -> str | None:
    return "W" if (step.unit, step.days) == ("days", 7) else _LETTER.get(step.unit)
