"""`leye policy mark`: a PEOPLE file in, a marks file out, in pieces, so that ten million people need no more memory than one piece."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

import polars as pl
from polars.io.plugins import register_io_source

from leye.kernel.errors import BadInput, Place
from leye.policy.marks import Marker, schema_of
from leye.policy.pack import PackSet
from leye.policy.table_check import Problem, check_rows, quarantine_table, refusal, twice, unknown_columns
from leye.policy.wide import Bits, wide_schema

PIECE = 250_000  # rows; chosen by us: about 400 MiB with all facts, and larger pieces are not faster (bench/policy)
Told: TypeAlias = Callable[[int, int], None]
"""Called as (rows done, rows in all)."""


@dataclass(slots=True)
class Report:
    """What came of it. marks: rows written · counts: (policy, verdict) -> people, and the known amounts in fen."""

    rows_in: int = 0
    marked: int = 0
    quarantined: int = 0
    marks: int = 0
    ignored_columns: list[str] = field(default_factory=list)
    absent_facts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write. extra: `months`, `choice` · wide: masks and sparse amounts in place of the long form."""

    extra: tuple[str, ...] = ()
    all_verdicts: bool = False
    wide: bool = False


def mark_file(
    people: Path,
    out: Path,
    packs: PackSet,
    on: date,
    *,
    region: str | None = None,
    only: Sequence[str] | None = None,
    wanted: Wanted = Wanted(),
    quarantine: Path | None = None,
    told: Told = lambda done, of: None,
) -> Report:
    """Mark a table (Parquet or CSV) into another, by their endings.

    Raises BadInput with row and column for bad values (nothing is written) unless `quarantine` names a file for them; E_FILE_TYPE for other endings.
    """
    marker = Marker(packs, on, only=only)
    source = _Source(people, packs)
    report = Report(rows_in=source.height, ignored_columns=unknown_columns(source.columns, packs.facts))
    report.absent_facts = [f.id for f in packs.facts if f.id in marker.reads() and f.id not in source.columns]
    pieces = _pieces(source, marker, report, wanted, region, keep=quarantine is not None, told=told)
    schema = wide_schema() if wanted.wide else schema_of(wanted.extra)
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        _sink(pieces, schema, beside, out.suffix.lower())
        if quarantine is not None:
            _sink(iter([quarantine_table(report.problems, people.name)]), None, quarantine, quarantine.suffix.lower())
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    if wanted.wide:
        Bits.of(packs).write_beside(out)
    return report


def _pieces(source: _Source, marker: Marker, report: Report, wanted: Wanted, region: str | None, *, keep: bool, told: Told) -> Iterator[pl.DataFrame]:
    bits = Bits.of(marker.packs)
    ids = _Ids(source)
    for first, piece in source.pieces():
        checked = check_rows(piece, marker.facts, first_row=first)
        problems = [*checked.problems, *ids.twice(checked.rows)]
        if problems and not keep:
            raise refusal(tuple(problems), source.file.name)
        rows = checked.rows
        if len(problems) > len(checked.problems):
            rows = rows.filter(~pl.col("_row").is_in([p.row for p in problems]))
        report.problems.extend(problems)
        report.quarantined += piece.height - rows.height
        report.marked += rows.height
        typed = marker.typed(rows, region=region)
        marks = bits.mark(marker, typed) if wanted.wide else marker.mark(typed, extra=wanted.extra, all_verdicts=wanted.all_verdicts)
        report.marks += int(marks["amounts_fen"].list.len().sum()) if wanted.wide else marks.height
        told(first - source.first_row + piece.height, source.height)
        yield marks


def checked_people(file: Path, packs: PackSet, *, keep: Sequence[str] = ()) -> pl.LazyFrame:
    """A PEOPLE file with its fact columns in their types, and some further columns as they are; every value was looked at.

    Raises BadInput with row and column for bad values, E_COLUMN_MISSING for a column to keep that is not there.
    """
    source = _Source(file, packs)
    for name in keep:
        if name not in source.columns:
            raise BadInput(
                f"没有列“{name}”", en=f"no column {name!r}", remedy_zh="检查列名", remedy_en="check the name",
                places=(Place(file=file.name, column=name),), code="E_COLUMN_MISSING",
            )  # fmt: skip
    ids = _Ids(source)
    kept = [n for n in keep if n not in packs.facts.facts]
    typed: list[pl.DataFrame] = []
    for first, piece in source.pieces():
        checked = check_rows(piece, packs.facts, first_row=first)
        problems = (*checked.problems, *ids.twice(checked.rows))
        if problems:
            raise refusal(problems, file.name)
        if source.is_text:
            typed.append(checked.rows.drop("_row"))
    facts = pl.concat(typed).lazy() if source.is_text else source.frame.select(source.wanted)
    return (
        pl.concat([facts, source.frame.select(kept)], how="horizontal")
        if kept and source.is_text
        else source.frame.select(*source.wanted, *kept)
        if kept
        else facts
    )


