"""CSV and its cousins (tab, semicolon). A quoted cell may span lines; a row's number is the line that it begins on."""

from __future__ import annotations

import csv
import io

from leye.intake.read.csv_columns import read_columns
from leye.intake.read.sheet import Sheet
from leye.kernel.errors import BadInput, Place

_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_CELL = 1 << 20  # chosen by us: a cell over 1 MiB is an unclosed quote, not a cell


_HEAD_LINES = 40  # chosen by us: enough for any header, and for saying where it might be instead


def read_csv(text: str, *, file: str, header_row: int, body_from: int | None = None) -> Sheet:
    """The sheet in a decoded text. Raises BadInput on a quote that never closes.

    body_from: rows above the data; when given, a plain body comes as columns, which is several times as quick.
    """
    delimiter = _delimiter(text, header_row)
    if body_from is not None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
        body = read_columns(lines[body_from:], delimiter)
        head = lines[: max(body_from, _HEAD_LINES)]
        if body is not None and not any(line.count('"') & 1 for line in head):
            return Sheet(None, list(csv.reader(head, delimiter=delimiter)), list(range(1, len(head) + 1)), body=body)
    if '"' not in text:
        lines = text.splitlines() if not _odd_breaks(text) else text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
        return Sheet(None, [line.split(delimiter) if line else [] for line in lines], list(range(1, len(lines) + 1)))
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cells: list[list[str]] = []
    rows: list[int] = []
    begins = 1
    try:
        for row in reader:
            cells.append(row)
            rows.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            f"第 {begins} 行开始的引号没有配好",
            en=f"quotes do not match from line {begins} on: {error}",
            remedy_zh="请检查这一行的英文双引号，单元格里的引号要写两遍",
            places=(Place(file, row=begins),),
            code="E_HEADER",
        ) from error
    return Sheet(None, cells, rows)


def _odd_breaks(text: str) -> bool:
    """Whether str.splitlines would break where no CSV line ends (form feed, line separator and the like)."""
    return any(c in text for c in "\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def _delimiter(text: str, header_row: int) -> str:
    head = text[: 1 << 16].splitlines()[header_row - 1 : header_row] or [""]
    return max(_DELIMITERS, key=head[0].count)
