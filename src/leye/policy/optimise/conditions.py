"""Expressions of the rule language over a table of people: conditions of a programme, groups, and numbers that a model reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from leye.policy.bind import places
from leye.policy.expression import Const, Node, node_type
from leye.policy.grammar import Scope, parse
from leye.policy.marks import Marker
from leye.policy.pack import Apply, Clause, PackSet, Policy, Version
from leye.policy.polars_engine import PREFIX, Engine


def scope_of(packs: PackSet) -> Scope:
    """The names an expression over these packs may use: facts and derived facts, by id or Chinese name."""
    return Scope(
        packs.facts, {d.id: node_type(d.forms[0].node) for d in packs.derived.values()}, {d.zh: d.id for d in packs.derived.values() if d.zh}
    )


def evaluate(people: pl.DataFrame, packs: PackSet, on: date, expressions: Mapping[str, str], *, region: str | None = None) -> pl.DataFrame:
    """One column an expression, in the order of the rows; unknowns are null. people: `person_id`, `region`, typed facts.

    Raises BadInput (E_GRAMMAR, E_FACT_UNKNOWN, E_TYPE, E_ENUM) as a pack would.
    """
    if not expressions:
        return pl.DataFrame()
    scope = scope_of(packs)
    asked = _asking(packs, {name: parse(text, scope) for name, text in expressions.items()})
    marker = Marker(asked, on, only=expressions)
    typed = marker.typed(people, region=region).with_row_index("_at")
    parts = []
    for bound in places(asked, on).classes:
        here = typed.filter(pl.col(PREFIX).is_in(list(bound.prefixes)))
        if here.height == 0:
            continue
        engine = Engine(bound)
        nodes = {p.policy.id: p.amount or p.who.node for p in bound.policies if p.policy.id in expressions and p.who is not None}
        planned = engine.plan(nodes.values()).columns(here.lazy())
        parts.append(planned.select("_at", *(engine.expr(node).alias(name) for name, node in nodes.items())).collect())
    return pl.concat(parts).sort("_at").select(list(expressions))


def _asking(packs: PackSet, nodes: Mapping[str, Node]) -> PackSet:
    """The packs with one policy an expression, so that derived facts and values of places are bound for them as for any rule."""
    return replace(packs, policies={name: _policy(name, node) for name, node in nodes.items()}, cases=())


def _policy(name: str, node: Node) -> Policy:
    is_condition = node_type(node) == "bool"
    who = Clause(when=node if is_condition else Const(True, "bool"), text="", say="")
    version = Version(
        date.min, None, "asked", "CN", "verified", who, "once", None if is_condition else node, "", (), "", "", None, "", {}, (), (), ""
    )
    return Policy(name, name, name, "person", "none", "verified", False, "", "", (), (version,), (), Apply(), (), (), "")
