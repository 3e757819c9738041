"""The columns that a comparison is split by: facts, columns of the table, and bands of ages, money and months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import polars as pl

from leye.kernel.codes import region_code, region_name
from leye.kernel.errors import BadInput, NotFound, Place
from leye.policy.facts import Fact, FactTable

AGE_BANDS = (("0-15", 16), ("16-24", 25), ("25-34", 35), ("35-44", 45), ("45-54", 55), ("55-64", 65), ("65+", 200))
"""Bands of the labour force surveys, ten years wide; each with the age at which it ends."""
AGE, BAND = "age_band", "_band"
MONEY_FEN = tuple(range(200_000, 1_200_000, 200_000))
"""Where bands of money begin, in steps of 2,000 yuan up to 10,000; chosen by us."""
MONTHS = (12, 24, 36, 60, 120)
"""Where bands of months begin: the years at which rules of insurance turn."""
SMALLEST = 10
"""Groups under so many people are not shown (product rule for small cells)."""
MOST_VALUES = 60
"""More values than this nobody compares; chosen by us. The most frequent ones are kept, the others are one group."""
REST = "其余"


def source_column(name: str, columns: Sequence[str]) -> str:
    """The column of a table that a group is made of: itself, or `birth` for ages, or the fact before `_band`."""
    if name in columns or not name.endswith(BAND):
        return name
    return "birth" if name == AGE else name.removesuffix(BAND)


def group_columns(names: Sequence[str], people: pl.LazyFrame, facts: FactTable, on: date) -> list[pl.Expr]:
    """An expression per name, called `_by.<name>`, text, unknown stays unknown. Raises BadInput (E_COLUMN_MISSING) for a name the table lacks."""
    columns = people.collect_schema().names() if names else []
    made = {name: _column(name, columns, facts, on) for name in names}
    if not made:
        return []
    few = people.select(e.n_unique().alias(n) for n, e in made.items()).collect(engine="streaming").row(0, named=True)
    return [(e if few[n] <= MOST_VALUES else _frequent(people, n, e)).alias(f"_by.{n}") for n, e in made.items()]


def _frequent(people: pl.LazyFrame, name: str, column: pl.Expr) -> pl.Expr:
    counts = people.select(column.alias(name)).drop_nulls().group_by(name).len().collect(engine="streaming")
    kept = counts.sort("len", name, descending=[True, False])[name].head(MOST_VALUES - 1).to_list()
    return pl.when(column.is_null() | column.is_in(kept)).then(column).otherwise(pl.lit(REST))


def _column(name: str, columns: Sequence[str], facts: FactTable, on: date) -> pl.Expr:
    if name in columns:
        return pl.col(name).cast(pl.String)
    source = source_column(name, columns)
    if source in columns and name == AGE:
        return _ages(on)
    fact = facts.facts.get(source)
    if source in columns and fact is not None and name.endswith(BAND) and fact.unit.split("/")[0] in ("fen", "months"):
        return _bands(fact)
    raise BadInput(
        f"没有列“{name}”，不能按它分组",
        en=f"no column {name!r} to group by",
        remedy_zh="用人员表里的列；年龄段写 age_band（要有 birth），金额和月数分档写 事实编号_band，如 monthly_wage_fen_band",
        remedy_en="give a column of the table; age_band (needs birth), or FACT_band for money and months, as monthly_wage_fen_band",
        places=(Place(column=name),),
        code="E_COLUMN_MISSING",
    )


def _ages(on: date) -> pl.Expr:
    born = pl.col("birth")
    before = (born.dt.month().cast(pl.Int32) * 100 + born.dt.day()) > on.month * 100 + on.day
    age = on.year - born.dt.year() - before.cast(pl.Int32)
    return _labelled(age, [end for _, end in AGE_BANDS[:-1]], [band for band, _ in AGE_BANDS])


def _bands(fact: Fact) -> pl.Expr:
    is_money = fact.unit.startswith("fen")
    starts, size = (MONEY_FEN, 100) if is_money else (MONTHS, 1)
    shown = [0, *(s // size for s in starts)]
    labels = [f"{low}-{high - 1}" for low, high in pairwise(shown)] + [f"{shown[-1]}+"]
    return _labelled(pl.col(fact.id), list(starts), labels)


def _labelled(value: pl.Expr, starts: list[int], labels: list[str]) -> pl.Expr:
    """The label of the band that a value lies in; labels[i] begins at starts[i - 1]."""
    found: pl.Expr = pl.lit(labels[0])
    for start, label in zip(starts, labels[1:], strict=True):
        found = pl.when(value >= start).then(pl.lit(label)).otherwise(found)
    return pl.when(value.is_not_null()).then(found)


COLUMNS_ZH = {"age_band": "年龄段", "region": "地区"}


def column_words(name: str, facts: FactTable) -> str:
    """A column to group by in Chinese; its own name where it is no fact."""
    fact = facts.facts.get(name.removesuffix(BAND))
    return COLUMNS_ZH.get(name) or (fact.zh if fact is not None else name)


def value_words(column: str, value: str | None, facts: FactTable) -> str:
    """A value of a group in Chinese."""
    fact = facts.facts.get(column)
    if value is None:
        return "未知"
    if column == "region":
        return _place(value)
    if fact is not None and fact.type == "bool":
        return "是" if value == "true" else "否"
    if fact is not None and fact.type == "enum":
        return fact.word(value)
    unit = {"age_band": "岁"}.get(column, "")
    band = facts.facts.get(column.removesuffix(BAND)) if column.endswith(BAND) else None
    if band is not None:
        unit = "元" if band.unit.startswith("fen") else "个月"
    return f"{value} {unit}".strip()


def _place(region: str) -> str:
    """The name of a place with its code; the code alone where the table of divisions has none."""
    code = region_code(region)
    try:
        return f"{region_name(code)} {region}" if code is not None else "全国"
    except NotFound:
        return region
