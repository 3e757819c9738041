"""Since when something stands: days carried over from the run before, so that the same marks give the same table whenever they are made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl


def with_days(now: pl.DataFrame, before: pl.DataFrame | None, on: date, *, key: Sequence[str], says: Sequence[str]) -> pl.DataFrame:
    """The table with `first_on`, the day since which the key has been there without a gap, and `changed_on`, since when its columns `says` stand.

    before: the same table of the run before, None on the first. New today: `first_on == on`; changed today: `changed_on == on`. A run on the same
    or an earlier day than a row's own changes no day of a row that says the same.
    """
    today = pl.lit(on, dtype=pl.Date)
    if before is None or not before.height or not {*key, *says, "first_on", "changed_on"} <= set(before.columns):
        return now.with_columns(today.alias("first_on"), today.alias("changed_on"))
    old = before.select(*key, *(pl.col(s).alias(f"_{s}") for s in says), pl.col("first_on").alias("_first"), pl.col("changed_on").alias("_changed"))
    joined = now.join(old, on=list(key), how="left", maintain_order="left", nulls_equal=True)
    same = pl.all_horizontal([pl.col(s).eq_missing(pl.col(f"_{s}")) for s in says])
    return joined.with_columns(
        pl.col("_first").fill_null(today).alias("first_on"),
        pl.when(pl.col("_first").is_not_null() & same).then(pl.col("_changed")).otherwise(today).alias("changed_on"),
    ).select(*now.columns, "first_on", "changed_on")
