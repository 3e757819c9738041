"""Have forecasts drifted? A bet against the published intervals, one step ahead, whose false alarms are known whatever moves together.

Each value falls into one of five bins of its forecast: below 95 %, between 95 and 80 %, inside 80 %, and the same above. Right intervals fill
them with chances .025, .075, .80, .075, .025. A bet is another distribution over the bins (errors moved by so many standard deviations, or so
many times as large); what it pays, q(bin) / p(bin), has mean 1 when intervals are right. Payments of the series of a group are averaged within a
period, which keeps that mean however the series move together, and multiplied over periods: with R(t) = (R(t-1) + 1) · e(t) the Shiryaev-Roberts
sum R(t) less t is then a martingale, so the mean time to a false alarm is at least the threshold (Shin, Ramdas and Rinaldo 2024, E-detectors).
No normal distribution is assumed: the normal only shapes the bets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from leye.forecast.arrays import Floats, Ints

NOMINAL = np.array([0.025, 0.075, 0.80, 0.075, 0.025])
"""Chances of the bins when 80 and 95 % intervals are right and central."""
CALM_SEASONS = 20
"""Mean time to a false alarm of one group is at least so many seasons (years of months). # chosen by us: ten indicators then
cry wolf once in two years"""
SHIFTS = (0.5, 1.0, 2.0)
"""Standard deviations by which a bet moves the errors, up and down. # chosen by us: what the bench plants"""
WIDTHS = (1.5, 2.5)
"""Times that errors are as large as their intervals say, in the bets on intervals that are too narrow. # chosen by us"""
KINDS = ("high", "low", "narrow")
"""What changed: values lie higher than forecast, lower, or further off on both sides. Each takes a third of the stake."""
LOOK_BACK, BOTH_TAILS = 6, 0.15
"""The kind is read off the last so many periods: `narrow` when more than this share lies outside 80 % on either side, where .1 is right.
# chosen by us: which bet pays most does not tell, since a bet on one side is paid by half of a widening too"""
SCHEMA = {
    "group": pl.String, "ds": pl.Date, "series": pl.Int64, "below": pl.Float64, "above": pl.Float64, "statistic": pl.Float64,
    "threshold": pl.Float64, "kind": pl.String, "is_alarm": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bets:
    """pays: (b, 5) what each bet pays by bin · kind: (b,) place in KINDS · weight: (b,) share of the stake, summing to 1 in thirds by kind."""

    pays: Floats
    kind: Ints
    weight: Floats


def bets() -> Bets:
    """The bets of SHIFTS and WIDTHS on a normal whose intervals are right."""
    edges = ndtri(np.cumsum(NOMINAL)[:-1])
    told = [(0, s, 1.0) for s in SHIFTS] + [(1, -s, 1.0) for s in SHIFTS] + [(2, 0.0, w) for w in WIDTHS]
    kind = np.array([k for k, _, _ in told])
    cut = np.array([np.concatenate([[0.0], ndtr((edges - shift) / width), [1.0]]) for _, shift, width in told])
    return Bets(np.diff(cut, axis=1) / NOMINAL, kind, 1.0 / (len(KINDS) * np.bincount(kind)[kind]))


def bins(points: pl.DataFrame) -> pl.Series:
    """Bin 0 to 4 of every row of `y, lo-80, hi-80, lo-95, hi-95`; null where something is missing. A value on an end lies inside."""
    y = pl.col("y")
    known = pl.all_horizontal(pl.col(c).is_not_null() for c in ("y", "lo-80", "hi-80", "lo-95", "hi-95"))
    place = (
        pl.when(y < pl.col("lo-95")).then(0).when(y < pl.col("lo-80")).then(1).when(y > pl.col("hi-95")).then(4).when(y > pl.col("hi-80")).then(3)
    )  # fmt: skip
    return points.select(pl.when(known).then(place.otherwise(2)).cast(pl.Int64).alias("bin"))["bin"]


def watch(counts: Ints, threshold: float) -> tuple[Floats, Ints]:
    """counts: (T, 5) values of a group by period and bin. Returns (T,) the statistic and (T,) the kind of change; after an alarm, which is a
    statistic at or above the threshold, the sum starts anew. A period without a value changes nothing."""
    told = bets()
    sums = np.zeros(len(told.weight))
    statistic, kind = np.zeros(len(counts)), np.zeros(len(counts), dtype=np.int64)
    for t, row in enumerate(counts):
        n = row.sum()
        if n:
            sums = (sums + 1.0) * (told.pays @ (row / n))
        statistic[t] = (told.weight * sums).sum()
        kind[t] = kind_of(counts[max(t + 1 - LOOK_BACK, 0) : t + 1])
        if statistic[t] >= threshold:
            sums = np.zeros(len(sums))
    return statistic, kind


def kind_of(counts: Ints) -> int:
    """Place in KINDS of what the periods (k, 5) show, each period counting the same."""
    shares = counts[counts.sum(axis=1) > 0]
    shares = (shares / shares.sum(axis=1, keepdims=True)).mean(axis=0) if len(shares) else NOMINAL
    below, above = shares[:2].sum(), shares[3:].sum()
    return 2 if min(below, above) > BOTH_TAILS else 0 if above >= below else 1


def drift(points: pl.DataFrame, groups: pl.DataFrame, *, season: int) -> pl.DataFrame:
    """Rows of SCHEMA, one a group and period, oldest first.

    points: `unique_id, ds, y, lo-80, hi-80, lo-95, hi-95`, forecasts one step ahead, one a series and period · groups: `unique_id, group` ·
    below, above: share of the group's values under and over the 80 % interval · threshold: periods to a false alarm at the least.
    """
    threshold = float(CALM_SEASONS * max(season, 1))
    placed = points.with_columns(bins(points)).filter(pl.col("bin").is_not_null()).join(groups, on="unique_id").drop_nulls("group")
    if placed.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    counted = placed.group_by("group", "ds").agg((pl.col("bin") == b).sum().cast(pl.Int64).alias(str(b)) for b in range(5)).sort("group", "ds")
    parts = []
    for _, rows in counted.group_by("group", maintain_order=True):
        counts = rows.select("0", "1", "2", "3", "4").to_numpy()
        statistic, kind = watch(counts, threshold)
        n = counts.sum(axis=1)
        parts.append(
            rows.select("group", "ds").with_columns(
                pl.Series("series", n),
                pl.Series("below", counts[:, :2].sum(axis=1) / n),
                pl.Series("above", counts[:, 3:].sum(axis=1) / n),
                pl.Series("statistic", statistic),
                pl.lit(threshold).alias("threshold"),
                pl.Series("kind", [KINDS[k] for k in kind]),
                pl.Series("is_alarm", statistic >= threshold),
            )
        )
    return pl.concat(parts).select(*SCHEMA).cast(SCHEMA)  # type: ignore[arg-type]
