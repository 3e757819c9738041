"""The panel of a roll-out: who could still apply in which week, and whether their grid was reached. Checked once, then counted by grid and week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from leye.kernel.errors import BadInput, Place

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]

COLUMNS = {"grid_id": pl.String, "person_id": pl.String, "week": pl.Date, "notified": pl.Boolean, "applied": pl.Boolean}
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts of one policy. at_risk, applied: (grids, weeks) people who had not applied before the week, and those who applied in it.

    reached: (grids,) number of the week in which the grid was reached, `len(weeks)` where it was not · block: (grids,) lottery block, zeros when
    unknown.
    """

    policy: str
    grids: tuple[str, ...]
    weeks: tuple[date, ...]
    at_risk: Counts
    applied: Counts
    reached: Counts
    block: Counts


def panels_of(table: pl.DataFrame, *, source: str = "PANEL") -> list[Panel]:
    """One panel a policy, in order of policies. Columns `grid_id, person_id, week, notified, applied`, and `policy`, `block` where there are several.

    Raises BadInput with row and column: a column is missing or of another type, a value is unknown, a person stands twice in a week, a grid is
    reached for some and not for others or not any more, somebody is at risk after applying, a week is missing.
    """
    rows = _typed(table, source)
    _check(rows, source)
    return [_counted(part, str(name)) for (name,), part in sorted(rows.group_by("policy", maintain_order=True), key=lambda p: str(p[0][0]))]


def _typed(table: pl.DataFrame, source: str) -> pl.DataFrame:
    for name, dtype in COLUMNS.items():
        if name not in table.columns:
            raise _refuse(
                f"缺少列 {name}", f"column {name} is missing", Place(file=source, column=name), "列为 grid_id, person_id, week, notified, applied"
            )
        if table[name].dtype != dtype:
            wrong = f"列 {name} 的类型是 {table[name].dtype}，这里要 {dtype}"
            raise _refuse(wrong, f"column {name} is {table[name].dtype}, expected {dtype}", Place(file=source, column=name), "请改成该类型再试")
        unknown = table[name].is_null().arg_max() if table[name].null_count() else None
        if unknown is not None:
            raise _at(source, unknown, name, f"{name} 为空", f"{name} is unknown", "每一行都要写全；不在名单上的人不要写进来")
    extra = [
        (pl.col("policy").cast(pl.String) if "policy" in table.columns else pl.lit("")).alias("policy"),
        (pl.col("block").cast(pl.Int64) if "block" in table.columns else pl.lit(0, pl.Int64)).alias("block"),
    ]
    return table.with_row_index("row").with_columns(extra).select("row", "policy", "block", *COLUMNS)


def _check(rows: pl.DataFrame, source: str) -> None:
    c = pl.col
    twice = rows.filter(pl.struct("policy", "person_id", "week").is_duplicated())
    if twice.height:
        raise _at(source, twice["row"][1], "person_id", "同一人同一周写了两行", "a person stands twice in one week", "每人每周只留一行")
    after = rows.sort("policy", "person_id", "week").filter(c("applied").shift(1).over("policy", "person_id").fill_null(False))
    if after.height:
        raise _at(source, after["row"][0], "week", "申请之后的星期不应再出现", "a week after the application", "申请过的人从下一周起不在名单里")
    mixed = rows.filter(c("notified") != c("notified").first().over("policy", "grid_id", "week"))
    if mixed.height:
        en = "a grid is reached for some and not for others"
        raise _at(source, mixed["row"][0], "notified", "同一网格同一周有的已通知有的没有", en, "通知按网格整体推开")
    by_grid = rows.group_by("policy", "grid_id", "week").agg(c("notified").first(), c("row").first()).sort("policy", "grid_id", "week")
    back = by_grid.filter(c("notified").shift(1).over("policy", "grid_id").fill_null(False) & ~c("notified"))
    if back.height:
        raise _at(source, back["row"][0], "notified", "网格已通知之后又变成未通知", "a reached grid is not reached any more", "通知之后各周都写 true")


def _counted(rows: pl.DataFrame, policy: str) -> Panel:
    weeks = rows["week"].unique().sort()
    steps = set(weeks.diff().drop_nulls().dt.total_days().to_list())
    if len(weeks) < 2 or steps != {DAYS_A_WEEK}:
        zh = f"政策 {policy or '（未写）'} 的星期不连续" if len(weeks) > 1 else "面板里只有一个星期"
        raise _refuse(zh, "weeks must follow each other by seven days, at least two", Place(column="week"), "week 写每周第一天，一周不缺")
    cells = rows.group_by("grid_id", "week").agg(pl.len().alias("n"), pl.col("applied").sum(), pl.col("notified").first(), pl.col("block").first())
    grids = cells["grid_id"].unique().sort()
    g = cells["grid_id"].replace_strict(grids, pl.int_range(grids.len(), eager=True)).to_numpy()
    t = cells["week"].replace_strict(weeks, pl.int_range(weeks.len(), eager=True)).to_numpy()
    at_risk, applied = np.zeros((2, grids.len(), weeks.len()), dtype=np.int64)
    at_risk[g, t], applied[g, t] = cells["n"].to_numpy(), cells["applied"].to_numpy()
    reached = np.full(grids.len(), weeks.len())
    told = cells["notified"].to_numpy()
    np.minimum.at(reached, g[told], t[told])
    block = np.zeros(grids.len(), dtype=np.int64)
    block[g] = cells["block"].to_numpy()
    return Panel(policy, tuple(grids), tuple(weeks), at_risk, applied, reached, block)


def _refuse(zh: str, en: str, place: Place, remedy_zh: str) -> BadInput:
    remedy_en = "one row a person and week at risk: grid_id, person_id, week (first day), notified, applied"
    return BadInput(zh, en=en, places=(place,), remedy_zh=remedy_zh, remedy_en=remedy_en, code="E_PANEL")


def _at(source: str, row: int, column: str, zh: str, en: str, remedy_zh: str) -> BadInput:
    return _refuse(zh, en, Place(file=source, row=int(row) + 1, column=column), remedy_zh)
