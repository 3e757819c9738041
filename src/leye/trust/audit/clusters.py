"""Rows of one person resemble each other: the variance of a share or a mean that knows of it, and by how much that differs from independent rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.trust.audit.intervals import Counts, Floats
from leye.trust.audit.table import Decisions

LEAST_PERSONS = 10
"""Fewest persons whose differences say something about the next person; chosen by us: a variance of fewer is off by half as often as not."""


@dataclass(frozen=True, slots=True)
class Clustered:
    """(groups,) of sum(top)/sum(below), groups in the order of their labels.

    persons: with any row below · variance: linearised, NaN below two persons.
    """

    top: Floats
    below: Floats
    persons: Counts
    variance: Floats

    @property
    def is_thin(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(groups,) whether too few persons stand behind it."""
        return np.asarray(self.persons < LEAST_PERSONS, dtype=np.bool_)

    @property
    def design_effect(self) -> Floats:
        """(groups,) variance of the share over that of independent rows, at least 1.

        Where it cannot be estimated (few persons, nobody or everybody chosen) the mean number of rows of a person stands in, as if all were alike.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            p, alike = self.top / self.below, self.below / self.persons
            found = self.variance / (p * (1 - p) / self.below)
        found = np.where(np.isfinite(found) & ~self.is_thin, found, alike)
        return np.fmax(np.where(np.isfinite(found), found, 1.0), 1.0)


def clustered(decisions: Decisions, columns: Sequence[str], top: pl.Expr, below: pl.Expr) -> Clustered:
    """Sums by person, and from them the variance of the ratio of sums with C/(C-1) (Kish 1965, Survey Sampling, 6.3).

    top, below: by row, such as chosen and 1. A row without a person stands alone. Sums run in the order of the rows: equal tables, equal bits.
    """
    by = list(columns)
    alone = pl.when(pl.col(decisions.cluster).is_null()).then(pl.int_range(pl.len())).alias("_alone")
    rows = decisions.frame.drop_nulls(by).with_columns(alone)
    persons = rows.group_by([*by, decisions.cluster, "_alone"], maintain_order=True).agg(
        top.cast(pl.Float64).sum().alias("top"), below.cast(pl.Float64).sum().alias("below")
    )
    counted = (pl.col("below") > 0).sum().alias("persons")
    sums = persons.group_by(by, maintain_order=True).agg(pl.col("top").sum().alias("k"), pl.col("below").sum().alias("n"), counted)
    off = ((pl.col("top") - pl.col("below") * (pl.col("k") / pl.col("n"))) ** 2).sum().alias("off")
    found = persons.join(sums, on=by, maintain_order="left").group_by(by, maintain_order=True).agg(off, pl.col("k", "n", "persons").first()).sort(by)
    k, n, off_, c = (found[name].cast(pl.Float64).to_numpy() for name in ("k", "n", "off", "persons"))
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.where(c > 1, c / (c - 1) * off_ / n**2, np.nan)
    return Clustered(k, n, c.astype(np.int64), variance)


def mean_variances(decisions: Decisions, columns: Sequence[str], column: str) -> Floats:
    """(groups,) variance of the mean of a column; by persons when the table names them (NaN where too few), else of independent rows."""
    value = pl.col(column)
    if decisions.cluster:
        found = clustered(decisions, columns, value.fill_null(0.0), value.is_not_null())
        return np.where(found.is_thin, np.nan, found.variance)
    by = list(columns)
    rows = decisions.frame.drop_nulls(by).group_by(by, maintain_order=True).agg((value.var() / value.count()).alias("v")).sort(by)
    return rows["v"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
