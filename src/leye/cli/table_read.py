"""Small tables that commands read and write beside the big ones: the table of codes, and templates of official forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    import polars as pl

CODES = ("dimension", "code", "parent", "level", "valid_from", "valid_to")


def read_codes(file: Path) -> pl.DataFrame:
    """A table of codes, CSV with the columns of CODES. Raises BadInput with the column that is missing or cannot be read."""
    import polars as pl

    if not file.exists():
        raise BadInput(f"没有文件 {file}", en=f"no file {file}", remedy_zh="检查路径", remedy_en="check the path", code="E_FILE")
    text = pl.read_csv(file, infer_schema=False)
    lacking = [c for c in CODES if c not in text.columns]
    if lacking:
        raise _unread(file, lacking[0], "缺少这一列", "is missing")
    try:
        return text.with_columns(pl.col("level").cast(pl.Int32), pl.col("valid_from", "valid_to").str.to_date("%Y-%m-%d"))
    except pl.exceptions.PolarsError as error:
        raise _unread(file, "level / valid_from / valid_to", "读不懂", "cannot be read") from error


def write_template(source: str, out: Path) -> None:
    """The template of an official form, as CSV or as a workbook by the ending of `out`. Raises BadInput for another ending or name."""
    from leye.intake.indicator_source import OFFICIAL

    found = OFFICIAL / "templates" / f"{source}.csv"
    names = sorted(f.stem for f in found.parent.glob("*.csv"))
    if source not in names:
        raise BadInput(f"没有官方表“{source}”", en=f"no official form {source!r}", remedy_zh=f"可选：{'、'.join(names)}", code="E_SOURCE_UNKNOWN")
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput("样表只能写成 .csv 或 .xlsx", en="a template is .csv or .xlsx", remedy_zh="换一个扩展名", code="E_FILE_TYPE")
    out.parent.mkdir(parents=True, exist_ok=True)
    text = found.read_text(encoding="utf-8")
    if out.suffix.lower() == ".csv":
        out.write_text("\ufeff" + text, encoding="utf-8")  # with the mark, spreadsheets read the Chinese
        return
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in text.splitlines():
        sheet.append(line.split(","))
    book.save(out)


def _unread(file: Path, column: str, zh: str, en: str) -> BadInput:
    return BadInput(
        f"代码表的 {column} {zh}", en=f"column {column} of the codes {en}", places=(Place(file.name, column=column),), code="E_COLUMN_MISSING",
        remedy_zh=f"列是 {','.join(CODES)}，日期写 2023-12-01", remedy_en=f"columns are {','.join(CODES)}, dates like 2023-12-01",
    )  # fmt: skip
