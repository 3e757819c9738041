"""Total rows against the sum of their parts (E_SUM_MISMATCH). A quarantined part is absent from the sum, so its total is reported too."""

from __future__ import annotations

import polars as pl

from leye.intake.layout import RawTable
from leye.intake.spec import FieldRule, TotalRule
from leye.intake.typed import Converter, TypedTable

Warning_ = dict[str, object]


def check_totals(table: RawTable, typed: TypedTable, converter: Converter) -> list[Warning_]:
    """One warning for every total beyond its tolerance; `expected` is the sum of the parts, `found` the total row's figure (base units)."""
    warnings: list[Warning_] = []
    for rule, totals in table.totals:
        for name in rule.check:
            warnings.extend(_compare(rule, converter.spec.fields[name], totals, table, typed, converter))
    return warnings


def _compare(rule: TotalRule, checked: FieldRule, totals: pl.DataFrame, table: RawTable, typed: TypedTable, converter: Converter) -> list[Warning_]:
    spec, column = converter.spec, checked.columns[0]
    by = [spec.fields[n].columns[0] for n in rule.by]
    stated = _typed_totals(rule, checked, totals, table, converter)
    grouped = typed.rows.group_by(by) if by else typed.rows.group_by(pl.lit(0).alias("_all"))
    sums = {tuple(r[:-1]) if by else (): r[-1] for r in grouped.agg(pl.col(column).sum()).iter_rows()}
    warnings: list[Warning_] = []
    for row, found, *group in stated.select("_row", column, *by).iter_rows():
        expected = sums.get(tuple(group), 0)
        if found is not None and abs(found - expected) > rule.tolerance:
            place = {"code": "E_SUM_MISMATCH", "file": table.file, "sheet": table.sheet, "row": row, "column": checked.name}
            named = {n: str(v) for n, v in zip(rule.by, group, strict=True)}
            text = f"第 {row} 行合计 {_base(checked, found)}，各分项之和 {_base(checked, expected)}"
            warnings.append({**place, "by": named, "expected": _number(checked, expected), "found": _number(checked, found), "text_zh": text})
    return warnings


def _typed_totals(rule: TotalRule, checked: FieldRule, totals: pl.DataFrame, table: RawTable, converter: Converter) -> pl.DataFrame:
    frame = totals
    for name in dict.fromkeys((*rule.by, checked.name)):
        field = converter.spec.fields[name]
        lookup = converter.lookup(field, table, frame[name])
        marked = frame.select(raw=name).join(lookup, on="raw", how="left", maintain_order="left")
        frame = frame.with_columns(*(marked[c] for c in field.columns))
    return frame


def _number(rule: FieldRule, value: float) -> float:
    return value / 100 if rule.type == "money" else value


def _base(rule: FieldRule, value: float) -> str:
    return f"{_number(rule, value):,.10g}"
