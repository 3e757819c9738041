"""A comparison of numbers as `sum(coefficient * part) + constant <op> 0`, and how fast that sum moves as months go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from leye.policy.expression import (
    Arithmetic,
    Compare,
    Const,
    DerivedRef,
    FactRef,
    FirstKnown,
    FloorDiv,
    Iff,
    MonthIndex,
    MonthsBetween,
    Node,
    On,
    Year,
    children,
)

Derived = Mapping[str, Node]
_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Affine:
    """sum(parts) + constant; parts are facts, derived facts, or anything that is not a sum."""

    parts: tuple[tuple[Node, int], ...]
    constant: int


def affine(node: Node) -> Affine:
    """The sum behind a number."""
    parts: dict[Node, int] = {}
    constant = _add(node, 1, parts)
    return Affine(tuple((part, c) for part, c in parts.items() if c), constant)


def difference(node: Compare) -> Affine:
    """Left side minus right side."""
    return affine(Arithmetic("-", node.left, node.right))


def _add(node: Node, factor: int, parts: dict[Node, int]) -> int:
    if isinstance(node, Const) and isinstance(node.value, int):
        return factor * node.value
    if isinstance(node, Arithmetic) and node.op in "+-":
        return _add(node.left, factor, parts) + _add(node.right, factor if node.op == "+" else -factor, parts)
    if isinstance(node, Arithmetic):
        for number, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(number, Const) and isinstance(number.value, int):
                return _add(other, factor * number.value, parts)
    parts[node] = parts.get(node, 0) + factor
    return 0


def speed(node: Node, derived: Derived) -> Fraction | None:
    """By how much a number grows a month while nothing but the day changes; None where that depends."""
    if isinstance(node, Const | FactRef):
        return Fraction(0)
    if isinstance(node, DerivedRef):
        return speed(derived[node.id], derived)
    if isinstance(node, MonthIndex):
        return _of_day(node.day, Fraction(1))
    if isinstance(node, Year):
        return _of_day(node.day, Fraction(1, 12))
    if isinstance(node, MonthsBetween):
        start, end = _of_day(node.start, Fraction(1)), _of_day(node.end, Fraction(1))
        return None if start is None or end is None else end - start
    if isinstance(node, FloorDiv):
        inner = speed(node.left, derived)
        divisor = node.right.value if isinstance(node.right, Const) else None
        return None if inner is None or not isinstance(divisor, int) or divisor <= 0 else inner / divisor
    return _of_parts(node, derived)


def _of_parts(node: Node, derived: Derived) -> Fraction | None:
    if isinstance(node, Arithmetic):
        left, right = speed(node.left, derived), speed(node.right, derived)
        if left is None or right is None:
            return None
        if node.op in "+-":
            return left + right if node.op == "+" else left - right
        for number, other in ((node.left, right), (node.right, left)):
            if isinstance(number, Const) and isinstance(number.value, int):
                return number.value * other
        return Fraction(0) if not left and not right else None
    if isinstance(node, Iff | FirstKnown):
        branches = {speed(part, derived) for part in children(node)[-2:]}
        still = not isinstance(node, Iff) or not _moves(node.cond, derived)
        return branches.pop() if len(branches) == 1 and still else None
    return None if _moves(node, derived) else Fraction(0)


def _of_day(day: Node, pace: Fraction) -> Fraction | None:
    if isinstance(day, On):
        return pace
    return Fraction(0) if isinstance(day, FactRef | Const) else None


def _moves(node: Node, derived: Derived) -> bool:
    """Whether a tree looks at the day at all."""
    if isinstance(node, On):
        return True
    return any(_moves(part, derived) for part in ((derived[node.id],) if isinstance(node, DerivedRef) else children(node)))


def opposite(op: str) -> str:
    """The comparison that holds exactly when this one does not (both sides known)."""
    return _TURNED[op]


def short_by(op: str, difference: int) -> int:
    """How much must be added to a difference so that `difference <op> 0` holds; negative to take away; 0 when it holds or no sum helps (!=).

    >>> short_by(">=", -2), short_by("<", 3), short_by("==", 4)
    (2, -4, -4)
    """
    if op in (">=", ">"):
        return max(0, (1 if op == ">" else 0) - difference)
    if op in ("<=", "<"):
        return min(0, (-1 if op == "<" else 0) - difference)
    return -difference if op == "==" else 0
