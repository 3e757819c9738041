"""Marks of many people: for every policy who is entitled, who may be, how much, and what is missing.

The long form is `person_id, policy, verdict, amount_fen, missing` with one row for every yes and unknown, `months` and `choice` on demand; with
`all_verdicts` the no's too. Money is fen; the amount of an unknown is what it would be if the answer turns out yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from leye.policy.bind import Bound, BoundPolicy, Places, places
from leye.policy.choice_column import with_choice
from leye.policy.missing_lists import MissingLists
from leye.policy.pack import PackSet
from leye.policy.polars_engine import PREFIX, Engine, MissingFacts, Plan, fact_dtype

SCHEMA: dict[str, Any] = {"person_id": pl.String, "policy": pl.String, "verdict": pl.String, "amount_fen": pl.Int64, "missing": pl.List(pl.String)}
_CODE = pl.UInt64


def schema_of(extra: Sequence[str]) -> dict[str, Any]:
    """Columns of the long form with their types. extra: `months`, `choice`."""
    return SCHEMA | {name: pl.Int64 if name == "months" else pl.String for name in extra}


@dataclass(frozen=True)
class PolicyColumns:
    """One policy as expressions over the planned columns. codes: a number that stands for a set of missing facts, its bits as in `facts`."""

    bound: BoundPolicy
    verdict: pl.Expr
    amount: pl.Expr
    months: pl.Expr
    missing_who: pl.Expr
    missing_amount: pl.Expr
    facts: tuple[str, ...]

    @property
    def id(self) -> str:
        """Id of the policy."""
        return self.bound.policy.id


class Marker:
    """The rules of one day, compiled for tables. only: ids of the policies wanted; all without it."""

    def __init__(self, packs: PackSet, on: date, *, only: Iterable[str] | None = None) -> None:
        self.packs, self.on, self.facts = packs, on, packs.facts
        self.places: Places = places(packs, on)
        wanted = set(packs.policies) if only is None else set(only)
        self.classes = [RuleClass(bound, wanted) for bound in self.places.classes]

    def reads(self) -> set[str]:
        """Facts that the wanted policies read in any place, in no order."""
        return set().union(*(c.plan.facts for c in self.classes))

    def typed(self, people: pl.DataFrame, *, region: str | None = None) -> pl.DataFrame:
        """The columns that are read, in their types; an absent column is unknown for everybody, a row without region gets `region`."""
        has_region = "region" in people.columns
        place = pl.col("region").fill_null(region or "CN") if has_region else pl.lit(region or "CN")
        distinct = people["region"].unique().to_list() if has_region else []
        prefix = {r: self.places.prefix_of(r) for r in {*(d for d in distinct if d), region or "CN"}}
        columns: list[pl.Expr | pl.Series] = [
            pl.col("person_id"),
            place.replace_strict(list(prefix), list(prefix.values()), return_dtype=pl.String).alias(PREFIX),
        ]
        for name in sorted(self.reads(), key=self.facts.order.__getitem__):
            dtype = fact_dtype(self.facts.facts[name])
            # a literal null would not be broadcast later: a real null column of the frame's height
            columns.append(
                pl.col(name).cast(dtype) if name in people.columns else pl.Series(name, [None], dtype=dtype).new_from_index(0, people.height)
            )
        return people.select(columns)

    def mark(self, typed: pl.DataFrame, *, extra: Sequence[str] = (), all_verdicts: bool = False) -> pl.DataFrame:
        """Marks of a typed frame, by policy, then in the order of the rows. extra: `months`, `choice`."""
        parts = [one.mark(rows, extra=extra, all_verdicts=all_verdicts) for one, rows in self.by_class(typed)]
        return pl.concat(parts, rechunk=False) if parts else pl.DataFrame(schema=schema_of(extra))

    def by_class(self, typed: pl.DataFrame) -> Iterator[tuple[RuleClass, pl.DataFrame]]:
        """Each class of places that has rows in a typed frame, with its rows."""
        found = typed[PREFIX].unique()
        for one in self.classes:
            mine = found.filter(found.is_in(list(one.bound.prefixes)))
            if mine.len():
                yield one, typed if mine.len() == found.len() else typed.filter(pl.col(PREFIX).is_in(mine.implode()))


class RuleClass:
    """One class of places."""

    def __init__(self, bound: Bound, wanted: set[str]) -> None:
        self.bound, self.engine = bound, Engine(bound)
        missing = MissingFacts(self.engine)
        mine = [p for p in bound.policies if p.who is not None and p.policy.id in wanted]
        nodes = [n for p in mine for n in (p.who.node if p.who else None, p.amount, p.months) if n is not None]
        self.plan: Plan = self.engine.plan(nodes)
        self.policies = [_columns(self.engine, missing, p) for p in mine]
        self._lists = {p.id: MissingLists(p.facts) for p in self.policies}
        self.others = [p.policy.id for p in bound.policies if p.who is None and p.policy.id in wanted]

    def verdicts(self, typed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows that all lie in these places with the columns of the plan, and beside them a verdict a policy."""
        planned = self.plan.columns(typed.lazy()).collect(engine="in-memory")
        return planned, planned.lazy().select(p.verdict.alias(p.id) for p in self.policies).collect()

    def mark(self, typed: pl.DataFrame, *, extra: Sequence[str], all_verdicts: bool) -> pl.DataFrame:
        """Marks of rows that all lie in these places."""
        needed = {*extra, *(("months",) if "choice" in extra else ())}
        planned, verdicts = self.verdicts(typed)
        frames = []
        for p in self.policies:
            frame = planned.lazy().with_columns(verdicts[p.id].alias("_v"))
            frames.append((frame if all_verdicts else frame.filter(pl.col("_v").fill_null(True))).select(_long(p, months="months" in needed)))
        found = [self._with_lists(p, f) for p, f in zip(self.policies, pl.collect_all(frames, engine="in-memory"), strict=True) if f.height]
        if all_verdicts:
            found += [_not_in_force(p, typed, months="months" in needed) for p in self.others]
        if not found:
            return pl.DataFrame(schema=schema_of(extra))
        marks = pl.concat(found, rechunk=False)
        return with_choice(marks, self.bound).select(*schema_of(extra)) if "choice" in extra else marks

    def _with_lists(self, one: PolicyColumns, frame: pl.DataFrame) -> pl.DataFrame:
        lists = self._lists[one.id].of(frame["_code"])
        return frame.with_columns(lists).select("person_id", "policy", "verdict", "amount_fen", "missing", pl.exclude("_code", *SCHEMA))


