"""The law and the reform over one table in one pass: who gains and who loses, by any groups.

For each person and policy the annual value is amount * min(months, 12) for monthly benefits (12 where months are open), the amount for what is paid
once or by the year, and 0 for loans, statuses, rates and cover. Of an exclusion group only one counts: the highest value, or the order of the group;
who may choose is taken to choose the higher (stated on every report). An unknown verdict counts as nothing and is reported beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from leye.policy.bind import Bound, BoundPolicy, Places, places
from leye.policy.facts import Fact
from leye.policy.pack import PackSet
from leye.policy.polars_engine import PREFIX, Engine, fact_dtype
from leye.policy.rivals import competitors
from leye.policy.simulate.changed import class_of, only, touched
from leye.policy.simulate.groups import group_columns

CAP_MONTHS = 12
PAID = ("month", "year", "once")


@dataclass(frozen=True)
class Both:
    """The law and the reform on a day: packs of the policies that can differ, and of all that compete with them."""

    before: PackSet
    after: PackSet
    on: date
    policies: tuple[str, ...]

    @classmethod
    def of(cls, before: PackSet, after: PackSet, on: date) -> Both:
        """The policies that the reform touches, in the order of the packs."""
        changed = touched(before, after)
        wanted = competitors(before, changed) | competitors(after, changed)
        order = dict.fromkeys([*before.policies, *after.policies])
        return cls(only(before, wanted), only(after, wanted), on, tuple(p for p in order if p in wanted))

    def at(self, on: date) -> Both:
        """The same on another day."""
        return Both(self.before, self.after, on, self.policies)


def columns_of(both: Both, people: pl.LazyFrame, *, by: Sequence[str] = (), region: str | None = None, keep: Sequence[str] = ()) -> pl.LazyFrame:
    """One row a person: `_by.*`, `_k.*` (kept columns), and per policy p and side s (0 law, 1 reform) the columns
    `v<s>.p` verdict, `a<s>.p` amount in fen of a yes, `m<s>.p` months, `y<s>.p` annual fen after the choice within exclusion groups."""
    old, new = places(both.before, both.on), places(both.after, both.on)
    names = people.collect_schema().names()
    parts = [_of_pair(both, pair, rows, names, by, keep, old, new, region) for pair, rows in _pairs(people, names, old, new, region)]
    return parts[0] if len(parts) == 1 else pl.concat(parts)


def _pairs(
    people: pl.LazyFrame, names: list[str], old: Places, new: Places, region: str | None
) -> Iterable[tuple[tuple[Bound, Bound], pl.LazyFrame]]:
    """Rows by the pair of rule sets that holds for their region."""
    if "region" not in names:
        yield (class_of(old, region or "CN"), class_of(new, region or "CN")), people
        return
    column = pl.col("region").fill_null(region or "CN")
    found = people.select(column.unique()).collect(engine="streaming")["region"].sort().to_list()
    pairs: dict[tuple[int, int], list[str]] = {}
    for place in found:
        pairs.setdefault((old.classes.index(class_of(old, place)), new.classes.index(class_of(new, place))), []).append(place)
    for (i, j), mine in pairs.items():
        yield (old.classes[i], new.classes[j]), people if len(pairs) == 1 else people.filter(column.is_in(mine))


def _of_pair(
    both: Both,
    pair: tuple[Bound, Bound],
    rows: pl.LazyFrame,
    names: list[str],
    by: Sequence[str],
    keep: Sequence[str],
    old: Places,
    new: Places,
    region: str | None,
) -> pl.LazyFrame:
    sides = [_Side(bound, str(i), both.policies) for i, bound in enumerate(pair)]
    reads = set().union(*(s.reads for s in sides))
    facts = [both.before.facts.facts[n] for n in both.before.facts.facts if n in reads]
    columns = [pl.col(f.id).cast(_dtype(f)) for f in facts if f.id in names]
    absent = [pl.lit(None, dtype=_dtype(f)).alias(f.id) for f in facts if f.id not in names]
    prefixes = [_prefix(p, names, region) if s.bound.place_values else None for p, s in zip((old, new), sides, strict=True)]
    frame = rows.select(*group_columns(by, names, both.on), *(pl.col(k).alias(f"_k.{k}") for k in keep), *columns, *_places(prefixes, names))
    frame = frame.with_columns(absent) if absent else frame
    for side, prefix in zip(sides, prefixes, strict=True):
        frame = side.compute(frame if prefix is None else frame.with_columns(prefix.alias(PREFIX)))
    return frame.select(pl.col("^_by\\..*$"), pl.col("^_k\\..*$"), *(pl.col(c) for s in sides for c in s.results))


def _places(prefixes: Sequence[pl.Expr | None], names: list[str]) -> list[pl.Expr]:
    return [pl.col("region").alias("_region")] if "region" in names and any(p is not None for p in prefixes) else []


def _prefix(found: Places, names: list[str], region: str | None) -> pl.Expr:
    if "region" not in names:
        return pl.lit(found.prefix_of(region or "CN"))
    column, best = pl.col("_region").fill_null(region or "CN"), pl.lit("CN")
    for prefix in sorted(found.all_prefixes, key=len):  # the longest last, so that it wins
        best = pl.when(column.str.starts_with(prefix)).then(pl.lit(prefix)).otherwise(best)
    return best


def _dtype(fact: Fact) -> Any:
    return pl.String if fact.type == "enum" else fact_dtype(fact)


class _Side:
    """The columns of one set of rules."""

    def __init__(self, bound: Bound, tag: str, wanted: Sequence[str]) -> None:
        self.bound, self.tag, self.wanted = bound, tag, wanted
        self.engine = Engine(bound, tag)
        found = {p.policy.id: p for p in bound.policies}
        self.policies = [(name, found.get(name)) for name in wanted]
        nodes = [n for _, p in self.policies if p and p.who for n in (p.who.node, p.amount, p.months) if n is not None]
        self.plan = self.engine.plan(nodes)
        self.reads = set(self.plan.facts)
        self.results = [f"{kind}{tag}.{name}" for name in wanted for kind in "vamy"]

    def compute(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with verdicts, amounts and annual values; the values after the choice within exclusion groups."""
        frame = self.plan.columns(frame)
        verdicts, amounts, months, values = {}, {}, {}, {}
        for name, policy in self.policies:
            verdicts[f"v{self.tag}.{name}"] = pl.lit(False) if policy is None or policy.who is None else self.engine.expr(policy.who.node)
            amounts[f"a{self.tag}.{name}"] = pl.when(pl.col(f"v{self.tag}.{name}")).then(self._amount(policy))
            months[f"m{self.tag}.{name}"] = self._months(policy)
            values[f"_y{self.tag}.{name}"] = self._annual(name, policy)
        frame = frame.with_columns(**verdicts).with_columns(**amounts, **months).with_columns(**values)
        return frame.with_columns(**{f"y{self.tag}.{name}": self._chosen(name) for name in self.wanted})

    def _amount(self, policy: BoundPolicy | None) -> pl.Expr:
        return pl.lit(None, dtype=pl.Int64) if policy is None or policy.amount is None else self.engine.expr(policy.amount)

    def _months(self, policy: BoundPolicy | None) -> pl.Expr:
        return pl.lit(None, dtype=pl.Int64) if policy is None or policy.months is None else self.engine.expr(policy.months)

    def _annual(self, name: str, policy: BoundPolicy | None) -> pl.Expr:
        """Fen a year of a yes with a known amount, else 0."""
        if policy is None or policy.version is None or policy.version.unit not in PAID:
            return pl.lit(0, dtype=pl.Int64)
        amount = pl.col(f"a{self.tag}.{name}").fill_null(0)
        if policy.version.unit != "month":
            return amount
        months = (
            pl.lit(CAP_MONTHS, dtype=pl.Int64) if policy.months is None else self.engine.expr(policy.months).fill_null(CAP_MONTHS).clip(0, CAP_MONTHS)
        )
        return amount * months

    def _chosen(self, name: str) -> pl.Expr:
        """The annual value, 0 where another of an exclusion group goes before it."""
        mine, beaten = pl.col(f"_y{self.tag}.{name}"), []
        for other, order in self._rivals(name):
            theirs = pl.col(f"_y{self.tag}.{other}")
            granted = pl.col(f"v{self.tag}.{other}").fill_null(False)
            beaten.append(granted if order == "after" else granted & (theirs > mine) if order == "later" else granted & (theirs >= mine))
        return pl.when(pl.any_horizontal(beaten)).then(pl.lit(0, dtype=pl.Int64)).otherwise(mine) if beaten else mine

    def _rivals(self, name: str) -> Iterable[tuple[str, str]]:
        """(other, how they stand): `after` it goes first by order; `later` ties are mine, `earlier` ties are theirs."""
        found = {n: p for n, p in self.policies if p is not None and p.who is not None}
        if name not in found:
            return
        for group in found[name].exclusive:
            for other, policy in found.items():
                if other == name or group.group not in {e.group for e in policy.exclusive}:
                    continue
                if group.rule == "priority":
                    rank = {n: i for i, n in enumerate(group.order)}
                    if rank.get(other, len(rank)) < rank.get(name, len(rank)):
                        yield other, "after"
                else:
                    yield other, "later" if name < other else "earlier"
