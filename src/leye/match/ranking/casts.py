"""Columns as they come (texts of CSV, any type of Parquet) to the types of the contract, with the place of what cannot be read."""

from __future__ import annotations

import polars as pl

from leye.kernel.errors import BadInput, Place

HEAD_ROWS = 2
"""The first row of data is row 2 of the file as a person sees it."""
_WRITTEN: dict[type[pl.DataType], str] = {pl.Date: "2027-01-31", pl.Int64: "123", pl.Float64: "1.5", pl.Boolean: "true / false"}
_TRUE, _FALSE = ("true", "1", "yes", "是"), ("false", "0", "no", "否")


def cast_column(values: pl.Series, kind: pl.DataType, file: str) -> pl.Series:
    """The column in the type of the contract; NaN and blank cells are unknown. Raises BadInput (E_RANK_VALUE) with row and column."""
    if values.dtype == pl.Null:
        return pl.Series(values.name, [None] * len(values), dtype=kind)
    if isinstance(kind, pl.List):
        return _lists(values, kind, file)
    if values.dtype == pl.String and kind != pl.String():
        values = values.str.strip_chars().replace("", None)
    return _checked(values, _scalars(values, kind), kind, file)


def _scalars(values: pl.Series, kind: pl.DataType) -> pl.Series:
    if kind == pl.String():
        text = values.cast(pl.String)
        return text.set(text.str.strip_chars() == "", None)
    if kind == pl.Boolean() and values.dtype == pl.String:
        low = values.str.to_lowercase()
        return low.replace_strict({**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}, default=None, return_dtype=pl.Boolean)
    if kind == pl.Date():
        return values.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False) if values.dtype == pl.String else values.cast(pl.Date, strict=False)
    number = values.cast(pl.Float64, strict=False)
    number = number.set(number.is_nan().fill_null(False), None)
    return number.round().cast(pl.Int64, strict=False) if kind == pl.Int64() else number.cast(kind, strict=False)


def _checked(before: pl.Series, after: pl.Series, kind: pl.DataType, file: str) -> pl.Series:
    lost = before.is_not_null() & after.is_null()
    if before.dtype.is_float():
        lost &= before.is_not_nan()
    if kind == pl.String():
        lost &= before.cast(pl.String).str.strip_chars() != ""
    rows = lost.arg_true().to_list()
    if rows:
        raise unreadable(file, before.name, rows, before[rows[0]], _word(kind))
    return after


def _word(kind: pl.DataType) -> str:
    """What a cell should hold, as people write it."""
    if isinstance(kind, pl.List):
        return f"{_word(kind.inner)} | {_word(kind.inner)} | …"  # type: ignore[arg-type]
    return _WRITTEN.get(type(kind), str(kind))


def _lists(values: pl.Series, kind: pl.List, file: str) -> pl.Series:
    """Cells `a|b` or `a;b`, `[]` for known to be none; real lists as they are. Blank parts of aligned lists are unknown, of others nothing."""
    if values.dtype == pl.String:
        text = values.str.strip_chars()
        text = text.set(text == "", None)
        split = text.str.replace_all(";", "|", literal=True).str.split("|")
        values = pl.select(pl.when(text == "[]").then(pl.lit([], dtype=pl.List(pl.String))).otherwise(split).alias(values.name)).to_series()
    elif not isinstance(values.dtype, pl.List):
        raise unreadable(file, values.name, [0], values[0] if len(values) else None, "list")
    inner, flat = kind.inner, values.explode(empty_as_null=False, keep_nulls=False)
    before = flat.cast(pl.String) if flat.dtype == pl.Null else flat
    if before.dtype == pl.String:
        before = before.str.strip_chars().replace("", None)
    done = _scalars(before, inner)  # type: ignore[arg-type]
    rows = (before.is_not_null() & done.is_null()).arg_true().to_list()
    if rows:
        raise unreadable(file, values.name, _rows_of(values, rows), before[rows[0]], _word(kind))
    made = _refold(values, done, kind)
    return made.list.drop_nulls() if inner == pl.String() else made


def _refold(shape: pl.Series, flat: pl.Series, kind: pl.List) -> pl.Series:
    """`flat` folded into lists of the lengths of `shape`."""
    lengths = shape.list.len()
    owner = pl.Series("row", range(len(shape)), dtype=pl.UInt32)
    of = pl.DataFrame({"row": owner, "n": lengths}).filter(pl.col("n") > 0).select(pl.col("row").repeat_by("n").explode()).to_series()
    folded = pl.DataFrame({"row": of, "v": flat}).group_by("row", maintain_order=True).agg(pl.col("v"))
    joined = pl.DataFrame({"row": owner, "n": lengths}).join(folded, on="row", how="left", maintain_order="left")
    empty = pl.lit([], dtype=kind)
    return joined.select(pl.when(pl.col("n") == 0).then(empty).otherwise(pl.col("v").cast(kind)).alias(shape.name)).to_series()


def _rows_of(values: pl.Series, flat_rows: list[int]) -> list[int]:
    ends = values.list.len().fill_null(0).cum_sum()
    return [int(ends.search_sorted(r, side="right")) for r in flat_rows[:10]]


def unreadable(file: str, column: str, rows: list[int], found: object, wanted: str) -> BadInput:
    """What stands in a cell is not what the column holds."""
    return BadInput(
        f"“{found}”不能作为 {column}", en=f"{found!r} is no {column}", code="E_RANK_VALUE",
        places=tuple(Place(file, row=r + HEAD_ROWS, column=column) for r in rows[:10]),
        remedy_zh=f"应当是 {wanted}，见 docs/reference/ranking.md；不知道就留空", remedy_en=f"expected {wanted}; leave the cell empty when unknown",
    )  # fmt: skip
