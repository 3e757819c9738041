"""Firms as rows of facts: one row a firm, for policies about firms. The key of the row is the firm's id."""

from __future__ import annotations

import polars as pl

from leye.policy.facts import FactTable


def firm_rows(firms: pl.DataFrame, people: pl.DataFrame, facts: FactTable) -> pl.DataFrame:
    """`person_id` (the firm's id), `region` (prefix form), the firm facts, and what residents' rows say of the place.

    firms: `firm_id, region` (six digits) and firm facts · people: rows of the same city, whose `local_*` facts are those of the place: the first
    known value of a region counts for its firms. A place of which no resident's row knows anything stays unknown, and the packs' own value counts.
    """
    own = [f.id for f in facts if f.about == "firm" and f.id in firms.columns]
    local = [f.id for f in facts if f.kind == "local" and f.id in people.columns]
    rows = firms.select(pl.col("firm_id").alias("person_id"), _prefix(pl.col("region")).alias("region"), *own)
    if not local:
        return rows
    places = people.lazy().group_by("region", maintain_order=True).agg(pl.col(local).drop_nulls().first()).collect()
    return rows.join(places, on="region", how="left", maintain_order="left")


def _prefix(region: pl.Expr) -> pl.Expr:
    """440605 -> CN-440605; what is a prefix already, and the unknown, stay."""
    return pl.when(region.str.starts_with("CN")).then(region).otherwise(pl.lit("CN-") + region)
