"""Raw tables to typed rows and quarantine lines: each distinct text of a column is converted once and joined back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import polars as pl

from leye.intake.convert import Outcome, Refused, Typed, convert, refuse
from leye.intake.corrections import Corrections
from leye.intake.layout import RawTable
from leye.intake.reasons import explain
from leye.intake.spec import FieldRule, SourceSpec

QUARANTINE = {
    "file": pl.String, "sheet": pl.String, "row": pl.Int64, "column": pl.String, "raw": pl.String,
    "code": pl.String, "reason": pl.String, "suggestion": pl.String,
}  # fmt: skip
_DTYPES: dict[str, pl.DataType] = {"count": pl.Int64(), "money": pl.Int64(), "number": pl.Float64(), "ratio": pl.Float64()}


def column_types(rule: FieldRule) -> dict[str, pl.DataType]:
    """Names and types of the typed columns of a field."""
    if rule.type == "period":
        return dict(zip(rule.columns, (pl.Date(), pl.Date(), pl.String()), strict=True))
    if rule.type == "salary":
        return dict(zip(rule.columns, (pl.Int64(), pl.Int64(), pl.String(), pl.Int64()), strict=True))
    return {rule.columns[0]: _DTYPES.get(rule.type, pl.String())}


@dataclass(slots=True)
class TypedTable:
    """rows: `_file, _sheet, _row, _sha256, _key, _row_id`, typed columns, and `raw.FIELD` (with `row.FIELD` where filled) ·
    quarantine: one line a bad cell · notes: how often each W_ code was given, by field."""

    rows: pl.DataFrame
    quarantine: pl.DataFrame
    notes: list[dict[str, object]] = field(default_factory=list)


class Converter:
    """Converts the columns of one source; remembers what it has converted, by field and unit, for all files of a load."""

    def __init__(self, spec: SourceSpec, corrections: Corrections | None = None) -> None:
        self.spec, self.corrections = spec, corrections or Corrections()
        self._known: dict[tuple[str, str], dict[str, Outcome]] = {}

    def lookup(self, rule: FieldRule, table: RawTable, texts: pl.Series) -> pl.DataFrame:
        """One row a distinct text: `raw`, typed columns, `canon` (JSON of the values, null when refused), `code`, `reason`, `suggestion`."""
        unit = table.units.get(rule.name)
        known = self._known.setdefault((rule.name, unit.name if unit else ""), {})
        distinct = texts.unique().to_list()
        for raw in distinct:
            if raw not in known:
                known[raw] = convert(rule, raw, unit=unit, spec=self.spec)
        return _lookup_frame(rule, {raw: known[raw] for raw in distinct})

    def table(self, table: RawTable) -> TypedTable:
        """All rows of one raw table, good and bad apart; nothing is lost between the two."""
        frame = table.frame.rename({name: f"raw.{name}" for name in self.spec.fields}).with_columns(pl.lit(True).alias("ok"))
        bad: list[pl.DataFrame] = [_overflow_lines(table)]
        notes: list[dict[str, object]] = []
        for rule in self.spec.fields.values():
            texts = self.corrections.apply(table, rule.name)
            lookup = self.lookup(rule, table, texts)
            marked = pl.DataFrame([frame["_row"], texts.alias("raw")]).join(lookup, on="raw", how="left", maintain_order="left")
            marked = marked.with_columns(frame[f"raw.{rule.name}"].alias("raw"))
            canon = marked["canon"].alias(f"canon.{rule.name}")
            frame = frame.with_columns(*(marked[c] for c in rule.columns), canon, (frame["ok"] & canon.is_not_null()).alias("ok"))
            if lookup["code"].is_not_null().any():
                bad.append(_bad_lines(table, rule, marked))
                notes.extend(_notes(table, rule, marked))
        if table.overflow:
            frame = frame.with_columns(ok=pl.col("ok") & ~pl.col("_row").is_in(list(table.overflow)))
        quarantine = pl.concat(bad).sort("row", maintain_order=True)
        return TypedTable(self._identified(table, frame.filter("ok")), quarantine, notes)

    def _identified(self, table: RawTable, good: pl.DataFrame) -> pl.DataFrame:
        """Add key and row id: hash of source id, key and content as parsed; file, encoding and order do not enter."""
        spec = self.spec
        names = sorted(spec.fields)
        with_text = good.with_columns(_key=_joined(spec.key or names), _content=_joined([n for n in names if n not in spec.key]))
        whole = with_text.select(pl.concat_str(pl.lit(spec.id), "_key", "_content", separator="\x1e")).to_series().to_list()
        sha256 = hashlib.sha256
        ids = [sha256(text.encode()).hexdigest()[:32] for text in whole]
        return with_text.select(
            pl.lit(table.file).alias("_file"),
            pl.lit(table.sheet, dtype=pl.String).alias("_sheet"),
            "_row",
            pl.lit(table.sha256).alias("_sha256"),
            "_key",
            pl.Series("_row_id", ids, dtype=pl.String),
            *spec.columns,
            *(f"raw.{n}" for n in spec.fields),
            *(pl.col(f"{n}@row").alias(f"row.{n}") for n in spec.fields if f"{n}@row" in good.columns),
        )


def _joined(names: list[str] | tuple[str, ...]) -> pl.Expr:
    """Field names and canonical values in name order, apart by a control character that no JSON text holds."""
    parts = [pl.concat_str(pl.lit(f"{n}="), pl.col(f"canon.{n}")) for n in sorted(names)]
    return pl.concat_str(parts, separator="\x1f") if parts else pl.lit("")


def _lookup_frame(rule: FieldRule, outcomes: dict[str, Outcome]) -> pl.DataFrame:
    typed = [o if isinstance(o, Typed) else None for o in outcomes.values()]
    values = [o.values if o else (None,) * len(rule.columns) for o in typed]
    refused = [o if isinstance(o, Refused) else None for o in outcomes.values()]
    return pl.DataFrame(
        [
            pl.Series("raw", list(outcomes), dtype=pl.String),
            *(
                pl.Series(name, [v[i] for v in values], dtype=dtype)
                for i, (name, dtype) in enumerate(column_types(rule).items())
            ),
            pl.Series("canon", [canonical(o) if o else None for o in typed], dtype=pl.String),
            pl.Series("code", [o.code for o in outcomes.values()], dtype=pl.String),
            pl.Series("reason", [r.reason if r else None for r in refused], dtype=pl.String),
            pl.Series("suggestion", [r.suggestion if r else None for r in refused], dtype=pl.String),
        ]
    )  # fmt: skip


def canonical(cell: Typed) -> str:
    """JSON of the values, the same for every spelling of the same content."""
    if len(cell.values) == 1 and isinstance(cell.values[0], int):
        return f"[{cell.values[0]}]"
    return json.dumps(cell.values, ensure_ascii=False, separators=(",", ":"), default=str)


def _place(table: RawTable) -> list[pl.Expr]:
    return [pl.lit(table.file).alias("file"), pl.lit(table.sheet, dtype=pl.String).alias("sheet")]


def _bad_lines(table: RawTable, rule: FieldRule, marked: pl.DataFrame) -> pl.DataFrame:
    lines = marked.filter(pl.col("canon").is_null())
    return lines.select(
        *_place(table), row="_row", column=pl.lit(table.label(rule.name)), raw="raw", code="code", reason="reason", suggestion="suggestion"
    )


def _overflow_lines(table: RawTable) -> pl.DataFrame:
    words = refuse("E_HEADER", "")
    rows = [(table.file, table.sheet, row, None, raw, words.code, words.reason, words.suggestion) for row, raw in table.overflow.items()]
    rows = [r for r in rows if r[2] in set(table.frame["_row"])]
    return pl.DataFrame(rows, schema=QUARANTINE, orient="row")


def _notes(table: RawTable, rule: FieldRule, marked: pl.DataFrame) -> list[dict[str, object]]:
    """W_ codes of the accepted cells, counted, each with its first row."""
    given = marked.filter(pl.col("canon").is_not_null() & pl.col("code").str.starts_with("W_"))
    counted = given.group_by("code").agg(pl.len().alias("cells"), pl.col("_row").min().alias("row")).sort("code")
    notes: list[dict[str, object]] = []
    for code, cells, row in counted.iter_rows():
        text = f"{rule.name} 列有 {cells} 个单元格{explain(code).reason}，首个在第 {row} 行"
        place = {"code": code, "file": table.file, "sheet": table.sheet, "row": row, "column": rule.name}
        notes.append({**place, "cells": cells, "text_zh": text})
    return notes
