"""The radar as a table: counts in, forecast with band and verdict out."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import NoReturn

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput, Place
from leye.match.radar.ahead import LEVEL_MONTHS, YEAR, Array
from leye.match.radar.bands import with_bands

COUNTS = {"skill": pl.String, "ds": pl.Date, "n": pl.Float64}
FORECAST = {
    "skill": pl.String, "ds": pl.Date, "mean": pl.Float64, "lo-80": pl.Float64, "hi-80": pl.Float64, "before": pl.Float64, "against": pl.String,
    "verdict": pl.String,
}  # fmt: skip
"""`before`: what the month is held against: the same month a year before (`against` = year_ago), with less than a year the median of the newest six
(last_six) · `verdict`: rising, falling, steady (no change can be seen), unknown (no band)."""
HORIZON = 3
Z_80 = 1.2816
"""Half width of an 80 % interval in standard deviations."""


def read_counts(file: Path) -> pl.DataFrame:
    """A CSV or Parquet table `skill, ds, n`, a row a skill and month. Raises BadInput with the column, or the row, that cannot be used."""
    raw = _raw(file)
    for name in COUNTS:
        if name not in raw.columns:
            _refuse(file, None, name, f"缺少“{name}”这一列", f"column {name} is missing", "E_COLUMN_MISSING")
    rows = raw.select(*COUNTS)
    told = rows.with_columns(
        pl.col("skill").cast(pl.String), pl.col("n").cast(pl.Float64, strict=False),
        pl.col("ds").str.to_date("%Y-%m-%d", strict=False) if rows.schema["ds"] == pl.String else pl.col("ds").cast(pl.Date),
    )  # fmt: skip
    for name, bad in (("skill", pl.col("skill").is_null()), ("ds", pl.col("ds").is_null()), ("n", ~(pl.col("n") >= 0) | ~pl.col("n").is_finite())):
        wrong = told.with_row_index("row", 2).filter(bad.fill_null(True))
        if wrong.height:
            _refuse(file, int(wrong["row"][0]), name, "这一格读不懂，或是负数", "the cell cannot be read, or is negative", "E_CELL")
    if told.select(pl.struct("skill", pl.col("ds").dt.month_start()).is_duplicated().any()).item():
        _refuse(file, None, "ds", "同一技能同一月有两行", "two rows of one skill and month", "E_ROW_TWICE")
    return told


def _raw(file: Path) -> pl.DataFrame:
    if not file.is_file():
        _refuse(file, None, "", f"没有文件 {file}", f"no file {file}", "E_FILE")
    try:
        return pl.read_parquet(file) if file.suffix.lower() == ".parquet" else pl.read_csv(file, infer_schema=False)
    except pl.exceptions.NoDataError:
        _refuse(file, None, "", "文件是空的", "the file is empty", "E_FILE_UNREADABLE")
    except (pl.exceptions.PolarsError, UnicodeDecodeError, OSError) as error:
        why = str(error).partition("\n")[0]
        _refuse(file, None, "", f"读不懂，要 UTF-8 的 CSV 或 Parquet：{why}", f"no CSV in UTF-8 and no Parquet: {why}", "E_FILE_UNREADABLE")


def radar(counts: pl.DataFrame, *, horizon: int = HORIZON) -> pl.DataFrame:
    """`FORECAST` of every skill, by skill and month. counts: `skill, ds, n`; a month between the first and the last in which a skill has no row is a
    month without an ad that names it. Raises BadInput (E_HORIZON) for a horizon out of 1–12, (E_NO_ROWS) for an empty table."""
    if not 1 <= horizon <= YEAR:
        raise BadInput(
            f"horizon 要在 1 到 {YEAR} 之间", en=f"the horizon must lie in 1..{YEAR}", remedy_zh="例如 3", remedy_en="e.g. 3", code="E_HORIZON"
        )
    if counts.is_empty():
        raise BadInput(
            "表里没有行", en="the table has no rows", remedy_zh="每行一项技能一个月", remedy_en="one row a skill and month", code="E_NO_ROWS"
        )
    names, months, values = _dense(counts)
    mean, low, high = with_bands(values, horizon)
    later = [_months_on(months[-1], h) for h in range(1, horizon + 1)]
    before, against = _before(values, horizon)
    rows = []
    for i, name in enumerate(names):
        ends = None if low is None or high is None else (low[i, -1], high[i, -1])
        said = verdict(None if before is None else float(before[i, -1]), float(mean[i, -1]), ends)
        for h, month in enumerate(later):
            band = (None, None) if low is None or high is None else (float(low[i, h]), float(high[i, h]))
            rows.append((name, month, float(mean[i, h]), *band, None if before is None else float(before[i, h]), against, said))
    return pl.DataFrame(rows, schema=FORECAST, orient="row")


def _months_on(first: date, n: int) -> date:
    month = first.month - 1 + n
    return date(first.year + month // 12, month % 12 + 1, 1)


def verdict(before: float | None, mean: float, band: tuple[float, float] | None) -> str:
    """rising when the month ahead lies above what was before by more than the band below it and the noise of the old count together, in quadrature;
    falling alike. The old count has noise of its own (Poisson): held against the band alone, a third of steady skills were said to change."""
    if before is None or band is None:
        return "unknown"
    noise = Z_80 * math.sqrt(before)
    if mean - math.hypot(mean - band[0], noise) > before:
        return "rising"
    return "falling" if mean + math.hypot(band[1] - mean, noise) < before else "steady"


def _dense(counts: pl.DataFrame) -> tuple[list[str], list[date], Array]:
    rows = counts.select("skill", pl.col("ds").dt.month_start().alias("ds"), "n").sort("skill", "ds")
    days: list[date] = rows["ds"].unique().sort().to_list()
    months: list[date] = pl.date_range(days[0], days[-1], "1mo", eager=True).to_list()
    names: list[str] = rows["skill"].unique().sort().to_list()
    column, row = {m: i for i, m in enumerate(months)}, {n: i for i, n in enumerate(names)}
    values = np.zeros((len(names), len(months)))
    for name, day, n in rows.iter_rows():
        values[row[name], column[day]] = n
    return names, months, values


def _before(values: Array, horizon: int) -> tuple[Array | None, str]:
    n = values.shape[1]
    if n >= YEAR:
        return values[:, n - YEAR : n - YEAR + horizon], "year_ago"
    if n >= LEVEL_MONTHS:
        return np.repeat(np.median(values[:, -LEVEL_MONTHS:], axis=1)[:, None], horizon, axis=1), "last_six"
    return None, ""


def _refuse(file: Path, row: int | None, column: str, zh: str, en: str, code: str) -> NoReturn:
    raise BadInput(
        zh, en=en, remedy_zh="表要有 skill（技能）、ds（月，如 2025-08-01）、n（点名它的广告数）三列", code=code, places=(Place(file.name, row=row,
        column=column or None),),
        remedy_en="the table needs skill, ds (a month such as 2025-08-01) and n (ads that name it)",
    )  # fmt: skip
