"""Counts and sums over a table of people without writing marks: how many are entitled or unknown, and what it costs, by any columns.

In pieces of rows, so that ten million people need no more memory than one piece; within a piece every thing once, and an amount that differs from
person to person only for those who are entitled (bench/policy: a streaming plan of the whole takes a quarter more CPU and three times the memory).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from leye.policy.bind import Places
from leye.policy.expression import Const
from leye.policy.facts import Fact
from leye.policy.marks import Marker, PolicyColumns, RuleClass
from leye.policy.pack import PackSet
from leye.policy.polars_engine import PREFIX, fact_dtype

TOTALS = {"policy": pl.String, "yes": pl.Int64, "unknown": pl.Int64, "amount_fen": pl.Int64, "amount_known": pl.Int64}
PIECE = 250_000  # rows; larger pieces are not faster (bench/policy)


def totals(
    people: pl.LazyFrame | pl.DataFrame | Path,
    packs: PackSet,
    on: date,
    *,
    by: Sequence[str] = (),
    only: Iterable[str] | None = None,
    region: str | None = None,
) -> pl.DataFrame:
    """`by…, policy, yes, unknown, amount_fen (sum over the yes's), amount_known (yes's with a known amount)`; a row per group and policy.

    people: facts unchecked (`table_check` is for that), in memory, as a query, or a Parquet file, which is read piece by piece · by: columns of the
    table, kept as they are.
    """
    marker = Marker(packs, on, only=only)
    wanted = [n for n in sorted({"region", *by, *marker.reads()}) if n in _names(people)]
    sums = [_ClassSums(one, marker, by) for one in marker.classes]
    for piece in _pieces(people, wanted):
        place = _prefix(piece, marker.places, region)
        for one in sums:
            one.add(piece, place)
    parts = [rows for one in sums for rows in one.rows()]
    keys = [*by, "policy"]
    if not parts:
        groups: dict[str, Any] = {n: _schema(people)[n] for n in by}
        return pl.DataFrame(schema=groups | TOTALS)
    return pl.concat(parts).group_by(keys, maintain_order=True).agg(pl.exclude(keys).sum()).select(*keys, *(n for n in TOTALS if n != "policy"))


def _schema(people: pl.LazyFrame | pl.DataFrame | Path) -> pl.Schema:
    return pl.scan_parquet(people).collect_schema() if isinstance(people, Path) else people.collect_schema()


def _names(people: pl.LazyFrame | pl.DataFrame | Path) -> list[str]:
    return _schema(people).names()


def _pieces(people: pl.LazyFrame | pl.DataFrame | Path, wanted: list[str]) -> Iterator[pl.DataFrame]:
    """The wanted columns, PIECE rows at a time. A query of any other kind cannot be cut cheaply and is streamed."""
    if isinstance(people, pl.LazyFrame):
        yield from people.select(wanted).collect_batches(chunk_size=PIECE)
        return
    whole = pl.scan_parquet(people) if isinstance(people, Path) else people.lazy()
    height = int(whole.select(pl.len()).collect().item())
    for first in range(0, height, PIECE):
        yield whole.select(wanted).slice(first, PIECE).collect() if wanted else pl.DataFrame(height=min(PIECE, height - first))


class _ClassSums:
    """Counts and amounts of one class of places, piece after piece; put into rows once at the end."""

    def __init__(self, one: RuleClass, marker: Marker, by: Sequence[str]) -> None:
        self.one, self.facts, self.keys = one, marker.facts, [f"_by.{n}" for n in by]
        self.reads = sorted(one.plan.facts, key=marker.facts.order.__getitem__)
        self.varied = [p for p in one.policies if not _is_fixed(p)]
        self.counted: list[pl.DataFrame] = []
        self.amounts: dict[str, list[pl.DataFrame]] = {p.id: [] for p in self.varied}

    def add(self, piece: pl.DataFrame, place: pl.Series) -> None:
        """One more piece. place: the prefix that counts for each row."""
        mine = place.is_in(list(self.one.bound.prefixes))
        if not mine.any():
            return
        rows, where = (piece, place) if mine.all() else (piece.filter(mine), place.filter(mine))
        planned, verdicts = self._verdicts(rows, where)
        self.counted.append(_grouped(verdicts.lazy(), self.keys, [count for p in self.one.policies for count in _counts(p)]).collect())
        sums = pl.collect_all([_amounts(p, planned.lazy().filter(verdicts[p.id]), self.keys) for p in self.varied], engine="in-memory")
        for p, found in zip(self.varied, sums, strict=True):
            self.amounts[p.id].append(found)

    def _verdicts(self, rows: pl.DataFrame, place: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The columns of the plan, and a verdict a policy beside the groups."""
        columns: list[pl.Expr | pl.Series] = [*(pl.col(k.removeprefix("_by.")).alias(k) for k in self.keys), place]
        for name in self.reads:
            dtype = _dtype(self.facts.facts[name])
            absent = name not in rows.columns
            columns.append(pl.Series(name, [None], dtype=dtype).new_from_index(0, rows.height) if absent else pl.col(name).cast(dtype))
        planned = self.one.plan.columns(rows.lazy().select(columns)).collect(engine="in-memory")  # a piece is too small to be cut again
        return planned, planned.lazy().select(*self.keys, *(p.verdict.alias(p.id) for p in self.one.policies)).collect()

    def rows(self) -> list[pl.DataFrame]:
        """In the form of TOTALS; nothing where no row lay in these places."""
        if not self.counted:
            return []
        counted = _summed(self.counted, self.keys)
        return [_rows(p, counted, _summed(self.amounts[p.id], self.keys) if p.id in self.amounts else None, self.keys) for p in self.one.policies]


