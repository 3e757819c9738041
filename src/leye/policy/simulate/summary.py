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
    "amount_unknown_before",
    "amount_unknown_after",
    "if_unknown_before_fen",
    "if_unknown_after_fen",
    "lent_before_fen",
    "lent_after_fen",
)
"""Of each policy. cost: annual · if_unknown: annual fen of those who are unknown, if they all turned out yes · lent: to those who are entitled."""
PERSON_COUNTS = ("people", "winners", "losers", "gain_fen", "loss_fen")
GROUP_COUNTS = ("yes_before", "yes_after", "cost_before_fen", "cost_after_fen")
COUNTED = ("yes_before", "yes_after", "unknown_before", "unknown_after", "cost_before_fen", "cost_after_fen")
"""What `counted` gives."""
EMPLOYERS = "none"
"""The payer of what no fund pays: the employer, as with the minimum wage. It is no public cost and is shown apart."""


@dataclass(frozen=True)
class Summary:
    """policies: a row a policy with `policy, pays`, POLICY_COUNTS · whole: PERSON_COUNTS over everybody · groups: `column, value` with PERSON_COUNTS,
    GROUP_COUNTS and `hidden`; small groups hidden."""

    policies: pl.DataFrame
    whole: dict[str, int]
    groups: pl.DataFrame

    @property
    def cost_before_fen(self) -> int:
        """Annual fen under the law that funds and the treasury pay, of the policies that were compared."""
        return self._public("cost_before_fen")

    @property
    def cost_after_fen(self) -> int:
        """Annual fen under the reform."""
        return self._public("cost_after_fen")

    @property
    def employers_added_fen(self) -> int:
        """Annual fen that employers pay more (or less) to people."""
        mine = self.policies.filter(pl.col("pays") == EMPLOYERS)
        return int(mine["cost_after_fen"].sum()) - int(mine["cost_before_fen"].sum())

    @property
    def people_added(self) -> int:
        """Entitlements under the reform less those under the law."""
        return int(self.policies["yes_after"].sum()) - int(self.policies["yes_before"].sum())

    @property
    def cost_per_added_person_fen(self) -> int | None:
        """Added annual fen for each added entitled person; None when none is added, or nothing is added to pay."""
        people, cost = self.people_added, self.cost_after_fen - self.cost_before_fen
        return cost // people if people > 0 and cost > 0 else None

    def differing(self) -> pl.DataFrame:
        """The rows of policies for which anything differs."""
        pairs = [(n, n.replace("before", "after")) for n in POLICY_COUNTS if "before" in n]
        differs = [pl.col(a) != pl.col(b) for a, b in pairs]
        return self.policies.filter(pl.any_horizontal(pl.col("new") > 0, pl.col("lost") > 0, *differs))

    def _public(self, column: str) -> int:
        return int(self.policies.filter(pl.col("pays") != EMPLOYERS)[column].sum())


def summarise(both: Both, people: pl.LazyFrame, *, by: Sequence[str] = (), region: str | None = None) -> Summary:
    """Compare the law and the reform over a table of people (facts unchecked). Raises BadInput for a column to group by that is not there.

    Only the columns that the compared policies read are read, in one pass of the streaming engine a set of rules.
    """
    if not both.policies:
        return _nothing(both, people, by)
    frame = columns_of(both, people, by=by, region=region, kinds="vaylw")
    delta = pl.sum_horizontal([pl.col(f"y1.{p}") - pl.col(f"y0.{p}") for p in both.policies])
    frame = frame.with_columns(delta.alias("_delta"))
    sums = [*_person_sums(), *(s for p in both.policies for s in _policy_sums(p))]
    cells = (frame.group_by(f"_by.{n}" for n in by).agg(sums) if by else frame.select(sums)).collect(engine="streaming")
    totals = cells.select(pl.exclude("^_by\\..*$").sum()).row(0, named=True)
    return Summary(_by_policy(both, totals), {n: int(totals[n]) for n in PERSON_COUNTS}, _groups(cells, by, both.policies))


