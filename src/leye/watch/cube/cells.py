"""Cells of the cube: counts of the finest cells, and every sum of them over one or more axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

import polars as pl

from leye.kernel.errors import BadInput

AXES = ("region", "industry", "occupation", "grp")
ALL = "all"
"""The value of an axis that a cell does not split."""
LEAVES = {"indicator": pl.String, **dict.fromkeys(AXES, pl.String), "month": pl.Date, "n": pl.Int64}


MOST_AXES = len(AXES)
"""Axes that one cell splits at most: all of them. Of a city of 20,000 most cells of three or four axes are small and hidden; hiding them costs a
second (bench/cube), and the ones that remain are where a trade or a group of one district stands out."""


def margins(leaves: pl.DataFrame, axes: Mapping[str, Sequence[str]] | None = None, *, most: int = MOST_AXES) -> pl.DataFrame:
    """Every cell that splits at most `most` axes: the columns of LEAVES, one row a cell and month, by indicator, axes and month.

    leaves: LEAVES, several rows of one cell and month add up · axes: indicator to the axes it is split by; the other axes are `all`. Without it
    an indicator is split by every axis that it has a value other than `all` on. A month in which a cell has no row counts 0 from the first
    month of its indicator to the last. Raises BadInput (E_CUBE_COLUMNS, E_CUBE_COUNT).
    """
    rows = _checked(leaves)
    parts = [pl.DataFrame(schema=LEAVES)]
    for (indicator,), own in rows.group_by("indicator", maintain_order=True):
        split = [a for a in AXES if (a in axes[str(indicator)] if axes and str(indicator) in axes else (own[a] != ALL).any())]
        own = own.with_columns(pl.lit(ALL).alias(a) for a in AXES if a not in split)
        parts += [_summed(own, kept) for kept in _subsets(split, most)]
    return pl.concat(_with_zeros(part) for part in parts).sort("indicator", *AXES, "month")


def split_by(cells: pl.DataFrame) -> pl.Expr:
    """Number of axes that a cell splits."""
    return pl.sum_horizontal((pl.col(a) != ALL).cast(pl.Int64) for a in AXES)


def _subsets(axes: Sequence[str], most: int) -> list[tuple[str, ...]]:
    return list(chain.from_iterable(combinations(axes, k) for k in range(min(most, len(axes)) + 1)))


def _summed(own: pl.DataFrame, kept: tuple[str, ...]) -> pl.DataFrame:
    dropped = own.with_columns(pl.lit(ALL).alias(a) for a in AXES if a not in kept)
    return dropped.group_by("indicator", *AXES, "month").agg(pl.col("n").sum()).select(*LEAVES)


def _with_zeros(cells: pl.DataFrame) -> pl.DataFrame:
    if cells.is_empty():
        return cells
    first, last = cells["month"].min(), cells["month"].max()
    months = pl.select(pl.date_range(pl.lit(first), pl.lit(last), "1mo").alias("month"))
    every = cells.select("indicator", *AXES).unique().join(months, how="cross")
    return every.join(cells, on=["indicator", *AXES, "month"], how="left").with_columns(pl.col("n").fill_null(0)).select(*LEAVES)


def _checked(leaves: pl.DataFrame) -> pl.DataFrame:
    lacking = [c for c in LEAVES if c not in leaves.columns]
    if lacking:
        raise BadInput(
            f"立方体的表缺少列：{'、'.join(lacking)}", en=f"the cube's table lacks {', '.join(lacking)}", remedy_zh=f"要有 {'、'.join(LEAVES)}",
            remedy_en=f"it needs {', '.join(LEAVES)}", code="E_CUBE_COLUMNS",
        )  # fmt: skip
    rows = leaves.select(pl.col(c).cast(t) for c, t in LEAVES.items())
    if rows["n"].null_count() or (rows["n"] < 0).any() or any(rows[a].null_count() for a in AXES):
        raise BadInput(
            "立方体的人数要从 0 起，各轴要有值", en="counts of the cube start at 0 and every axis has a value",
            remedy_zh="未知的轴写 unknown，不分的轴写 all", remedy_en="write unknown for an unknown value and all for an axis that is not split",
            code="E_CUBE_COUNT",
        )  # fmt: skip
    return rows.sort("indicator", *AXES, "month")
