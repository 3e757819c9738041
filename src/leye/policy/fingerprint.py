"""One hash a policy over everything its answers depend on, on one day: what has the same hash need not be computed again."""

from __future__ import annotations

import hashlib
from datetime import date

from leye.policy.bind import Bound, BoundPolicy, places
from leye.policy.expression import DerivedRef, Node, PlaceRef, walk
from leye.policy.pack import PackSet


def fingerprints(packs: PackSet, on: date) -> dict[str, str]:
    """Policy id -> sha256 (hex) over its conditions, amounts, months, exclusion groups, derived facts and numbers in all places."""
    parts: dict[str, list[str]] = {name: [] for name in packs.policies}
    for bound in places(packs, on).classes:
        written: dict[str, str] = {}
        for policy in bound.policies:
            parts[policy.policy.id].append(_said(bound, policy, written))
    return {name: hashlib.sha256("\n".join(said).encode()).hexdigest() for name, said in parts.items()}


def _said(bound: Bound, policy: BoundPolicy, written: dict[str, str]) -> str:
    if policy.who is None:
        return f"{bound.prefixes} not in force"
    trees = [n for n in (policy.who.node, policy.amount, policy.months) if n is not None]
    names, keys = _behind(bound, trees)
    derived = [f"{n}={written.setdefault(n, repr(bound.derived[n]))}" for n in sorted(names)]
    numbers = [f"{k}={sorted(bound.place_values[k].items())}" for k in sorted(keys)]
    unit = policy.version.unit if policy.version else ""
    return "|".join([str(bound.prefixes), *map(repr, trees), unit, repr(policy.exclusive), *derived, *numbers])


def _behind(bound: Bound, trees: list[Node]) -> tuple[set[str], set[str]]:
    """Derived facts and keys of places below some trees."""
    names: set[str] = set()
    keys: set[str] = set()
    todo = list(trees)
    while todo:
        for part in walk(todo.pop()):
            if isinstance(part, PlaceRef):
                keys.add(part.key)
            elif isinstance(part, DerivedRef) and part.id not in names:
                names.add(part.id)
                todo.append(bound.derived[part.id])
    return names, keys
