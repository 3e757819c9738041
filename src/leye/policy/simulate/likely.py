"""What is really taken up: cost, reach, winners and losers under a take-up model, with the range of 90 % of its draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.summary import EMPLOYERS
from leye.policy.simulate.take_up import TakeUp

Draws = NDArray[np.float64]
BINS_A_UNIT = 64
"""Amounts are put together that differ by less than 1/64 of a natural log unit (1.6 %), each bin with its sum and count: take-up at the mean of a bin
is off by the curvature inside it, less than a hundred-thousandth. Ten million different amounts then need some thousand evaluations."""


@dataclass(frozen=True, slots=True)
class Range:
    """A central figure with its range of 90 %."""

    centre: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Annual fen and people under a take-up model. added: the reform against the law, draw by draw."""

    policy: str
    cost_before: Range
    cost_after: Range
    cost_added: Range
    people_before: Range
    people_after: Range


@dataclass(frozen=True)
class Likely:
    """policies: one each · cost_before, cost_after, cost_added: of all public funds together · winners, losers: people of whom something that they
    take up changes · share_after: cost_after over the entitled sum by policy, draw by draw (None where nobody is entitled)."""

    policies: list[Expected]
    cost_before: Range
    cost_after: Range
    cost_added: Range
    winners: Range
    losers: Range
    share_after: dict[str, Draws | None]


def expected(both: Both, people: pl.LazyFrame, model: TakeUp, *, region: str | None = None) -> Likely:
    """Expected figures of every compared policy, in one pass.

    A winner counts when the benefits that grew are taken up, a loser when those that shrank were: by the take-up of their annual sum, and of the
    policy that grew (shrank) most.
    """
    sums = _binned(both, people, region)
    rows, shares = [], dict[str, Draws | None]()
    before, after = np.zeros(model.a.size), np.zeros(model.a.size)
    for policy in both.policies:
        (cost0, n0, _), (cost1, n1, whole1) = (_drawn(model, sums.get(f"y{side}.{policy}"), policy) for side in "01")
        rows.append(Expected(policy, range_of(cost0), range_of(cost1), range_of(cost1 - cost0), range_of(n0), range_of(n1)))
        shares[policy] = cost1 / whole1 if whole1 > 0 else None
        if both.policy(policy).pays != EMPLOYERS:
            before, after = before + cost0, after + cost1
    winners, losers = (range_of(_people(both, model, sums, kind)) for kind in ("_up", "_down"))
    return Likely(rows, range_of(before), range_of(after), range_of(after - before), winners, losers, shares)


def range_of(draws: Draws) -> Range:
    """Centre and range of (1 + draws,) figures; the first is the central case."""
    low, high = np.quantile(draws[1:], [0.05, 0.95])
    return Range(float(draws[0]), float(low), float(high))


def _binned(both: Both, people: pl.LazyFrame, region: str | None) -> dict[str, tuple[Draws, Draws]]:
    """Per column its (mean annual fen, people) by bin; `_up.p` and `_down.p` are what grew and shrank of winners and losers, by the main policy."""
    if not both.policies:
        return {}
    frame = columns_of(both, people, region=region, kinds="vy")
    pairs = [(pl.col(f"y0.{p}"), pl.col(f"y1.{p}")) for p in both.policies]
    delta = pl.sum_horizontal([b - a for a, b in pairs])
    grown = [pl.when(b > a).then(b).otherwise(0) for a, b in pairs]
    shrunk = [pl.when(a > b).then(a).otherwise(0) for a, b in pairs]
    columns = [f"y{side}.{p}" for p in both.policies for side in "01"]
    wide = frame.select(*columns, *_most(both, "_up", delta > 0, grown), *_most(both, "_down", delta < 0, shrunk))
    long = wide.filter(pl.any_horizontal(pl.all() != 0)).unpivot(variable_name="column", value_name="fen").filter(pl.col("fen") > 0)
    bins = (pl.col("fen").log() * BINS_A_UNIT).floor().cast(pl.Int32)
    counts = long.group_by("column", bins.alias("bin")).agg(pl.col("fen").sum().cast(pl.Float64), pl.len().cast(pl.Float64).alias("n"))
    found = counts.sort("column", "bin").collect(engine="streaming")
    return {
        str(name[0]): ((part["fen"] / part["n"]).to_numpy(), part["n"].to_numpy()) for name, part in found.group_by("column", maintain_order=True)
    }


def _most(both: Both, kind: str, is_one: pl.Expr, parts: list[pl.Expr]) -> list[pl.Expr]:
    """A column a policy: the sum of the parts of those for whom this policy's part is the largest, 0 for anybody else."""
    whole, largest = pl.sum_horizontal(parts), pl.concat_list(parts).list.arg_max()
    return [pl.when(is_one & (largest == i)).then(whole).otherwise(0).alias(f"{kind}.{p}") for i, p in enumerate(both.policies)]


def _people(both: Both, model: TakeUp, sums: dict[str, tuple[Draws, Draws]], kind: str) -> Draws:
    """Draws of winners (`_up`) or losers (`_down`) over all policies."""
    return sum((_drawn(model, sums.get(f"{kind}.{p}"), p)[1] for p in both.policies), np.zeros(model.a.size))


def _drawn(model: TakeUp, sums: tuple[Draws, Draws] | None, policy: str) -> tuple[Draws, Draws, float]:
    """(draws of cost, draws of people, entitled fen)."""
    if sums is None:
        nothing = np.zeros(model.a.size)
        return nothing, nothing, 0.0
    annual, n = sums
    share = model.share(annual, policy)
    return share @ (annual * n), share @ n, float(annual @ n)
