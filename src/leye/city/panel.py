"""The forest of indicator series: leaves in, every sum above them out, with keys and titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.city.dice import Array
from leye.city.marginals import marginals
from leye.city.series import Calendar
from leye.kernel.codes import industries, key_groups, occupations, region_name

CITY_NAME = "示例市"
ALL = "all"
OTHER_GROUP = ("其他人员", "others")
PLATFORMS = {
    "food": ("外卖平台", "food delivery"),
    "parcel": ("同城急送平台", "parcel courier"),
    "ride": ("网约车平台", "ride hailing"),
    "freight": ("货运平台", "freight"),
}
INDICATORS = {
    "insured": ("参保人数", "Insured employees", "person", "down"),
    "postings": ("招聘岗位数", "Posts advertised", "post", "down"),
    "postings_occ": ("招聘岗位数（按职业）", "Posts advertised by occupation", "post", "down"),
    "registered": ("登记失业人数", "Registered unemployed", "person", "up"),
    "claims": ("失业金申领人数", "Benefit claimants", "person", "up"),
    "leaving": ("参保减员", "Leaving insurance", "person", "up"),
    "calls": ("12333热线来电", "Hotline calls", "call", "up"),
    "gig_orders": ("平台订单", "Platform orders", "order", "down"),
    "jobless_rate": ("城镇调查失业率", "Surveyed jobless rate", "ratio", "up"),
}
"""Indicator id to Chinese title, English title, unit and the direction of harm (`down`: a fall is bad)."""


@dataclass(frozen=True, slots=True)
class Key:
    """Address of one series; `all` stands for a part that is not split."""

    indicator: str
    region: str
    industry: str = ALL
    occupation: str = ALL
    grp: str = ALL

    @property
    def unique_id(self) -> str:
        """`indicator/region/industry/occupation/grp`."""
        return f"{self.indicator}/{self.region}/{self.industry}/{self.occupation}/{self.grp}"

    def parent(self) -> Key | None:
        """One level up: the district goes first, then industry or group, an occupation climbs middle to major to all; None for a root.

        Districts go first so that one industry or one group of the whole city is a series of its own.
        """
        city = str(marginals()["city"])
        if self.region != city:
            return Key(self.indicator, city, self.industry, self.occupation, self.grp)
        if self.industry != ALL or self.grp != ALL:
            return Key(self.indicator, city)
        if self.occupation != ALL:
            up = ALL if self.occupation.endswith("000000") else self.occupation[0] + "000000"
            return Key(self.indicator, city, occupation=up)
        return None

    def titles(self) -> tuple[str, str]:
        """(Chinese, English) for pages."""
        zh, en, _, _ = INDICATORS[self.indicator]
        parts_zh = [CITY_NAME if self.region.endswith("00") else region_name(self.region)]
        parts_en = ["city" if self.region.endswith("00") else self.region]
        if self.industry != ALL:
            parts_zh.append(industries()[self.industry].name)
            parts_en.append(f"industry {self.industry}")
        if self.occupation != ALL:
            parts_zh.append(occupations()[self.occupation].name)
            parts_en.append(f"occupation {self.occupation}")
        if self.grp != ALL:
            group = key_groups().get(self.grp)
            names = (group.zh, group.en) if group else PLATFORMS.get(self.grp, OTHER_GROUP)
            parts_zh.append(names[0])
            parts_en.append(names[1])
        return "·".join([*parts_zh, zh]), f"{en}: {', '.join(parts_en)}"


class Panel:
    """Collects leaves; a sum is added to every series above its leaf. Values are (months,) arrays."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.values: dict[Key, Array] = {}

    def add_leaves(self, keys: Sequence[Key], values: Array) -> None:
        """Add leaves (series, months) and carry each into its ancestors."""
        for key, row in zip(keys, values, strict=True):
            self.values[key] = self.values.get(key, np.zeros(self.calendar.size)) + row
            above = key.parent()
            while above is not None:
                self.values[above] = self.values.get(above, np.zeros(self.calendar.size)) + row
                above = above.parent()

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """(indicators, indicator_keys), ordered by unique_id."""
        keys = sorted(self.values, key=lambda k: k.unique_id)
        months = [m.first for m in self.calendar.months]
        ids = [k.unique_id for k in keys]
        indicators = pl.DataFrame(
            {
                "unique_id": pl.Series(ids).gather(np.repeat(np.arange(len(ids)), len(months))),
                "ds": pl.Series(months * len(ids), dtype=pl.Date),
                "y": np.concatenate([self.values[k] for k in keys]).astype(np.float64),
            }
        )
        return indicators, pl.DataFrame([_key_row(k) for k in keys], schema=_KEY_SCHEMA, orient="row")


_KEY_SCHEMA = dict.fromkeys(
    ("unique_id", "parent", "indicator", "region", "industry", "occupation", "grp", "unit", "calm_direction", "title_zh", "title_en"), pl.String
)


def _key_row(key: Key) -> tuple[str | None, ...]:
    above = key.parent()
    _, _, unit, direction = INDICATORS[key.indicator]
    parent = above.unique_id if above else None
    return (key.unique_id, parent, key.indicator, key.region, key.industry, key.occupation, key.grp, unit, direction, *key.titles())
