"""From the long table `unique_id, ds, y` to a dense grid of periods × series, with the step of time inferred."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from leye.kernel.errors import BadInput

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Step:
    """The step of a panel. season: periods of one seasonal cycle · per_year: periods in a year · zh: the word for one period."""

    name: str
    season: int
    per_year: int
    zh: str
    en: str


DAY: Final = Step("daily", 7, 365, "日", "day")
WEEK: Final = Step("weekly", 52, 52, "周", "week")
MONTH: Final = Step("monthly", 12, 12, "个月", "month")
QUARTER: Final = Step("quarterly", 4, 4, "个季度", "quarter")
_BY_GAP: Final = ((1, 3, DAY), (4, 10, WEEK), (26, 33, MONTH), (85, 95, QUARTER))  # days between neighbours


@dataclass(frozen=True, slots=True)
class Grid:
    """Periods × series.

    y: (periods, series), NaN where nothing is known · day: (periods, series) days since 1970 as found, 0 where there is no row ·
    ids: (series,) in order of the alphabet · first: index of the first period counted from the epoch · calm: periods before the calibration date.
    """

    y: Floats
    day: Ints
    ids: tuple[str, ...]
    step: Step
    first: int
    calm: int

    @property
    def months(self) -> Ints:
        """Calendar month 1..12 of each period of a monthly grid."""
        return (self.first + np.arange(len(self.y))) % 12 + 1


def infer_step(days: pl.Series) -> Step:
    """Months or quarters when all days stand on one day of the month, however many are missing; else the step that fits the usual gap
    between neighbouring days. Raises BadInput when none does."""
    known = days.unique().sort()
    whole = _whole_months(known)
    if whole is not None:
        return whole
    gaps = known.diff().drop_nulls().dt.total_days()
    usual = gaps.median() if gaps.len() else None
    for low, high, step in _BY_GAP:
        if isinstance(usual, int | float) and low <= usual <= high:
            return step
    raise BadInput(
        "看不出数据是按日、周、月还是季",
        en="the step of time (day, week, month, quarter) cannot be inferred before the calibration date",
        remedy_zh="校准日期之前每个序列至少要有几期等间隔的数据",
        code="E_STEP",
    )


def _whole_months(known: pl.Series) -> Step | None:
    if known.len() < 2 or known.dt.day().n_unique() > 1:
        return None
    months = (known.dt.year().cast(pl.Int64) * 12 + known.dt.month()).diff().drop_nulls()
    return {1: MONTH, 2: MONTH, 3: QUARTER}.get(math.gcd(*months.to_list()))


def period_number(ds: pl.Expr, step: Step) -> pl.Expr:
    """Number of the period a day lies in, counted from 1970."""
    months = ds.dt.year().cast(pl.Int64) * 12 + ds.dt.month().cast(pl.Int64) - 1
    days = ds.cast(pl.Date).cast(pl.Int32).cast(pl.Int64)
    return {"monthly": months, "quarterly": months // 3, "weekly": days // 7, "daily": days}[step.name]


def build_grid(panel: pl.DataFrame, *, calibrate_before: date) -> Grid:
    """Dense grid over the series that have data before `calibrate_before`; infinities count as missing.

    Everything that depends on more than one period (step, which series take part) is decided by data before that date only.
    Raises BadInput when nothing lies before it, or when one series has two rows in one period.
    """
    rows = panel.select(pl.col("unique_id").cast(pl.String), pl.col("ds").cast(pl.Date), pl.col("y").cast(pl.Float64, strict=False))
    rows = rows.with_columns(pl.when(pl.col("y").is_finite()).then(pl.col("y")).alias("y"))
    before = rows.filter(pl.col("ds") < calibrate_before, pl.col("y").is_not_null())
    if before.is_empty():
        raise BadInput(
            f"{calibrate_before} 之前没有数据，无法校准", en=f"no data before {calibrate_before} to calibrate on",
            remedy_zh="把校准日期往后移，或提供更早的历史数据", code="E_NO_CALIBRATION",
        )  # fmt: skip
    step = infer_step(before["ds"])
    ids = before["unique_id"].unique().sort()
    rows = rows.with_columns(period_number(pl.col("ds"), step).alias("p")).filter(pl.col("unique_id").is_in(ids.implode()))
    _refuse_doubles(rows, step)
    start = before.select(period_number(pl.col("ds"), step).min()).item()
    rows = rows.filter(pl.col("p") >= start)
    size = (rows.select(pl.col("p").max()).item() - start + 1, ids.len())
    column = rows.select(pl.col("unique_id").replace_strict(ids, pl.int_range(ids.len(), eager=True), return_dtype=pl.Int64)).to_series().to_numpy()
    row = rows["p"].to_numpy() - start
    y, day = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    y[row, column] = rows["y"].fill_null(float("nan")).to_numpy()
    day[row, column] = rows["ds"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    border = pl.select(period_number(pl.lit(calibrate_before), step)).item()
    return Grid(y, day, tuple(ids.to_list()), step, start, int(border - start))


def _refuse_doubles(rows: pl.DataFrame, step: Step) -> None:
    double = rows.group_by("unique_id", "p").agg(pl.len(), pl.col("ds").min()).filter(pl.col("len") > 1).sort("unique_id", "p")
    if double.is_empty():
        return
    first = double.row(0, named=True)
    raise BadInput(
        f"序列 {first['unique_id']} 在 {first['ds']} 所在的一期里有 {first['len']} 行（数据按“{step.zh}”识别）",
        en=f"{first['unique_id']} has {first['len']} rows in the {step.en} of {first['ds']}",
        remedy_zh="每个序列每期只留一行", code="E_DUPLICATE_PERIOD",
    )  # fmt: skip
