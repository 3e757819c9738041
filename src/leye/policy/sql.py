"""Marks as plain SQL in layers, for the database that already holds the people: the rules of all places on one day in one readable query.

Layers (CTEs): facts in their types → place → its numbers → parts of dates → derived facts by level → conditions, each once → verdicts → one row
for every yes and unknown. NULL is the unknown; AND, OR and NOT of SQL are Kleene's already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from leye.kernel.errors import NotFound
from leye.policy.bind import places
from leye.policy.country import CountryPolicy, country
from leye.policy.lookup import NATION
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
from leye.policy.sql_missing import missing_layer


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
    missing_layer(scope, layers, writer)
    return f"{_heading(packs, on, dialect)}\nWITH\n" + ",\n".join([*layers.texts, _policies(scope)]) + f"\n{_rows(scope, layers.last)}\n"


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


def _policies(scope: Scope) -> str:
    names = ",\n    ".join(f"({i}, {literal(p.policy.id)})" for i, p in enumerate(scope.policies, 1))
    return f"-- 政策编号 · policies by number\npolicies_ (number_, policy) AS (\n  VALUES\n    {names}\n)"


def _rows(scope: Scope, source: str) -> str:
    """Columns of each policy as rows: one pass over the people, where a SELECT for each policy would be one pass for each."""

    def column(prefix: str, name: str, has: Callable[[CountryPolicy], bool], kind: str) -> str:
        whens = [f"WHEN {i} THEN {prefix}_{p.policy.id}" for i, p in enumerate(scope.policies, 1) if has(p)]
        text = lines("CASE number_ ", whens, " END").replace("\n", "\n    ") if whens else f"CAST(NULL AS {kind})"
        return f"{text} AS {name}"

    columns = [
        column("is", "verdict_", lambda p: True, "BOOLEAN"),
        column("fen", "amount_fen", lambda p: p.amount is not None, "BIGINT"),
        column("months", "months", lambda p: p.months is not None, "BIGINT"),
        column("missing", "missing", lambda p: True, "TEXT"),
    ]
    body = ",\n    ".join(["person_id", "policy", *columns])
    return (
        "-- 每人每项符合或待核实的政策一行 · a row for every yes and unknown\n"
        "SELECT person_id, policy, CASE WHEN verdict_ THEN 'yes' ELSE 'unknown' END AS verdict, amount_fen, months, missing\n"
        f"FROM (\n  SELECT\n    {body}\n  FROM {source} CROSS JOIN policies_\n) AS marks_\nWHERE verdict_ IS NOT FALSE"
    )


__all__ = ["DIALECTS", "DUCKDB", "POSTGRES", "SPARK", "Dialect", "marks_sql"]
