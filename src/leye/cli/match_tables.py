"""Tables that the matching commands read: CSV (every cell as text), TSV, Parquet, or one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    import polars as pl

_AGAIN = re.compile(r"_duplicated_\d+$")
ENDINGS = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson")


def read_rows(file: Path, needed: Sequence[str] = ()) -> pl.DataFrame:
    """The table in the form that the ending says; blanks around names of columns and blank lines at the end of a CSV go.

    needed: columns that it must have. Raises BadInput (E_FILE, E_FILE_TYPE, E_FILE_UNREADABLE, E_COLUMN_TWICE, E_COLUMN_MISSING).
    """
    table = _read(file)
    lacking = [c for c in needed if c not in table.columns]
    if lacking:
        raise BadInput(
            f"{file.name} 缺少列 {lacking[0]}", en=f"{file.name} lacks the column {lacking[0]}", places=(Place(file.name, column=lacking[0]),),
            code="E_COLUMN_MISSING", remedy_zh=f"至少要有 {','.join(needed)}", remedy_en=f"columns {','.join(needed)} are needed",
        )  # fmt: skip
    return table


def _read(file: Path) -> pl.DataFrame:
    import polars as pl

    ending = file.suffix.lower()
    if ending not in ENDINGS or not file.is_file():
        raise _refused(file, ending)
    try:
        if ending == ".parquet":
            return pl.read_parquet(file)
        if ending in (".jsonl", ".ndjson"):
            return pl.read_ndjson(file, infer_schema_length=None)
        return _tidy(pl.read_csv(file, infer_schema=False, separator="\t" if ending == ".tsv" else ",", encoding="utf8"), file)
    except pl.exceptions.NoDataError as error:
        raise _unreadable(file, "文件是空的", "the file is empty") from error
    except (pl.exceptions.PolarsError, UnicodeDecodeError, OSError) as error:
        first = str(error).partition("\n")[0]  # the rest is advice about parameters of the reader
        why = "有一行的格数比列名多" if "more fields" in first else first
        raise _unreadable(file, f"读不懂：{why}"[:200], f"cannot be read: {first}"[:200]) from error


def _tidy(read: pl.DataFrame, file: Path) -> pl.DataFrame:
    """Names as meant: a second column of one name comes as `name_duplicated_0`, and one of the two would be lost without a word."""
    import polars as pl

    names = [c.strip() for c in read.columns]
    twice = sorted({n for n in names if names.count(n) > 1} | {n for c in names if (n := _AGAIN.sub("", c)) != c and n in names})
    if twice:
        raise BadInput(
            f"列“{twice[0]}”有两个", en=f"two columns are named {twice[0]!r}", places=(Place(str(file), row=1, column=twice[0]),),
            remedy_zh="只留一列，或改名", remedy_en="keep one of them, or rename it", code="E_COLUMN_TWICE",
        )  # fmt: skip
    read.columns = names
    filled = read.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true() if read.height else pl.Series([])
    return read.head(int(filled[-1]) + 1 if len(filled) else 0)


def _refused(file: Path, ending: str) -> BadInput:
    if not file.exists():
        return BadInput(f"没有文件 {file}", en=f"no file {file}", remedy_zh="检查路径", remedy_en="check the path", code="E_FILE")
    return BadInput(
        f"不认识这种文件：“{ending}”",
        en=f"a table is no {ending!r} file",
        places=(Place(str(file)),),
        remedy_zh=f"可用：{'、'.join(ENDINGS)}",
        remedy_en=f"one of {', '.join(ENDINGS)}",
        code="E_FILE_TYPE",
    )


def _unreadable(file: Path, zh: str, en: str) -> BadInput:
    return BadInput(
        zh, en=en, places=(Place(str(file)),), code="E_FILE_UNREADABLE",
        remedy_zh="用 UTF-8 存成 CSV，第一行是列名", remedy_en="save as CSV in UTF-8 with a header line",
    )  # fmt: skip
