"""差距: between districts, and between people of rural and urban hukou; each month with its interval."""

from __future__ import annotations

import polars as pl

from leye.office.monitoring.lamps import level_of
from leye.office.published import Row, Snapshot

BOUNDS = ("ratio", "ratio_lo", "ratio_hi", "difference", "difference_lo", "difference_hi")


def gaps(snapshot: Snapshot) -> list[Row]:
    """The newest month of every gap: `unique_id, ds, high, low`, BOUNDS, `year_ago` (ratio twelve months before), `level` (of its lamp).

    Rates are per 1,000; the table holds none of fewer than ten cases.
    """
    table = _table(snapshot)
    if not table.width:
        return []
    newest = table.filter(pl.col("ds") == pl.col("ds").max().over("unique_id"))
    before = table.select("unique_id", pl.col("ds").dt.offset_by("1y"), year_ago="ratio")
    rows = newest.join(before, on=["unique_id", "ds"], how="left", maintain_order="left").to_dicts()
    return [{**r, "level": level_of(snapshot, r["unique_id"])} for r in rows]


def gap_months(snapshot: Snapshot) -> list[Row]:
    """Every month of every gap, oldest first."""
    return _table(snapshot).to_dicts()


def _table(snapshot: Snapshot) -> pl.DataFrame:
    found = snapshot.frame("gaps")
    return found.select("unique_id", "ds", "high", "low", *BOUNDS).sort("unique_id", "ds") if found.height else pl.DataFrame()
