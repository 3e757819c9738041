"""Cost by month: the rules of each coming month over the people as they are today.

Facts stand still, time goes on: people age, terms run out, policies begin and end. A monthly benefit is paid while its condition holds and for no
more months than were left when it first held; what is paid once or by the year falls into the month in which its condition first holds, so that the
first month carries the stock of today. No new entrants are assumed; the report says so.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.policy.lookup import version_of
from leye.policy.pack import PackSet
from leye.policy.simulate.compare import Both, columns_of

PIECE = 500_000
COLUMNS = {
    "month": pl.Date,
    "policy": pl.String,
    "paid_before": pl.Int64,
    "paid_after": pl.Int64,
    "cost_before_fen": pl.Int64,
    "cost_after_fen": pl.Int64,
}
Array = NDArray[Any]


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def monthly_path(both: Both, people: pl.LazyFrame, *, months: int = 12, region: str | None = None) -> pl.DataFrame:
    """`month, policy, paid_before, paid_after, cost_before_fen, cost_after_fen` of the compared policies."""
    days = [add_months(both.on, m) for m in range(months)]
    wanted = both.policies
    height = int(people.select(pl.len()).collect().item())
    totals: dict[tuple[int, str, str], list[int]] = {}
    for start in range(0, height, PIECE) if wanted else ():
        _add_piece(people.slice(start, PIECE), [both.at(d) for d in days], region, totals)
    rows = []
    for m, day in enumerate(days):
        for policy in wanted:
            (n0, c0), (n1, c1) = (totals.get((m, policy, side), [0, 0]) for side in "01")
            rows.append((day.replace(day=1), policy, n0, n1, c0, c1))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _add_piece(piece: pl.LazyFrame, steps: list[Both], region: str | None, totals: dict[tuple[int, str, str], list[int]]) -> None:
    runs: dict[tuple[str, str], _Run] = {}
    for m, both in enumerate(steps):
        frame = columns_of(both, piece, region=region).collect(engine="streaming")
        for side, packs in (("0", both.before), ("1", both.after)):
            for policy in both.policies:
                run = runs.setdefault((side, policy), _Run(frame.height))
                paid, fen = run.month(m, frame, side, policy, unit_of(packs, policy, both.on))
                found = totals.setdefault((m, policy, side), [0, 0])
                found[0] += paid
                found[1] += fen


def unit_of(packs: PackSet, policy: str, on: date) -> str:
    """Unit of a policy on a day; of its latest version when none is in force."""
    found = packs.policies.get(policy)
    if found is None or not found.versions:
        return "status"
    version = version_of(found, "CN", on)
    return (version or max(found.versions, key=lambda v: v.start)).unit


class _Run:
    """One policy under one law through the months: when each person's condition first held, and how many months were left then."""

    def __init__(self, people: int) -> None:
        self.first = np.full(people, -1, dtype=np.int64)
        self.left = np.zeros(people, dtype=np.int64)

    def month(self, m: int, frame: pl.DataFrame, side: str, policy: str, unit: str) -> tuple[int, int]:
        """(people paid, fen) of the month."""
        holds: Array = (frame[f"v{side}.{policy}"].fill_null(False) & (frame[f"y{side}.{policy}"] > 0)).to_numpy()
        fen: Array = frame[f"a{side}.{policy}"].fill_null(0).to_numpy()
        fresh = holds & (self.first < 0)
        self.first[fresh] = m
        left: Array = frame[f"m{side}.{policy}"].fill_null(10_000).to_numpy()
        self.left[fresh] = left[fresh]
        if unit == "month":
            paid = holds & (m - self.first < self.left)
        elif unit in ("once", "year"):
            paid = fresh | (holds & (unit == "year") & (m > self.first) & ((m - self.first) % 12 == 0))
        else:
            return 0, 0
        return int(paid.sum()), int(fen[paid].sum())
