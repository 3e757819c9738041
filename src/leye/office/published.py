"""The published snapshot as pages read it: small tables as plain Python, read once per run and process; large ones as frames, asked by series.

`published_snapshot()` costs one `stat` when nothing changed. A new publication is seen at the next call.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
from django.conf import settings

from leye.kernel.errors import NotFound
from leye.lake import Lake, Published, open_lake

Row: TypeAlias = dict[str, Any]
Point: TypeAlias = tuple[date, float | None]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of `panel_keys`. Region, industry, occupation and group are codes, `all`, or None where a panel of one's own has none."""

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

    def title(self, language: str) -> str:
        """Its name in the page's language (`zh-hans` or `en`)."""
        return (self.title_en if language == "en" else self.title_zh) or self.unique_id


class Snapshot:
    """The tables of one run. Attributes are read at first use and kept; all of them are read-only."""

    def __init__(self, lake: Lake, run: Published) -> None:
        self.lake, self.run = lake, run
        self._series_rows: dict[str, dict[str, dict[str, list[Row]]]] = {}

    @property
    def run_id(self) -> str:
        """Name of the run, as shown beside every number."""
        return self.run.run_id

    @cached_property
    def manifest(self) -> Row:
        """What the run wrote down about itself."""
        return dict(self.lake.manifest(self.run_id))

    @cached_property
    def is_city(self) -> bool:
        """Whether the figures are those of the made-up city, so that every page has to say so."""
        notes = self.manifest.get("notes") or {}
        return notes.get("kind") != "panel" and (self.lake.data / "city" / "manifest.json").exists()

    @cached_property
    def series(self) -> dict[str, Series]:
        """Every series by its unique_id, in the order of the panel's keys."""
        names = Series.__dataclass_fields__
        return {r["unique_id"]: Series(**{n: r.get(n) for n in names}) for r in self.rows("panel_keys")}  # type: ignore[arg-type]

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Parent to the series it is the sum of."""
        found: dict[str, list[str]] = {}
        for uid, s in self.series.items():
            if s.parent:
                found.setdefault(s.parent, []).append(uid)
        return found

    @cached_property
    def history(self) -> dict[str, list[Point]]:
        """Observed values of every series, oldest first; None where the value is missing."""
        grouped = self.frame("panel").sort("ds").group_by("unique_id", maintain_order=True).agg("ds", "y")
        return {u: list(zip(ds, y, strict=True)) for u, ds, y in grouped.iter_rows()}

    @cached_property
    def last_month(self) -> date | None:
        """The newest month of the panel; None when the panel is empty."""
        return max((points[-1][0] for points in self.history.values() if points), default=None)

    @cached_property
    def alerts(self) -> list[Row]:
        """Rows of `alerts` with the evidence read, newest first, strongest first within a month."""
        rows = [{**r, "evidence": json.loads(r["evidence"])} for r in self.rows("alerts")]
        return sorted(rows, key=lambda r: (r["ds"], r["score"]), reverse=True)

    @cached_property
    def models(self) -> dict[str, Row]:
        """Which model speaks for a series, with its weights read."""
        return {r["unique_id"]: {**r, "weights": json.loads(r["weights"] or "{}")} for r in self.rows("forecast_models")}

    def get(self, unique_id: str) -> Series:
        """A series. Raises NotFound."""
        if unique_id not in self.series:
            raise NotFound(
                f"快照里没有序列 {unique_id}",
                en=f"no series {unique_id} in the snapshot",
                remedy_zh="请从序列目录里选一个",
                remedy_en="pick one from the index of series",
            )
        return self.series[unique_id]

    def rows(self, table: str) -> list[Row]:
        """A small table as dictionaries; an absent table is an empty one."""
        kept = self.__dict__.setdefault("_rows", {})
        if table not in kept:
            kept[table] = self.frame(table).to_dicts()
        return list(kept[table])

    def of_series(self, table: str, unique_id: str) -> list[Row]:
        """Rows of one series of a table with the column `unique_id`, in the table's order."""
        frame = self.frame(table)
        return frame.filter(pl.col("unique_id") == unique_id).to_dicts() if "unique_id" in frame.columns else []

    def select(self, table: str, where: pl.Expr) -> list[Row]:
        """Rows of a table that fulfil a condition; none when the table is absent."""
        frame = self.frame(table)
        return frame.filter(where).to_dicts() if frame.width else []

    def frame(self, table: str) -> pl.DataFrame:
        """A table as a frame, kept in memory; a frame without columns when the run has none."""
        kept = self.__dict__.setdefault("_frames", {})
        if table not in kept:
            kept[table] = self.lake.scan(table, self.run_id).collect() if self.lake.has(table, self.run_id) else pl.DataFrame()
        frame: pl.DataFrame = kept[table]
        return frame


_lock = threading.Lock()
_held: dict[Path, tuple[tuple[int, int, int], Snapshot]] = {}


def published_snapshot(data: Path | None = None) -> Snapshot | None:
    """The snapshot that pages show now; None before the first run. `data` is the settings' data folder unless given."""
    folder = Path(data or settings.LEYE_DATA)
    try:
        stat = (folder / "published.json").stat()
    except FileNotFoundError:
        return None
    stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
    with _lock:
        held = _held.get(folder)
        if held is None or held[0] != stamp:
            lake = open_lake(folder, engine="polars")
            run = lake.published()
            if run is None:
                return None
            held = _held[folder] = (stamp, Snapshot(lake, run))
        return held[1]


def snapshot_of(run_id: str, data: Path | None = None) -> Snapshot:
    """The snapshot of a finished run, the published one from memory. Raises NotFound."""
    now = published_snapshot(data)
    if now is not None and now.run_id == run_id:
        return now
    lake = open_lake(Path(data or settings.LEYE_DATA), engine="polars")
    manifest: Row = dict(lake.manifest(run_id))
    hashes = {t["name"]: t["sha256"] for t in manifest["tables"]}
    return Snapshot(lake, Published(run_id, str(manifest["started_at"]), str(manifest["on"]), hashes))


def ancestors(snapshot: Snapshot, unique_id: str) -> Sequence[Series]:
    """The series above, root first."""
    found: list[Series] = []
    parent = snapshot.get(unique_id).parent
    while parent in snapshot.series and len(found) < 20:
        found.insert(0, snapshot.series[parent])
        parent = snapshot.series[parent].parent
    return found
