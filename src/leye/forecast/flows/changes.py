"""Flows of workers between regions, out of their insurance months: where the firm of one month lies, and that of the next."""

from __future__ import annotations

import polars as pl

from leye.kernel.errors import BadInput

GAP_MONTHS = 3
"""A change counts when the new firm follows within this many months. # chosen by us: longer, and it is a spell without work between"""
EVERYONE = "all"


def job_moves(insurance: pl.DataFrame, firms: pl.DataFrame, groups: pl.DataFrame | None = None) -> pl.DataFrame:
    """`origin, dest, month, grp, n`: people whose firm lay in `origin` in their last insured month and lies in `dest` in this one.

    insurance: `person_id, month, firm_id` · firms: `firm_id, region` · groups: `person_id, grp`; without it, or a person it lacks, `all`.
    Only changes between two different regions are counted; pairs that occur at all have a row for every month of the table, zeros too.
    """
    for frame, needed, name in ((insurance, ("person_id", "month", "firm_id"), "insurance_months"), (firms, ("firm_id", "region"), "firms")):
        lacking = [c for c in needed if c not in frame.columns]
        if lacking:
            raise BadInput(
                f"{name} 缺少列 {'、'.join(lacking)}。", en=f"{name} lacks {', '.join(lacking)}.", remedy_zh="请检查表头。", code="E_FLOW_COLUMNS"
            )
    spells = insurance.join(firms.select("firm_id", "region"), on="firm_id").sort("person_id", "month", "firm_id")
    before = spells.with_columns(
        pl.col("region").shift(1).over("person_id").alias("origin"),
        (pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month()).alias("_at"),
    ).with_columns((pl.col("_at") - pl.col("_at").shift(1).over("person_id")).alias("_gap"))
    moved = before.filter((pl.col("origin") != pl.col("region")) & pl.col("_gap").is_between(1, GAP_MONTHS))
    named = moved.with_columns(pl.lit(EVERYONE).alias("grp")) if groups is None else _named(moved, groups)
    counted = named.group_by("origin", pl.col("region").alias("dest"), "month", "grp").agg(pl.len().cast(pl.Int64).alias("n"))
    months = insurance.select(pl.col("month").unique().sort())
    every = counted.select("origin", "dest", "grp").unique().join(months, how="cross")
    full = every.join(counted, on=["origin", "dest", "month", "grp"], how="left").with_columns(pl.col("n").fill_null(0))
    return full.select("origin", "dest", "month", "grp", "n").sort("origin", "dest", "month", "grp")


def _named(moved: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    return moved.join(groups.select("person_id", "grp"), on="person_id", how="left").with_columns(pl.col("grp").fill_null(EVERYONE))
