"""Two vintages of a panel on one grid: the same series in the same rows, the same periods in the same columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from leye.forecast.arrays import Bools, Floats, any_in_row
from leye.forecast.panel import Panel, known_at
from leye.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Vintages:
    """old, new: the two panels, rows alike; `old` ends `shift` periods before `new`."""

    old: Panel
    new: Panel

    @property
    def shift(self) -> int:
        """Periods that came."""
        return int(self.new.y.shape[1] - self.old.y.shape[1])

    @property
    def past(self) -> Floats:
        """(n, T old) the new vintage's figures for the periods that the old one had."""
        return self.new.y[:, : self.old.y.shape[1]]

    @property
    def is_revised(self) -> bool:
        """Whether any old figure changed, came late, or was taken back."""
        return bool(self.revised_rows.any())

    @property
    def revised_rows(self) -> Bools:
        """(n,) whether any old figure of a series changed, came late, or was taken back."""
        same = (self.past == self.old.y) | (np.isnan(self.past) & np.isnan(self.old.y))
        return any_in_row(~same)

    def revised(self, lean: Panel) -> Panel:
        """`lean` (some rows of `new`) cut at the old end."""
        return replace(lean, y=lean.y[:, : self.old.y.shape[1]])

    def figures(self, uid: str, kind: str) -> tuple[str, date, float | None, float | None]:
        """(series, period, figure before, figure after): of the newest period that came, or of the one that was revised most."""
        row, cut = self.new.ids.index(uid), self.old.y.shape[1]
        if kind == "revision":
            before, after = self.old.y[row], self.past[row]
            size = np.where(np.isfinite(before) & np.isfinite(after), np.abs(after - before), 0.0)
            differs = ~((before == after) | (np.isnan(before) & np.isnan(after)))
            at = int(np.argmax(size)) if size.any() else int(np.flatnonzero(differs)[-1]) if differs.any() else cut - 1
            return uid, self.new.step.at(at), _known(before[at]), _known(after[at])
        came = np.flatnonzero(np.isfinite(self.new.y[row, cut:]))
        at = cut + int(came[-1]) if len(came) else self.new.y.shape[1] - 1
        return uid, self.new.step.at(at), None, _known(self.new.y[row, at])


def align(old: pl.DataFrame, new: pl.DataFrame, tags: pl.DataFrame | None) -> Vintages:
    """Both vintages over the union of their series, on the grid of the longer. Raises BadInput: see `news.news`."""
    last = _last(new)
    if _last(old) > last:
        raise BadInput(
            f"第一个面板到 {_last(old)}，比第二个（到 {last}）还新", en=f"the first panel ends on {_last(old)}, after the second ({last})",
            remedy_zh="先写旧的一版，再写新的一版", remedy_en="name the old vintage first", code="E_NEWS_ORDER",
        )  # fmt: skip
    longs = [_long(f) for f in (old, new)]
    grid = known_at(pl.concat([longs[1], longs[0].join(longs[1], on=["unique_id", "ds"], how="anti")]), tags)
    earlier, later = (_laid(long, grid) for long in longs)
    cut = grid.step.position(_last(old)) + 1
    return Vintages(replace(grid, y=earlier[:, :cut]), replace(grid, y=later))


def _long(frame: pl.DataFrame) -> pl.DataFrame:
    long = frame.select(pl.col("unique_id").cast(pl.String), pl.col("ds").cast(pl.Date), pl.col("y").cast(pl.Float64).fill_nan(None))
    if long.select("unique_id", "ds").is_duplicated().any():
        raise BadInput("时序表里有重复的 unique_id 与 ds。", en="the panel repeats a unique_id and ds.", remedy_zh="每个序列每期只保留一行。")
    return long


def _laid(long: pl.DataFrame, grid: Panel) -> Floats:
    """(n, T) the values of one vintage on the common grid."""
    seen = long.filter(pl.col("y").is_not_null())
    row = {name: i for i, name in enumerate(grid.ids)}
    column = {day: grid.step.position(day) for day in seen["ds"].unique().to_list()}
    y = np.full(grid.y.shape, np.nan)
    y[[row[u] for u in seen["unique_id"].to_list()], [column[d] for d in seen["ds"].to_list()]] = seen["y"].to_numpy()
    return y


def _last(frame: pl.DataFrame) -> date:
    last = _seen(frame).max()
    if not isinstance(last, date):
        raise BadInput("面板里没有任何数值", en="a panel holds no value", remedy_zh="请在 y 列填入数字", code="E_PANEL_EMPTY")
    return last


def _seen(frame: pl.DataFrame) -> pl.Series:
    return frame.filter(pl.col("y").is_not_null() & pl.col("y").cast(pl.Float64).is_not_nan())["ds"].cast(pl.Date)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
