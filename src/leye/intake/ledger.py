"""Which rows are current, and which were: every row ever accepted stays, with the time it was recorded and the time it was superseded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from leye.intake.spec import SourceSpec
from leye.intake.typed import column_types

_TIME = pl.Datetime("us", "UTC")
PLACE: dict[str, Any] = {
    "_row_id": pl.String, "_key": pl.String, "_file": pl.String, "_sheet": pl.String, "_row": pl.Int64, "_sha256": pl.String, "_order": pl.Int64,
    "_recorded_at": _TIME, "_superseded_at": _TIME, "_valid_from": pl.Date, "_valid_to": pl.Date,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of the rows of one file. duplicates were already in this load, unchanged in an earlier one."""

    new: int
    unchanged: int
    superseded: int
    duplicates: int


class Ledger:
    """The history of one source while a load is going on.

    A row with an unknown key is new; with the content that its key has now, unchanged (or a duplicate when this load brought it); with other
    content it supersedes, unless the key's present row came from a file first loaded later. A file seen before brings nothing old back to life.
    """

    def __init__(self, spec: SourceSpec, history: pl.DataFrame | None) -> None:
        self.spec = spec
        self.rows = empty_history(spec) if history is None else history
        self.rows = self.rows.with_columns(_fresh=pl.lit(False))

    def admit(self, rows: pl.DataFrame, *, order: int, is_known_file: bool, recorded_at: datetime) -> Admitted:
        """Take in the good rows of one file, whose keys conflict no more; `order` is the file's place in the order of first loads."""
        first = rows.unique("_row_id", keep="first", maintain_order=True)
        current = self.rows.filter(pl.col("_superseded_at").is_null()).select("_key", cur_id="_row_id", cur_order="_order", cur_fresh="_fresh")
        joined = first.join(current, on="_key", how="left", maintain_order="left")
        same = pl.col("cur_id") == pl.col("_row_id")
        seen = pl.col("_row_id").is_in(self.rows["_row_id"].implode()) if is_known_file else pl.lit(False)
        fate = (
            pl.when(same & pl.col("cur_fresh"))
            .then(pl.lit("duplicate"))
            .when(same | seen)
            .then(pl.lit("unchanged"))
            .when(pl.col("cur_id").is_null())
            .then(pl.lit("new"))
            .otherwise(pl.lit("superseded"))
        )
        judged = joined.with_columns(fate=fate)
        self._write(judged, order=order, recorded_at=recorded_at)
        count = dict(judged["fate"].value_counts().iter_rows())
        return Admitted(
            count.get("new", 0), count.get("unchanged", 0), count.get("superseded", 0), count.get("duplicate", 0) + rows.height - first.height
        )

    def _write(self, judged: pl.DataFrame, *, order: int, recorded_at: datetime) -> None:
        at = pl.lit(recorded_at).cast(_TIME)
        overtaken = pl.col("cur_order") > order
        taken = judged.filter(pl.col("fate").is_in(["new", "superseded"])).with_columns(
            pl.lit(order).cast(pl.Int64).alias("_order"),
            at.alias("_recorded_at"),
            pl.when(overtaken).then(at).otherwise(None).alias("_superseded_at"),
            *self._valid_time(),
            _fresh=pl.lit(True),
        )
        replaced = taken.filter(pl.col("_superseded_at").is_null())["_key"]
        confirmed = judged.filter(pl.col("fate") == "unchanged")["_row_id"]
        is_current = pl.col("_superseded_at").is_null()
        old = self.rows.with_columns(
            pl.when(is_current & pl.col("_key").is_in(replaced.implode())).then(at).otherwise(pl.col("_superseded_at")).alias("_superseded_at"),
            _fresh=pl.col("_fresh") | (is_current & pl.col("_row_id").is_in(confirmed.implode())),
        )
        self.rows = pl.concat([old, taken.drop("fate", "cur_id", "cur_order", "cur_fresh")], how="diagonal_relaxed")

    def _valid_time(self) -> list[pl.Expr]:
        """Valid time is the first period field of the source; null for sources without one."""
        name = next((f.name for f in self.spec.fields.values() if f.type == "period"), None)
        start, end = (pl.col(f"{name}_start"), pl.col(f"{name}_end")) if name else (pl.lit(None, dtype=pl.Date), pl.lit(None, dtype=pl.Date))
        return [start.alias("_valid_from"), end.alias("_valid_to")]

    def history(self) -> pl.DataFrame:
        """All rows ever accepted, oldest file first."""
        return self.rows.drop("_fresh")

    def current(self) -> pl.DataFrame:
        """What `loaded.parquet` holds: `_row_id, _file, _sheet, _row` and the typed columns of the present rows."""
        now = self.rows.filter(pl.col("_superseded_at").is_null()).sort("_order", maintain_order=True)
        return now.select("_row_id", "_file", "_sheet", "_row", *self.spec.columns)


def empty_history(spec: SourceSpec) -> pl.DataFrame:
    """A history without rows, typed as the spec says."""
    typed: dict[str, Any] = {name: dtype for rule in spec.fields.values() for name, dtype in column_types(rule).items()}
    raw = {f"raw.{name}": pl.String for name in spec.fields}
    return pl.DataFrame(schema={**PLACE, **typed, **raw})
