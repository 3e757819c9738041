"""The city's figures for moves: pay and ads from its job ads, direction of demand from the published run, exposure from the impact room."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import polars as pl

from leye.impact.exposure import exposure_of
from leye.lake import open_lake
from leye.match.transitions import Market, market_of, profiles

ADS = ["posted_on", "occupation", "wage_min_fen", "wage_max_fen"]


@cache
def exposures() -> dict[str, tuple[float, float]]:
    """Code of a profile -> (lowest, highest) of the published sources, 0–1; absent where none speaks."""
    found = {code: exposure_of(code) for code in profiles()}
    return {code: (e.low, e.high) for code, e in found.items() if e.low is not None and e.high is not None}


def city_market(folder: Path | None) -> Market:
    """Of a data folder's published run and its ads; without them only exposure is known. on: the city's day of the run."""
    run = open_lake(folder).published() if folder is not None else None
    if folder is None or run is None:
        return Market(exposures=exposures())
    file = folder / "city" / "jobs.parquet"
    return _market(file, file.stat().st_mtime_ns if file.exists() else 0, folder, run.run_id, run.on)


@lru_cache(maxsize=4)
def _market(file: Path, _changed: int, folder: Path, run_id: str, day: str) -> Market:
    lake = open_lake(folder)
    trends: dict[str, str] = {}
    if lake.has("skill_demand", run_id):
        rows = lake.scan("skill_demand", run_id).filter(pl.col("kind") == "occupation").select("id", "verdict").collect()
        trends = dict(rows.iter_rows())
    if not file.exists():
        return Market(trends={}, exposures=exposures())
    return market_of(pl.read_parquet(file, columns=ADS), date.fromisoformat(day), trends=trends, exposures=exposures())
