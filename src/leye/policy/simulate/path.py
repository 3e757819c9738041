"""Cost by month: the rules of each coming month over the people as they are today.

Facts stand still, time goes on: people age, terms run out, policies begin and end. A monthly benefit is paid while its condition holds and for no
more months than were left when it first held; what is paid once or by the year falls into the month in which its condition first holds, so that the
first month carries the stock of today, and a yearly one again twelve months later. No new entrants are assumed; the report says so.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.policy.simulate.changed import facts_read
from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.sides import UNIT_CODES

PIECE = 500_000
"""People at once; chosen by us: two numbers a person, policy and side are kept through the months."""
COLUMNS = {
    "month": pl.Date,
    "policy": pl.String,
    "pays": pl.String,
    "paid_before": pl.Int64,
    "paid_after": pl.Int64,
    "cost_before_fen": pl.Int64,
    "cost_after_fen": pl.Int64,
}
Array = NDArray[Any]
_OPEN = 10_000  # months left where the law names no term


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def monthly_path(both: Both, people: pl.LazyFrame, *, months: int = 12, region: str | None = None) -> pl.DataFrame:
    """`month, policy, pays, paid_before, paid_after, cost_before_fen, cost_after_fen` of the compared policies, from the month of `both.on`."""
    days = [add_months(both.on, m) for m in range(months)]
    height = int(people.select(pl.len()).collect().item())
    totals: dict[tuple[int, str, str], list[int]] = {}
    names = people.collect_schema().names()
    read = facts_read(both.before) | facts_read(both.after) | {"region"}
    wanted = [n for n in names if n in read]
    for start in range(0, height, PIECE) if both.policies else ():
        piece = people.select(wanted or names[:1]).slice(start, PIECE).collect(engine="streaming").lazy()  # read once for all months
        _add_piece(piece, [both.at(d) for d in days], region, totals)
    rows = []
    for m, day in enumerate(days):
        for policy in both.policies:
            (n0, c0), (n1, c1) = (totals.get((m, policy, side), [0, 0]) for side in "01")
            rows.append((day.replace(day=1), policy, both.policy(policy).pays, n0, n1, c0, c1))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def by_fund(path: pl.DataFrame) -> pl.DataFrame:
    """`month, pays, cost_before_fen, cost_after_fen`: what each fund pays, in the order of the funds' names."""
    sums = path.group_by("month", "pays").agg(pl.col("cost_before_fen", "cost_after_fen").sum())
    return sums.sort("month", "pays")


def _add_piece(piece: pl.LazyFrame, steps: list[Both], region: str | None, totals: dict[tuple[int, str, str], list[int]]) -> None:
    runs: dict[tuple[str, str], _Run] = {}
    for m, both in enumerate(steps):
        frame = columns_of(both, piece.with_row_index("_row"), region=region, keep=("_row",), kinds="vamyu").collect().sort("_k._row")
        for side in "01":
            for policy in both.policies:
                run = runs.setdefault((side, policy), _Run(frame.height))
                paid, fen = run.month(m, frame, side, policy)
                found = totals.setdefault((m, policy, side), [0, 0])
                found[0] += paid
                found[1] += fen


class _Run:
    """One policy under one law through the months: when each person's condition first held, and how many months were left then."""

    def __init__(self, people: int) -> None:
        self.first = np.full(people, -1, dtype=np.int64)
        self.left = np.zeros(people, dtype=np.int64)

    def month(self, m: int, frame: pl.DataFrame, side: str, policy: str) -> tuple[int, int]:
        """(people paid, fen) of the month."""
        annual: Array = frame[f"y{side}.{policy}"].to_numpy()
        holds: Array = annual > 0
        if not holds.any():
            return 0, 0
        fen: Array = frame[f"a{side}.{policy}"].fill_null(0).to_numpy()
        unit: Array = frame[f"u{side}.{policy}"].to_numpy()
        fresh = holds & (self.first < 0)
        self.first[fresh] = m
        left: Array = frame[f"m{side}.{policy}"].fill_null(_OPEN).to_numpy()
        self.left[fresh] = left[fresh]
        since = m - self.first
        monthly = holds & (unit == UNIT_CODES["month"]) & (since < self.left)
        yearly = holds & (unit == UNIT_CODES["year"]) & (since % 12 == 0)
        paid = monthly | yearly | (fresh & (unit == UNIT_CODES["once"]))
        return int(paid.sum()), int(fen[paid].sum())
