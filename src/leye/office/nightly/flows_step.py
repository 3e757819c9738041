"""Flows of the night: moves as registered, and changes of firm across regions out of insurance months; with forecasts and what may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from leye.forecast.flows import forecast_flows, job_moves

HORIZON = 6  # months; chosen by us: from August it reaches the Spring Festival's wave
LEAST = 10
FLOWS = {"kind": pl.String, "origin": pl.String, "dest": pl.String, "month": pl.Date, "grp": pl.String, "n": pl.Int64}


@dataclass(frozen=True, slots=True)
class Flows:
    """flows: FLOWS, kind `moves` (registered moves) or `jobs` (changes of firm) · forecast: as the forecast room gives it, with `kind`."""

    flows: pl.DataFrame
    forecast: pl.DataFrame


def flows_step(data: Path, on: date) -> Flows | None:
    """None when the folder has neither moves nor insurance months that cross a region."""
    parts, forecasts = [], []
    for kind, table in (("moves", _moves(data, on)), ("jobs", _jobs(data, on))):
        if table is not None and not table.is_empty():
            parts.append(table.select(pl.lit(kind).alias("kind"), "origin", "dest", "month", "grp", pl.col("n").cast(pl.Int64)))
            forecasts.append(forecast_flows(table, horizon=HORIZON).forecast.select(pl.lit(kind).alias("kind"), pl.all()))
    return Flows(pl.concat(parts), pl.concat(forecasts)) if parts else None


def _moves(data: Path, on: date) -> pl.DataFrame | None:
    file = data / "city" / "moves.parquet"
    return pl.read_parquet(file).filter(pl.col("month") <= on) if file.exists() else None


def _jobs(data: Path, on: date) -> pl.DataFrame | None:
    insurance, firms = data / "city" / "insurance_months.parquet", data / "city" / "firms.parquet"
    if not (insurance.exists() and firms.exists()):
        return None
    rows = pl.read_parquet(insurance, columns=["person_id", "month", "firm_id"]).filter(pl.col("month") <= on, pl.col("firm_id").is_not_null())
    return job_moves(rows, pl.read_parquet(firms, columns=["firm_id", "region"]))
