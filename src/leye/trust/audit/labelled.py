"""What needs the truth: hit and false-alarm rates by group, and calibration of the score."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from leye.trust.audit.cells import JOIN, Grouping
from leye.trust.audit.intervals import Counts, Floats, share_of, wilson
from leye.trust.audit.table import LABEL, SCORE, Decisions

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


def score_bins(decisions: Decisions) -> pl.DataFrame:
    """One row a bin of a cell: the group columns, `bin`, `n`, `score` (sum), `k` (true ones). Rows without score or label are left aside.

    Bins hold equally many rows of the whole file; equal scores fall into one bin, so there may be fewer than ten.
    """
    known = decisions.frame.select(*decisions.groups, SCORE, LABEL).filter(pl.col(LABEL).is_not_null() & pl.col(SCORE).is_finite())
    scores = known[SCORE].to_numpy()
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, BINS + 1)[1:-1])) if scores.size else np.array([])
    binned = known.with_columns(pl.Series("bin", np.searchsorted(edges, scores, side="left") + 1, dtype=pl.Int64))
    return binned.group_by([*decisions.groups, "bin"]).agg(
        pl.len().cast(pl.Int64).alias("n"), pl.col(SCORE).sum().alias("score"), pl.col(LABEL).cast(pl.Int64).sum().alias("k"),
        (pl.col(SCORE).is_between(0, 1)).all().alias("is_probability"),
    )  # fmt: skip


def calibration(bins: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """One row a group and score bin: `grouping, group, bin, n, mean_score, positive_share, lo, hi, error`; from `score_bins`.

    error: (repeated in each row of a group) expected calibration error, the mean over the group's rows of |mean score - positive share| of their bin
    (Naeini et al. 2015, AAAI); empty when some score is no probability.
    """
    is_probability = bool(bins["is_probability"].all()) and bins.height > 0
    table = bins.drop_nulls(list(columns)).group_by([*columns, "bin"]).agg(pl.col("n", "score", "k").sum()).sort([*columns, "bin"])
    low, high = wilson(table["k"].to_numpy(), table["n"].to_numpy())
    share, mean = pl.col("k") / pl.col("n"), pl.col("score") / pl.col("n")
    error = ((mean - share).abs() * pl.col("n")).sum().over(columns) / pl.col("n").sum().over(columns)
    return table.select(
        pl.lit(JOIN.join(columns)).alias("grouping"), pl.concat_str(columns, separator=JOIN).alias("group"), "bin", "n",
        mean.alias("mean_score"),
        share.alias("positive_share"), pl.Series("lo", low), pl.Series("hi", high),
        (error if is_probability else pl.lit(None, pl.Float64)).alias("error"),
    )  # fmt: skip


def spread(share: Floats) -> float:
    """Largest minus smallest known share; NaN when none is known."""
    known = share[~np.isnan(share)]
    return float(known.max() - known.min()) if known.size else math.nan
