"""A quarter of a platform's orders as a table of decisions: premium order or not, how long the wait, and who got it.

Score is the negative wait, so that a higher score is better, as the audit's formulas want. Sex and age band come from the people table,
which no dispatcher of ours may look at; rows whose person or fact is unknown stay in, with an empty group.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from leye.kernel.clock import BEIJING
from leye.kernel.errors import NotFound
from leye.kernel.period import Quarter
from leye.lake.snapshots import file_sha256

TABLES = ("orders", "workers", "people")
GROUPS = ("sex", "age_band")
SEX_ZH = {"F": "女", "M": "男"}
AGE_FROM = ((60, "60+"), (45, "45-59"), (25, "25-44"), (16, "16-24"))
"""Bands of the working ages, as the gate keeps them beside each decision."""


def quarters_with_orders(data: Path) -> list[Quarter]:
    """Quarters (Beijing time) that have orders, newest first; none when there is no table."""
    file = data / "city" / "orders.parquet"
    if not file.exists():
        return []
    days = pl.scan_parquet(file).select(_local("created_at").dt.date().unique()).collect().to_series()
    return sorted({Quarter.of(d) for d in days.drop_nulls().to_list()}, reverse=True)


def decisions_of(data: Path, quarter: Quarter) -> pl.DataFrame:
    """One row an order that was accepted: `order_id, worker_id, platform, sex, age_band, day, selected, score, wait_s`.

    day: Beijing day of the order · selected: 1 for the premium tier · wait_s: seconds from order to acceptance, score its negative.
    Raises NotFound without orders in the quarter.
    """
    if quarter not in quarters_with_orders(data):
        raise NotFound(
            f"{quarter.year} 年第 {quarter.quarter} 季度没有订单数据",
            en=f"no orders in {quarter}",
            remedy_zh="先让平台报送订单，或选另一个季度",
            remedy_en="ask the platform for its orders, or choose another quarter",
        )
    day = _local("created_at").dt.date()
    orders = pl.scan_parquet(data / "city" / "orders.parquet").filter(day.is_between(quarter.period.start, quarter.period.end))
    workers = pl.scan_parquet(data / "city" / "workers.parquet").select("worker_id", "person_id").unique("worker_id")
    people = pl.scan_parquet(data / "city" / "people.parquet").select("person_id", "sex", "birth").unique("person_id")
    wait_s = (pl.col("accepted_at") - pl.col("created_at")).dt.total_seconds().cast(pl.Float64)
    table = orders.with_columns(day.alias("day")).join(workers, on="worker_id", how="left").join(people, on="person_id", how="left")
    return (
        table.filter(pl.col("accepted_at").is_not_null())
        .select(
            "order_id", "worker_id", "platform", "day",
            pl.col("sex").replace_strict(SEX_ZH, default=None).alias("sex"), _age_band().alias("age_band"),
            (pl.col("tier") == "premium").cast(pl.Int8).alias("selected"), (-wait_s).alias("score"), wait_s.alias("wait_s"),
        )
        .sort("order_id")
        .collect()
    )  # fmt: skip


def hashes_of(data: Path) -> dict[str, str]:
    """sha256 of the tables that a report is made of."""
    return {name: file_sha256(data / "city" / f"{name}.parquet") for name in TABLES}


def is_made_up(data: Path) -> bool:
    """Whether the tables are those of the synthetic city."""
    return (data / "city" / "manifest.json").exists()


def _local(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(BEIJING.key)


def _age_band() -> pl.Expr:
    """Whole years on the order's day; under 16 and unknown birthdays are in no band."""
    day, birth = pl.col("day"), pl.col("birth")
    had_birthday = day.dt.month() * 100 + day.dt.day() >= birth.dt.month() * 100 + birth.dt.day()
    years = day.dt.year() - birth.dt.year() - (~had_birthday).cast(pl.Int32)
    band: pl.Expr = pl.lit(None, pl.String)
    for least, name in reversed(AGE_FROM):
        band = pl.when(years >= least).then(pl.lit(name)).otherwise(band)
    return band
