"""A sheet as it was received: raw text, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, zero-based and inclusive, in positions of `Sheet.cells`."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """Rows of raw text, "" where blank. `rows[i]` is the line or sheet row (from 1) that `cells[i]` begins on; name is None outside workbooks.

    `header_is_keys` marks JSON: its one header line was put together by the reader, and no rule about header rows applies.
    `body`, when there, holds everything below the header as columns "0", "1", …, one row a line; `cells` then are only the first lines.
    """

    name: str | None
    cells: list[list[str]]
    rows: list[int]
    merges: list[Merge] = field(default_factory=list)
    header_is_keys: bool = False
    body: pl.DataFrame | None = None