class _Ids:
    """Ids that stand twice. A file in order of its ids needs no memory; in any other order all ids are counted once."""

    def __init__(self, source: _Source) -> None:
        self.source = source
        self.last: str | None = None
        self.first_rows: dict[str, int] | None = None

    def twice(self, rows: pl.DataFrame) -> list[Problem]:
        ids = rows["person_id"]
        if not ids.len():
            return []
        if self.first_rows is None:
            ascending = bool((ids.slice(1) > ids.slice(0, ids.len() - 1)).all()) and (self.last is None or ids[0] > self.last)
            if ascending:
                self.last = ids[-1]
                return []
            self.first_rows = self.source.repeated()
        if not self.first_rows:
            return []
        again = rows.filter(ids.is_in(list(self.first_rows))).select("_row", "person_id")
        return [twice(self.first_rows, row, person) for row, person in again.iter_rows() if row != self.first_rows[person]]


class _Source:
    """A PEOPLE file in pieces of rows."""

    def __init__(self, file: Path, packs: PackSet) -> None:
        self.file, self.facts = file, packs.facts
        ending = file.suffix.lower()
        if not file.is_file():
            raise _no_file(file)
        if ending not in (".parquet", ".csv", ".tsv"):
            raise _file_type(file)
        self.is_text = ending != ".parquet"
        self.first_row = 2 if self.is_text else 1  # the header is the first row of a text file
        try:
            self.frame = pl.scan_csv(file, infer_schema=False, separator="\t" if ending == ".tsv" else ",") if self.is_text else pl.scan_parquet(file)
            self.columns = self.frame.collect_schema().names()
            self.height = int(self.frame.select(pl.len()).collect().item())
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(file, error) from error
        self.wanted = [c for c in self.columns if c in self.facts.facts]

    def pieces(self) -> Iterator[tuple[int, pl.DataFrame]]:
        """(number of the first row in the file, rows)."""
        for start in range(0, max(self.height, 1), PIECE):
            frame = self.frame.slice(start, PIECE)
            try:
                piece = frame.select(self.wanted).collect() if self.wanted else frame.select().collect()
            except pl.exceptions.PolarsError as error:
                raise _unreadable(self.file, error) from error
            if self.is_text:
                piece = piece.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))
            yield self.first_row + start, piece

    def repeated(self) -> dict[str, int]:
        """Id -> its first row, for ids that stand more than once."""
        ids = self.frame.select(pl.col("person_id").cast(pl.String)).with_row_index("_row", offset=self.first_row)
        hashed = ids.select(pl.col("person_id").hash().alias("h")).collect()["h"]
        suspects = hashed.filter(hashed.is_duplicated()).unique()
        if not suspects.len():
            return {}
        found = ids.filter(pl.col("person_id").hash().is_in(suspects.implode())).collect().filter(pl.col("person_id").is_duplicated())
        return dict(found.drop_nulls().unique("person_id", keep="first", maintain_order=True).select("person_id", "_row").iter_rows())


def _sink(pieces: Iterator[pl.DataFrame], schema: object, file: Path, ending: str) -> None:
    """Write pieces as they come."""
    first = next(pieces, None)
    names = first.schema if first is not None else pl.Schema(schema)  # type: ignore[arg-type]
    failed: list[BaseException] = []

    def read(columns: object, predicate: object, n_rows: object, batch: object) -> Iterator[pl.DataFrame]:
        try:
            if first is not None:
                yield first
            yield from pieces
        except BaseException as error:  # crosses the engine's threads as an error of its own; the true one is raised below
            failed.append(error)
            raise

    frame = register_io_source(read, schema=names)
    lists = [n for n, t in names.items() if isinstance(t, pl.List)]
    try:
        if ending == ".parquet":
            frame.sink_parquet(file, compression="zstd", compression_level=1, maintain_order=True)
        else:
            joined = frame.with_columns(pl.col(n).cast(pl.List(pl.String)).list.join(";").replace("", None) for n in lists)
            joined.sink_csv(file, separator="\t" if ending == ".tsv" else ",", maintain_order=True)
    except Exception:
        if failed:
            raise failed[0] from None
        raise


def _no_file(file: Path) -> BadInput:
    return BadInput(
        f"没有文件 {file}", en=f"no file {file}", remedy_zh="检查路径", remedy_en="check the path", places=(Place(str(file)),), code="E_NO_FILE"
    )


def _file_type(file: Path) -> BadInput:
    return BadInput(
        f"不认识这种文件：{file.name}",
        en=f"not a kind of table: {file.name}",
        remedy_zh="人员表用 .parquet 或 .csv",
        remedy_en="give .parquet or .csv",
        places=(Place(str(file)),),
        code="E_FILE_TYPE",
    )


def _unreadable(file: Path, error: Exception) -> BadInput:
    return BadInput(
        f"文件读不懂：{str(error)[:200]}",
        en=f"the file cannot be read: {str(error)[:200]}",
        remedy_zh="重新导出；CSV 用 UTF-8、逗号分隔、第一行是列名",
        remedy_en="export it again; CSV in UTF-8, comma separated, names in the first row",
        places=(Place(str(file)),),
        code="E_FILE_UNREADABLE",
    )
