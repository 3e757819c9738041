"""How likely an unknown turns out a yes, judged by what is known of others.

The one missing fact is filled with the values that residents are known to have: each value of a category with its share, numbers and dates by
QUANTILES equal parts. The share of fillings that make it a yes is the chance, and the mean over those is what it would pay. It assumes that those
whose value is missing are like those whose value is known; a person's own other facts are used as they are. It orders questions and decides nothing.
"""

from __future__ import annotations

import polars as pl

from leye.policy.facts import FactTable
from leye.policy.marks import Marker
from leye.policy.polars_engine import fact_dtype

QUANTILES = 8
MOST_VALUES = 12
"""Values up to which a fact counts as a category; chosen by us, as QUANTILES: an order of questions needs no finer grain."""


def with_chance(marks: pl.DataFrame, typed: pl.DataFrame, marker: Marker) -> pl.DataFrame:
    """The marks with `chance`: 1 for a yes, between 0 and 1 for an unknown that one fact decides, 0 for others. typed: `marker.typed` of all."""
    one = pl.col("missing").list.first()
    single = marks.lazy().filter(pl.col("verdict") == "unknown", pl.col("missing").list.len() == 1).select("person_id", "policy", one.alias("fact"))
    asked = single.filter(pl.col("fact").is_in(typed.columns)).collect()
    filled = [_filled(typed, asked, fact, marker.facts) for fact in asked["fact"].unique().sort()]
    found = _shares(asked, [f for f in filled if f.height], marker)
    chance = pl.when(pl.col("verdict") == "yes").then(1.0).otherwise(pl.col("chance").fill_null(0.0)).alias("chance")
    return marks.join(found, on=["person_id", "policy"], how="left", maintain_order="left").with_columns(chance)


def _filled(typed: pl.DataFrame, asked: pl.DataFrame, fact: str, facts: FactTable) -> pl.DataFrame:
    """The rows of those who lack the fact, once for each likely value, with `_share`."""
    values = likely_values(typed[fact], facts, fact)
    rows = typed.filter(pl.col("person_id").is_in(asked.filter(pl.col("fact") == fact)["person_id"].unique().implode()))
    return rows.drop(fact).join(values, how="cross").select(*typed.columns, "_share", pl.lit(fact).alias("_fact"))


def likely_values(column: pl.Series, facts: FactTable, fact: str) -> pl.DataFrame:
    """`<fact>, _share`: the known values and how common they are; empty when nothing is known."""
    known = column.drop_nulls()
    if not known.len():
        return pl.DataFrame({fact: [], "_share": []}, schema={fact: fact_dtype(facts.facts[fact]), "_share": pl.Float64})
    if known.n_unique() <= MOST_VALUES:
        counted = known.value_counts(sort=True, name="_n")
        return counted.sort(fact).select(fact, (pl.col("_n") / known.len()).alias("_share"))
    places = [int((k + 0.5) / QUANTILES * known.len()) for k in range(QUANTILES)]
    return pl.DataFrame({fact: known.sort().gather(places), "_share": [1 / QUANTILES] * QUANTILES})


def _shares(asked: pl.DataFrame, filled: list[pl.DataFrame], marker: Marker) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"person_id": pl.String, "policy": pl.String, "chance": pl.Float64})
    if not filled:
        return empty
    rows = pl.concat(filled).with_row_index("_row")
    told = rows.select(pl.col("_row").cast(pl.String).alias("_key"), pl.col("person_id").alias("_person"), "_fact", "_share")
    marks = marker.mark(rows.with_columns(pl.col("_row").cast(pl.String).alias("person_id")).drop("_row", "_share", "_fact"))
    yes = marks.lazy().filter(pl.col("verdict") == "yes").join(told.lazy(), left_on="person_id", right_on="_key")
    # rounded: the order in which threads hand over the shares must not show in the last bits of their sum
    counted = yes.group_by("_person", "_fact", "policy").agg(pl.col("_share").sum().round(9).alias("chance"))
    keyed = counted.rename({"_person": "person_id", "_fact": "fact"})
    return asked.lazy().join(keyed, on=["person_id", "policy", "fact"], how="left").select("person_id", "policy", "chance").collect()
