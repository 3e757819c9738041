"""What a city's own tables say of an occupation: usual pay, ads, direction of demand, and the range of exposure that was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median

import polars as pl

LEAST_ADS = 5
"""Ads of a year below which an occupation has no pay of its own. # chosen by us: the median of four ads is one ad"""
MONTHS = 12
SPREAD = 1.25
"""Highest over lowest usual pay of a minor group up to which it speaks for an occupation without ads. # chosen by us: a group that holds programmers
and call-centre agents says nothing of either"""
TRENDS = {"rising": 1, "steady": 0, "falling": -1}
"""Verdicts of `forecast.demand.outlook`; unknown is absent."""


@dataclass(frozen=True, slots=True)
class Figure:
    """pay_fen: usual monthly pay, middle of the ads, None unknown · pay_of: the code whose ads it is from, shorter than the occupation's own where
    that has too few and its minor group pays alike · ads: of the newest twelve months · trend: 1 rising, 0 no change to be seen, -1 falling, None
    unknown, of the middle group ·
    exposure: lowest and highest of the sources, 0–1, None unknown."""

    pay_fen: int | None = None
    pay_of: str = ""
    ads: int | None = None
    trend: int | None = None
    exposure: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """Figures of a city. on: day they are of."""

    pay: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    trends: Mapping[str, int] = field(default_factory=dict)
    exposures: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    on: date | None = None

    def figure(self, code: str) -> Figure:
        """Of an occupation; pay falls back on the minor group (five digits)."""
        pay_of = next((part for part in (code, code[:5]) if part in self.pay), "")
        trend = self.trends.get(code[:3] + "0000")
        ads = self.counts.get(code, 0) if self.on is not None else None
        return Figure(self.pay.get(pay_of), pay_of, ads, trend, self.exposures.get(code))


def market_of(
    jobs: pl.DataFrame, on: date, *, trends: Mapping[str, str] | None = None, exposures: Mapping[str, tuple[float, float]] | None = None
) -> Market:
    """From a city's ads. jobs: `posted_on, occupation, wage_min_fen, wage_max_fen` · trends: middle group (7 digits) to verdict · exposures: code to
    (lowest, highest) of the sources, 0–1. Ads of the MONTHS up to a day; pay is the median of the middles, whole hundreds of yuan."""
    since = pl.lit(on).dt.offset_by(f"-{MONTHS}mo")
    recent = jobs.filter(pl.col("posted_on") <= on, pl.col("posted_on") > since).drop_nulls("occupation")
    counts = dict(recent.group_by("occupation").len().sort("occupation").iter_rows())
    paid = recent.with_columns(((pl.col("wage_min_fen") + pl.col("wage_max_fen")) / 2).alias("pay")).drop_nulls("pay")
    groups = paid.group_by("occupation").agg(pl.len().alias("n"), pl.col("pay").median()).sort("occupation")
    pay = {code: round(middle / 10_000) * 10_000 for code, n, middle in groups.iter_rows() if n >= LEAST_ADS}
    known = {code: TRENDS[said] for code, said in (trends or {}).items() if said in TRENDS}
    return Market(pay | _of_groups(pay), counts, known, exposures or {}, on)


def _of_groups(pay: Mapping[str, int]) -> dict[str, int]:
    """Minor groups (five digits) in which the occupations with pay of their own pay alike."""
    mine: dict[str, list[int]] = {}
    for code, fen in pay.items():
        mine.setdefault(code[:5], []).append(fen)
    alike = {group: found for group, found in mine.items() if len(found) > 1 and max(found) <= SPREAD * min(found)}
    return {group: round(median(found) / 10_000) * 10_000 for group, found in alike.items()}
