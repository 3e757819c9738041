"""Corrections decided by a person: stored with who and when, applied to the raw text at every later load. The raw cell itself is never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from leye.intake.layout import RawTable
from leye.kernel.errors import BadInput, Place
from leye.lake.snapshots import write_atomically

FILE_NAME = "corrections.json"


@dataclass(frozen=True, slots=True)
class Correction:
    """Read `raw` in `column` as `value`. With `sha256` and `row` for that one cell, without them for every cell of the source that says `raw`.

    by: who decided · at: ISO 8601 with offset.
    """

    column: str
    raw: str
    value: str
    by: str
    at: str
    sha256: str | None = None
    sheet: str | None = None
    row: int | None = None

    def __post_init__(self) -> None:
        if not self.by or not self.column or (self.sha256 is None) != (self.row is None):
            raise ValueError("a correction names who, which column, and either a whole cell (sha256 and row) or none")


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a source; later ones win over earlier ones, one cell's wins over the source-wide ones."""

    items: tuple[Correction, ...] = field(default=())

    def apply(self, table: RawTable, column: str) -> pl.Series:
        """The texts to parse: the raw column with what was corrected put in its place."""
        texts = table.frame[column]
        mine = [c for c in self.items if c.column in (column, table.label(column))]
        everywhere = {c.raw: c.value for c in mine if c.row is None}
        if everywhere:
            texts = texts.replace(list(everywhere), list(everywhere.values()))
        cells = {(c.row, c.raw): c.value for c in mine if c.row is not None and (c.sha256, c.sheet) == (table.sha256, table.sheet)}
        if cells:
            pairs = zip(table.frame["_row"], table.frame[column], texts, strict=True)
            texts = pl.Series(column, [cells.get((row, raw), text) for row, raw, text in pairs], dtype=pl.String)
        return texts


def read_corrections(out: Path) -> Corrections:
    """Corrections stored beside a source's loads; none when the file is absent. Raises BadInput on a damaged file."""
    file = out / FILE_NAME
    try:
        items = json.loads(file.read_text(encoding="utf-8"))
        return Corrections(tuple(Correction(**item) for item in items))
    except FileNotFoundError:
        return Corrections()
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(
            "更正记录文件坏了",
            en=f"corrections cannot be read: {error}",
            remedy_zh="请从备份恢复 corrections.json，或删去后重新更正",
            places=(Place(str(file)),),
            code="E_CORRECTIONS",
        ) from error


def add_correction(
    out: Path, *, column: str, raw: str, value: str, by: str, at: datetime, cell: tuple[str, str | None, int] | None = None
) -> Correction:
    """Store a decision; it takes effect at the next load of the source, which tries all waiting rows again.

    cell: (sha256 of the file, sheet, row) for one cell; None for every cell of that column that says `raw`.
    Raises ValueError on an instant without a zone or an empty name.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    sha256, sheet, row = cell or (None, None, None)
    correction = Correction(column, raw, value, by, at.isoformat(), sha256, sheet, row)
    write_corrections(out, (*read_corrections(out).items, correction))
    return correction


def write_corrections(out: Path, items: Iterable[Correction]) -> None:
    """Replace the stored corrections, atomically."""
    write_atomically(out / FILE_NAME, json.dumps([asdict(c) for c in items], ensure_ascii=False, indent=1))