def _summed(frames: list[pl.DataFrame], keys: list[str]) -> pl.DataFrame:
    whole = pl.concat(frames)
    return whole.group_by(keys, maintain_order=True).agg(pl.exclude(keys).sum()) if keys else whole.sum()


def _is_fixed(one: PolicyColumns) -> bool:
    """Whether everybody entitled gets the same, or nobody a known amount: then counting is enough."""
    return one.bound.amount is None or isinstance(one.bound.amount, Const)


def _grouped(frame: pl.LazyFrame, keys: list[str], sums: list[pl.Expr]) -> pl.LazyFrame:
    return frame.group_by(keys).agg(sums) if keys else frame.select(sums)


def _counts(one: PolicyColumns) -> list[pl.Expr]:
    verdict = pl.col(one.id)
    return [verdict.sum().cast(pl.Int64).alias(f"{one.id}.yes"), verdict.null_count().cast(pl.Int64).alias(f"{one.id}.unknown")]


def _amounts(one: PolicyColumns, entitled: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Of those entitled only: they are few, and an amount takes more work than a verdict."""
    sums = [pl.col("_a").sum().alias("amount_fen"), pl.col("_a").count().cast(pl.Int64).alias("amount_known")]
    return _grouped(entitled.select(*keys, one.amount.alias("_a")), keys, sums)


def _rows(one: PolicyColumns, counted: pl.DataFrame, amounts: pl.DataFrame | None, keys: list[str]) -> pl.DataFrame:
    """Counts and amounts of a policy together, in the form of TOTALS; a group without anybody entitled has no amounts."""
    both = counted.select(*keys, pl.col(f"{one.id}.yes").alias("yes"), pl.col(f"{one.id}.unknown").alias("unknown"))
    if amounts is not None:
        both = both.join(amounts, on=keys, how="left", nulls_equal=True) if keys else pl.concat([both, amounts], how="horizontal")
    else:
        fen = one.bound.amount.value if isinstance(one.bound.amount, Const) else None
        known = pl.lit(0, dtype=pl.Int64) if fen is None else pl.col("yes")
        both = both.with_columns((known * (int(fen) if isinstance(fen, int) else 0)).alias("amount_fen"), known.alias("amount_known"))
    named = [pl.col(k).alias(k.removeprefix("_by.")) for k in keys]
    return both.select(*named, pl.lit(one.id).alias("policy"), *(pl.col(n).fill_null(0) for n in TOTALS if n != "policy"))


def _dtype(fact: Fact) -> Any:
    """Enums stay text: a dozen comparisons of short texts cost less than one cast to categories."""
    return pl.String if fact.type == "enum" else fact_dtype(fact)


def _prefix(piece: pl.DataFrame, found: Places, region: str | None) -> pl.Series:
    """The place that counts for each row."""
    home = region or "CN"
    if "region" not in piece.columns:
        return pl.Series(PREFIX, [found.prefix_of(home)]).new_from_index(0, piece.height)
    regions = piece["region"].fill_null(home)
    distinct = regions.unique().to_list()
    return regions.replace_strict(distinct, [found.prefix_of(r) for r in distinct], return_dtype=pl.String).alias(PREFIX)
