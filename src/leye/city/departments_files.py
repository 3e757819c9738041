"""Tables to the files that departments send: workbooks, CSV in the encodings of their programs, JSON of platforms. Equal tables, equal bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

from leye.city.departments_sheet import Cell, Table, blank_repeats, runs

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest instant of a zip entry: files must not carry the day they were made


def write_csv(path: Path, table: Table, *, encoding: str, delimiter: str = ",") -> None:
    """One text file; line ends as Windows programs write them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    width = len(table.header[0])
    rows: list[list[Cell]] = [[t] for t in table.titles]
    for header in table.header:
        rows.append([*header])
    rows += blank_repeats(table.lines, table.merged)
    rows += [[t] for t in table.footer]
    writer.writerows([[("" if c is None else c) for c in row] + [""] * (width - len(row)) for row in rows])
    path.write_bytes(out.getvalue().encode(encoding))


def write_json(path: Path, rows: list[dict[str, object]]) -> None:
    """Rows as a platform's interface returns them."""
    path.write_text(json.dumps({"code": 0, "rows": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_xlsx(path: Path, tables: list[Table], *, cover: str | None = None) -> None:
    """One workbook, a sheet a table, titles and equal neighbours merged; a cover sheet with text when given."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    if cover:
        book.create_sheet("说明")["A1"] = cover
    for table in tables:
        _fill(book.create_sheet(table.sheet or "Sheet1"), table)
    raw = io.BytesIO()
    book.save(raw)
    path.write_bytes(_without_clock(raw.getvalue()))


def _fill(ws: object, table: Table) -> None:
    append, merge = ws.append, ws.merge_cells  # type: ignore[attr-defined]
    width = len(table.header[0])
    for row, title in enumerate(table.titles, 1):
        append([title])
        merge(start_row=row, end_row=row, start_column=1, end_column=width)
    for header in table.header:
        append([h or None for h in header])
    _merge_header(merge, table.header, len(table.titles) + 1)
    for line, cells in zip(table.lines, blank_repeats(table.lines, table.merged), strict=True):
        append([None if c == "" else c for c in (cells if table.merged else line.cells)])
    for depth, column in enumerate(table.merged):
        for first, last in runs(table.lines, table.merged, depth):
            merge(start_row=table.first_row + first, end_row=table.first_row + last, start_column=column + 1, end_column=column + 1)
    append([])
    for text in table.footer:
        append([text])
    _mark_errors(ws, table)


def _merge_header(merge: object, header: list[list[str]], top: int) -> None:
    """Blank below a text: merged downwards; blank right of a text with a text below it: merged to the right."""
    if len(header) < 2:
        return
    upper, lower = header
    for c, text in enumerate(upper):
        if text and not lower[c]:
            merge(start_row=top, end_row=top + 1, start_column=c + 1, end_column=c + 1)  # type: ignore[operator]
        elif text:
            end = c
            while end + 1 < len(upper) and not upper[end + 1] and lower[end + 1]:
                end += 1
            if end > c:
                merge(start_row=top, end_row=top, start_column=c + 1, end_column=end + 1)  # type: ignore[operator]


def _mark_errors(ws: object, table: Table) -> None:
    """Texts like #DIV/0! become error cells, as a broken formula leaves them."""
    for i, line in enumerate(table.lines):
        for c, value in enumerate(line.cells):
            if isinstance(value, str) and value.startswith("#"):
                ws.cell(table.first_row + i, c + 1).data_type = "e"  # type: ignore[attr-defined]


def _without_clock(data: bytes) -> bytes:
    """The same workbook with fixed times in its entries and properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
