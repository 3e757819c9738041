"""Everybody for whom a reform changes something, one row a person and policy."""

from __future__ import annotations

import polars as pl

from leye.policy.simulate.compare import Both, columns_of

CHANGED = {
    "person_id": pl.String,
    "policy": pl.String,
    "verdict_before": pl.String,
    "verdict_after": pl.String,
    "annual_before_fen": pl.Int64,
    "annual_after_fen": pl.Int64,
    "change": pl.String,
}


def changed_people(both: Both, people: pl.LazyFrame, *, region: str | None = None) -> pl.LazyFrame:
    """`person_id, policy, verdict_before, verdict_after, annual_before_fen, annual_after_fen, change` for everybody for whom something differs.

    change: new | lost | more | less | now_unknown | now_known (a no that was unknown).
    """
    if not both.policies:
        return pl.LazyFrame(schema=CHANGED)
    frame = columns_of(both, people, region=region, keep=("person_id",), kinds="vy")
    return pl.concat([_changed(frame, policy) for policy in both.policies])


def _changed(frame: pl.LazyFrame, policy: str) -> pl.LazyFrame:
    old, new, paid, pays = (pl.col(f"{kind}.{policy}") for kind in ("v0", "v1", "y0", "y1"))
    differs = old.ne_missing(new) | (paid != pays)
    return frame.filter(differs).select(
        pl.col("_k.person_id").cast(pl.String).alias("person_id"),
        pl.lit(policy).alias("policy"),
        _word(old).alias("verdict_before"),
        _word(new).alias("verdict_after"),
        paid.alias("annual_before_fen"),
        pays.alias("annual_after_fen"),
        _change(old, new, paid, pays).alias("change"),
    )


def _change(old: pl.Expr, new: pl.Expr, paid: pl.Expr, pays: pl.Expr) -> pl.Expr:
    was, now = old.fill_null(False), new.fill_null(False)
    return (
        pl.when(now & ~was)
        .then(pl.lit("new"))
        .when(was & new.is_null())
        .then(pl.lit("now_unknown"))
        .when(was & ~now)
        .then(pl.lit("lost"))
        .when(old.is_null() & new.is_not_null())
        .then(pl.lit("now_known"))
        .when(old.is_not_null() & new.is_null())
        .then(pl.lit("now_unknown"))
        .when(pays > paid)
        .then(pl.lit("more"))
        .otherwise(pl.lit("less"))
    )


def _word(verdict: pl.Expr) -> pl.Expr:
    return pl.when(verdict.is_null()).then(pl.lit("unknown")).when(verdict).then(pl.lit("yes")).otherwise(pl.lit("no"))
