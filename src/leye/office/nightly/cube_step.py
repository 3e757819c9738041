"""The cube's finest cells: leaves of the indicators, new registrations and ads by occupation, and today's insured along all four axes.

A person's occupation and group are known as they are today. Counting past months by them would make everybody's past look like their present, so
`insured_now` has one month only; `insured` with its history comes from the departments' indicators, which know region and industry.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from leye.office.nightly.heads import group_rules
from leye.office.nightly.model_steps import FALSE_DISCOVERIES
from leye.office.nightly.panel_step import Panels
from leye.watch.cube import ALL, LEAVES, Cube, build_cube

UNKNOWN = "unknown"
NO_GROUP = "other"
AXES_OF = {
    "insured": ("region", "industry"),
    "postings": ("region", "industry"),
    "registered": ("region", "grp"),
    "registrations": ("region", "occupation", "grp"),
    "postings_ads": ("region", "industry", "occupation"),
    "insured_now": ("region", "industry", "occupation", "grp"),
}
"""Indicator to the axes it is split by. The first three are series of the panel; the others are counted from persons and ads."""
OF_PANEL = ("insured", "postings", "registered")
SCANNED = {"insured": "down", "postings": "down", "registered": "up", "registrations": "up", "postings_ads": "down"}
"""Scanned here: indicator to the side that is bad. Cells that are series of the panel keep the lamps of the night's watch, only the other sums of
its leaves are scanned; today's insured have no history to scan, and ads only where they reach back further than the demo city's twelve months."""
GROUP_ORDER = ("graduates", "veterans", "disabled", "hard_to_employ", "poverty_alleviated", "riders", "older", "migrant_workers")
"""Everyone is counted once, under the first group that fits, so that groups add up (the order of the register of the unemployed)."""


def cube_step(data: Path, on: date, panels: Panels, lamps: pl.DataFrame, notices: pl.DataFrame) -> Cube | None:
    """The night's cube; None when the panel has no regions to speak of. lamps, notices: of the night's watch, by unique_id."""
    leaves = pl.concat([_of_panel(panels), *_of_persons(data / "city", on)])
    if leaves.is_empty():
        return None
    return build_cube(leaves, direction=SCANNED, axes=AXES_OF, fdr=FALSE_DISCOVERIES, lit=_lit(panels, lamps, notices))


def cell_of(region: str | None) -> str:
    """A series' region as an axis of the cube: a district is itself, a city or more is `all`."""
    return ALL if region is None or region.endswith("00") or region == ALL else region


def _of_panel(panels: Panels) -> pl.DataFrame:
    parents = set(panels.keys["parent"].drop_nulls())
    keys = panels.keys.filter(pl.col("indicator").is_in(OF_PANEL), ~pl.col("unique_id").is_in(list(parents)), pl.col("region").is_not_null())
    keys = keys.filter(~pl.col("region").str.ends_with("00"))
    axes = [pl.col(a).fill_null(ALL) for a in ("region", "industry", "occupation", "grp")]
    joined = panels.panel.join(keys.select("unique_id", "indicator", *axes), on="unique_id").drop_nulls("y")
    counted = joined.with_columns(pl.col("y").round().cast(pl.Int64).alias("n"), pl.col("ds").alias("month"))
    return counted.select(pl.col(c).cast(t) for c, t in LEAVES.items())


def _lit(panels: Panels, lamps: pl.DataFrame, notices: pl.DataFrame) -> pl.DataFrame:
    keys = panels.keys.filter(pl.col("indicator").is_in(OF_PANEL), pl.col("region").is_not_null())
    region = pl.when(pl.col("region").str.ends_with("00")).then(pl.lit(ALL)).otherwise(pl.col("region"))
    cell = pl.concat_str("indicator", region, *(pl.col(a).fill_null(ALL) for a in ("industry", "occupation", "grp")), separator="/")
    unwatched = notices.filter(pl.col("code") != "gappy")["unique_id"].to_list()
    burning = lamps.select("unique_id", "level", "since").unique("unique_id", keep="first", maintain_order=True)
    named = keys.select("unique_id", cell.alias("cell")).join(burning, on="unique_id", how="left")
    return named.select("cell", "level", "since", (~pl.col("unique_id").is_in(unwatched)).alias("scanned"))


def _of_persons(city: Path, on: date) -> list[pl.DataFrame]:
    if not (city / "people.parquet").exists():
        return []
    people = _people(city, on)
    parts = []
    if (city / "unemployment.parquet").exists():
        parts.append(_registrations(city, people))
    if (city / "jobs.parquet").exists():
        parts.append(_ads(city))
    if (city / "insurance_months.parquet").exists():
        parts.append(_insured_now(city, people, on))
    return [part.filter(pl.col("month") <= on) for part in parts]


def _people(city: Path, on: date) -> pl.DataFrame:
    rules = group_rules(on)
    group = pl.coalesce(*(pl.when(rules[g].fill_null(False)).then(pl.lit(g)) for g in GROUP_ORDER), pl.lit(NO_GROUP))
    major = (pl.col("occupation").str.slice(0, 1) + "000000").fill_null(UNKNOWN)
    return pl.scan_parquet(city / "people.parquet").select("person_id", major.alias("occupation"), group.alias("grp")).collect()


def _insured_now(city: Path, people: pl.DataFrame, on: date) -> pl.DataFrame:
    firms = pl.scan_parquet(city / "firms.parquet").select("firm_id", "region", pl.col("industry").str.slice(0, 1).alias("industry"))
    months = pl.scan_parquet(city / "insurance_months.parquet").filter(pl.col("month") <= on, pl.col("firm_id").is_not_null())
    newest = months.filter(pl.col("month") == pl.col("month").max()).select("person_id", "month", "firm_id").unique("person_id", keep="first")
    joined = newest.join(firms, on="firm_id").join(people.lazy(), on="person_id", how="left")
    filled = [pl.col(c).fill_null(v) for c, v in (("occupation", UNKNOWN), ("grp", NO_GROUP), ("industry", UNKNOWN))]
    return _counted("insured_now", joined.with_columns(filled).collect())


def _registrations(city: Path, people: pl.DataFrame) -> pl.DataFrame:
    month = pl.col("registered_on").dt.month_start().alias("month")
    spells = pl.read_parquet(city / "unemployment.parquet").select("person_id", "region", "grp", month)
    joined = spells.join(people.select("person_id", "occupation"), on="person_id", how="left").with_columns(
        pl.col("occupation").fill_null(UNKNOWN), pl.lit(ALL).alias("industry")
    )
    return _counted("registrations", joined)


def _ads(city: Path) -> pl.DataFrame:
    major = (pl.col("occupation").str.slice(0, 1) + "000000").fill_null(UNKNOWN).alias("occupation")
    section, month = pl.col("industry").str.slice(0, 1).fill_null(UNKNOWN).alias("industry"), pl.col("posted_on").dt.month_start().alias("month")
    heads = pl.col("headcount").fill_null(1).alias("heads")
    ads = pl.scan_parquet(city / "jobs.parquet").select("region", section, major, pl.lit(ALL).alias("grp"), month, heads)
    return _counted("postings_ads", ads.collect(), pl.col("heads").sum())


def _counted(indicator: str, rows: pl.DataFrame, what: pl.Expr | None = None) -> pl.DataFrame:
    n = (pl.len() if what is None else what).cast(pl.Int64).alias("n")
    keyed = rows.drop_nulls(["region", "month"]).group_by("region", "industry", "occupation", "grp", "month").agg(n)
    return keyed.with_columns(pl.lit(indicator).alias("indicator")).select(pl.col(c).cast(t) for c, t in LEAVES.items())
