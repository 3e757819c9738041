"""The record of the night: forecasts from past origins, forecasts that earlier runs published, and what became of both.

A back-test from an origin is computed anew only when something that it looks at has changed: the panel up to the last period that it foretells, the
hierarchy or the product's code. Most nights nothing has, and the points of the run before are taken over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from leye import forecast
from leye.forecast.record import published_points, record
from leye.forecast.summary import summarise
from leye.lake import Lake, Run
from leye.office.nightly.model_steps import BACKTEST_HORIZON, periods
from leye.office.nightly.panel_step import Panels

ORIGINS = 12
"""Back-tested origins, one a period, up to the last but one. # chosen by us: every season once, so that a bad month cannot hide between two"""
MONTHLY_UP_TO = 2_000
"""Series up to which every period is an origin; larger panels take every third. # chosen by us: some 30 CPU s an origin at 20,000 series"""
LEAST_SHARE = 2
"""The newer half of a short panel at most is back-tested: 1 / LEAST_SHARE of its periods. # chosen by us: a model needs something to learn from"""
RUNS_LOOKED_AT = 400
"""Newest runs that are asked for what they published. # chosen by us: a year of nights"""
KEPT = "backtest_keys"
"""Note of a run: origin -> fingerprint of what its back-test looked at."""

BANDS = dict.fromkeys(("mean", "lo-80", "hi-80", "lo-95", "hi-95", "scale"), pl.Float64)
ERRORS = {"model": pl.String, "unique_id": pl.String, "origin": pl.Date, "ds": pl.Date, "h": pl.Int64, "y": pl.Float64, **BANDS}
PUBLISHED = {"run_id": pl.String, "started_at": pl.String, **ERRORS}


@dataclass(frozen=True, slots=True)
class Recorded:
    """errors: as ERRORS · summary: of `forecast.backtest` · published: as PUBLISHED · record: `kind` (backtest, published) and `record.SCHEMA` ·
    keys: what `KEPT` notes."""

    errors: pl.DataFrame
    summary: pl.DataFrame
    published: pl.DataFrame
    record: pl.DataFrame
    keys: dict[str, str]


def record_step(lake: Lake, run: Run, panels: Panels) -> Recorded:
    """Back-test, published forecasts that met a value, and the record of both; empty tables on a panel too short for one origin."""
    errors, keys = _backtest(lake, run, panels)
    published = _published(lake, run, panels)
    groups = panels.keys.select("unique_id", group="indicator")
    kinds = {"backtest": errors, "published": published.drop("run_id", "started_at")}
    parts = [record(points, groups).select(pl.lit(kind).alias("kind"), pl.all()) for kind, points in kinds.items()]
    cpu = {(str(model), origin): float("nan") for model, origin in errors.select("model", "origin").unique(maintain_order=True).iter_rows()}
    return Recorded(errors, summarise(errors, cpu=cpu), published, pl.concat(parts), keys)


def backtest_origins(found: list[date], *, series: int = 1) -> list[date]:
    """Origins of the stored back-test, oldest first; empty when the panel is too short for one."""
    step = 1 if series <= MONTHLY_UP_TO else 3
    last = len(found) - 2
    return [found[i] for i in sorted(range(last, max(last - ORIGINS, len(found) // LEAST_SHARE), -step))]


def _backtest(lake: Lake, run: Run, panels: Panels) -> tuple[pl.DataFrame, dict[str, str]]:
    found = periods(panels)
    origins = backtest_origins(found, series=panels.keys.height)
    keys = {o.isoformat(): _fingerprint(run.code_hash, panels, found, o) for o in origins}
    kept = _kept(lake, str(run.notes.get("kind")), keys)
    new = [o for o in origins if o.isoformat() not in set(kept["origin"].cast(pl.String).unique())]
    if not new:
        return kept, keys
    made = forecast.backtest(panels.panel, panels.tags, horizon=BACKTEST_HORIZON, origins=new, singles=True).errors.select(ERRORS.keys())
    return pl.concat([kept, made]).sort("model", "origin", "unique_id", "h"), keys


def _fingerprint(code_hash: str, panels: Panels, found: list[date], origin: date) -> str:
    """64 hex digits over all that the points of one origin hang on."""
    until = found[min(found.index(origin) + BACKTEST_HORIZON, len(found) - 1)]
    rows = panels.panel.filter(pl.col("ds") <= until).select("unique_id", "ds", "y").sort("unique_id", "ds")
    digest = hashlib.sha256(code_hash.encode())
    for frame in (rows, panels.tags.sort("unique_id")):
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()


def _kept(lake: Lake, kind: str, keys: dict[str, str]) -> pl.DataFrame:
    """Points of the newest run of this kind whose fingerprints still hold."""
    none = pl.DataFrame(schema=ERRORS)
    before = next(_runs(lake, kind), None)
    if before is None or not lake.has("backtest", before["run_id"]):
        return none
    noted = before["notes"].get(KEPT, {})
    same = [date.fromisoformat(origin) for origin, key in keys.items() if noted.get(origin) == key]
    table = lake.scan("backtest", before["run_id"])
    return table.filter(pl.col("origin").is_in(same)).select(ERRORS.keys()).collect() if same else none


def _published(lake: Lake, run: Run, panels: Panels) -> pl.DataFrame:
    """What earlier runs said of periods that are known today; of several runs from one origin the newest, which pages showed last."""
    parts: dict[date, pl.DataFrame] = {}
    for before in _runs(lake, str(run.notes.get("kind"))):
        name = before["run_id"]
        then = lake.scan("panel", name).select("unique_id", "ds", "y")
        origin = then.filter(pl.col("y").is_not_null()).select(pl.col("ds").max()).collect().item()
        if origin is None or origin >= panels.last or origin in parts:
            continue
        points = published_points(then.collect(), lake.scan("forecast", name).collect(), panels.panel)
        told = [pl.lit(name).alias("run_id"), pl.lit(str(before["started_at"])).alias("started_at")]
        parts[origin] = points.select(*told, *ERRORS)
    return pl.concat([parts[origin] for origin in sorted(parts)]) if parts else pl.DataFrame(schema=PUBLISHED)


def _runs(lake: Lake, kind: str) -> Iterator[dict[str, Any]]:
    """Manifests of earlier runs over the same kind of input, newest first."""
    for name in reversed(lake.runs()[-RUNS_LOOKED_AT:]):
        manifest: dict[str, Any] = dict(lake.manifest(name))
        if manifest["notes"].get("kind") == kind and {"panel", "forecast"} <= {t["name"] for t in manifest["tables"]}:
            yield manifest
