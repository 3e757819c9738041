"""A fingerprint a subject: equal as long as marks, the rules behind them and the facts that rules read stay the same.

Sixty-four bits by Polars' own hash with a fixed seed, which is stable within one version of Polars; a new version seals everybody once more. A
change that a collision hides needs luck of one in 2^64 for one subject on one day.
"""

from __future__ import annotations

import polars as pl

SEED = 20_250_831
SCHEMA = {"person_id": pl.String, "print": pl.UInt64}


def mark_prints(marks: pl.DataFrame, typed: pl.DataFrame) -> pl.DataFrame:
    """`person_id, print` of all who have a mark, by person. typed: facts that rules read, one row a person."""
    said = pl.struct(
        "policy", "verdict", "amount_fen", "months", pl.col("missing").list.join(";").alias("missing"), pl.col("choice").fill_null(""), "rule"
    ).hash(SEED)
    of_marks = marks.lazy().group_by("person_id").agg(said.sort().alias("_marks")).with_columns(pl.col("_marks").list.eval(_folded()).list.first())
    facts = typed.lazy().select("person_id", pl.struct(pl.exclude("person_id")).hash(SEED).alias("_facts"))
    joined = of_marks.join(facts, on="person_id", how="left")
    return joined.select("person_id", pl.struct("_marks", "_facts").hash(SEED).alias("print")).sort("person_id").collect()


def _folded() -> pl.Expr:
    """One number of a sorted list of hashes; a plain sum would let two changes cancel each other."""
    return pl.element().implode().list.eval(pl.element().cast(pl.String)).list.join(",").hash(SEED)
