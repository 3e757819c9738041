"""Two forecasts of the same series, made one after the other, and what came in between: how wrong the first was, and what the second changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl

from leye.kernel.errors import BadInput, NotFound

SCHEMA = {
    "unique_id": pl.Utf8,
    "ds": pl.Date,
    "old_mean": pl.Float64,
    "old_lo": pl.Float64,
    "old_hi": pl.Float64,
    "y": pl.Float64,
    "error": pl.Float64,
    "inside": pl.Boolean,
    "new_mean": pl.Float64,
    "change": pl.Float64,
}


def compare(old: pl.DataFrame, new: pl.DataFrame, panel: pl.DataFrame) -> pl.DataFrame:
    """One row per series and period of the old forecast, by id and ds.

    old, new: tables of `leye forecast run` · panel: `unique_id, ds, y`. Columns of the answer: `old_mean, old_lo, old_hi` (the narrowest
    interval of the old table) · where the panel holds a value `y`, `error` (old_mean - y, in units of y) and `inside` (whether y lies in the
    interval) · where the new forecast speaks of the period too `new_mean` and `change` (new_mean - old_mean). What does not apply is null.
    Raises BadInput when a table is no forecast, or when the two share no series.
    """
    level = narrowest(old)
    narrowest(new)
    keys = ["unique_id", "ds"]
    old, new, panel = (_keyed(t) for t in (old, new, panel))
    if not set(old["unique_id"].to_list()) & set(new["unique_id"].to_list()):
        raise _bad("两张预测表没有共同的序列。", "the two forecasts share no series.", "E_COMPARE_NO_SERIES")
    first = old.select(*keys, pl.col("mean").alias("old_mean"), pl.col(f"lo-{level}").alias("old_lo"), pl.col(f"hi-{level}").alias("old_hi"))
    with_truth = first.join(panel.select(*keys, pl.col("y").cast(pl.Float64).fill_nan(None)), on=keys, how="left")
    both = with_truth.join(new.select(*keys, pl.col("mean").alias("new_mean")), on=keys, how="left")
    inside = (pl.col("old_lo") <= pl.col("y")) & (pl.col("y") <= pl.col("old_hi"))
    table = both.with_columns(
        error=pl.col("old_mean") - pl.col("y"), inside=pl.when(pl.col("y").is_not_null()).then(inside), change=pl.col("new_mean") - pl.col("old_mean")
    )
    return table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort(keys)


def narrowest(forecast: pl.DataFrame) -> int:
    """The lowest interval level of a forecast table. Raises BadInput (E_COMPARE_COLUMNS) where it is none."""
    levels = sorted(int(c[3:]) for c in forecast.columns if c.startswith("lo-") and c[3:].isdigit() and f"hi-{c[3:]}" in forecast.columns)
    if not levels or not {"unique_id", "ds", "mean"} <= set(forecast.columns):
        raise _bad("这不是 leye forecast run 写出的预测表。", "this is no table of leye forecast run.", "E_COMPARE_COLUMNS")
    return levels[0]


def compare_zh(table: pl.DataFrame, unique_id: str, *, name: Callable[[str], str] = str, when: Callable[[date], str] = str) -> str:
    """Chinese: the error of the old forecast over what has come, and what the new one changes. name, when: how a series and a period are called.

    Raises NotFound.
    """
    came, ahead = _parts(table, unique_id)
    said = []
    if came.height:
        mean, pct, size, inside = _errors(came)
        said.append(
            f"上次预测的 {came.height} 期已有实际值：预测平均{_off_zh(mean, pct)}，误差绝对值平均 {_number(size)}，其中 {inside} 期实际值落在区间内"
        )
    if ahead.height:
        first, last = ahead.row(0, named=True), ahead.row(-1, named=True)
        said.append(f"尚未到来的 {ahead.height} 期：" + "；".join(_moved_zh(row, when) for row in ([first] if ahead.height == 1 else [first, last])))
    return (f"{name(unique_id)}：" + "。".join(said or ["两次预测没有可以对照的时期"])) + "。"


def compare_en(table: pl.DataFrame, unique_id: str, *, name: Callable[[str], str] = str, when: Callable[[date], str] = str) -> str:
    """English: as `compare_zh`."""
    came, ahead = _parts(table, unique_id)
    said = []
    if came.height:
        mean, pct, size, inside = _errors(came)
        side = "on average exact" if mean == 0 else f"on average {abs(pct):.1f} % too {'high' if mean > 0 else 'low'}"
        said.append(
            f"{came.height} periods of the last forecast are known: {side}, mean absolute error {_number(size)}, {inside} inside the interval"
        )
    if ahead.height:
        rows = [ahead.row(0, named=True)] + ([ahead.row(-1, named=True)] if ahead.height > 1 else [])
        moved = (f"{when(row['ds'])} from {_number(row['old_mean'])} to {_number(row['new_mean'])}" for row in rows)
        said.append(f"{ahead.height} periods still to come: " + "; ".join(moved))
    return f"{name(unique_id)}: " + ". ".join(said or ["nothing to compare"]) + "."


def _parts(table: pl.DataFrame, unique_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = table.filter(pl.col("unique_id") == unique_id)
    if rows.is_empty():
        raise NotFound(f"上次预测里没有“{unique_id}”。", en=f"the last forecast does not hold {unique_id!r}.", remedy_zh="请核对序列名。")
    came = rows.filter(pl.col("error").is_not_null())
    return came, rows.filter(pl.col("y").is_null() & pl.col("change").is_not_null())


def _errors(came: pl.DataFrame) -> tuple[float, float, float, int]:
    """Mean error, the same in percent of the mean truth, mean absolute error, count inside."""
    errors, truth = _floats(came, "error"), _floats(came, "y")
    mean, level = sum(errors) / len(errors), sum(truth) / len(truth)
    size = sum(abs(e) for e in errors) / len(errors)
    return mean, 100 * mean / abs(level) if level else 0.0, size, int(came["inside"].fill_null(False).sum())


def _floats(rows: pl.DataFrame, column: str) -> Sequence[float]:
    return [float(v) for v in rows[column].to_list()]


def _off_zh(mean: float, pct: float) -> str:
    return "与实际相同" if mean == 0 else f"比实际{'高' if mean > 0 else '低'} {abs(pct):.1f}%"


def _moved_zh(row: dict[str, Any], when: Callable[[date], str]) -> str:
    if row["change"] == 0:
        return f"{when(row['ds'])} 维持 {_number(row['old_mean'])}"
    return f"{when(row['ds'])} 由 {_number(row['old_mean'])} {'上调' if row['change'] > 0 else '下调'}为 {_number(row['new_mean'])}"


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4
    return f"{value:,.{digits}f}"


def _keyed(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col("unique_id").cast(pl.Utf8), pl.col("ds").cast(pl.Date))


def _bad(zh: str, en: str, code: str) -> BadInput:
    return BadInput(zh, en=en, remedy_zh="请给出 leye forecast run 前后两次的 --out 文件。", remedy_en="give the --out files of two runs.", code=code)
