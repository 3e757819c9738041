"""Counts and sums over a table of people without writing marks: how many are entitled or unknown, and what it costs, by any columns.

One pass over the file in Polars' streaming engine where one set of rules holds for all regions in it; otherwise one pass a set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl

from leye.policy.bind import Places
from leye.policy.facts import Fact
from leye.policy.marks import Marker, PolicyColumns, RuleClass
from leye.policy.pack import PackSet
from leye.policy.polars_engine import PREFIX, fact_dtype

TOTALS = {"policy": pl.String, "yes": pl.Int64, "unknown": pl.Int64, "amount_fen": pl.Int64, "amount_known": pl.Int64}


def totals(
    people: pl.LazyFrame, packs: PackSet, on: date, *, by: Sequence[str] = (), only: Iterable[str] | None = None, region: str | None = None
) -> pl.DataFrame:
    """`by…, policy, yes, unknown, amount_fen (sum over the yes's), amount_known (yes's with a known amount)`; a row per group and policy.

    people: facts unchecked (`table_check` is for that); by: columns of the table, kept as they are.
    """
    marker = Marker(packs, on, only=only)
    names = people.collect_schema().names()
    found = _regions(people, names, region)
    mine: dict[int, list[str]] = {}
    for place in found:
        prefix = marker.places.prefix_of(place)
        mine.setdefault(next(i for i, c in enumerate(marker.classes) if prefix in c.bound.prefixes), []).append(place)
    parts = []
    for number, regions in mine.items():
        rows = people if len(mine) == 1 else people.filter(pl.col("region").fill_null(region or "CN").is_in(regions))
        parts.append(_of_class(marker.classes[number], marker, rows, names, by, regions, region))
    whole = pl.concat(parts)
    keys = [*by, "policy"]
    summed = whole.group_by(keys, maintain_order=True).agg(pl.exclude(keys).sum())
    return summed.select(*keys, *(n for n in TOTALS if n != "policy"))


def _regions(people: pl.LazyFrame, names: list[str], region: str | None) -> list[str]:
    if "region" not in names:
        return [region or "CN"]
    return people.select(pl.col("region").unique()).collect(engine="streaming")["region"].fill_null(region or "CN").unique().sort().to_list()


def _of_class(
    one: RuleClass, marker: Marker, rows: pl.LazyFrame, names: list[str], by: Sequence[str], regions: list[str], region: str | None
) -> pl.DataFrame:
    reads = sorted(one.plan.facts, key=marker.facts.order.__getitem__)
    columns = [pl.col(n).cast(_dtype(marker.facts.facts[n])) for n in reads if n in names]
    absent = [pl.lit(None, dtype=fact_dtype(marker.facts.facts[n])).alias(n) for n in reads if n not in names]
    place = [_prefix(marker.places, regions, region, "region" in names)] if one.bound.place_values else []
    kept = [pl.col(n).alias(f"_by.{n}") for n in by]
    frame = one.plan.columns(rows.select(*kept, *place, *columns).with_columns(absent))
    frame = frame.with_columns(**{f"_v.{p.id}": p.verdict for p in one.policies}).with_columns(
        **{f"_a.{p.id}": pl.when(pl.col(f"_v.{p.id}")).then(p.amount) for p in one.policies}
    )
    sums = [s for p in one.policies for s in _sums(p)]
    wide = frame.group_by([f"_by.{n}" for n in by]).agg(sums) if by else frame.select(sums)
    return _long(wide.collect(engine="streaming"), one.policies, by)


def _dtype(fact: Fact) -> Any:
    """Enums stay text: a dozen comparisons of short texts cost less than one cast to categories."""
    return pl.String if fact.type == "enum" else fact_dtype(fact)


def _prefix(found: Places, regions: list[str], region: str | None, has_region: bool) -> pl.Expr:
    if not has_region:
        return pl.lit(found.prefix_of(region or "CN")).alias(PREFIX)
    prefixes = [found.prefix_of(r) for r in regions]
    return pl.col("region").fill_null(region or "CN").replace_strict(regions, prefixes, return_dtype=pl.String).alias(PREFIX)


def _sums(one: PolicyColumns) -> list[pl.Expr]:
    verdict, amount = pl.col(f"_v.{one.id}"), pl.col(f"_a.{one.id}")
    return [
        verdict.sum().cast(pl.Int64).alias(f"{one.id}.yes"),
        verdict.null_count().cast(pl.Int64).alias(f"{one.id}.unknown"),
        amount.sum().alias(f"{one.id}.amount_fen"),
        amount.count().cast(pl.Int64).alias(f"{one.id}.amount_known"),
    ]


def _long(wide: pl.DataFrame, policies: list[PolicyColumns], by: Sequence[str]) -> pl.DataFrame:
    keys = [pl.col(f"_by.{n}").alias(n) for n in by]
    parts = [wide.select(*keys, pl.lit(p.id).alias("policy"), *(pl.col(f"{p.id}.{n}").alias(n) for n in TOTALS if n != "policy")) for p in policies]
    schema = {n: wide.schema[f"_by.{n}"] for n in by} | TOTALS
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)
