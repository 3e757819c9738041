"""Marks as plain SQL in layers, for the database that already holds the people: the rules of all places on one day in one readable query.

Layers (CTEs): facts in their types → place → its numbers → parts of dates → derived facts by level → conditions, each once → verdicts → one row
for every yes and unknown. NULL is the unknown; AND, OR and NOT of SQL are Kleene's already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from leye.kernel.errors import NotFound
from leye.policy.bind import NATION, places
from leye.policy.country import CountryPolicy, country
from leye.policy.pack import PackSet
from leye.policy.sql_dialects import DIALECTS, DUCKDB, POSTGRES, SPARK, Dialect, literal
from leye.policy.sql_expression import Writer, lines
from leye.policy.sql_layers import (
    Layers,
    Scope,
    condition_layer,
    date_layer,
    derived_layers,
    facts_layer,
    group_layer,
    place_layers,
    scope_of,
    verdict_layer,
)
from leye.policy.sql_missing import Conditions, MissingWriter, missing_when


def marks_sql(
    packs: PackSet,
    on: date,
    *,
    dialect: Dialect = DUCKDB,
    table: str = "people",
    policies: Iterable[str] = (),
    columns: Iterable[str] | None = None,
    region: str = NATION,
) -> str:
    """The query that marks a table: `person_id, policy, verdict, amount_fen, months, missing`, a row for every yes and unknown.

    verdict is yes or unknown, missing is joined by `;` in the order of the fact table. policies: only these. columns: what the table has, when it
    lacks some facts (they are unknown then); None: it has every fact that is read. region: the place of rows without one.
    Raises NotFound (E_POLICY_UNKNOWN), BadInput (E_SQL_TABLE).
    """
    everywhere = country(places(packs, on))
    scope = scope_of(packs, everywhere, _asked(packs, everywhere.policies, tuple(policies)))
    writer = Writer(dialect, packs.facts, on, {}, everywhere.numbers)
    layers = Layers(dialect)
    facts_layer(scope, layers, table, None if columns is None else frozenset(columns), region)
    place_layers(scope, layers)
    date_layer(scope, layers, writer)
    derived_layers(scope, layers, writer)
    condition_layer(scope, layers, writer)
    group_layer(scope, layers, writer)
    verdict_layer(scope, layers, writer)
    marks = _Marks(scope, writer, layers.last)
    rows = "\nUNION ALL\n".join(marks.of(p) for p in scope.policies)
    return f"{_heading(packs, on, dialect)}\nWITH\n" + ",\n".join(layers.texts) + f"\n{rows}\n"


def _asked(packs: PackSet, policies: tuple[CountryPolicy, ...], asked: tuple[str, ...]) -> list[CountryPolicy]:
    unknown = [p for p in asked if p not in packs.policies]
    if unknown:
        raise NotFound(
            f"没有政策“{unknown[0]}”",
            en=f"no policy {unknown[0]!r}",
            remedy_zh=f"可选：{'、'.join(packs.policies)}",
            remedy_en=f"one of: {', '.join(packs.policies)}",
            code="E_POLICY_UNKNOWN",
        )
    return [p for p in policies if not asked or p.policy.id in asked]


def _heading(packs: PackSet, on: date, dialect: Dialect) -> str:
    return (
        f"-- 乐业 Leye：{on.isoformat()} 谁能享受哪些政策、多少、还缺什么（{dialect.name}）。规则包：{'、'.join(p.id for p in packs.packs)}\n"
        f"-- Who is entitled to what on {on.isoformat()}, how much, what is missing: a row for every yes and unknown, amounts in fen."
    )


class _Marks:
    """The rows of each policy from the last layer."""

    def __init__(self, scope: Scope, writer: Writer, source: str) -> None:
        self.scope, self.writer, self.source = scope, writer, source
        self.needs = MissingWriter(writer, scope.country.derived)

    def of(self, policy: CountryPolicy) -> str:
        """One SELECT under the policy's name and documents."""
        name, null = policy.policy.id, self.writer.dialect.cast("NULL", "int")
        fen = f"fen_{name}" if policy.amount is not None else null
        months = f"months_{name}" if policy.months is not None else null
        basis = "；".join(" ".join(str(s).split()) for s in policy.policy.sources)
        return (
            f"-- {policy.policy.name}：{basis}\n"
            f"SELECT person_id, {literal(name)} AS policy, CASE WHEN is_{name} THEN 'yes' ELSE 'unknown' END AS verdict,\n"
            f"  {fen} AS amount_fen, {months} AS months,\n"
            f"  {self.missing(policy)} AS missing\n"
            f"FROM {self.source} WHERE is_{name} IS NOT FALSE"
        )

    def missing(self, policy: CountryPolicy) -> str:
        """Of an unknown verdict, what the conditions need; of a yes with unknown amount, what the amount needs."""
        name = policy.policy.id
        rows = [(f"is_{name} IS NULL", self.names(self.needs.inside(policy.who)))]
        if policy.amount is not None:
            rows.append((f"fen_{name} IS NULL", self.names(self.needs.inside(policy.amount))))
        whens = [f"WHEN {when} THEN {then}" for when, then in rows if then]
        return lines("CASE ", [*whens, "ELSE ''"], " END").replace("\n", "\n  ") if whens else "''"

    def names(self, found: Conditions) -> str:
        """Missing facts in one text; concat_ws leaves out what is NULL."""
        ordered = sorted(found, key=self.scope.packs.facts.order.__getitem__)
        whens = [f"CASE WHEN {missing_when(found[n])} THEN {literal(n)} END" for n in ordered]
        return lines("CONCAT_WS(';', ", [f"{w}," for w in whens[:-1]] + whens[-1:], ")") if whens else ""


__all__ = ["DIALECTS", "DUCKDB", "POSTGRES", "SPARK", "Dialect", "marks_sql"]
