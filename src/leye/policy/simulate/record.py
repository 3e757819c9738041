"""The record of a bureau as take-up: who was entitled, for how much, and whether it was paid or applied for; the model fitted to it, and how well.

Two sources, each only where it says something about take-up:
- payments: people entitled today to a monthly benefit, and whether the present or the last month was paid. What is paid once changes the facts
  (it was received), so those who are still entitled to it have by construction not taken it up: they are left out.
- notices: entitled people to whom a notice was delivered, and whether they applied since. Told people take up more; `told` counts them.
Facts are those of today, the payments those of two months: somebody who became entitled last week counts as not having taken it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leye.policy.pack import PackSet
from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.path import add_months
from leye.policy.simulate.sides import UNIT_CODES
from leye.policy.simulate.take_up import LEAST_PEOPLE, TakeUp, fitted

BINS = 5
Z90 = 1.645
SCHEMA = {"person_id": pl.String, "policy": pl.String, "annual_fen": pl.Int64, "taken": pl.Boolean, "told": pl.Boolean}


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """People of about the same predicted take-up: how many, predicted and observed share, and the Wilson interval of 90 % of the observed."""

    people: int
    annual_fen: int
    predicted: float
    observed: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the prediction lies in the interval."""
        return self.low <= self.predicted <= self.high


@dataclass(frozen=True)
class Record:
    """What the record gives. model: None where it is too small, `why_zh` says so · share and its range: of the record as a whole."""

    people: int
    taken: int
    told: int
    policies: tuple[str, ...]
    model: TakeUp | None
    bins: tuple[CalibrationBin, ...]
    why_zh: str = ""
    why_en: str = ""

    @property
    def share(self) -> float:
        """Observed take-up of the whole record."""
        return self.taken / self.people if self.people else 0.0


def record_rows(
    people: pl.LazyFrame,
    packs: PackSet,
    on: date,
    *,
    payments: pl.DataFrame | None = None,
    notices: pl.DataFrame | None = None,
    region: str | None = None,
) -> pl.DataFrame:
    """`person_id, policy, annual_fen, taken, told`: a row an entitled person and policy of the record, a known and positive amount.

    payments: `person_id, policy, month, paid_on` · notices: `person_id, policy, delivered_on, applied_on`.
    """
    found = [pl.DataFrame(schema=SCHEMA)]
    named = set().union(*(set(t["policy"].unique()) for t in (payments, notices) if t is not None and "policy" in t.columns))
    wanted = tuple(p for p in packs.policies if p in named)
    if not wanted:
        return found[0]
    both = Both(packs, packs, on, tuple(packs.policies), frozenset())
    frame = columns_of(both, people, region=region, keep=("person_id",), kinds="vyu")
    sides = frame.select("_k.person_id", *(pl.col(f"{k}0.{p}") for p in wanted for k in "yu")).collect(engine="streaming")
    entitled = {
        p: sides.filter(pl.col(f"y0.{p}") > 0).select(pl.col("_k.person_id").alias("person_id"), *(pl.col(f"{k}0.{p}").alias(k) for k in "yu"))
        for p in wanted
    }
    if payments is not None:
        since = add_months(on.replace(day=1), -1)
        paid = payments.filter(pl.coalesce("month", "paid_on") >= since, pl.coalesce("month", "paid_on") <= on)
        found += [
            _rows(rows.filter(pl.col("u") == UNIT_CODES["month"]), p, paid.filter(pl.col("policy") == p)["person_id"], told=False)
            for p, rows in entitled.items()
        ]
    if notices is not None:
        told = notices.filter(pl.col("delivered_on").is_not_null(), pl.col("delivered_on") <= on)
        for p, rows in entitled.items():
            mine = told.filter(pl.col("policy") == p)
            applied = mine.filter(pl.col("applied_on") <= on)["person_id"]
            found.append(_rows(rows.filter(pl.col("person_id").is_in(mine["person_id"].implode())), p, applied, told=True))
    return pl.concat(found).sort("told").unique(["person_id", "policy"], keep="last", maintain_order=True).sort("policy", "person_id")


def fitted_record(rows: pl.DataFrame, *, seed: int) -> Record:
    """The model of a record with its calibration by fifths of the predicted share. rows: of `record_rows`."""
    taken = rows["taken"].to_numpy()
    told, policies = int(rows["told"].sum()), tuple(rows["policy"].unique().sort())
    size = (rows.height, int(taken.sum()), told, policies)
    if rows.height < LEAST_PEOPLE:
        why = (
            f"记录里只有 {rows.height} 名符合者，少于 {LEAST_PEOPLE} 名",
            f"the record holds {rows.height} entitled people, fewer than {LEAST_PEOPLE}",
        )
        return Record(*size, None, (), *why)
    if taken.all() or not taken.any():
        return Record(*size, None, (), "记录里的人全部申领了，或全部没有申领", "everybody of the record took it up, or nobody did")
    annual = rows["annual_fen"].to_numpy().astype(np.float64)
    model = fitted(annual, taken, seed=seed, policies=rows["policy"].to_list())
    predicted = np.empty(taken.size)
    for policy in policies:
        mine = (rows["policy"] == policy).to_numpy()
        predicted[mine] = model.share(annual[mine], policy)[0]
    return Record(*size, model, _bins(annual, taken, predicted))


def _rows(entitled: pl.DataFrame, policy: str, takers: pl.Series, *, told: bool) -> pl.DataFrame:
    return entitled.select(
        "person_id",
        pl.lit(policy).alias("policy"),
        pl.col("y").alias("annual_fen"),
        pl.col("person_id").is_in(takers.implode()).alias("taken"),
        pl.lit(told).alias("told"),
    )


def _bins(annual: NDArray[np.float64], taken: NDArray[np.bool_], predicted: NDArray[np.float64]) -> tuple[CalibrationBin, ...]:
    order = np.argsort(predicted, kind="stable")
    return tuple(_bin(annual[part], taken[part], predicted[part]) for part in np.array_split(order, BINS) if part.size)


def _bin(annual: NDArray[np.float64], taken: NDArray[np.bool_], predicted: NDArray[np.float64]) -> CalibrationBin:
    n, share = taken.size, float(taken.mean())
    centre, spread = (share + Z90**2 / (2 * n)) / (1 + Z90**2 / n), Z90 * sqrt(share * (1 - share) / n + Z90**2 / (4 * n * n)) / (1 + Z90**2 / n)
    return CalibrationBin(n, round(float(annual.mean())), float(predicted.mean()), share, centre - spread, centre + spread)
