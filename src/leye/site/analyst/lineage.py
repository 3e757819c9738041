"""From a value on a page back to the cells of the files: value → loaded rows → file, sheet, row, column, what was written there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.conf import settings

from leye.kernel.errors import LeyeError
from leye.office.published import Series, Snapshot

CELLS_SHOWN = 12  # chosen by us: a sum of hundreds of cells is named by its number, and its parts open it further


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one loaded value stands. file is None when the load's history does not hold the row any more."""

    unique_id: str
    title: str
    source: str
    row_id: str
    column: str
    file: str | None
    sheet: str | None
    row: int | None
    header: str | None
    raw: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a series with what it is made of. parts: series it is the sum of, with their values · total: number of cells in all."""

    ds: date
    y: float | None
    cells: tuple[Cell, ...]
    total: int
    parts: tuple[tuple[Series, float | None], ...]


def origin_of(snapshot: Snapshot, series: Series, ds: date) -> Value:
    """What the value of a month is made of. A sum names its parts; a leaf its cells."""
    leaves = _leaves(snapshot, series.unique_id)
    frame = snapshot.frame("panel_cells")
    found = frame.filter((pl.col("ds") == ds) & pl.col("unique_id").is_in(leaves)) if frame.width else frame
    rows = found.head(CELLS_SHOWN).to_dicts() if found.width else []
    parts = tuple((snapshot.series[c], _value(snapshot, c, ds)) for c in snapshot.children.get(series.unique_id, []))
    cells = tuple(_cell(snapshot, r["unique_id"], r["source"], r["row_id"], r["column"]) for r in rows)
    return Value(ds, _value(snapshot, series.unique_id, ds), cells, found.height if found.width else 0, parts)


def _leaves(snapshot: Snapshot, unique_id: str) -> list[str]:
    """The leaves below a series, itself when it is one: a sum's cells are those of its leaves, and they say which part each belongs to."""
    found, queue = [], [unique_id]
    while queue:
        at = queue.pop(0)
        below = snapshot.children.get(at, [])
        queue[:0] = below
        if not below:
            found.append(at)
    return found


def _value(snapshot: Snapshot, unique_id: str, ds: date) -> float | None:
    return next((v for d, v in reversed(snapshot.history.get(unique_id, [])) if d == ds), None)


def _cell(snapshot: Snapshot, unique_id: str, source: str, row_id: str, column: str) -> Cell:
    from leye.intake import why

    title = snapshot.series[unique_id].title_zh if unique_id in snapshot.series else unique_id
    try:
        found = why(settings.LEYE_DATA / "loads" / source, row_id, column)
    except LeyeError:
        return Cell(unique_id, title, source, row_id, column, None, None, None, None, None)
    return Cell(unique_id, title, source, row_id, column, found.file, found.sheet, found.row, found.header or found.column, found.raw)
