"""The body of a plain CSV straight into columns.

Anything unusual (blank lines, cells over lines, quotes inside cells, ragged rows) is left to `csv_file`.
"""

from __future__ import annotations

import io

import polars as pl


def read_columns(lines: list[str], delimiter: str) -> pl.DataFrame | None:
    """One text column a field, named by its number from "0", blank cells as "", one row a line; None when the lines are not plain.

    Equal to what csv.reader gives: a property test compares the two.
    """
    text = "\n".join(lines)
    if not lines or text.startswith("\n") or text.endswith("\n") or "\n\n" in text or not _has_plain_quotes(text, lines, delimiter):
        return None
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), has_header=False, infer_schema=False, separator=delimiter, quote_char='"')
    except pl.exceptions.PolarsError:
        return None
    if frame.height != len(lines):
        return None
    frame.columns = [str(i) for i in range(frame.width)]
    return frame.with_columns(pl.all().fill_null(""))


def _has_plain_quotes(text: str, lines: list[str], delimiter: str) -> bool:
    """Whether quotes only open a cell at its start and close it at its end, within one line."""
    quotes = text.count('"')
    if not quotes:
        return True
    if '""' in text:
        return False
    edged = f"\n{text}\n"
    opening = edged.count(f'{delimiter}"') + edged.count('\n"')
    closing = edged.count(f'"{delimiter}') + edged.count('"\n')
    return 2 * opening == quotes == 2 * closing and not any(line.count('"') & 1 for line in lines)
