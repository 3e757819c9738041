"""Groups of fewer than ten persons keep their name and lose their figures, before anything is stored: a rate of two riders is the rate of a rider."""

from __future__ import annotations

import polars as pl

from leye.trust.audit.comparison import OPEN

KEPT = ("grouping", "group", "measure", "week", "left_out", "verdict", "scoring_verdict", "is_shielded")


def shield(table: pl.DataFrame, thin: pl.Expr) -> pl.DataFrame:
    """The table with `is_shielded`, and nothing but names where `thin` holds. `thin` may speak of any column of the table."""
    marked = table.with_columns(thin.fill_null(False).alias("is_shielded"))
    hidden = [c for c in marked.columns if c not in KEPT]
    verdicts = [c for c in ("verdict", "scoring_verdict") if c in marked.columns]
    blank = pl.col("is_shielded")
    named = (pl.when(blank).then(pl.lit(OPEN)).otherwise(pl.col(c)).alias(c) for c in verdicts)
    return marked.with_columns(*(pl.when(blank).then(None).otherwise(pl.col(c)).alias(c) for c in hidden), *named)
