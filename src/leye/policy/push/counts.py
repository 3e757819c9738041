"""How many people a policy reaches where, and with how much money; small cells hidden for open pages so that they cannot be worked out."""

from __future__ import annotations

import polars as pl

LEAST = 10
"""Persons below which a cell is not shown to the public; chosen by the programme (open pages, docs/reference/entitlements.md)."""

SCHEMA = {"policy": pl.String, "region": pl.String, "verdict": pl.String, "n": pl.Int64, "amount_fen": pl.Int64, "expected_fen": pl.Int64,
          "open_n": pl.Int64, "open_amount_fen": pl.Int64}  # fmt: skip


def mark_counts(marks: pl.DataFrame) -> pl.DataFrame:
    """`policy, region, verdict, n, amount_fen, expected_fen, open_n, open_amount_fen`: a row a cell, region `all` the sum over regions.

    marks: with `policy, region, verdict, amount_fen, expected_fen`. amount_fen sums known amounts. The `open_*` columns are null in cells of fewer
    than LEAST people, and, where only one region of a sum is hidden, in the next smallest too: the difference would tell it.
    """
    sums = [pl.len().cast(pl.Int64).alias("n"), pl.col("amount_fen").sum(), pl.col("expected_fen").sum()]
    fine = marks.group_by("policy", "region", "verdict").agg(sums)
    whole = marks.group_by("policy", "verdict").agg(sums).with_columns(pl.lit("all").alias("region"))
    cells = pl.concat([fine.select(_COLUMNS), whole.select(_COLUMNS)]).sort("policy", "verdict", "region")
    is_part, cell = pl.col("region") != "all", ["policy", "verdict"]
    cells = cells.with_columns((pl.col("n") < LEAST).alias("_small"))
    alone = (is_part & pl.col("_small")).sum().over(cell) == 1
    candidate = pl.when(is_part & ~pl.col("_small")).then(pl.col("n"))
    smallest = candidate == candidate.min().over(cell)
    first = smallest & (smallest.cum_sum().over(cell) == 1)
    # one part hidden and no other to hide with it: the sum itself would tell it
    lonely_sum = ~is_part & alone & (is_part.sum().over(cell) == 1)
    hidden = (pl.col("_small") | (alone & is_part & first.fill_null(False)) | lonely_sum).alias("_hidden")
    return (
        cells.with_columns(hidden)
        .with_columns(
            pl.when(~pl.col("_hidden")).then(pl.col("n")).alias("open_n"),
            pl.when(~pl.col("_hidden")).then(pl.col("amount_fen")).alias("open_amount_fen"),
        )
        .select(*SCHEMA)
    )


_COLUMNS = ["policy", "region", "verdict", "n", "amount_fen", "expected_fen"]
