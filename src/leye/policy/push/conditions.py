"""Conditions over facts alone, for a table or for one person: what `packs/push` writes in the rule language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from leye.policy.bind import Bound
from leye.policy.expression import FactRef, Node, walk
from leye.policy.facts import FactTable
from leye.policy.lookup import NATION
from leye.policy.polars_engine import Engine, fact_dtype
from leye.policy.scalar import Evaluator


def facts_read(node: Node) -> list[str]:
    """Facts of a condition, in the order of reading, each once."""
    return list(dict.fromkeys(part.id for part in walk(node) if isinstance(part, FactRef)))


def evaluated(people: pl.DataFrame, conditions: Mapping[str, Node], facts: FactTable, on: date) -> pl.DataFrame:
    """`person_id` and one boolean column a condition, null where it is undecided. An absent column is unknown for everybody."""
    engine = Engine(_bare(facts, on))
    plan = engine.plan(conditions.values())
    names = sorted(plan.facts, key=facts.order.__getitem__)
    columns = [_column(people, name, fact_dtype(facts.facts[name])) for name in names]
    typed = people.select("person_id", *columns)
    exprs = [engine.expr(node).alias(name) for name, node in conditions.items()]
    return plan.columns(typed.lazy()).select("person_id", *exprs).collect()


def holds(node: Node, person: Mapping[str, Any], facts: FactTable, on: date) -> bool | None:
    """The condition for one person; None when undecided."""
    value: bool | None = Evaluator(_bare(facts, on)).value(node, dict(person))
    return value


def _bare(facts: FactTable, on: date) -> Bound:
    return Bound(on, facts, {}, (), (NATION,))


def _column(people: pl.DataFrame, name: str, dtype: Any) -> pl.Expr | pl.Series:
    # a literal null would not be broadcast in an empty plan: a real column of the frame's height
    return pl.col(name).cast(dtype) if name in people.columns else pl.Series(name, [None], dtype=dtype).new_from_index(0, people.height)
