"""How many people of each key group live or work where: what the cost line of an advice counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

HEADS = {"region": pl.String, "industry": pl.String, "grp": pl.String, "heads": pl.Int64}
GRADUATE_YEARS = 2  # 离校两年内: the span of most graduate policies (国办发〔2025〕25号 and the notices before it)
AT_WORK = ("employed", "unemployed", "flexible", "self_employed")


def group_rules(on: date) -> Mapping[str, pl.Expr]:
    """Key group -> who belongs to it on a day, in facts of the residents' table. A group without a fact (displaced) is not counted."""
    birthday = pl.col("birth").dt.month().cast(pl.Int32) * 100 + pl.col("birth").dt.day()  # months are int8
    age = on.year - pl.col("birth").dt.year() - (birthday > on.month * 100 + on.day).cast(pl.Int32)
    since_school = date(on.year - GRADUATE_YEARS, on.month, min(on.day, 28))
    return {
        "graduates": pl.col("graduate") & (pl.col("graduated_on") >= since_school) & (pl.col("graduated_on") <= on),
        "migrant_workers": pl.col("rural_transfer"),
        "hard_to_employ": pl.col("hard_to_employ"),
        "veterans": pl.col("veteran"),
        "older": pl.col("employment_status").is_in(AT_WORK) & (age >= pl.when(pl.col("sex") == "F").then(40).otherwise(50)),
        "poverty_alleviated": pl.col("poverty_alleviated"),
        "disabled": pl.col("disability_grade") > 0,
        "flexible": pl.col("employment_status") == "flexible",
        "riders": pl.col("gig_worker"),
    }


def count_heads(data: Path, on: date) -> pl.DataFrame | None:
    """`region (six digits), industry (section or all), grp, heads` over the residents; None when the folder has no such table.

    Somebody of a group counts once in their section and district, and once in the district as a whole; an unknown fact does not count.
    """
    file = data / "city" / "people.parquet"
    if not file.exists():
        return None
    people = pl.scan_parquet(file).select(
        pl.col("region").str.replace("CN-", "", literal=True).str.pad_end(6, "0").alias("region"),
        pl.col("industry").str.slice(0, 1).alias("industry"),
        *(rule.fill_null(False).alias(grp) for grp, rule in group_rules(on).items()),
    )
    groups = list(group_rules(on))
    counted = people.collect()
    fine = _count(counted.drop_nulls("industry"), ["region", "industry"], groups)
    whole = _count(counted, ["region"], groups).with_columns(pl.lit("all").alias("industry"))
    return pl.concat([fine.select(*HEADS), whole.select(*HEADS)]).sort("region", "industry", "grp")


def _count(people: pl.DataFrame, by: list[str], groups: list[str]) -> pl.DataFrame:
    """One row per cell that has residents and per group; 0 says that nobody of the group is there."""
    wide = people.group_by(by).agg(pl.col(groups).sum().cast(pl.Int64))
    return wide.unpivot(index=by, on=groups, variable_name="grp", value_name="heads")
