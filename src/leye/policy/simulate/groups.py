"""The columns that a comparison is split by: facts, columns of the table, and age bands by the birth date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from leye.kernel.errors import BadInput, Place

AGE_BANDS = (("0-15", 16), ("16-24", 25), ("25-34", 35), ("35-44", 45), ("45-54", 55), ("55-64", 65), ("65+", 200))
"""Bands of the labour force surveys, ten years wide; each with the age at which it ends."""
DERIVED = ("age_band",)
SMALLEST = 10
"""Groups under so many people are not shown (product rule for small cells)."""


def group_columns(names: Sequence[str], columns: Sequence[str], on: date) -> list[pl.Expr]:
    """An expression per name, called `_by.<name>`. Raises BadInput (E_COLUMN_MISSING) for a name the table lacks."""
    return [_column(name, columns, on).alias(f"_by.{name}") for name in names]


def _column(name: str, columns: Sequence[str], on: date) -> pl.Expr:
    if name in columns:
        return pl.col(name).cast(pl.String)
    if name == "age_band" and "birth" in columns:
        born = pl.col("birth")
        before = (born.dt.month().cast(pl.Int32) * 100 + born.dt.day()) > on.month * 100 + on.day
        age = on.year - born.dt.year() - before.cast(pl.Int32)
        starts = [end for _, end in AGE_BANDS[:-1]]
        return age.cut(starts, labels=[band for band, _ in AGE_BANDS], left_closed=True).cast(pl.String)
    raise BadInput(
        f"没有列“{name}”，不能按它分组",
        en=f"no column {name!r} to group by",
        remedy_zh="用人员表里的列，或 age_band（要有 birth）",
        remedy_en="give a column of the table, or age_band (needs birth)",
        places=(Place(column=name),),
        code="E_COLUMN_MISSING",
    )
