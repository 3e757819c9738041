"""The panel as dense arrays: one row a series, one column a period, NaN where nothing is known, cut at the origin before anything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import polars as pl

from leye.forecast.arrays import Bools, Floats, Ints
from leye.forecast.steps import Step, infer_step
from leye.forecast.tree import Tree
from leye.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Panel:
    """What was known at the origin, series in the order of their ids.

    y: (n, T) values, NaN where missing, last column is the origin · parent: (n,) row of the parent, -1 for a root ·
    has_tree: whether tags were given (without them nothing is reconciled).
    """

    ids: tuple[str, ...]
    y: Floats
    parent: Ints
    step: Step
    has_tree: bool

    @property
    def origin(self) -> date:
        """Date of the last column."""
        return self.step.at(self.y.shape[1] - 1)

    def kept(self, rows: Bools) -> Panel:
        """The chosen series only; a child whose parent is left out becomes a root."""
        return replace(
            self, ids=tuple(u for u, keep in zip(self.ids, rows, strict=True) if keep), y=self.y[rows], parent=Tree(self.parent).kept(rows).parent
        )

    def future(self, horizon: int) -> list[date]:
        """The dates of the next `horizon` periods, in the panel's own step."""
        return [self.step.at(self.y.shape[1] - 1 + h) for h in range(1, horizon + 1)]


def known_at(panel: pl.DataFrame, tags: pl.DataFrame | None, *, origin: date | None = None) -> Panel:
    """The panel as it stood at `origin` (its last observed date when None); rows after it are dropped unread.

    panel: `unique_id, ds, y` · tags: `unique_id, parent` (null or empty for a root). Series without an observation stay, all NaN.
    Raises BadInput for an empty panel, repeated keys, dates without a step, an unknown id in tags or a ring of parents.
    """
    long = panel.select(pl.col("unique_id").cast(pl.Utf8), pl.col("ds").cast(pl.Date), pl.col("y").cast(pl.Float64).fill_nan(None))
    ids = sorted(long["unique_id"].unique().to_list())
    seen = long.filter(pl.col("y").is_not_null())
    if origin is not None:
        seen = seen.filter(pl.col("ds") <= origin)
    if seen.is_empty():
        raise _nothing_known(origin)
    if seen.select("unique_id", "ds").is_duplicated().any():
        raise BadInput("时序表里有重复的 unique_id 与 ds。", en="the panel repeats a unique_id and ds.", remedy_zh="每个序列每期只保留一行。")
    dates = sorted(seen["ds"].unique().to_list())
    step = infer_step(dates)
    last = step.position(dates[-1])
    if origin is not None:
        last = max(last, _position_at_or_before(step, origin))
    row = pl.DataFrame({"unique_id": ids, "row": np.arange(len(ids))})
    column = pl.DataFrame({"ds": dates, "column": [step.position(d) for d in dates]})
    placed = seen.join(row, on="unique_id", how="left").join(column, on="ds", how="left")
    y = np.full((len(ids), last + 1), np.nan)
    y[placed["row"].to_numpy(), placed["column"].to_numpy()] = placed["y"].to_numpy()
    return Panel(tuple(ids), y, parents(ids, tags), step, tags is not None)


def parents(ids: list[str], tags: pl.DataFrame | None) -> Ints:
    """(n,) row of each series' parent, -1 for a root or a series that tags do not name. Raises BadInput on unknown ids and rings."""
    row = {name: i for i, name in enumerate(ids)}
    out = np.full(len(ids), -1, dtype=np.int64)
    for child, parent in tags.select("unique_id", "parent").iter_rows() if tags is not None else ():
        for name in (child, parent):
            if name and name not in row:
                raise BadInput(
                    f"层级表里的“{name}”在时序表中没有。",
                    en=f"tags name {name!r}, which the panel does not hold.",
                    remedy_zh="请补上这个序列，或从层级表删去这一行。",
                    remedy_en="add the series to the panel or drop the row from the tags.",
                    code="E_TAGS_UNKNOWN_ID",
                )
        if parent:
            out[row[child]] = row[parent]
    _refuse_rings(out, ids)
    return out


def _refuse_rings(parent: Ints, ids: list[str]) -> None:
    climbing = parent.copy()
    for _ in range(len(ids)):
        if (climbing < 0).all():
            return
        climbing = np.where(climbing >= 0, parent[climbing], -1)
    stuck = ids[int(np.argmax(climbing >= 0))]
    raise BadInput(
        f"层级表里“{stuck}”的上级绕成了一个圈。", en=f"the parents of {stuck!r} form a ring.", remedy_zh="请改正 parent 列。", code="E_TAGS_RING"
    )


def _position_at_or_before(step: Step, origin: date) -> int:
    low = 0
    while step.at(low + 1) <= origin:
        low += 1
    return low


def _nothing_known(origin: date | None) -> BadInput:
    if origin is None:
        return BadInput("时序表里没有任何数值。", en="the panel holds no value at all.", remedy_zh="请在 y 列填入数字。", code="E_PANEL_EMPTY")
    return BadInput(
        f"{origin} 及以前没有任何数值，无法从这一天起预测。",
        en=f"no value on or before {origin}; nothing to forecast from.",
        remedy_zh="请换一个较晚的 --origin，或补上更早的数据。",
        remedy_en="take a later --origin or add earlier values.",
        code="E_ORIGIN_EARLY",
    )


def as_date(text: str) -> date:
    """A date written YYYY-MM-DD or YYYY-MM. Raises BadInput."""
    try:
        return datetime.strptime(text, "%Y-%m-%d" if len(text) > 7 else "%Y-%m").date()  # noqa: DTZ007  a calendar date has no zone
    except ValueError:
        raise BadInput(f"“{text}”不是日期。", en=f"{text!r} is not a date.", remedy_zh="请写成 2025-08-01 或 2025-08。", code="E_DATE") from None
