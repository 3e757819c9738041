"""What others pay for the same work in the same city: quartiles over the city's ads, with how many and of when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings

from leye.office.vacancies.places import city_of

LEAST_ADS = 5
"""Ads below which no band is shown. # chosen by us: quartiles of four values are four values"""
MONTHS = 12
_LEVELS = ((7, "职业", "occupation"), (5, "小类", "minor group"), (3, "中类", "sub-major group"))


@dataclass(frozen=True, slots=True)
class Band:
    """Quartiles of monthly pay in fen (middle of each ad's range) · n: ads · since, until: days of the ads · level_zh, level_en: how near the
    occupation is: the same one, or the group above where that has too few ads."""

    low_fen: int
    median_fen: int
    high_fen: int
    n: int
    since: date
    until: date
    level_zh: str
    level_en: str


def wage_band(occupation: str, region: str, on: date) -> Band | None:
    """The band for an occupation (7 digits) in the city of a district, ads of the MONTHS up to a day; None where fewer than LEAST_ADS say a pay."""
    file = Path(settings.LEYE_DATA) / "city" / "jobs.parquet"
    if not file.exists() or len(occupation) != 7 or not region:
        return None
    city = city_of(region)
    place = pl.col("region").str.starts_with(city[:2] if city.endswith("0000") else city[:4])
    since = pl.lit(on).dt.offset_by(f"-{MONTHS}mo")
    ads = (
        pl.scan_parquet(file)
        .filter(place, pl.col("posted_on") <= on, pl.col("posted_on") > since, pl.col("wage_min_fen") > 0)
        .select("occupation", "posted_on", ((pl.col("wage_min_fen") + pl.col("wage_max_fen").fill_null(pl.col("wage_min_fen"))) / 2).alias("fen"))
        .filter(pl.col("occupation").str.starts_with(occupation[:3]))
        .collect()
    )
    for digits, zh, en in _LEVELS:
        near = ads.filter(pl.col("occupation").str.starts_with(occupation[:digits]))
        if near.height >= LEAST_ADS:
            low, mid, high = (int(near["fen"].quantile(q, "linear") or 0) for q in (0.25, 0.5, 0.75))
            days = near["posted_on"]
            return Band(low, mid, high, near.height, days.min(), days.max(), zh, en)  # type: ignore[arg-type]
    return None
