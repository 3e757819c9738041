"""The figures of a quarter: the audit over all its orders, and week by week. Pure: a table in, tables out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leye.office.fairness.orders import GROUPS
from leye.office.fairness.shield import shield
from leye.trust.audit import Decisions, Measure, audit, check_decisions
from leye.trust.audit.clusters import LEAST_PERSONS

CLUSTER = "worker_id"
"""Orders of one rider resemble each other; intervals have to know."""
MEASURES = (Measure("wait_s", is_low_good=True),)
COMMAND = f"leye trust audit DECISIONS --groups {','.join(GROUPS)} --mean wait_s:low --cluster {CLUSTER}"
"""What gives the same figures from the same rows."""


@dataclass(frozen=True, slots=True)
class Measured:
    """rates, means: as the audit makes them, small groups shielded · weeks: one row a week and group: `week` (its Monday), `group`, `n`, rate and
    ratio of premium orders with ends, mean wait and its ratio with ends · summary: what `audit.json` would say.
    """

    rates: pl.DataFrame
    means: pl.DataFrame
    weeks: pl.DataFrame
    summary: dict[str, object]


def measure(orders: pl.DataFrame) -> Measured:
    """Audit the rows of `orders.decisions_of`, as a whole and week by week."""
    found = audit(as_decisions(orders, GROUPS))
    assert found.means is not None
    thin = pl.col("persons") < LEAST_PERSONS
    rates = shield(found.rates, thin)
    names = rates.select("grouping", "group", "is_shielded")
    means = shield(found.means.join(names, on=["grouping", "group"], how="left", maintain_order="left"), pl.col("is_shielded"))
    return Measured(rates, means, pl.concat(_week(part) for part in _weeks(orders)), found.summary)


def as_decisions(orders: pl.DataFrame, groups: tuple[str, ...]) -> Decisions:
    """The rows as the audit wants them."""
    return check_decisions(orders, groups, measures=MEASURES, cluster=CLUSTER, name="orders")


def _weeks(orders: pl.DataFrame) -> list[pl.DataFrame]:
    return orders.with_columns(pl.col("day").dt.truncate("1w").alias("week")).sort("week").partition_by("week", maintain_order=True)


def _week(part: pl.DataFrame) -> pl.DataFrame:
    """By sex only: a week split further says little."""
    found = audit(as_decisions(part, GROUPS[:1]))
    assert found.means is not None
    rates = found.rates.select("group", "n", "persons", "selection_rate", "impact_ratio", "impact_lo", "impact_hi")
    means = found.means.select("group", pl.col("mean").alias("wait_s"), *(pl.col(f"ratio{e}").alias(f"wait_ratio{e}") for e in ("", "_lo", "_hi")))
    joined = rates.join(means, on="group", how="left", maintain_order="left").select(pl.lit(part["week"][0]).alias("week"), pl.all())
    return shield(joined, pl.col("persons") < LEAST_PERSONS)
