"""Gap indicators as series of the panel: between districts, and between people of rural and urban hukou; with an interval for every month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from leye.office.nightly.panel_step import CELLS, KEYS, Panels

Z80, Z95 = 1.2816, 1.96
TABLE = {
    "unique_id": pl.String, "ds": pl.Date, "high": pl.String, "low": pl.String, "ratio": pl.Float64, "ratio_lo": pl.Float64, "ratio_hi": pl.Float64,
    "difference": pl.Float64, "difference_lo": pl.Float64, "difference_hi": pl.Float64,
}  # fmt: skip
PER = 1000
LEAST_CASES = 10
"""Cases on either side that a ratio needs. # chosen by us: the count under which nothing is shown"""


def with_gaps(panels: Panels, data: Path, on: date, city: str = "") -> tuple[Panels, pl.DataFrame]:
    """The panel with its gap series, and the table of gaps (TABLE): 95 % intervals, rates per 1,000.

    Regional: registered unemployed per 1,000 insured, of the district where it is highest against that where it is lowest, among districts with
    ten registered or more. Urban–rural: new registrations a quarter per 1,000 residents of working age, rural hukou against urban. Intervals:
    log ratio with variance 1/a + 1/b, difference with variance a/A² + b/B² (counts as Poisson; Rothman 2012, chapter 9).
    """
    regional, urban = _regional(panels), _urban_rural(data, on)
    table = pl.concat([pl.DataFrame(schema=TABLE), regional, urban])
    if table.is_empty():
        return panels, table
    region = city or str(panels.keys.filter(pl.col("region").str.ends_with("00"))["region"].drop_nulls().head(1).to_list()[0])
    table = table.with_columns((pl.col("unique_id") + f"/{region}/all/all/all").alias("unique_id"))
    rows = table.select("unique_id", "ds", pl.col("ratio").alias("y"))
    ids = table["unique_id"].unique().sort().to_list()
    names = {"gap_region": ("区县失业差距（最高与最低之比）", "Gap between districts (highest to lowest)"),
             "gap_rural": ("城乡失业差距（农村户籍与城镇户籍之比）", "Rural–urban gap (rural to urban hukou)")}  # fmt: skip
    keys = pl.DataFrame([
        {"unique_id": i, "indicator": i.split("/")[0], "region": region, "industry": "all", "occupation": "all", "grp": "all", "unit": "times",
         "calm_direction": "up", "title_zh": names[i.split("/")[0]][0], "title_en": names[i.split("/")[0]][1]}
        for i in ids
    ], schema=KEYS)  # fmt: skip
    cells = pl.concat([panels.cells, pl.DataFrame(schema=CELLS)]) if panels.cells.width else panels.cells
    return Panels(pl.concat([panels.panel, rows]).sort("unique_id", "ds"), pl.concat([panels.keys, keys]), cells, panels.notices), table


def rate_gap(a: pl.Expr, at_a: pl.Expr, b: pl.Expr, at_b: pl.Expr) -> list[pl.Expr]:
    """Ratio and difference (per 1,000) of two rates of counts a, b among at_a, at_b, with 95 % intervals.

    >>> row = pl.DataFrame({"a": [40], "A": [1000], "b": [20], "B": [1000]})
    >>> row.select(rate_gap(*(pl.col(c) for c in "aAbB"))).select("ratio", "difference").row(0)
    (2.0, 20.0)
    """
    ratio = (a / at_a) / (b / at_b)
    spread = (Z95 * (1 / a + 1 / b).sqrt()).exp()
    difference = PER * (a / at_a - b / at_b)
    width = PER * Z95 * (a / at_a**2 + b / at_b**2).sqrt()
    return [
        ratio.alias("ratio"), (ratio / spread).alias("ratio_lo"), (ratio * spread).alias("ratio_hi"),
        difference.alias("difference"), (difference - width).alias("difference_lo"), (difference + width).alias("difference_hi"),
    ]  # fmt: skip


def _regional(panels: Panels) -> pl.DataFrame:
    def of(indicator: str) -> pl.DataFrame:
        district = ~pl.col("region").str.ends_with("00")
        keys = panels.keys.filter(pl.col("indicator") == indicator, district, ~pl.col("unique_id").is_in(parents))
        joined = panels.panel.join(keys.select("unique_id", "region"), on="unique_id").drop_nulls("y")
        return joined.group_by("region", "ds").agg(pl.col("y").sum().alias(indicator))

    parents = panels.keys["parent"].drop_nulls().unique().to_list()
    both = of("registered").join(of("insured"), on=["region", "ds"]).filter(pl.col("registered") >= LEAST_CASES, pl.col("insured") > 0)
    rated = both.with_columns((pl.col("registered") / pl.col("insured")).alias("rate")).sort("ds", "rate", "region")
    ends = rated.group_by("ds", maintain_order=True).agg(
        pl.len(), *(pl.col(c).last().alias(f"{c}_high") for c in ("region", "registered", "insured")),
        *(pl.col(c).first().alias(f"{c}_low") for c in ("region", "registered", "insured")),
    ).filter(pl.col("len") > 1)  # fmt: skip
    gap = rate_gap(pl.col("registered_high"), pl.col("insured_high"), pl.col("registered_low"), pl.col("insured_low"))
    return ends.select(pl.lit("gap_region").alias("unique_id"), "ds", pl.col("region_high").alias("high"), pl.col("region_low").alias("low"), *gap)


def _urban_rural(data: Path, on: date) -> pl.DataFrame:
    city = data / "city"
    if not ((city / "people.parquet").exists() and (city / "unemployment.parquet").exists()):
        return pl.DataFrame(schema=TABLE)
    people = pl.read_parquet(city / "people.parquet", columns=["person_id", "hukou_type", "birth"])
    at_risk = dict(people.filter(pl.col("birth").dt.year().is_between(on.year - 64, on.year - 16)).group_by("hukou_type").len().iter_rows())
    if not at_risk.get("rural") or not at_risk.get("urban"):
        return pl.DataFrame(schema=TABLE)
    spells = pl.read_parquet(city / "unemployment.parquet").join(people, on="person_id")
    counted = spells.group_by(pl.col("registered_on").dt.month_start().alias("ds"), "hukou_type").len()
    wide = counted.filter(pl.col("hukou_type").is_in(["rural", "urban"])).pivot(on="hukou_type", index="ds", values="len").sort("ds")
    quarter = wide.with_columns(pl.col("rural", "urban").fill_null(0).cast(pl.Float64).rolling_sum(3)).drop_nulls()
    kept = quarter.filter(pl.col("rural") >= LEAST_CASES, pl.col("urban") >= LEAST_CASES, pl.col("ds") <= on)
    gap = rate_gap(pl.col("rural"), pl.lit(float(at_risk["rural"])), pl.col("urban"), pl.lit(float(at_risk["urban"])))
    return kept.select(pl.lit("gap_rural").alias("unique_id"), "ds", pl.lit("rural").alias("high"), pl.lit("urban").alias("low"), *gap)
