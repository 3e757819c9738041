"""What each fund pays in the coming year, held against a budget that the reform states: which limit binds, from which month, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from leye.policy.simulate.likely import Likely, Range, range_of

YEAR = 12


@dataclass(frozen=True, slots=True)
class FundLimit:
    """A fund over the first twelve months, or fewer where the path is shorter. entitled: if everybody entitled took it up · expected: under take-up
    · binds: whether the expected cost is over the budget · share_over: share of draws over it · over_from: month in which the entitled cost passes
    it, None when it does not."""

    fund: str
    budget_fen: int
    entitled_before_fen: int
    entitled_after_fen: int
    expected_after: Range
    binds: bool
    share_over: float
    over_from: date | None


def limits(budgets: Mapping[str, int], path: pl.DataFrame, likely: Likely) -> list[FundLimit]:
    """A row a budget. path: of `monthly_path` with all policies of the budgeted funds. A policy's take-up of the year is taken for each month."""
    first = path.filter(pl.col("month").rank("dense") <= YEAR) if path.height else path
    return [_limit(fund, budget, first.filter(pl.col("pays") == fund), likely) for fund, budget in budgets.items()]


def _limit(fund: str, budget: int, path: pl.DataFrame, likely: Likely) -> FundLimit:
    by_policy = path.group_by("policy").agg(pl.col("cost_after_fen").sum())
    draws = np.zeros(next((s.size for s in likely.share_after.values() if s is not None), 2))
    for policy, fen in by_policy.iter_rows():
        share = likely.share_after.get(policy)
        draws = draws + (share * fen if share is not None else 0.0)
    months = path.group_by("month").agg(pl.col("cost_after_fen").sum()).sort("month").with_columns(pl.col("cost_after_fen").cum_sum().alias("sum"))
    over = months.filter(pl.col("sum") > budget)["month"]
    return FundLimit(
        fund,
        budget,
        int(path["cost_before_fen"].sum()),
        int(path["cost_after_fen"].sum()),
        range_of(draws),
        bool(draws[0] > budget),
        float((draws[1:] > budget).mean()),
        over[0] if over.len() else None,
    )
