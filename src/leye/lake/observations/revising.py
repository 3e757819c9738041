"""Revisions of a series, and one line about every series."""

from __future__ import annotations

import polars as pl

from leye.lake.observations.form import KEY

REVISIONS = ("period_start", "first_value", "first_vintage", "value", "vintage_ts", "change", "days", "versions")
"""`first_value` and its vintage, newest `value` and its vintage, `change` = newest less first (null when either is), `days` between the first and
the newest figure that differed from the one before, `versions` = how many different figures were published one after the other."""

SUMMARY = (
    "indicator", "region", "industry", "occupation", "grp", "freq", "sa_flag", "source", "unit", "first_period", "period_start", "value", "quality",
    "vintage_ts", "periods", "withdrawn", "revised", "newest_vintage",
)  # fmt: skip
"""Per series: `period_start, value, quality, vintage_ts` of its newest period with a value, `periods` with a value now, `withdrawn` without one,
`revised` = periods whose figure was changed after its first publication, `newest_vintage` of any row."""


def revisions_of(history: pl.DataFrame) -> pl.DataFrame:
    """REVISIONS of one series, one row a period, from its rows in any order. A figure that was only repeated is no version."""
    changed = history.sort("period_start", "vintage_ts").filter(_is_change("period_start"))
    found = changed.group_by("period_start", maintain_order=True).agg(
        pl.col("value").first().alias("first_value"),
        pl.col("vintage_ts").first().alias("first_vintage"),
        pl.col("value").last(),
        pl.col("vintage_ts").last(),
        pl.len().cast(pl.Int64).alias("versions"),
    )
    return found.with_columns(
        change=pl.col("value") - pl.col("first_value"), days=(pl.col("vintage_ts") - pl.col("first_vintage")).dt.total_days()
    ).select(REVISIONS)


def summary_of(rows: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """SUMMARY, by key. rows: every stored row by number of its series; series: the dictionary."""
    ordered = rows.sort("series", "period_start", "vintage_ts")
    place = ["series", "period_start"]
    periods = ordered.filter(_is_change(*place)).group_by(place, maintain_order=True).agg(
        pl.col("value").last(), pl.col("quality").last(), pl.col("vintage_ts").last(), pl.len().alias("versions")
    )  # fmt: skip
    valued = pl.col("value").is_not_null()
    told = periods.group_by("series", maintain_order=True).agg(
        pl.col("period_start").filter(valued).first().alias("first_period"),
        *(pl.col(c).filter(valued).last() for c in ("period_start", "value", "quality", "vintage_ts")),
        valued.sum().cast(pl.Int64).alias("periods"),
        (~valued).sum().cast(pl.Int64).alias("withdrawn"),
        (pl.col("versions") > 1).sum().cast(pl.Int64).alias("revised"),
    )
    newest = ordered.group_by("series").agg(pl.col("vintage_ts").max().alias("newest_vintage"))
    whole = series.join(told, on="series", how="left").join(newest, on="series", how="left")
    return whole.with_columns(pl.col("quality").cast(pl.String)).sort(KEY).select(SUMMARY)


def _is_change(*place: str) -> pl.Expr:
    """In rows sorted by place and vintage: whether the figure differs from the one published before it."""
    first = pl.int_range(pl.len()).over(place) == 0
    return first | pl.col("value").ne_missing(pl.col("value").shift(1).over(place))
