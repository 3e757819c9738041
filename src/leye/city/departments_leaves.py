"""The leaves of the city's indicators with the words that departments use for them, and the spellings of a month that their programs write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from leye.city.panel import OTHER_GROUP, PLATFORMS
from leye.kernel.codes import industries, key_groups, region_name

if TYPE_CHECKING:
    from leye.city.store import City


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value: codes of the series, month and figure."""

    region: str
    industry: str
    occupation: str
    grp: str
    ds: date
    y: float

    @property
    def region_zh(self) -> str:
        """Name of the district."""
        return region_name(self.region)

    @property
    def industry_zh(self) -> str:
        """Name of the section."""
        return industries()[self.industry].name

    @property
    def group_zh(self) -> str:
        """Name of the group of people or the platform."""
        group = key_groups().get(self.grp)
        return group.zh if group else PLATFORMS.get(self.grp, OTHER_GROUP)[0]


def leaves_of(city: City, indicator: str) -> list[Leaf]:
    """Leaf values of an indicator, ordered by series, then month."""
    keys = city.tables["indicator_keys"].filter(pl.col("indicator") == indicator)
    leaf = keys.filter(~pl.col("unique_id").is_in(keys["parent"].drop_nulls().unique().implode()))
    values = leaf.join(city.tables["indicators"], on="unique_id").sort("region", "industry", "occupation", "grp", "ds")
    return [Leaf(*row) for row in values.select("region", "industry", "occupation", "grp", "ds", "y").iter_rows()]


_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


def chinese_month(day: date) -> str:
    """二〇二四年十二月.

    >>> chinese_month(date(2024, 12, 1)), chinese_month(date(2021, 10, 1))
    ('二〇二四年十二月', '二〇二一年十月')
    """
    month = {10: "十", 11: "十一", 12: "十二"}.get(day.month) or str(day.month).translate(_DIGITS)
    return f"{str(day.year).translate(_DIGITS)}年{month}月"


MONTH_STYLES: dict[str, Callable[[date], str]] = {
    "zh": lambda d: f"{d.year}年{d.month}月",
    "chinese": chinese_month,
    "dotted": lambda d: f"{d.year}.{d.month:02d}",
    "slash": lambda d: f"{d.year}/{d.month}",
    "compact": lambda d: f"{d:%Y%m}",
    "iso": lambda d: f"{d:%Y-%m}",
}
"""How a month is spelt; each department keeps to one."""
