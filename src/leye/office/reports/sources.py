"""Where a number of a report comes from: a cell of a table of a run, a tally of such cells, or a small formula of them, to be looked up again.

A source is plain data: it goes into the stored report, into the table of its numbers, and whoever has the run's Parquet files can follow it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

import polars as pl

from leye.kernel.errors import CheckFailed

Scalar: TypeAlias = str | int | float | bool | date | None
Condition: TypeAlias = tuple[str, str, Scalar]
Tables: TypeAlias = Callable[[str, str], pl.DataFrame]
"""(run id, table) -> the table; of a report's own tables (the desk, the settings) the run id is OWN."""

OWN = "report"
"""Stands for the run id of tables that were written down with the report."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, or a tally of cells. where: (column, `=` `<` `<=` `>` `>=` `in`, value), all must hold; for `in` values with `|` between them.

    how: `only` (exactly one row), `rows` (how many rows), `count` (rows with a value), `sum`, `mean`, `max`, `min`, `distinct`, `list` (all values in
    order) · part: key inside a column of JSON text.
    """

    run_id: str
    table: str
    where: tuple[Condition, ...]
    column: str = ""
    how: str = "only"
    part: str = ""

    def text(self) -> str:
        """How people read it: `panel[unique_id=…, ds=2025-08-01].y`."""
        keys = ", ".join(f"{c}{op}{'' if v is None else v}" for c, op, v in self.where)
        column = self.column + (f".{self.part}" if self.part else "")
        inside = f"{self.table}[{keys}]" + (f".{column}" if column else "")
        return inside if self.how == "only" else f"{self.how}({inside})"


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure made of others. name: one of FORMULAS."""

    name: str
    of: tuple[Source, ...] = field(default_factory=tuple)

    def text(self) -> str:
        """How people read it: `change(panel[…].y; panel[…].y)`."""
        return f"{self.name}({'; '.join(s.text() for s in self.of)})"


Source: TypeAlias = Cell | Formula


def _change(new: float, old: float) -> float | None:
    return (new - old) / old if old else None  # not new / old − 1, which makes −9.999… of −10 %


def _lamp_change(gap: float, direction: str) -> float:
    return math.exp(min(gap, 20.0) * (1 if direction == "up" else -1)) - 1


def _scaled_error(y: Sequence[float | None], mean: Sequence[float | None], scale: Sequence[float | None]) -> float | None:
    known = [abs(a - b) / c for a, b, c in zip(y, mean, scale, strict=True) if a is not None and b is not None and c]
    return sum(known) / len(known) if known else None


def _inside(low: Sequence[float | None], y: Sequence[float | None], high: Sequence[float | None]) -> float | None:
    known = [a <= b <= c for a, b, c in zip(low, y, high, strict=True) if a is not None and b is not None and c is not None]
    return sum(known) / len(known) if known else None


FORMULAS: dict[str, Callable[..., Any]] = {
    "change": _change,  # new / old − 1
    "difference": lambda new, old: new - old,
    "quotient": lambda part, whole: part / whole if whole else None,
    "sum": lambda *parts: sum(parts),
    "pair": lambda low, high: [low, high],  # both ends of an interval
    "percent": lambda value: value / 100,
    "minus": lambda value: -value,
    "lamp_change": _lamp_change,  # a lamp's gap is the log ratio, positive on the bad side
    "lamp_expected": lambda y, gap, direction: y / (1 + _lamp_change(gap, direction)),
    "scaled_error": _scaled_error,  # mean of |y − mean| / scale
    "inside": _inside,  # share of y between its ends
    "week_first": lambda on: date.fromordinal(on.toordinal() - on.weekday()),
    "week_last": lambda on: date.fromordinal(on.toordinal() - on.weekday() + 6),
}
"""Formula -> how its parts make it. A part that is unknown makes the whole unknown."""


def look_up(source: Source, tables: Tables) -> Any:
    """The value as it stands in the tables; None where it is unknown. Raises CheckFailed (E_NUMBER_SOURCE) when the source leads nowhere."""
    if isinstance(source, Formula):
        return formula_values(source.name, [look_up(s, tables) for s in source.of])
    frame = tables(source.run_id, source.table)
    if not frame.width:
        if source.how == "rows" and source.run_id == OWN:
            return 0  # a table of one's own without a row is stored without columns
        raise _nowhere(source)
    found = frame.filter(*(_holds(frame, c) for c in source.where)) if source.where else frame
    return _plain(_only(source, found) if source.how == "only" else _tally(source, found))


def formula_values(name: str, parts: Sequence[Any]) -> Any:
    """A formula over the values of its parts; None where one is unknown.

    >>> formula_values("change", (45.0, 50.0)), formula_values("change", (45.0, None))
    (-0.1, None)
    """
    return None if any(p is None for p in parts) else FORMULAS[name](*parts)


def _only(source: Cell, found: pl.DataFrame) -> Any:
    if found.height != 1 or source.column not in found.columns:
        raise _nowhere(source)
    value = found[source.column][0]
    return json.loads(value).get(source.part) if source.part else value


def _tally(source: Cell, found: pl.DataFrame) -> Any:
    if source.how == "rows":
        return found.height
    if source.how == "list":
        return found[source.column].to_list()
    column = found[source.column].drop_nulls()
    tallies: dict[str, Callable[[], Any]] = {
        "count": column.len, "sum": column.sum, "mean": column.mean, "max": column.max, "min": column.min, "distinct": column.n_unique,
    }  # fmt: skip
    return tallies[source.how]()


def _holds(frame: pl.DataFrame, condition: Condition) -> pl.Expr:
    name, op, value = condition
    column, kind = pl.col(name), frame.schema[name]
    if value is None:
        return column.is_null()
    if op == "in":
        return column.cast(pl.String).is_in(str(value).split("|"))
    if kind == pl.Date and isinstance(value, str):
        value = date.fromisoformat(value)
    literal = pl.lit(value)
    return {"=": column == literal, "<": column < literal, "<=": column <= literal, ">": column > literal, ">=": column >= literal}[op]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _nowhere(source: Cell) -> CheckFailed:
    return CheckFailed(
        f"报告里的一个数找不到出处：{source.run_id} {source.text()}",
        en=f"a number of the report leads nowhere: {source.run_id} {source.text()}",
        remedy_zh="重新生成报告；运行已被清理时，以已发布的那份为准",
        remedy_en="make the report again; where the run was swept away, the published issue stands",
        code="E_NUMBER_SOURCE",
    )


def as_json(source: Source) -> dict[str, Any]:
    """The source as plain JSON; days as text."""
    if isinstance(source, Formula):
        return {"formula": source.name, "of": [as_json(s) for s in source.of]}
    where = [[c, op, v.isoformat() if isinstance(v, date) else v] for c, op, v in source.where]
    found = {"run_id": source.run_id, "table": source.table, "where": where, "column": source.column, "how": source.how, "part": source.part}
    return {k: v for k, v in found.items() if v not in ("", None)}


def from_json(told: dict[str, Any]) -> Source:
    """The source that `as_json` wrote."""
    if "formula" in told:
        return Formula(told["formula"], tuple(from_json(s) for s in told["of"]))
    where: Sequence[Condition] = [(c, op, v) for c, op, v in told["where"]]
    return Cell(told["run_id"], told["table"], tuple(where), told.get("column", ""), told.get("how", "only"), told.get("part", ""))


def run_of(source: Source) -> str:
    """The run that a source speaks of: that of its first cell."""
    while isinstance(source, Formula):
        source = source.of[0]
    return source.run_id


def day_of(value: date | datetime | str) -> date:
    """A day out of a cell that holds a day, an instant or its text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value[:10])
