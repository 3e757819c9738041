"""The data rows of a sheet whose body came as columns: the same rules as row by row, over whole columns."""

from __future__ import annotations

import polars as pl

from leye.intake.spec import SourceSpec


def read_body(body: pl.DataFrame, begin: int, columns: dict[str, int], width: int, spec: SourceSpec) -> tuple[pl.DataFrame, dict[int, str]]:
    """`_row` and one text column a field for every row of data; and the text beyond the header by row.

    begin: lines above the body · width: columns of the header. Blank rows are left out; the first row that fits a footer ends the table.
    """
    with_row = body.with_row_index("_row", offset=begin + 1).with_columns(pl.col("_row").cast(pl.Int64))
    texts = with_row.with_columns(_first_text(body).alias("_first")).filter(pl.col("_first") != "")
    if spec.read.footer:
        ending = [t for t in texts["_first"].unique().to_list() if any(p.search(t) for p in spec.read.footer)]
        end = texts.filter(pl.col("_first").is_in(ending))["_row"].min()
        if isinstance(end, int):
            texts = texts.filter(pl.col("_row") < end)
    names = dict.fromkeys((*spec.fields, *columns))
    fields = [pl.col(str(columns[n])).alias(n) if _is_there(columns.get(n), body) else pl.lit("").alias(n) for n in names]
    return texts.select("_row", *fields), _beyond(texts, body.columns[width:])


def _is_there(index: int | None, body: pl.DataFrame) -> bool:
    return index is not None and index < body.width


def _first_text(body: pl.DataFrame) -> pl.Series:
    """The first text of each row, stripped; "" in a blank row."""
    first = _stripped(body["0"])
    if (first != "").all():
        return first
    stripped = body.select(_stripped(body[c]).replace("", None) for c in body.columns)
    return stripped.select(pl.coalesce(pl.all()).fill_null("")).to_series()


def _stripped(column: pl.Series) -> pl.Series:
    return column.str.strip_chars()


def _beyond(texts: pl.DataFrame, surplus: list[str]) -> dict[int, str]:
    found = {}
    for row, *cells in texts.select("_row", *surplus).iter_rows() if surplus else ():
        text = " ".join(c for c in cells if c.strip())
        if text:
            found[row] = text
    return found
