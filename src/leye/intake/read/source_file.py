"""One file as received: its bytes, hash, and sheets, whatever the format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from leye.intake.read.csv_file import read_csv
from leye.intake.read.encoding import decode
from leye.intake.read.excel_file import read_xlsx
from leye.intake.read.json_file import read_json
from leye.intake.read.sheet import Sheet
from leye.intake.spec import ReadRule
from leye.kernel.errors import BadInput, Place

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """`name` is the bare file name; `encoding` is None for workbooks."""

    name: str
    sha256: str
    data: bytes


def open_source(path: Path) -> SourceFile:
    """Read a file once. Raises BadInput (E_ENC) when it cannot be opened."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"打不开文件：{path}", en=f"cannot open {path}: {error.strerror}", remedy_zh="请检查路径和权限", places=(Place(path.name),), code="E_ENC"
        ) from error
    return SourceFile(path.name, hashlib.sha256(data).hexdigest(), data)


def read_sheets(source: SourceFile, rule: ReadRule) -> tuple[list[Sheet], str | None]:
    """Sheets and the text encoding (None for a workbook). Raises BadInput naming the file and what to do."""
    kind = rule.format if rule.format != "auto" else _kind(source)
    if kind == "xlsx":
        return read_xlsx(source.data, file=source.name, sheet=rule.sheet), None
    text, encoding = decode(source.data, rule.encodings, file=source.name)
    if kind == "json":
        return [read_json(text, file=source.name, join=rule.join)], encoding
    body_from = None if rule.fill_down else rule.header_row - 1 + rule.header_rows
    return [read_csv(text, file=source.name, header_row=rule.header_row, body_from=body_from)], encoding


def _kind(source: SourceFile) -> str:
    """By content before name: offices rename what they send."""
    head = source.data[:512].lstrip()
    if source.data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if source.data.startswith(_OLD_EXCEL) or head[:1] == b"<":
        raise BadInput(
            "这是旧版 .xls 或网页格式的表格，不能直接读",
            en="an old .xls workbook or an HTML table; neither can be read",
            remedy_zh="请在 Excel 里打开，另存为 .xlsx",
            remedy_en="open it in Excel and save as .xlsx",
            places=(Place(source.name),),
            code="E_ENC",
        )
    return "json" if source.name.lower().endswith(".json") or head[:1] in (b"[", b"{") else "csv"
