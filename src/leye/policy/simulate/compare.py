"""The law and the reform over one table in one pass: who gains and who loses, by any groups.

For each person and policy the annual value is amount * min(months, 12) for monthly benefits (12 where months are open), the amount for what is paid
once or by the year, and 0 for loans, statuses, rates and cover. Of an exclusion group only one counts (`choosing`): who may choose is taken to choose
the higher, which is stated on every report. An unknown verdict counts as nothing and is reported beside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from leye.policy.bind import Bound, Places, places
from leye.policy.facts import Fact
from leye.policy.lookup import prefixes_of
from leye.policy.pack import PackSet, Policy
from leye.policy.polars_engine import PREFIX, fact_dtype
from leye.policy.rivals import competitors
from leye.policy.simulate.changed import class_of, only, touched
from leye.policy.simulate.groups import group_columns
from leye.policy.simulate.sides import Side, computed, reads


@dataclass(frozen=True)
class Both:
    """The law and the reform on a day: packs of the policies that can differ and of all that compete with them. touched: the former."""

    before: PackSet
    after: PackSet
    on: date
    policies: tuple[str, ...]
    touched: frozenset[str]

    @classmethod
    def of(cls, before: PackSet, after: PackSet, on: date, *, funds: Collection[str] = (), rivals: bool = True) -> Both:
        """The policies that the reform touches, in the order of the packs. funds: also all that these pay, for their budgets · rivals: also what
        competes with them; without, nobody gives one benefit up for another."""
        changed = touched(before, after)
        wanted = competitors(before, changed) | competitors(after, changed) if rivals else changed
        wanted |= {p.id for packs in (before, after) for p in packs.policies.values() if p.pays in funds}
        order = dict.fromkeys([*before.policies, *after.policies])
        return cls(only(before, wanted), only(after, wanted), on, tuple(p for p in order if p in wanted), frozenset(changed))

    def at(self, on: date) -> Both:
        """The same on another day."""
        return replace(self, on=on)

    def policy(self, name: str) -> Policy:
        """The policy under the reform, or under the law where the reform has none."""
        return self.after.policies.get(name) or self.before.policies[name]


def columns_of(
    both: Both, people: pl.LazyFrame, *, by: Sequence[str] = (), region: str | None = None, keep: Sequence[str] = (), kinds: str = "vay"
) -> pl.LazyFrame:
    """One row a person: `_by.*`, `_k.*` (kept columns), and per policy p and side s (0 law, 1 reform) the wanted of
    `v<s>.p` verdict · `a<s>.p` amount in fen of a yes · `m<s>.p` months · `y<s>.p` annual fen of a yes after the choice within exclusion groups
    · `l<s>.p` fen lent to a yes · `w<s>.p` annual fen of an unknown, if it turned out yes
    · `u<s>.p` 1 paid by the month, 2 by the year, 3 once, else 0.

    A column to group by with more than `groups.MOST_VALUES` values keeps the most frequent ones; the rest is one group.
    """
    old, new = places(both.before, both.on), places(both.after, both.on)
    names = people.collect_schema().names()
    groups = group_columns(by, people, both.before.facts, both.on)
    ask = _Asked(both, names, groups, keep, region, kinds)
    parts = [_of_pair(ask, pair, rows, (old, new)) for pair, rows in _pairs(people, names, old, new, region)]
    return parts[0] if len(parts) == 1 else pl.concat(parts)


@dataclass(frozen=True)
class _Asked:
    both: Both
    names: list[str]
    groups: list[pl.Expr]
    keep: Sequence[str]
    region: str | None
    kinds: str


def _pairs(
    people: pl.LazyFrame, names: list[str], old: Places, new: Places, region: str | None
) -> Iterable[tuple[tuple[Bound, Bound], pl.LazyFrame]]:
    """Rows by the pair of rule sets that holds for their region."""
    if len(old.classes) == len(new.classes) == 1 or "region" not in names:
        yield (class_of(old, region or "CN"), class_of(new, region or "CN")), people
        return
    column = pl.col("region").fill_null(region or "CN")
    found = people.select(column.unique()).collect(engine="streaming")["region"].cast(pl.String).sort().to_list()
    pairs: dict[tuple[int, int], list[str]] = {}
    for place in found or ["CN"]:
        pairs.setdefault((old.classes.index(class_of(old, place)), new.classes.index(class_of(new, place))), []).append(place)
    for (i, j), mine in pairs.items():
        yield (old.classes[i], new.classes[j]), people if len(pairs) == 1 else people.filter(column.is_in(mine))


def _of_pair(ask: _Asked, pair: tuple[Bound, Bound], rows: pl.LazyFrame, found: tuple[Places, Places]) -> pl.LazyFrame:
    both, names = ask.both, ask.names
    prefixes = found[0].all_prefixes | found[1].all_prefixes
    sides = [
        Side(_known_everywhere(bound, place, prefixes), str(i), both.policies, ask.kinds)
        for i, (bound, place) in enumerate(zip(pair, found, strict=True))
    ]
    read = reads(sides)
    facts = [both.before.facts.facts[n] for n in both.before.facts.facts if n in read]
    columns = [pl.col(f.id).cast(_dtype(f)) for f in facts if f.id in names]
    absent = [pl.lit(None, dtype=_dtype(f)).alias(f.id) for f in facts if f.id not in names]
    here = [_prefix(prefixes, names, ask.region)] if any(s.bound.place_values for s in sides) else []
    frame = rows.select(*ask.groups, *(pl.col(k).alias(f"_k.{k}") for k in ask.keep), *columns, *here)
    frame = computed(frame.with_columns(absent) if absent else frame, sides)
    return frame.select(pl.col("^_by\\..*$"), pl.col("^_k\\..*$"), *(pl.col(c) for s in sides for c in s.results))


def _known_everywhere(bound: Bound, found: Places, prefixes: frozenset[str]) -> Bound:
    """The rules with their numbers for the places of both sides: one that only the other side knows has the numbers of the place around it."""
    around = {p: found.prefix_of(p) for p in prefixes}
    return replace(bound, place_values={key: {p: values.get(around[p]) for p in prefixes} for key, values in bound.place_values.items()})


def _prefix(prefixes: frozenset[str], names: list[str], region: str | None) -> pl.Expr:
    """The longest prefix that either side knows."""
    if "region" not in names:
        return pl.lit(next(p for p in prefixes_of(region or "CN") if p in prefixes)).alias(PREFIX)
    column, best = pl.col("region").cast(pl.String).fill_null(region or "CN"), pl.lit("CN")
    for prefix in sorted(prefixes, key=len):  # the longest last, so that it wins
        best = pl.when(column.str.starts_with(prefix)).then(pl.lit(prefix)).otherwise(best)
    return best.alias(PREFIX)


def _dtype(fact: Fact) -> Any:
    """Enums stay text: a dozen comparisons of short texts cost less than one cast to categories."""
    return pl.String if fact.type == "enum" else fact_dtype(fact)
