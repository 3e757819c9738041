"""PEOPLE tables: every fact column in its type, every value that cannot be named by row and column.

A value outside what the fact table allows is bad input, never unknown and never clipped. Text (CSV cells) is read in the fact's type; whole numbers
stored as floats and dates stored as midnights are what they say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.policy.facts import Fact, FactTable
from leye.policy.polars_engine import fact_dtype

QUARANTINE = {
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "raw": pl.String,
    "code": pl.String,
    "reason": pl.String,
    "suggestion": pl.String,
}
REGION_PATTERN = r"^CN(-\d{2}|-\d{4}|-\d{6})?$"
_ROW = "_row"
SHOWN = 100  # problems that an error carries; chosen by us: more help nobody


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that cannot be. row: as a person counts it in the file."""

    row: int
    column: str
    raw: str
    code: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


@dataclass(frozen=True, slots=True)
class Checked:
    """rows: the good rows with typed fact columns and `_row` · problems: of the others, in the order of the rows."""

    rows: pl.DataFrame
    problems: tuple[Problem, ...]


def unknown_columns(names: Iterable[str], facts: FactTable) -> list[str]:
    """Columns that are no facts: they are ignored, and the person is told."""
    return [n for n in names if n not in facts.facts]


def check_rows(people: pl.DataFrame, facts: FactTable, *, first_row: int = 1) -> Checked:
    """Type and check one frame of people. first_row: number of its first row in the file. Raises BadInput (E_COLUMN_MISSING) without person_id."""
    if "person_id" not in people.columns:
        raise BadInput(
            "缺少列 person_id",
            en="the column person_id is missing",
            remedy_zh="每行写一个人员编号",
            remedy_en="give every row an id",
            places=(Place(column="person_id"),),
            code="E_COLUMN_MISSING",
        )
    present = [f for f in facts if f.id in people.columns]
    raw = people.select(pl.int_range(first_row, first_row + people.height, dtype=pl.Int64).alias(_ROW), *(f.id for f in present))
    typed = raw.with_columns(_typed(f, raw.schema[f.id]) for f in present)
    suspects = typed.select((_suspect(f, raw[f.id])).alias(f.id) for f in present).row(0, named=True) if present else {}
    problems: list[Problem] = []
    for fact in present:
        if suspects[fact.id]:
            problems.extend(_problems(fact, raw, typed))
    bad = {p.row for p in problems}
    rows = typed.filter(~pl.col(_ROW).is_in(list(bad))) if bad else typed
    return Checked(rows, tuple(sorted(problems, key=lambda p: p.row)))


def _typed(fact: Fact, found: Any) -> pl.Expr:
    """The column in its type; what cannot be read becomes null, which the count of nulls betrays."""
    column, wanted = pl.col(fact.id), fact_dtype(fact)
    if found == wanted or found == pl.Null:
        return column.cast(wanted)
    if fact.type == "bool":
        return (
            column.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
            if found == pl.String
            else column.cast(wanted, strict=False)
        )
    if fact.base == "int":
        if found.is_float():
            return pl.when(column == column.floor()).then(column).otherwise(None).cast(pl.Int64, strict=False)
        return column.cast(pl.Int64, strict=False) if found != pl.Boolean else pl.lit(None, dtype=pl.Int64)
    if fact.type == "date":
        return (
            column.str.to_date("%Y-%m-%d", strict=False)
            if found == pl.String
            else column.cast(pl.Date, strict=False)
            if found.is_temporal()
            else pl.lit(None, dtype=pl.Date)
        )
    if fact.type == "enum":
        return column.cast(pl.String, strict=False).cast(wanted, strict=False)
    return column.cast(pl.String, strict=False)


def _suspect(fact: Fact, raw: pl.Series) -> pl.Expr:
    """Whether anything in the typed column is wrong: cheap, for all rows at once."""
    column = pl.col(fact.id)
    lost = (column.null_count() != raw.null_count()) if raw.dtype != fact_dtype(fact) else pl.lit(False)
    return (
        (lost | _outside(fact).any())
        if fact.kind != "key"
        else (lost | _outside(fact).any() | (column.is_null().any() if fact.id == "person_id" else pl.lit(False)))
    )


def _outside(fact: Fact) -> pl.Expr:
    """Where a typed value is outside what is allowed."""
    column = pl.col(fact.id)
    if fact.is_range:
        return (column < fact.low) | (column > fact.high)
    if fact.base == "int":
        return ~column.is_in(list(fact.choices))
    if fact.id == "region":
        return ~column.str.contains(REGION_PATTERN)
    if fact.id == "person_id":
        return column == ""
    return pl.lit(False)


def _problems(fact: Fact, raw: pl.DataFrame, typed: pl.DataFrame) -> list[Problem]:
    outside = typed.select(_outside(fact).fill_null(False)).to_series()
    lost = typed[fact.id].is_null() & (raw[fact.id].is_not_null() | pl.Series([fact.id == "person_id"]))
    found = []
    for code, where in (("E_FACT_TYPE", lost), ("E_FACT_RANGE", outside)):
        rows = raw.filter(where)
        for row, value in zip(rows[_ROW].to_list(), rows[fact.id].to_list(), strict=True):
            found.append(_problem(fact, row, value, "E_FACT_RANGE" if fact.type == "enum" and isinstance(value, str) else code))
    return found


def _problem(fact: Fact, row: int, value: object, code: str) -> Problem:
    said = fact.refusal(value, code)
    return Problem(row, fact.id, "" if value is None else str(value), code, said.zh, said.en, said.remedy_zh, said.remedy_en)


def twice(first_row: dict[str, int], row: int, person: str) -> Problem:
    """The problem of an id that stands a second time."""
    return Problem(
        row,
        "person_id",
        person,
        "E_ID_TWICE",
        f"人员编号 {person} 出现两次（第 {first_row[person]} 行和第 {row} 行）",
        f"person_id {person} stands twice (rows {first_row[person]} and {row})",
        "留一行，或给另一人自己的编号",
        "keep one row, or give the other person an id of their own",
    )


def refusal(problems: tuple[Problem, ...], file: str) -> BadInput:
    """One error for all problems, with their places."""
    first = problems[0]
    more = f"；共 {len(problems)} 处" if len(problems) > 1 else ""
    return BadInput(
        f"{first.zh}{more}",
        en=f"{first.en}{f'; {len(problems)} in all' if len(problems) > 1 else ''}",
        remedy_zh=f"{first.remedy_zh}；或用 --quarantine 文件 把这些行放一边，先标其余的",
        remedy_en=f"{first.remedy_en}; or set such rows aside with --quarantine FILE and mark the rest",
        places=tuple(Place(file=file, row=p.row, column=p.column) for p in problems[:SHOWN]),
        code=first.code,
    )


def quarantine_table(problems: Iterable[Problem], file: str) -> pl.DataFrame:
    """Problems in the form of intake's quarantine."""
    rows = [(file, None, p.row, p.column, p.raw, p.code, p.zh, p.remedy_zh) for p in problems]
    return pl.DataFrame(rows, schema=QUARANTINE, orient="row")
