"""From a sheet to a table of raw text by field: header found, merged and blank cells filled, titles, footers, totals and blank rows set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from leye.intake.body import read_body
from leye.intake.header import field_units, header_names, match_columns, plain
from leye.intake.read import Sheet, SourceFile
from leye.intake.spec import SourceSpec, TotalRule
from leye.intake.units import Unit
from leye.intake.wide import WideColumn, header_row_of, is_blank, split, wide_columns
from leye.kernel.errors import Place


@dataclass(slots=True)
class RawTable:
    """The data rows of one sheet.

    frame: `_row` and one text column a field, "" where blank; `FIELD@row` beside it where the text was taken from a covering or upper cell ·
    totals: the same for each rule about total rows · overflow: rows with text beyond the header, and that text · skipped: rows that are no data ·
    labels: see `label`.
    """

    file: str
    sha256: str
    sheet: str | None
    frame: pl.DataFrame
    units: dict[str, Unit | None] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    totals: list[tuple[TotalRule, pl.DataFrame]] = field(default_factory=list)
    overflow: dict[int, str] = field(default_factory=dict)
    skipped: int = 0
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What the quarantine calls a field of this table: its name, and for a column turned into rows the header too (`heads[3月]`)."""
        return self.labels.get(name, name)


def lay_out(sheet: Sheet, source: SourceFile, spec: SourceSpec) -> list[RawTable]:
    """The table in a sheet; one for each column that is turned into rows. Raises BadInput when a column is missing or stated in another unit;
    place and remedy are in it."""
    names = header_names(sheet, spec)
    first = 0 if sheet.header_is_keys else spec.read.header_row - 1
    place = Place(source.name, sheet.name, None if sheet.header_is_keys else first + 1)
    wide = wide_columns(names, spec, place=place)
    columns = match_columns(names, spec, place=place, elsewhere=_header_elsewhere(sheet, spec), wide={w.index for w in wide})
    begin = 1 if sheet.header_is_keys else first + spec.read.header_rows
    placed = columns | {w.name: w.index for w in wide}
    if sheet.body is not None:
        lines = begin + sheet.body.height
        frame, overflow = read_body(sheet.body, begin, placed, len(names), spec)
    else:
        lines = len(sheet.cells) - (1 if sheet.header_is_keys else 0)
        frame, overflow = _read_cells(sheet, begin, placed, len(names), spec)
    headers = {name: names[i] for name, i in columns.items()}
    tables = []
    for column, rows in _parts(frame, wide, sheet, spec):
        rule = spec.read.unpivot
        at = columns | ({rule.value: column.index} if rule and column else {})
        table = RawTable(source.name, source.sha256, sheet.name, rows, field_units(sheet, names, at, spec, place=place), headers, overflow=overflow)
        if rule and column:
            table.labels[rule.value] = f"{rule.value}[{column.header}]"
        _set_totals_aside(table, spec)
        tables.append(table)
    tables[0].skipped = lines - tables[0].frame.height
    return tables


def _parts(frame: pl.DataFrame, wide: list[WideColumn], sheet: Sheet, spec: SourceSpec) -> list[tuple[WideColumn | None, pl.DataFrame]]:
    """The frame as it is, or split by its wide columns; those without a single text are left out, but for one when all are."""
    rule = spec.read.unpivot
    if rule is None:
        return [(None, frame)]
    filled = [w for w in wide if not is_blank(frame, w)]
    row = header_row_of(sheet, spec)
    if filled:
        return [(w, split(frame, w, rule, header_row=row)) for w in filled]
    return [(wide[0], split(frame, wide[0], rule, header_row=row).clear())]


def _read_cells(sheet: Sheet, begin: int, columns: dict[str, int], width: int, spec: SourceSpec) -> tuple[pl.DataFrame, dict[int, str]]:
    """The frame of a RawTable, and the texts beyond the header, row by row."""
    kept = _data_rows(sheet.cells, begin, spec)
    origins = _fill(sheet, kept, columns, spec)
    overflow = {sheet.rows[i]: " ".join(c for c in sheet.cells[i][width:] if c.strip()) for i in kept if len(sheet.cells[i]) > width}
    frame = pl.DataFrame({"_row": [sheet.rows[i] for i in kept]}, schema={"_row": pl.Int64}).with_columns(
        *(_column(sheet, kept, columns.get(name), name) for name in dict.fromkeys((*spec.fields, *columns))),
        *(pl.Series(f"{name}@row", rows, dtype=pl.Int64) for name, rows in origins.items()),
    )
    return frame, {row: text for row, text in overflow.items() if text}


