"""The terms of every policy in every place of one day: unit, last day, deadline, and a fingerprint of the rule, as a table to join marks with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import polars as pl

from leye.policy.bind import Bound, BoundPolicy, Places
from leye.policy.expression import DerivedRef, Node, PlaceRef, walk

SCHEMA = {
    "prefix": pl.String,
    "policy": pl.String,
    "about": pl.String,
    "unit": pl.String,
    "version_from": pl.Date,
    "version_to": pl.Date,
    "deadline_after": pl.String,
    "deadline_months": pl.Int64,
    "rule": pl.String,
}
RULE_DIGITS = 16


def terms(places: Places) -> pl.DataFrame:
    """One row a place and policy in force there, columns as in SCHEMA. rule: sixteen hex digits over everything that decides."""
    rows = [row for bound in places.classes for policy in bound.policies if policy.version is not None for row in _rows(bound, policy)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def rule_print(bound: Bound, policy: BoundPolicy, prefix: str) -> str:
    """The same for the same rule, wherever it lies: trees, derived facts behind them, numbers of the place."""
    roots = [n for n in (policy.who.node if policy.who else None, policy.amount, policy.months) if n is not None]
    derived: dict[str, Node] = {}
    numbers: dict[str, int | None] = {}
    todo = list(roots)
    while todo:
        for part in walk(todo.pop()):
            if isinstance(part, PlaceRef):
                numbers[part.key] = bound.place_values[part.key].get(prefix)
            elif isinstance(part, DerivedRef) and part.id not in derived:
                derived[part.id] = bound.derived[part.id]
                todo.append(bound.derived[part.id])
    said = repr((roots, sorted(derived.items(), key=lambda d: d[0]), sorted(numbers.items())))
    return hashlib.sha256(said.encode()).hexdigest()[:RULE_DIGITS]


def _rows(bound: Bound, policy: BoundPolicy) -> Iterator[tuple[Any, ...]]:
    version, apply = policy.version, policy.policy.apply
    assert version is not None
    kept: dict[tuple[tuple[str, int | None], ...], str] = {}
    for prefix in bound.prefixes:
        values = tuple((key, by_place.get(prefix)) for key, by_place in bound.place_values.items())
        if values not in kept:
            kept[values] = rule_print(bound, policy, prefix)
        yield (
            prefix, policy.policy.id, policy.policy.about, version.unit, version.start, version.end,
            apply.deadline_after or None, apply.deadline_months, kept[values],
        )  # fmt: skip
