"""Workbooks (.xlsx) through openpyxl: raw text of each cell, merged ranges, hidden sheets left out."""

from __future__ import annotations

import fnmatch
import io
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leye.intake.read.sheet import Merge, Sheet
from leye.kernel.errors import BadInput, Place

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def read_xlsx(data: bytes, *, file: str, sheet: str) -> list[Sheet]:
    """Visible sheets whose name fits the glob, in order; the first one when the glob is empty. Raises BadInput when none fits."""
    values = _open(data, file, data_only=True)
    visible = [ws for ws in values.worksheets if ws.sheet_state == "visible"]
    chosen = [ws for ws in visible if fnmatch.fnmatchcase(ws.title, sheet)] if sheet else visible[:1]
    if not chosen:
        raise BadInput(
            f"没有名为“{sheet}”的工作表",
            en=f"no sheet named {sheet!r}",
            remedy_zh=f"现有：{'、'.join(ws.title for ws in visible)}；请改 read.sheet",
            places=(Place(file, sheet or None),),
            code="E_HEADER",
        )
    formulas = _open(data, file, data_only=False) if _has_formulas(data) else None
    return [_sheet(ws, formulas[ws.title] if formulas else None) for ws in chosen]


def _open(data: bytes, file: str, *, data_only: bool) -> Workbook:
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)
    except Exception as error:  # openpyxl lets zip, XML and key errors through; all mean the same to a clerk
        raise BadInput(
            "打不开这个工作簿，文件可能已损坏或有密码",
            en=f"the workbook cannot be opened: {type(error).__name__}",
            remedy_zh="请在 Excel 里打开后另存为 .xlsx，去掉密码",
            places=(Place(file),),
            code="E_ENC",
        ) from error


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(b"<f" in archive.read(name) for name in sheets)


def _sheet(ws: Worksheet, formulas: Worksheet | None) -> Sheet:
    cells = [[_cell_text(cell) for cell in row] for row in ws.iter_rows()]
    if formulas is not None:
        _keep_uncomputed(cells, formulas)
    merges = [Merge(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in ws.merged_cells.ranges]
    return Sheet(ws.title, cells, list(range(1, len(cells) + 1)), merges)


def _keep_uncomputed(cells: list[list[str]], formulas: Worksheet) -> None:
    """A formula that no program has computed has no value: show the formula itself, or it would pass as a blank cell."""
    for row, written in zip(cells, formulas.iter_rows(values_only=True), strict=False):
        for i, value in enumerate(written):
            if row[i] == "" and isinstance(value, str) and value.startswith("="):
                row[i] = value


@lru_cache(maxsize=1024)
def _shape(number_format: str) -> str:
    """A number format without its literal texts and colours."""
    return re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()


def _cell_text(cell: Any) -> str:
    """As `raw_text`, and what only the format tells: 5% is stored as 0.05, and 2024年3月 as the first of March."""
    value = cell.value
    if isinstance(value, str) or value is None:
        return value or ""
    shape = _shape(cell.number_format)
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in shape:
        return f"{(Decimal(repr(value)) * 100).normalize():f}%"
    if isinstance(value, date) and "y" in shape and "d" not in shape:
        return f"{value:%Y-%m}"
    return raw_text(value)


def raw_text(value: object) -> str:
    """What a cell holds, as text: whole floats without .0, days as ISO dates, formula errors as Excel shows them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
