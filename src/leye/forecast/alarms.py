"""Warning levels as the forecast sees them: at which periods a series, or one above it, stood at orange or red."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from leye.forecast.arrays import Bools
from leye.forecast.panel import Panel
from leye.forecast.steps import Step
from leye.kernel.errors import BadInput

LEVELS = {"blue": 0, "yellow": 1, "orange": 2, "red": 3, "蓝": 0, "黄": 1, "橙": 2, "红": 3}
HIGH = 2
IN_FORCE = 6
"""Periods that a row of the warning table stands for: while a condition lasts, `leye watch scan` writes a further row each 6 periods."""


def high_at(panel: Panel, levels_of: pl.DataFrame, *, origin: date | None) -> Bools:
    """(n, T) True where orange or red was in force, by the latest row of the series or of any series above it.

    levels_of: `unique_id, ds, level` (blue, yellow, orange, red, or 蓝黄橙红). Rows after the origin are dropped unread; rows before the
    panel begins count as far as they reach into it. Raises BadInput on an unknown id or level.
    """
    rows = levels_of.select(pl.col("unique_id").cast(pl.Utf8), pl.col("ds").cast(pl.Date), pl.col("level").cast(pl.Utf8)).drop_nulls()
    if origin is not None:
        rows = rows.filter(pl.col("ds") <= origin)
    rows = rows.filter(pl.col("ds") < panel.step.at(panel.y.shape[1])).sort("ds", maintain_order=True)
    _check(rows, panel)
    at = {uid: i for i, uid in enumerate(panel.ids)}
    high = np.zeros(panel.y.shape, dtype=bool)
    for uid, day, level in rows.iter_rows():
        start = period_of(panel.step, day)
        if start + IN_FORCE > 0:
            high[at[uid], max(start, 0) : start + IN_FORCE] = LEVELS[level] >= HIGH
    return _with_those_above(high, panel)


def period_of(step: Step, day: date) -> int:
    """The period that `day` lies in; for a day between two steps the one before it."""
    for back in range(31):
        try:
            return step.position(date.fromordinal(day.toordinal() - back))
        except ValueError:
            continue
    raise AssertionError("no step of days is longer than a month")


def _with_those_above(high: Bools, panel: Panel) -> Bools:
    out, above = high.copy(), panel.parent.copy()
    while (above >= 0).any():
        has = above >= 0
        out[has] |= high[above[has]]
        above = np.where(has, panel.parent[above], -1)
    return out


def _check(rows: pl.DataFrame, panel: Panel) -> None:
    strange = sorted(set(rows["unique_id"].to_list()) - set(panel.ids))
    if strange:
        raise BadInput(
            f"预警表里的“{strange[0]}”在时序表中没有。",
            en=f"the warning table names {strange[0]!r}, which the panel does not hold.",
            remedy_zh="请用对同一张时序表扫描得到的预警表。",
            remedy_en="hand in the warnings that were scanned from this panel.",
            code="E_LEVELS_UNKNOWN_ID",
        )
    odd = sorted(set(rows["level"].to_list()) - set(LEVELS))
    if odd:
        raise BadInput(
            f"预警级别“{odd[0]}”看不懂。",
            en=f"unknown warning level {odd[0]!r}.",
            remedy_zh="level 列写 blue、yellow、orange、red 或 蓝、黄、橙、红。",
            remedy_en="write blue, yellow, orange or red in the column level.",
            code="E_LEVELS_UNKNOWN",
        )
