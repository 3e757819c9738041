"""What needs the truth: hit and false-alarm rates by group, and calibration of the score."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from leye.trust.audit.cells import JOIN, Grouping
from leye.trust.audit.intervals import Counts, Floats, share_of, wilson
from leye.trust.audit.order import quantiles
from leye.trust.audit.table import LABEL

BINS = 10
"""Bins of equal size over all scores; chosen by us, as reliability diagrams do."""


def error_rates(grouping: Grouping) -> pl.DataFrame:
    """Columns `grouping, group, positives, negatives, tpr, tpr_lo, tpr_hi, fpr, …, precision, …`; empty where there is nobody to be wrong about."""
    positives, negatives, hits, false_alarms = truth_counts(grouping)
    columns: dict[str, object] = {
        **grouping.names(),
        "positives": positives,
        "negatives": negatives,
    }
    for name, k, n in (("tpr", hits, positives), ("fpr", false_alarms, negatives), ("precision", hits, hits + false_alarms)):
        low, high = wilson(k, n)
        columns |= {name: share_of(k, n), f"{name}_lo": low, f"{name}_hi": high}
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def truth_counts(grouping: Grouping) -> tuple[Counts, Counts, Counts, Counts]:
    """positives, negatives, hits, false alarms. Raises ValueError without a label."""
    found = grouping.positives, grouping.negatives, grouping.hits, grouping.false_alarms
    if found[0] is None or found[1] is None or found[2] is None or found[3] is None:
        raise ValueError("the table has no label")
    return found[0], found[1], found[2], found[3]


def bin_edges(scores: Floats) -> Floats:
    """Inner edges of at most ten bins of equally many rows; equal scores fall into one bin, so there may be fewer. scores: ascending."""
    finite = scores[np.isfinite(scores)]
    edges = quantiles(finite, np.linspace(0, 1, BINS + 1)[1:-1].tolist()) if finite.size else np.array([])
    return edges[np.r_[True, edges[1:] > edges[:-1]]] if edges.size else edges


def calibration(cells: pl.DataFrame, columns: tuple[str, ...], *, is_probability: bool) -> pl.DataFrame:
    """One row a group and score bin: `grouping, group, bin, n, mean_score, positive_share, lo, hi, error`; from cells with bins.

    error: (repeated in each row of a group) expected calibration error, the mean over the group's rows of |mean score - positive share| of their bin
    (Naeini et al. 2015, AAAI); empty when some score is no probability. Means carry twelve digits: the last ones of a sum depend on the rows' order.
    """
    known = cells.drop_nulls([*columns, LABEL, "bin"]).with_columns((pl.col("n") * (pl.col(LABEL) == 1)).alias("k"))
    table = known.group_by([*columns, "bin"]).agg(pl.col("n", "k").cast(pl.Int64).sum(), pl.col("score_sum").sum()).sort([*columns, "bin"])
    low, high = wilson(table["k"].to_numpy(), table["n"].to_numpy())
    share, mean = pl.col("k") / pl.col("n"), (pl.col("score_sum") / pl.col("n")).round_sig_figs(12)
    error = ((mean - share).abs() * pl.col("n")).sum().over(columns) / pl.col("n").sum().over(columns)
    return table.select(
        pl.lit(JOIN.join(columns)).alias("grouping"), pl.concat_str(columns, separator=JOIN).alias("group"), pl.col("bin").cast(pl.Int64), "n",
        mean.alias("mean_score"), share.alias("positive_share"), pl.Series("lo", low), pl.Series("hi", high),
        (error.round_sig_figs(12) if is_probability else pl.lit(None, pl.Float64)).alias("error"),
    )  # fmt: skip


def spread(share: Floats) -> float:
    """Largest minus smallest known share; NaN when none is known."""
    known = share[~np.isnan(share)]
    return float(known.max() - known.min()) if known.size else math.nan
