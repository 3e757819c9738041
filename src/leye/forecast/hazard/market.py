"""Indicators of a district and industry as they were known in a month: insured staff, postings, claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.forecast.arrays import Floats, Ints
from leye.forecast.hazard.register import month_of

SECTIONS = "ABCDEFGHIJKLMNOPQRST"
"""Sections of GB/T 4754."""

RECENT = 3  # months; chosen by us: one month of a small cell is noise
YEAR = 12
WILDEST = 0.5  # chosen by us: a change beyond this says that the cell is tiny, not that the market halved
KINDS = ("insured", "postings", "claims")


@dataclass(frozen=True, slots=True)
class Market:
    """change: (kinds, districts + 1, sections + 1, T) log change of the last three months known against the same months a year before; 0 where
    unknown.

    The last district and section stand for "all". districts: six digits, in order of the second axis.
    """

    districts: tuple[str, ...]
    change: Floats

    def look_up(self, district: Ints, section: Ints, month: Ints) -> Floats:
        """(n, 3) changes for rows; a district or section of -1 takes the city's or the whole economy's series."""
        return np.column_stack([self.change[k, district, section if k < 2 else -1, month] for k in range(len(KINDS))])


def market_of(indicators: pl.DataFrame, first: int, months: int) -> Market:
    """The market of the calendar's months; what stands for month t uses values up to t - 1, because a month's figures come after its end."""
    parts = pl.col("unique_id").str.split("/")
    rows = indicators.with_columns(
        parts.list.get(0).alias("_kind"),
        parts.list.get(1, null_on_oob=True).alias("_region"),
        parts.list.get(2, null_on_oob=True).alias("_section"),
        parts.list.slice(3).list.join("/").alias("_rest"),
        (month_of("ds") - first).alias("_t"),
    ).filter(pl.col("_kind").is_in(KINDS), pl.col("_rest") == "all/all", pl.col("_t") < months, pl.col("_t") >= -YEAR - RECENT)
    districts = tuple(sorted(r for r in rows["_region"].unique().drop_nulls() if not r.endswith("00")))
    back = YEAR + RECENT
    y = np.full((len(KINDS), len(districts) + 1, len(SECTIONS) + 1, months + back), np.nan)
    place = {name: i for i, name in enumerate(districts)}
    for kind, region, section, t, value in rows.select("_kind", "_region", "_section", "_t", "y").iter_rows():
        if section != "all" and section not in SECTIONS:
            continue
        y[KINDS.index(kind), place.get(region, -1), -1 if section == "all" else SECTIONS.index(section), t + back] = (
            np.nan if value is None else value
        )
    return Market(districts, _changes(y, months, back))


def _changes(y: Floats, months: int, back: int) -> Floats:
    recent = sum(y[..., back - k : back - k + months] for k in range(1, RECENT + 1))
    before = sum(y[..., back - YEAR - k : back - YEAR - k + months] for k in range(1, RECENT + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(np.asarray(recent, np.float64)) - np.log(np.asarray(before, np.float64))
    return np.asarray(np.where(np.isfinite(change), np.clip(change, -WILDEST, WILDEST), 0.0))