def _column(sheet: Sheet, kept: Sequence[int], index: int | None, name: str) -> pl.Series:
    cells = sheet.cells
    if index is None:
        return pl.Series(name, [""] * len(kept), dtype=pl.String)
    try:
        texts = [cells[i][index] for i in kept]
    except IndexError:  # some rows end before this column
        texts = [cells[i][index] if index < len(cells[i]) else "" for i in kept]
    return pl.Series(name, texts, dtype=pl.String)


def _header_elsewhere(sheet: Sheet, spec: SourceSpec) -> str:
    """When another of the first rows holds more of the names than the header row does: say which, an inserted title is the usual cause."""
    if sheet.header_is_keys:
        return ""
    wanted = {plain(h.split(spec.read.join)[0]) for f in spec.fields.values() for h in f.headers}
    hits = [sum(plain(c) in wanted for c in row) for row in sheet.cells[:30]]
    here = hits[spec.read.header_row - 1] if spec.read.header_row <= len(hits) else 0
    best = max(range(len(hits)), key=hits.__getitem__, default=0)
    if not hits or hits[best] <= here:
        return ""
    return f"表头像是在第 {best + 1} 行：请删去多余的标题行，或把 read.header_row 改为 {best + 1}"


def _data_rows(cells: list[list[str]], begin: int, spec: SourceSpec) -> list[int]:
    """Positions of the rows between header and footer that hold any text."""
    kept: list[int] = []
    harmless: set[str] = set()
    for i in range(begin, len(cells)):
        row = cells[i]
        first = row[0].strip() if row else ""
        if not first:
            first = next((c for c in map(str.strip, row) if c), "")
            if not first:
                continue
        if spec.read.footer and first not in harmless:
            if any(p.search(first) for p in spec.read.footer):
                break
            harmless.add(first)
        kept.append(i)
    return kept


def _fill(sheet: Sheet, kept: Sequence[int], columns: dict[str, int], spec: SourceSpec) -> dict[str, list[int]]:
    """Fill covered and blank cells in place; returns for each filled field the row that every text really stands in."""
    from_row: dict[str, list[int]] = {}
    positions = {i: n for n, i in enumerate(kept)}
    if spec.read.fill_merged and kept:
        for m in sheet.merges:
            for name, c in columns.items():
                if m.left <= c <= m.right and m.top >= kept[0]:
                    text = sheet.cells[m.top][m.left]
                    rows = from_row.setdefault(name, [sheet.rows[i] for i in kept])
                    for i in range(m.top, m.bottom + 1):
                        if i in positions:
                            sheet.cells[i][c] = text
                            rows[positions[i]] = sheet.rows[m.top]
    for name in spec.read.fill_down:
        if name in columns:
            _fill_down(sheet, kept, columns[name], from_row.setdefault(name, [sheet.rows[i] for i in kept]))
    return from_row


def _fill_down(sheet: Sheet, kept: Sequence[int], column: int, rows: list[int]) -> None:
    above, above_row = "", 0
    for n, i in enumerate(kept):
        row = sheet.cells[i]
        if column >= len(row):
            row.extend([""] * (column + 1 - len(row)))
        if row[column].strip():
            above, above_row = row[column], rows[n]
        elif above:
            row[column], rows[n] = above, above_row


def _set_totals_aside(table: RawTable, spec: SourceSpec) -> None:
    """Take total rows out of the frame. White space inside the label does not count: offices write 合 计."""
    for rule in spec.totals:
        labels = table.frame[rule.field]
        total = {label for label in labels.unique() if rule.match.search(re.sub(r"\s+", "", label))}
        is_total = labels.is_in(sorted(total))
        table.totals.append((rule, table.frame.filter(is_total)))
        table.frame = table.frame.filter(~is_total)
