"""Small cells are watched through a larger one: along a stated order, the first that has enough."""

from __future__ import annotations

import polars as pl

from leye.watch.cube.cells import ALL, AXES
from leye.watch.fitness import COUNTED_PERIODS, FEWEST_COUNTED

ORDER = ("occupation", "grp", "industry", "region")
"""Axes in the order in which they are given up. # chosen by us: occupation is the worst recorded; the region is whose office answers"""
CELL = ["indicator", *AXES]


def usual(cells: pl.DataFrame) -> pl.DataFrame:
    """`indicator, axes, usual`: mean count over the newest COUNTED_PERIODS months of the indicator."""
    ranked = cells.with_columns(pl.col("month").rank("dense", descending=True).over("indicator").alias("_back"))
    return ranked.filter(pl.col("_back") <= COUNTED_PERIODS).group_by(CELL).agg(pl.col("n").mean().alias("usual")).sort(CELL)


def pool(cells: pl.DataFrame) -> pl.DataFrame:
    """`indicator, axes, usual, watched, into_region, into_industry, into_occupation, into_grp`: one row a cell.

    cells: with every margin (`margins`). A cell of a usual count of FEWEST_COUNTED or more is watched as it is and its `into_*` are its own
    axes. A smaller one is watched through the first cell with enough when axes are given up in ORDER, one after the other; where even the
    whole has too few, `into_*` are null and nothing is watched.
    """
    known = usual(cells)
    enough = known.filter(pl.col("usual") >= FEWEST_COUNTED).select(CELL)
    found = known.with_columns(pl.lit(None, dtype=pl.String).alias(f"into_{a}") for a in AXES)
    climbing = known.select(CELL).with_columns(pl.col(a).alias(f"into_{a}") for a in AXES)
    into = [f"into_{a}" for a in AXES]
    for step in range(len(ORDER) + 1):
        if step:
            climbing = climbing.with_columns(pl.lit(ALL).alias(f"into_{ORDER[step - 1]}"))
        here = climbing.join(enough, left_on=["indicator", *into], right_on=CELL, how="semi")
        found = found.join(here, on=CELL, how="left", suffix="_here").with_columns(pl.coalesce(i, f"{i}_here").alias(i) for i in into)
        found = found.select(*CELL, "usual", *into)
    return found.with_columns((pl.col("usual") >= FEWEST_COUNTED).alias("watched")).select(*CELL, "usual", "watched", *into).sort(CELL)
