"""Comparisons of the months or full years since a date with a number, which are comparisons of the date with a day.

Complete months from a day to the day of the question fall as the day grows, so `months_since(d) >= 12` says that d is not after some day; the same
holds for full years, `floordiv(months_since(d), 12) >= 16`, also behind a derived fact such as the age.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leye.policy.expression import Compare, Const, DerivedRef, FactRef, FloorDiv, MonthsBetween, Node, On

FURTHEST = 12_000
"""Months within which every day is a day of the calendar; chosen by us: a thousand years."""


@dataclass(frozen=True, slots=True)
class Since:
    """months_since(day) `op` months."""

    day: FactRef
    op: str
    months: int


def since(node: Node, derived: Mapping[str, Node]) -> Since | None:
    """The comparison in that form, or None where it is none. derived: what derived facts are."""
    if not (isinstance(node, Compare) and isinstance(node.right, Const) and isinstance(node.right.value, int)):
        return None
    number: int = node.right.value
    left: Node = derived.get(node.left.id, node.left) if isinstance(node.left, DerivedRef) else node.left
    width = 1
    if isinstance(left, FloorDiv) and isinstance(left.right, Const) and isinstance(left.right.value, int) and left.right.value > 0:
        width, left = left.right.value, left.left
    if not (isinstance(left, MonthsBetween) and isinstance(left.start, FactRef) and isinstance(left.end, On)):
        return None
    found = Since(left.start, node.op, number) if width == 1 else _whole(left.start, node.op, number, width)
    return found if found is not None and abs(found.months) <= FURTHEST else None


def _whole(day: FactRef, op: str, value: int, width: int) -> Since | None:
    """Stretches of `width` months compared: more than 15 full years are at least 16, of which the months are 192."""
    if op in ("<", ">="):
        return Since(day, op, value * width)
    if op in ("<=", ">"):
        return Since(day, "<" if op == "<=" else ">=", (value + 1) * width)
    return None
