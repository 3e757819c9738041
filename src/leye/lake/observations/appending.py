"""What an append adds: rows that are not there yet; and what a whole publication changes against the state before it."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from leye.kernel.errors import BadInput
from leye.lake.observations.folder import Manifest, StoreFolder, instant
from leye.lake.observations.form import INSTANT, refusal
from leye.lake.observations.merging import rows_of

ROW = ("series", "period_start", "vintage_ts", "value", "quality")
PLACE = ("series", "period_start")
IDENTITY = (*PLACE, "vintage_ts")


def new_rows(folder: StoreFolder, manifest: Manifest, rows: pl.DataFrame, *, name: str = "") -> pl.DataFrame:
    """The rows that the store does not hold. Raises BadInput for two values of one series, period and vintage, here or against the store."""
    once = rows.unique(maintain_order=True)
    _refuse(rows, once.filter(pl.struct(IDENTITY).is_duplicated()) if once.height > once.select(IDENTITY).n_unique() else once.head(0), name,
            "E_DUP_KEY", "同一期在一版里有两个值", "a period has two values in one vintage", "每期只留一行", "keep one row a period")  # fmt: skip
    stored = _stored(folder, manifest, rows)
    if stored.is_empty():
        return once
    met = once.join(stored, on=IDENTITY, how="left", suffix="_stored", maintain_order="left").with_columns(
        is_stored=pl.col("quality_stored").is_not_null()
    )
    differs = pl.col("is_stored") & (pl.col("value").ne_missing(pl.col("value_stored")) | (pl.col("quality") != pl.col("quality_stored")))
    _refuse(rows, met.filter(differs), name, "E_VINTAGE_CONFLICT", "这一版已经入库，数值不同", "this vintage is stored with another value",
            "已发布的一版不能改：更正请用新的发布时间", "a published vintage is never changed: give a correction its own time")  # fmt: skip
    return met.filter(~pl.col("is_stored")).select(ROW)


def changes_against(
    now: pl.DataFrame, rows: pl.DataFrame, vintage_ts: datetime, *, is_complete: bool, name: str = ""
) -> tuple[pl.DataFrame, int]:  # fmt: skip
    """(rows to store, how many of them are withdrawals): what `rows` changes against the state `now`, and nulls for what it lacks."""
    _refuse(rows, rows.filter(pl.struct(PLACE).is_duplicated()), name, "E_DUP_KEY", "同一期有两行", "a period stands twice", "每期只留一行",
            "keep one row a period")  # fmt: skip
    met = rows.join(now.select(*PLACE, "value", "quality", pl.lit(True).alias("is_known")), on=PLACE, how="left", suffix="_now")
    is_known = pl.col("is_known").fill_null(False)
    same = is_known & pl.col("value").eq_missing(pl.col("value_now")) & (pl.col("quality") == pl.col("quality_now"))
    nothing = ~is_known & pl.col("value").is_null()  # a gap that was never filled is no withdrawal
    changed = met.filter(~(same | nothing).fill_null(False)).select(ROW)
    if not is_complete:
        return changed, 0
    gone = now.filter(pl.col("value").is_not_null()).join(rows, on=PLACE, how="anti")
    nulls = gone.select(*PLACE, pl.lit(vintage_ts, dtype=INSTANT).alias("vintage_ts"), pl.lit(None, dtype=pl.Float64).alias("value"), "quality")
    return pl.concat([changed, nulls.select(ROW)]), nulls.height


def _stored(folder: StoreFolder, manifest: Manifest, rows: pl.DataFrame) -> pl.DataFrame:
    """Stored rows of the vintages at hand; parts of other times are not opened."""
    if rows.is_empty():
        return rows.select(ROW)
    vintages = rows["vintage_ts"].unique()
    first, last = vintages.min(), vintages.max()
    assert isinstance(first, datetime) and isinstance(last, datetime)
    near = [p for p in manifest.parts if instant(p.first) <= last and instant(p.last) >= first]
    return rows_of(folder, near, None).filter(pl.col("vintage_ts").is_in(vintages.implode())).collect()


def _refuse(rows: pl.DataFrame, bad: pl.DataFrame, name: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
    if bad.is_empty():
        return
    nth = rows.with_row_index("nth").join(bad.select(IDENTITY), on=IDENTITY, how="semi")["nth"]
    day = bad["period_start"][0]
    raise refusal(rows, nth, "value", name, code, f"{zh}（{day}）", f"{en} ({day})", remedy_zh, remedy_en, BadInput)
