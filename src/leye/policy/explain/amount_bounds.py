"""Between which amounts a benefit can lie, as far as the rule itself says so."""

from __future__ import annotations

from typing import TypeAlias

from leye.policy.bind import BoundPolicy
from leye.policy.expression import Arithmetic, Const, FirstKnown, FloorDiv, Greatest, Iff, Least, Node

Bounds: TypeAlias = tuple[int | None, int | None]
"""(lowest, highest) in fen; None where the rule sets no limit."""


def amount_bounds(bound: BoundPolicy) -> Bounds:
    """Of a bound policy: 1,000 to 2,000 yuan for a table of three amounts, up to 300,000 for the least of a wish and a cap, open for a share."""
    return (None, None) if bound.amount is None else _bounds(bound.amount)


def _bounds(node: Node) -> Bounds:
    if isinstance(node, Const):
        return (node.value, node.value) if isinstance(node.value, int) else (None, None)
    if isinstance(node, Iff):
        (a, b), (c, d) = _bounds(node.then), _bounds(node.other)
        return _both(min, a, c), _both(max, b, d)
    if isinstance(node, Least | Greatest):
        found = [_bounds(part) for part in node.parts]
        lows, highs = [low for low, _ in found if low is not None], [high for _, high in found if high is not None]
        if isinstance(node, Least):  # as high as the lowest cap, as low as any part can be
            return (min(lows) if len(lows) == len(found) else None), min(highs, default=None)
        return max(lows, default=None), (max(highs) if len(highs) == len(found) else None)
    if isinstance(node, FirstKnown):
        return _bounds(node.second)  # a value of the person's own is for that person
    return _computed(node)


def _computed(node: Node) -> Bounds:
    if not isinstance(node, Arithmetic | FloorDiv):
        return None, None
    (a, b), (c, d) = _bounds(node.left), _bounds(node.right)
    if isinstance(node, FloorDiv):
        return (None if a is None or not c or c != d else a // c), (None if b is None or not c or c != d else b // c)
    if node.op == "-":
        c, d = (None if d is None else -d), (None if c is None else -c)
    if node.op == "*":
        factor = c if c is not None and c == d else a if a is not None and a == b else None
        low, high = (a, b) if factor == c else (c, d)
        if factor is None or factor < 0:
            return None, None
        return (None if low is None else low * factor), (None if high is None else high * factor)
    return (None if a is None or c is None else a + c), (None if b is None or d is None else b + d)


def _both(choose: object, a: int | None, b: int | None) -> int | None:
    if a is None or b is None:
        return None
    return min(a, b) if choose is min else max(a, b)
