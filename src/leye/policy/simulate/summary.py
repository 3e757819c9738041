"""Sums over a comparison: people and fen before and after, who wins and who loses, in one streaming pass and for any groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.groups import SMALLEST

POLICY_COUNTS = (
    "yes_before",
    "yes_after",
    "unknown_before",
    "unknown_after",
    "new",
    "lost",
    "cost_before_fen",
    "cost_after_fen",
    "amount_unknown_after",
)
PERSON_COUNTS = ("people", "winners", "losers", "gain_fen", "loss_fen")


@dataclass(frozen=True)
class Summary:
    """policies: a row a policy with POLICY_COUNTS · whole: PERSON_COUNTS over everybody · groups: `column, value` with both, small groups hidden."""

    policies: pl.DataFrame
    whole: dict[str, int]
    groups: pl.DataFrame

    @property
    def cost_before_fen(self) -> int:
        """Annual fen under the law, of the policies that were compared."""
        return int(self.policies["cost_before_fen"].sum())

    @property
    def cost_after_fen(self) -> int:
        """Annual fen under the reform."""
        return int(self.policies["cost_after_fen"].sum())

    @property
    def people_added(self) -> int:
        """Entitlements under the reform less those under the law."""
        return int(self.policies["yes_after"].sum()) - int(self.policies["yes_before"].sum())

    @property
    def cost_per_added_person_fen(self) -> int | None:
        """Added annual fen for each added entitled person; None when none is added."""
        added = self.people_added
        return None if added <= 0 else (self.cost_after_fen - self.cost_before_fen) // added


def summarise(both: Both, people: pl.LazyFrame, *, by: Sequence[str] = (), region: str | None = None) -> Summary:
    """Compare the law and the reform over a table of people (facts unchecked). Raises BadInput for a column to group by that is not there."""
    if not both.policies:
        return _nothing(both, people, by, region)
    frame = columns_of(both, people, by=by, region=region)
    delta = pl.sum_horizontal([pl.col(f"y1.{p}") - pl.col(f"y0.{p}") for p in both.policies])
    frame = frame.with_columns(delta.alias("_delta"))
    sums = [*_person_sums(), *(s for p in both.policies for s in _policy_sums(p))]
    cells = (frame.group_by(f"_by.{n}" for n in by).agg(sums) if by else frame.select(sums)).collect(engine="streaming")
    totals = cells.select(pl.exclude("^_by\\..*$").sum()).row(0, named=True)
    return Summary(_by_policy(both.policies, totals), {n: int(totals[n]) for n in PERSON_COUNTS}, _groups(cells, by, both.policies))


def _person_sums() -> list[pl.Expr]:
    delta = pl.col("_delta")
    return [
        pl.len().cast(pl.Int64).alias("people"),
        (delta > 0).sum().cast(pl.Int64).alias("winners"),
        (delta < 0).sum().cast(pl.Int64).alias("losers"),
        delta.clip(0).sum().alias("gain_fen"),
        delta.clip(None, 0).sum().alias("loss_fen"),
    ]


def _policy_sums(policy: str) -> list[pl.Expr]:
    old, new = pl.col(f"v0.{policy}"), pl.col(f"v1.{policy}")
    was, now = old.fill_null(False), new.fill_null(False)
    found = {
        "yes_before": was.sum(),
        "yes_after": now.sum(),
        "unknown_before": old.null_count(),
        "unknown_after": new.null_count(),
        "new": (now & ~was).sum(),
        "lost": (was & ~now).sum(),
        "cost_before_fen": pl.col(f"y0.{policy}").sum(),
        "cost_after_fen": pl.col(f"y1.{policy}").sum(),
        "amount_unknown_after": (now & pl.col(f"a1.{policy}").is_null()).sum(),
    }
    return [expr.cast(pl.Int64).alias(f"{policy}|{name}") for name, expr in found.items()]


def _by_policy(policies: Sequence[str], totals: dict[str, int]) -> pl.DataFrame:
    rows = [(p, *(int(totals[f"{p}|{n}"]) for n in POLICY_COUNTS)) for p in policies]
    return pl.DataFrame(rows, schema={"policy": pl.String} | dict.fromkeys(POLICY_COUNTS, pl.Int64), orient="row")


def _groups(cells: pl.DataFrame, by: Sequence[str], policies: Sequence[str]) -> pl.DataFrame:
    """Margins of the cells, a column at a time. A group under ten people is one row with its size alone."""
    names = ("yes_before", "yes_after", "cost_before_fen", "cost_after_fen")
    whole = cells.with_columns(pl.sum_horizontal([pl.col(f"{p}|{n}") for p in policies]).alias(n) for n in names)
    schema = {"column": pl.String, "value": pl.String} | dict.fromkeys((*PERSON_COUNTS, *names), pl.Int64) | {"hidden": pl.Boolean}
    parts = [pl.DataFrame(schema=schema)]
    for name in by:
        margin = whole.group_by(pl.col(f"_by.{name}").alias("value")).agg(pl.col(*PERSON_COUNTS, *names).sum()).sort("value", nulls_last=True)
        small = pl.col("people") < SMALLEST
        shown = [pl.when(~small).then(pl.col(n)).alias(n) for n in (*PERSON_COUNTS[1:], *names)]
        parts.append(margin.with_columns(*shown, small.alias("hidden"), pl.lit(name).alias("column")).select(*schema))
    return pl.concat(parts)


def _nothing(both: Both, people: pl.LazyFrame, by: Sequence[str], region: str | None) -> Summary:
    """A reform that touches no policy."""
    whole = dict.fromkeys(PERSON_COUNTS, 0) | {"people": int(people.select(pl.len()).collect().item())}
    return Summary(_by_policy((), {}), whole, _groups(pl.DataFrame({f"_by.{n}": [] for n in by} | {n: [] for n in PERSON_COUNTS}), (), ()))
