"""A department's table before it is written: titles, header, lines and footer, with the errors planted in it and the rows they will stand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted error: the field it is in, what was done, and the code that intake should give (None: counted, not coded)."""

    column: str
    kind: str
    code: str | None


@dataclass(slots=True)
class Line:
    """One line as it will be written."""

    cells: list[Cell]
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """One sheet or file. `merged` are the columns whose equal neighbours are merged (Excel) or left blank (CSV)."""

    file: str
    header: list[list[str]]
    lines: list[Line]
    sheet: str | None = None
    titles: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    merged: tuple[int, ...] = ()

    @property
    def first_row(self) -> int:
        """Row of the first line, counted from 1."""
        return len(self.titles) + len(self.header) + 1

    def faults(self, source: str) -> Iterator[tuple[str, str, str | None, int, str, str, str | None]]:
        """The truth about the table: source, file, sheet, row, column, kind, expected code."""
        for number, line in enumerate(self.lines, self.first_row):
            for fault in line.faults:
                yield source, self.file, self.sheet, number, fault.column, fault.kind, fault.code


def blank_repeats(lines: list[Line], columns: tuple[int, ...]) -> list[list[Cell]]:
    """Cells as a clerk writes them in a text file: what stands above is not repeated. A column restarts where one to its left changes."""
    written: list[list[Cell]] = []
    before: list[Cell] | None = None
    for line in lines:
        cells = list(line.cells)
        for depth, c in enumerate(columns):
            if before is not None and all(before[k] == line.cells[k] for k in columns[: depth + 1]):
                cells[c] = ""
        written.append(cells)
        before = line.cells
    return written


def runs(lines: list[Line], columns: tuple[int, ...], depth: int) -> Iterator[tuple[int, int]]:
    """(first, last) positions of neighbouring lines that are equal in the first `depth + 1` merged columns, longer than one line."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or any(lines[i].cells[c] != lines[start].cells[c] for c in columns[: depth + 1]):
            if i - 1 > start:
                yield start, i - 1
            start = i
