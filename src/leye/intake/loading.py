"""Load files of a source: read, lay out, type, balance, publish. One file that cannot be read is refused; the others go in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from leye.intake import folder
from leye.intake.convert import refuse
from leye.intake.corrections import read_corrections
from leye.intake.layout import RawTable, lay_out
from leye.intake.ledger import Ledger
from leye.intake.read import SourceFile, open_source, read_sheets
from leye.intake.report import FileReport, LoadReport, refusal_lines
from leye.intake.spec import SourceSpec
from leye.intake.spec_file import read_spec
from leye.intake.totals import check_totals
from leye.intake.typed import QUARANTINE, Converter, TypedTable
from leye.kernel.errors import BadInput

Progress = Callable[[int, int, str], None]
"""Called as (files done, files in all, name of the file at work)."""


def load(
    spec: Path | SourceSpec,
    files: Sequence[Path],
    out: Path,
    *,
    recorded_at: datetime,
    progress: Progress = lambda done, of, name: None,
    step: Callable[[str], None] = lambda name: None,
) -> LoadReport:
    """Load files into the folder `out` of their source and publish its new state atomically.

    recorded_at: when this is recorded, an instant with a zone · progress: told after each file · step: see `folder.publish`.
    A file that cannot be read or lacks a column is refused: its error is in the report, the rest of the load stands.
    Raises BadInput when the spec is wrong, Conflict when another load is writing, BalanceBroken on a fault of the program.
    """
    if recorded_at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    source = spec if isinstance(spec, SourceSpec) else read_spec(spec)
    with folder.writing(out):
        return _Load(source, out, recorded_at).run(files, progress, step)


@dataclass(slots=True)
class _Parts:
    """One file on its way in."""

    report: FileReport
    tables: list[tuple[RawTable, TypedTable]]


class _Load:
    def __init__(self, spec: SourceSpec, out: Path, recorded_at: datetime) -> None:
        self.spec, self.out, self.recorded_at = spec, out, recorded_at
        self.converter = Converter(spec, read_corrections(out))
        self.ledger = Ledger(spec, folder.read_table(out, "history.parquet"))
        self.known: list[dict[str, Any]] = folder.read_json(out, "files.json") if folder.state(out) else []
        self.report = LoadReport(spec.id, spec.owner, [], [], pl.DataFrame(schema=QUARANTINE))
        self.lines: list[pl.DataFrame] = []

    def run(self, files: Sequence[Path], progress: Progress, step: Callable[[str], None]) -> LoadReport:
        for done, path in enumerate(files):
            progress(done, len(files), path.name)
            self._file(path)
        progress(len(files), len(files), "")
        report = self.report
        refused = pl.DataFrame(refusal_lines(report.refused), schema=QUARANTINE, orient="row")
        report.quarantine = pl.concat([*self.lines, refused]) if self.lines else refused
        report.hashes = [str(f["sha256"]) for f in self.known]
        for file in report.files:
            file.check_balance()
        folder.publish(self.out, tables=self._tables(), texts={"report.json": report.as_dict(), "files.json": self.known}, step=step)
        return report

    def _file(self, path: Path) -> None:
        try:
            source = open_source(path)
        except BadInput as error:
            self._refuse(FileReport(path.name, ""), error)
            return
        report = FileReport(source.name, source.sha256)
        try:
            tables = self._read(source, report)
        except BadInput as error:
            self._refuse(FileReport(source.name, source.sha256, report.encoding), error)
            return
        self._admit(source, _Parts(report, tables))

    def _read(self, source: SourceFile, report: FileReport) -> list[tuple[RawTable, TypedTable]]:
        sheets, report.encoding = read_sheets(source, self.spec.read)
        filled = [sheet for sheet in sheets if len(sheets) == 1 or any(c for row in sheet.cells for c in row)]
        return [(table, self.converter.table(table)) for sheet in filled for table in lay_out(sheet, source, self.spec)]

    def _refuse(self, report: FileReport, error: BadInput) -> None:
        report.refused = error.as_dict()
        self.report.files.append(report)
        self.report.refused.append(error)

    def _admit(self, source: SourceFile, parts: _Parts) -> None:
        """Book the rows of one file: conflicts out, the rest into the ledger, and every count into its report."""
        report = parts.report
        typed = [t for _, t in parts.tables]
        rows = pl.concat([t.rows for t in typed], how="diagonal")
        clashing = _clashing_keys(rows)
        clashes = _clash_lines(rows, clashing, self.spec)
        lines = [*(t.quarantine for t in typed), clashes]
        good = rows.filter(~pl.col("_key").is_in(clashing.implode()))
        order, is_known = self._order_of(source, report, parts.tables)
        admitted = self.ledger.admit(good, order=order, is_known_file=is_known, recorded_at=self.recorded_at)
        report.new, report.unchanged, report.superseded = admitted.new, admitted.unchanged, admitted.superseded
        report.duplicates = admitted.duplicates
        report.rows_in = sum(t.frame.height for t, _ in parts.tables)
        report.skipped = sum(t.skipped for t, _ in parts.tables)
        quarantine = pl.concat(lines)
        report.quarantined = sum(t.quarantine["row"].n_unique() for t in typed) + clashes.height  # a table is of one sheet, and a row clashes once
        warnings = [w for table, t in parts.tables for w in (*t.notes, *check_totals(table, t, self.converter))]
        report.warnings = len(warnings)
        self.lines.append(quarantine)
        self.report.warnings.extend(warnings)
        self.report.files.append(report)

    def _order_of(self, source: SourceFile, report: FileReport, tables: list[tuple[RawTable, TypedTable]]) -> tuple[int, bool]:
        """The file's place in the order of first loads, and whether it was there before this load."""
        for order, known in enumerate(self.known):
            if known["sha256"] == source.sha256:
                return order, True
        headers = {table.sheet or "": table.headers for table, _ in tables}
        self.known.append(
            {
                "sha256": source.sha256,
                "file": source.name,
                "encoding": report.encoding,
                "recorded_at": self.recorded_at.isoformat(),
                "headers": headers,
                "header_of": {rule.value: rule.header} if (rule := self.spec.read.unpivot) else {},
            }
        )
        return len(self.known) - 1, False

    def _tables(self) -> dict[str, pl.DataFrame]:
        return {
            "loaded.parquet": self.ledger.current(),
            "quarantine.parquet": self.report.quarantine,
            "waiting.parquet": self._waiting(),
            "history.parquet": self.ledger.history(),
        }

    def _waiting(self) -> pl.DataFrame:
        """Bad cells that nobody has mended yet: of this load, and of earlier files that are not part of it."""
        tried = {f.file for f in self.report.files}
        before = folder.read_table(self.out, "waiting.parquet")
        now = self.report.quarantine
        return now if before is None else pl.concat([before.filter(~pl.col("file").is_in(sorted(tried))), now])


def _clashing_keys(rows: pl.DataFrame) -> pl.Series:
    """Keys that come with different contents in one file."""
    return rows.group_by("_key").agg(pl.col("_row_id").n_unique().alias("n")).filter(pl.col("n") > 1)["_key"]


def _clash_lines(rows: pl.DataFrame, clashing: pl.Series, spec: SourceSpec) -> pl.DataFrame:
    """A line for every row of a clashing key, under its first key field, saying where the others stand."""
    column = spec.key[0] if spec.key else next(iter(spec.fields))
    bad = rows.filter(pl.col("_key").is_in(clashing.implode()))
    where = {key: "、".join(str(r) for r in found) for key, found in bad.group_by("_key").agg(pl.col("_row").sort()).iter_rows()}
    made = []
    for file, sheet, row, key, raw in bad.select("_file", "_sheet", "_row", "_key", f"raw.{column}").iter_rows():
        words = refuse("E_DUP_KEY", raw, detail=f"第 {where[key]} 行")
        made.append((file, sheet, row, column, raw, words.code, words.reason, words.suggestion))
    return pl.DataFrame(made, schema=QUARANTINE, orient="row")
