"""What pages, the API and the command line ask of the record of forecasts. Reading only; the nightly writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from leye.forecast.record import ALL_GROUPS, by_series
from leye.kernel.errors import BadInput
from leye.office.published import Row, Snapshot

KINDS = ("published", "backtest")
"""Forecasts that earlier runs published · forecasts made again from past origins with what was known then."""
PRODUCT, NAIVE = "leye", "seasonal_naive"
TOO_NARROW = 0.68
"""An origin whose 80 % intervals hold less than this is marked. # the goal of notes and README: no calm origin below .68"""


@dataclass(frozen=True, slots=True)
class Record:
    """One view of the record, rows as the table has them: models (the product first), horizons and origins of the product, the worst series first."""

    kind: str
    group: str
    h: int
    models: list[Row]
    horizons: list[Row]
    origins: list[Row]
    series: list[Row]

    @property
    def whole(self) -> Row | None:
        """The product over all origins; None when nothing has met a value."""
        return next((r for r in self.models if r["model"] == PRODUCT), None)


def record_of(snapshot: Snapshot, *, kind: str, group: str = ALL_GROUPS, h: int = 0) -> Record:
    """The record of one kind, indicator (or `all`) and horizon (or 0 for all). Raises BadInput (E_RECORD_KIND) on an unknown kind."""
    _check(kind)
    chosen = (pl.col("kind") == kind) & (pl.col("group") == group)
    rows = snapshot.select("forecast_record", chosen)
    ours = [r for r in rows if r["model"] == PRODUCT]
    models = sorted((r for r in rows if r["h"] == h and r["origin"] is None), key=_best_first)
    origins = sorted((r for r in ours if r["h"] == h and r["origin"] is not None), key=lambda r: r["origin"], reverse=True)
    runs = _runs(snapshot) if kind == "published" else {}
    return Record(
        kind,
        group,
        h,
        models,
        [r for r in ours if r["h"] > 0 and r["origin"] is None],
        [{**r, **runs.get(r["origin"], {})} for r in origins],
        series_rows(snapshot, kind=kind, group=group, h=h),
    )


def record_table(snapshot: Snapshot, *, kind: str = "") -> pl.DataFrame:
    """The whole table of the run, or its rows of one kind; without columns before a run that has it."""
    frame = snapshot.frame("forecast_record")
    if kind:
        _check(kind)
    return frame.filter(pl.col("kind") == kind) if kind and frame.width else frame


def series_rows(snapshot: Snapshot, *, kind: str, group: str = ALL_GROUPS, h: int = 0) -> list[Row]:
    """One row a series of the chosen kind, indicator and horizon, the largest error first."""
    _check(kind)
    points = snapshot.frame("forecast_published" if kind == "published" else "backtest")
    if "scale" not in points.columns:
        return []  # a run from before the record was kept
    chosen = points.filter(pl.col("model").is_in([PRODUCT, NAIVE]) & ((pl.col("h") == h) if h else pl.lit(True)))
    if group != ALL_GROUPS:
        ids = [s.unique_id for s in snapshot.series.values() if s.indicator == group]
        chosen = chosen.filter(pl.col("unique_id").is_in(ids))
    return by_series(chosen).to_dicts()


def choices(snapshot: Snapshot, *, kind: str) -> tuple[list[str], list[int]]:
    """Indicators and horizons that the record of a kind has."""
    frame = record_table(snapshot, kind=kind)
    if not frame.height:
        return [], []
    groups = frame.filter(pl.col("group") != ALL_GROUPS)["group"].unique().sort().to_list()
    return groups, frame.filter(pl.col("h") > 0)["h"].unique().sort().to_list()


def is_bad(row: Row) -> bool:
    """Whether an origin did worse than the same month a year ago, or its 80 % intervals were far too narrow."""
    return (row["skill_naive"] or 0.0) < 0 or (row["coverage_80"] is not None and row["coverage_80"] < TOO_NARROW)


def _runs(snapshot: Snapshot) -> dict[Any, Row]:
    """Origin -> which run spoke, and when it ran."""
    frame = snapshot.frame("forecast_published")
    if not frame.width:
        return {}
    told = frame.select("origin", "run_id", "started_at").unique(maintain_order=True)
    return {r["origin"]: {"run_id": r["run_id"], "started_at": r["started_at"]} for r in told.to_dicts()}


def _best_first(row: Row) -> tuple[bool, float, str]:
    return row["model"] != PRODUCT, row["mase"] if row["mase"] is not None else float("inf"), row["model"]


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise BadInput(
            f"没有“{kind[:20]}”这一种记录。",
            en=f"no record of kind {kind[:20]!r}.",
            remedy_zh="写 published（公布过的预测）或 backtest（回测）。",
            remedy_en="write published or backtest.",
            code="E_RECORD_KIND",
        )


@dataclass(frozen=True, slots=True)
class Drift:
    """One group. now: its newest row · alarm: its newest alarm within the record, None when there was none."""

    now: Row
    alarm: Row | None

    @property
    def is_new(self) -> bool:
        """Whether the newest period gave the alarm."""
        return self.alarm is not None and bool(self.alarm["ds"] == self.now["ds"])


def drift_of(snapshot: Snapshot) -> list[Drift]:
    """Every group of the run, those with the newest alarms first; empty for a run from before errors were watched."""
    newest: dict[str, Row] = {}
    alarms: dict[str, Row] = {}
    for row in snapshot.rows("forecast_drift"):
        newest[row["group"]] = row
        if row["is_alarm"]:
            alarms[row["group"]] = row
    found = [Drift(row, alarms.get(group)) for group, row in newest.items()]
    return sorted(found, key=lambda d: (d.alarm is None, -(d.alarm["ds"].toordinal() if d.alarm else 0), -d.now["statistic"]))