def _not_in_force(policy: str, typed: pl.DataFrame, *, months: bool) -> pl.DataFrame:
    """A policy without a version on that day: no for everybody."""
    columns = [pl.col("person_id"), pl.lit(policy).alias("policy"), pl.lit("no").alias("verdict"), pl.lit(None, dtype=pl.Int64).alias("amount_fen")]
    columns += [pl.lit([], dtype=pl.List(pl.String)).alias("missing")]
    return typed.select(*columns, *([pl.lit(None, dtype=pl.Int64).alias("months")] if months else []))


def _long(one: PolicyColumns, *, months: bool) -> list[pl.Expr]:
    unknown = pl.col("_v").is_null()
    no = ~pl.col("_v").fill_null(True)
    words = pl.when(unknown).then(pl.lit("unknown")).when(no).then(pl.lit("no")).otherwise(pl.lit("yes"))
    columns = [
        pl.col("person_id"),
        pl.lit(one.id).alias("policy"),
        words.alias("verdict"),
        pl.when(~no).then(one.amount).alias("amount_fen"),
        pl.when(unknown).then(one.missing_who).when(~no).then(one.missing_amount).otherwise(0).alias("_code"),
    ]
    return columns + ([pl.when(~no).then(one.months).alias("months")] if months else [])


def _columns(engine: Engine, missing: MissingFacts, bound: BoundPolicy) -> PolicyColumns:
    assert bound.who is not None
    who = missing.of(bound.who.node)
    amount = missing.of(bound.amount) if bound.amount is not None else {}
    order = engine.bound.facts.order
    facts = tuple(sorted({*who, *amount}, key=order.__getitem__))
    unknown_amount = engine.expr(bound.amount).is_null() if bound.amount is not None else pl.lit(False)
    return PolicyColumns(
        bound,
        engine.expr(bound.who.node),
        engine.expr(bound.amount) if bound.amount is not None else pl.lit(None, dtype=pl.Int64),
        engine.expr(bound.months) if bound.months is not None else pl.lit(None, dtype=pl.Int64),
        _code(who, facts, None),
        _code(amount, facts, unknown_amount),
        facts,
    )


def _code(conditions: dict[str, pl.Expr], facts: tuple[str, ...], only: pl.Expr | None) -> pl.Expr:
    if not conditions:
        return pl.lit(0, dtype=_CODE)
    bits = [c.cast(_CODE) * (1 << facts.index(name)) for name, c in conditions.items()]
    code = reduce(or_, bits)
    return code if only is None else pl.when(only).then(code).otherwise(0)


def mark_table(
    people: pl.DataFrame, packs: PackSet, on: date, *, region: str | None = None, only: Iterable[str] | None = None, extra: Sequence[str] = ()
) -> pl.DataFrame:
    """Marks of a table in memory. people: `person_id`, perhaps `region`, any facts (unchecked, see `table_check`); extra: `months`, `choice`."""
    marker = Marker(packs, on, only=only)
    return marker.mark(marker.typed(people, region=region), extra=extra)
