"""CSV or Parquet to columns of text or values with the row numbers of the file, and the error form of the panel reader."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from leye.intake.read import open_source
from leye.intake.read.csv_file import read_csv
from leye.intake.read.encoding import decode
from leye.intake.spec import ReadRule
from leye.kernel.errors import BadInput, Place


def panel_error(code: str, file: Path, column: str, rows: Sequence[int], zh: str, *, en: str, remedy: str) -> BadInput:
    """A BadInput with one place a row (rows of the file from 1; all are kept, ten are shown)."""
    places = tuple(Place(file.name, row=row, column=column) for row in rows) or (Place(file.name, column=column),)
    return BadInput(zh, en=en, remedy_zh=remedy, places=places, code=code)


def read_columns(file: Path, wanted: Sequence[str], *, optional: Sequence[str] = ()) -> pl.DataFrame:
    """`row` and the wanted columns, those of `optional` where there are: text from CSV, as stored from Parquet.

    Rows count from 1: lines in a CSV, rows of data in Parquet.

    Raises BadInput: not readable (E_ENC), a column missing (E_COLUMN_MISSING, with the nearest name), text beyond the header (E_HEADER).
    """
    frame = _parquet(file) if file.suffix.lower() == ".parquet" else _csv(file)
    for column in wanted:
        if column not in frame.columns:
            near = difflib.get_close_matches(column, [c for c in frame.columns if c != "row"], n=1, cutoff=0.3)
            remedy = f"是不是“{near[0]}”？请改名为 {column}" if near else f"需要的列：{'、'.join(wanted)}"
            raise panel_error("E_COLUMN_MISSING", file, column, [1], f"缺少列“{column}”", en=f"column {column!r} is missing", remedy=remedy)
    wanted = (*wanted, *(c for c in optional if c in frame.columns))
    return frame.select("row", *(_text(frame[c]) if c in ("unique_id", "parent") else frame[c] for c in wanted))


def _text(column: pl.Series) -> pl.Series:
    return column.cast(pl.String)


def _parquet(file: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(file).with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise panel_error("E_ENC", file, "", [], "读不出这个 Parquet 文件", en="unreadable Parquet", remedy="请检查路径，或重新导出") from error


def _csv(file: Path) -> pl.DataFrame:
    if file.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise panel_error("E_ENC", file, "", [], f"不认识的文件类型“{file.suffix}”", en="unknown file type", remedy="请用 .csv 或 .parquet")
    source = open_source(file)
    text, _ = decode(source.data, ReadRule().encodings, file=source.name)
    sheet = read_csv(text, file=source.name, header_row=1)
    if not sheet.cells:
        raise panel_error("E_HEADER", file, "", [1], "文件是空的", en="the file is empty", remedy="第一行应是列名")
    names = [c.strip() for c in sheet.cells[0]]
    kept = [i for i in range(1, len(sheet.cells)) if any(map(str.strip, sheet.cells[i]))]
    over = [sheet.rows[i] for i in kept if any(map(str.strip, sheet.cells[i][len(names) :]))]
    if over or len(set(names)) < len(names):
        zh = "这些行比表头多出内容" if over else "表头有重复的列名"
        raise panel_error("E_HEADER", file, "", over or [1], zh, en="cells beyond the header", remedy="多半是数字里的逗号没有加引号")
    columns = {
        name: [row[n] if n < len(row) else "" for row in (sheet.cells[i] for i in kept)] for n, name in enumerate(names) if name and name != "row"
    }
    return pl.DataFrame({"row": [sheet.rows[i] for i in kept], **columns}, schema={"row": pl.Int64, **dict.fromkeys(columns, pl.String)})
