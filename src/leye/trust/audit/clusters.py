"""Rows of one person resemble each other: by how much that inflates the variance of a share, and the variance of a mean that knows of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from leye.trust.audit.intervals import Floats
from leye.trust.audit.table import Decisions


def design_effects(decisions: Decisions, columns: Sequence[str], top: pl.Expr, below: pl.Expr) -> Floats:
    """(groups,) variance of sum(top)/sum(below) with rows clustered by person, over that of independent rows; at least 1.

    top, below: 0/1 by row (chosen and all). Linearised variance of a ratio with C/(C-1) (Kish 1965, Survey Sampling, 6.3). Where it cannot be
    estimated (one person, or nobody or everybody chosen) the mean number of rows of a person stands in, as if
    all rows of a person were alike. Order: labels of the grouping.
    """
    table = _by_cluster(decisions, columns, top, below)
    sums = table.group_by(list(columns)).agg(pl.col("top").sum().alias("k"), pl.col("below").sum().alias("n"), (pl.col("below") > 0).sum().alias("c"))
    p = pl.col("k") / pl.col("n")
    off = (pl.col("top") - pl.col("below") * (pl.col("k") / pl.col("n"))) ** 2
    found = table.join(sums, on=list(columns)).group_by(list(columns)).agg(off.sum().alias("off"), pl.col("k", "n", "c").first()).sort(list(columns))
    effect = found.select((pl.col("c") / (pl.col("c") - 1.0) * pl.col("off") / pl.col("n") / (p * (1 - p))).alias("e"))["e"].to_numpy()
    alike = found.select((pl.col("n") / pl.col("c")).alias("m"))["m"].to_numpy()
    return np.asarray(np.fmax(np.where(np.isfinite(effect), effect, np.where(np.isfinite(alike), alike, 1.0)), 1.0), dtype=np.float64)


def mean_variances(decisions: Decisions, columns: Sequence[str], column: str) -> Floats:
    """(groups,) variance of the mean of a column; clusters when the table names them, else independent rows. NaN below two of them."""
    if not decisions.cluster:
        found = decisions.frame.drop_nulls(list(columns)).group_by(list(columns)).agg((pl.col(column).var() / pl.col(column).count()).alias("v"))
        return _doubles(found.sort(list(columns))["v"])
    table = _by_cluster(decisions, columns, pl.col(column).fill_null(0.0), pl.col(column).is_not_null())
    sums = table.group_by(list(columns)).agg(pl.col("top").sum().alias("k"), pl.col("below").sum().alias("n"), (pl.col("below") > 0).sum().alias("c"))
    off = (pl.col("top") - pl.col("below") * (pl.col("k") / pl.col("n"))) ** 2
    found = table.join(sums, on=list(columns)).group_by(list(columns)).agg(off.sum().alias("off"), pl.col("n", "c").first()).sort(list(columns))
    values = found.select(pl.when(pl.col("c") > 1).then(pl.col("c") / (pl.col("c") - 1.0) * pl.col("off") / pl.col("n") ** 2).alias("v"))["v"]
    return _doubles(values)


def _by_cluster(decisions: Decisions, columns: Sequence[str], top: pl.Expr, below: pl.Expr) -> pl.DataFrame:
    """Sums by group and cluster. A row without cluster stands alone."""
    alone = pl.when(pl.col(decisions.cluster).is_null()).then(pl.int_range(pl.len()))
    rows = decisions.frame.drop_nulls(list(columns)).with_columns(alone.alias("_alone"))
    return rows.group_by([*columns, decisions.cluster, "_alone"]).agg(
        top.cast(pl.Float64).sum().alias("top"), below.cast(pl.Float64).sum().alias("below")
    )


def _doubles(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
