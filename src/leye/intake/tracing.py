"""From a value back to the cell that it came from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from leye.intake import folder
from leye.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """The file, sheet and row (from 1) of a raw cell, the field, its text byte for byte, and the header that the column has there."""

    file: str
    sheet: str | None
    row: int
    column: str
    raw: str
    header: str | None
    sha256: str

    def as_dict(self) -> dict[str, str | int | None]:
        """JSON form."""
        return asdict(self)


def why(out: Path, row_id: str, column: str) -> CellOrigin:
    """Where the value of `column` (a field or one of its typed columns) in row `row_id` stands; superseded rows answer too.

    A cell filled from a merged range or from above names the row where its text really is. Raises NotFound.
    """
    state = folder.state(out)
    if state is None:
        raise NotFound(f"{out} 里还没有装载过", en=f"nothing is loaded in {out}", remedy_zh="先运行 leye intake load")
    history = pl.scan_parquet(state / "history.parquet")
    columns = history.collect_schema().names()
    field = _field(column, columns)
    row_column = f"row.{field}" if f"row.{field}" in columns else "_row"
    cells = history.filter(pl.col("_row_id") == row_id).head(1)
    found = cells.select("_file", "_sheet", "_row", "_sha256", at=row_column, raw=f"raw.{field}").collect()
    if found.is_empty():
        raise NotFound(f"没有行号 {row_id}", en=f"no row {row_id}", remedy_zh="行号在 loaded.parquet 的 _row_id 列")
    row = found.row(0, named=True)
    file, sheet = str(row["_file"]), row["_sheet"]
    loaded_from: dict[str, Any] = next((f for f in folder.read_json(out, "files.json") if f["sha256"] == row["_sha256"]), {})
    header = loaded_from.get("headers", {}).get(sheet or "", {}).get(field) or _turned(cells, loaded_from.get("header_of", {}).get(field))
    at = row["_row"] if row["at"] is None else row["at"]
    return CellOrigin(file, sheet, int(at), field, str(row["raw"]), header, str(row["_sha256"]))


def _turned(cells: pl.LazyFrame, header_field: str | None) -> str | None:
    """The header of a column that was turned into rows: it is the text of another field of the row."""
    return None if header_field is None else str(cells.select(f"raw.{header_field}").collect().item())


def _field(column: str, columns: list[str]) -> str:
    """The field that a typed column belongs to. Longest first: wage_min_fen is of wage, not of a field wage_min."""
    fields = sorted((c.removeprefix("raw.") for c in columns if c.startswith("raw.")), key=len, reverse=True)
    for field in fields:
        if column == field or (column.startswith(f"{field}_") and column in columns):
            return field
    raise NotFound(f"没有列“{column}”", en=f"no column {column!r}", remedy_zh=f"可用：{'、'.join(sorted(fields))}")