def counted(both: Both, people: pl.LazyFrame, *, region: str | None = None) -> pl.DataFrame:
    """`policy, yes_before, yes_after, unknown_before, unknown_after, cost_before_fen, cost_after_fen` alone: as dear as reading the columns.

    Take `Both.of(…, rivals=False)` where nobody gives one benefit up for another; then the columns of the changed policies alone are read.
    """
    sums: list[pl.Expr] = []
    for p in both.policies:
        for side, word in (("0", "before"), ("1", "after")):
            verdict = pl.col(f"v{side}.{p}")
            sums += [verdict.sum().cast(pl.Int64).alias(f"{p}|yes_{word}"), verdict.null_count().cast(pl.Int64).alias(f"{p}|unknown_{word}")]
            sums.append(pl.col(f"y{side}.{p}").sum().alias(f"{p}|cost_{word}_fen"))
    schema = {"policy": pl.String} | dict.fromkeys(COUNTED, pl.Int64)
    if not sums:
        return pl.DataFrame(schema=schema)
    found = columns_of(both, people, region=region, kinds="vy").select(sums).collect(engine="streaming").row(0, named=True)
    return pl.DataFrame([(p, *(found[f"{p}|{n}"] for n in COUNTED)) for p in both.policies], schema=schema, orient="row")


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
        "amount_unknown_before": (was & pl.col(f"a0.{policy}").is_null()).sum(),
        "amount_unknown_after": (now & pl.col(f"a1.{policy}").is_null()).sum(),
        "if_unknown_before_fen": pl.col(f"w0.{policy}").sum(),
        "if_unknown_after_fen": pl.col(f"w1.{policy}").sum(),
        "lent_before_fen": pl.col(f"l0.{policy}").sum(),
        "lent_after_fen": pl.col(f"l1.{policy}").sum(),
    }
    return [expr.cast(pl.Int64).alias(f"{policy}|{name}") for name, expr in found.items()]


def _by_policy(both: Both, totals: dict[str, int]) -> pl.DataFrame:
    rows = [(p, both.policy(p).pays, *(int(totals[f"{p}|{n}"]) for n in POLICY_COUNTS)) for p in both.policies]
    return pl.DataFrame(rows, schema={"policy": pl.String, "pays": pl.String} | dict.fromkeys(POLICY_COUNTS, pl.Int64), orient="row")


def _groups(cells: pl.DataFrame, by: Sequence[str], policies: Sequence[str]) -> pl.DataFrame:
    """Margins of the cells, a column at a time."""
    whole = cells.with_columns(pl.sum_horizontal([pl.col(f"{p}|{n}") for p in policies]).alias(n) for n in GROUP_COUNTS)
    schema = {"column": pl.String, "value": pl.String} | dict.fromkeys((*PERSON_COUNTS, *GROUP_COUNTS), pl.Int64) | {"hidden": pl.Boolean}
    parts = [pl.DataFrame(schema=schema)]
    for name in by:
        margin = whole.group_by(pl.col(f"_by.{name}").alias("value")).agg(pl.col(*PERSON_COUNTS, *GROUP_COUNTS).sum())
        margin = margin.sort(pl.col("value").str.extract(r"^(\d+)").cast(pl.Int64), "value", nulls_last=True)  # bands in order of their numbers
        parts.append(_without_small(margin).with_columns(pl.lit(name).alias("column")).select(*schema))
    return pl.concat(parts)


def _without_small(margin: pl.DataFrame) -> pl.DataFrame:
    """A group under ten people keeps its size alone. A single such group could be reckoned from the whole, so the next smallest is hidden with it."""
    small = margin["people"] < SMALLEST
    if small.sum() == 1 and margin.height > 1:
        next_smallest = margin.filter(~small)["people"].min()
        first = (margin["people"] == next_smallest).arg_true()[0]
        small = small | pl.Series(range(margin.height)).eq(first)
    shown = [pl.when(~pl.col("hidden")).then(pl.col(n)).alias(n) for n in (*PERSON_COUNTS[1:], *GROUP_COUNTS)]
    return margin.with_columns(small.alias("hidden")).with_columns(shown)


def _nothing(both: Both, people: pl.LazyFrame, by: Sequence[str]) -> Summary:
    """A reform that touches no policy: nobody wins or loses, in any group."""
    counts = [pl.len().cast(pl.Int64).alias("people"), *(pl.lit(0, dtype=pl.Int64).alias(n) for n in PERSON_COUNTS[1:])]
    columns = columns_of(both, people, by=by)
    cells = columns.group_by(f"_by.{n}" for n in by).agg(counts).collect() if by else people.select(pl.len().alias("people"))
    whole = int(people.select(pl.len()).collect().item())
    found = cells if isinstance(cells, pl.DataFrame) else cells.collect()
    return Summary(_by_policy(both, {}), dict.fromkeys(PERSON_COUNTS, 0) | {"people": whole}, _groups(found, by, ()))
