"""The fixed FLOWS form (`origin,dest,month,grp,n`), read strictly: every fault is named with file row and column."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leye.intake.panel_text import panel_error, read_columns

COLUMNS = ("origin", "dest", "month", "grp", "n")


def read_flows(file: Path) -> pl.DataFrame:
    """`origin, dest, month, grp, n`. An empty n is unknown and its row left out; a month may be written 2025-01 or 2025-01-01.

    Raises BadInput with file, row, column and remedy on a missing column, an empty key, a word for a number, a share of a person, no month.
    """
    raw = read_columns(file, COLUMNS)
    keys = [_key(raw, name, file) for name in ("origin", "dest", "grp")]
    table = pl.DataFrame([*keys, _months(raw, file), _counts(raw, file)])
    return table.select(*COLUMNS).drop_nulls("n")


def _key(raw: pl.DataFrame, name: str, file: Path) -> pl.Series:
    text = raw[name].cast(pl.String).str.strip_chars()
    empty = raw.filter((text == "") | text.is_null())["row"].to_list()
    if empty:
        raise panel_error("E_REQUIRED", file, name, empty, f"{name} 是空的", en=f"empty {name}", remedy="给每一行写上两端的地区和群体")
    return text.alias(name)


def _months(raw: pl.DataFrame, file: Path) -> pl.Series:
    column = raw["month"]
    if column.dtype in (pl.Date, pl.Datetime):
        days = column.cast(pl.Date)
    else:
        text = column.cast(pl.String).str.strip_chars()
        days = text.str.to_date("%Y-%m-%d", strict=False).fill_null((text + "-01").str.to_date("%Y-%m-%d", strict=False))
    bad = raw.filter(days.is_null())["row"].to_list()
    if bad:
        raise panel_error("E_PERIOD_SYNTAX", file, "month", bad, "month 不是月份", en="no month", remedy="写成 2025-01 或 2025-01-01")
    return days.dt.month_start().alias("month")


def _counts(raw: pl.DataFrame, file: Path) -> pl.Series:
    column = raw["n"]
    text = column.cast(pl.String).fill_null("").str.strip_chars()
    values = text.cast(pl.Float64, strict=False)
    whole = values.is_not_null() & (values >= 0) & (values.round(0) == values) & values.is_finite()
    bad = raw.filter((text != "") & ~whole.fill_null(False))["row"].to_list()
    if bad:
        raise panel_error("E_NUMBER_SYNTAX", file, "n", bad, "n 不是从 0 起的整数", en="n is no whole number from 0", remedy="写整数；不知道就留空")
    return values.cast(pl.Int64, strict=False).alias("n")
