"""What somebody may answer when asked for a fact: every value that a rule could tell apart from its neighbours."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from leye.policy.bind import Bound
from leye.policy.explain.days import months_later
from leye.policy.expression import Arithmetic, Compare, Const, FactRef, Node, Within, children
from leye.policy.facts import Fact, FactValue

MONTHS = (-1, 0, 1, 5, 6, 7, 11, 12, 13, 23, 24, 25, 35, 36, 37, 59, 60, 61)
"""Months before the day of the question at which rules turn (half a year, one, two, three, five years), with their neighbours."""
AGES = range(14, 67)
"""Years of age that rules tell apart: from the working age to past the last retirement age."""


def possible_answers(fact: Fact, on: date, edges: Collection[int]) -> list[FactValue]:
    """Values to try, in ascending order; few, and on both sides of every edge. edges: the fact's `thresholds` in the rules of the place."""
    if fact.type == "bool":
        return [True, False]
    if fact.choices:
        return list(fact.choices)
    if fact.type == "date":
        months: Iterable[int] = (12 * age for age in AGES) if fact.id == "birth" else MONTHS
        return _allowed(fact, (months_later(on, -m) for m in months))
    if fact.base == "int":
        ends = [v for v in (fact.low, fact.high) if isinstance(v, int)]
        return _allowed(fact, {*ends, *(edge + step for edge in edges for step in (-1, 0, 1))})
    return []


def _allowed(fact: Fact, values: Iterable[int | date]) -> list[FactValue]:
    return [v for v in sorted(set(values)) if fact.allows(v)]


def thresholds(bound: Bound) -> dict[str, set[int]]:
    """Numbers that facts are held against anywhere in the rules of a place, by fact."""
    found: dict[str, set[int]] = {}
    trees = [p.who.node for p in bound.policies if p.who is not None] + list(bound.derived.values())
    while trees:
        node = trees.pop()
        if isinstance(node, Compare):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                _note(side, other, found)
        if isinstance(node, Within) and isinstance(node.part, FactRef):
            found.setdefault(node.part.id, set()).update(v.value for v in node.values if isinstance(v.value, int))
        trees.extend(children(node))
    return found


def _note(side: Node, other: Node, found: dict[str, set[int]]) -> None:
    """`fact <op> number`, also with a number added to the fact."""
    if not isinstance(other, Const) or not isinstance(other.value, int) or isinstance(other.value, bool):
        return
    if isinstance(side, FactRef):
        found.setdefault(side.id, set()).add(other.value)
    elif isinstance(side, Arithmetic) and side.op in "+-" and isinstance(side.left, FactRef) and isinstance(side.right, Const):
        shift = side.right.value if isinstance(side.right.value, int) else 0
        found.setdefault(side.left.id, set()).add(other.value - shift if side.op == "+" else other.value + shift)
