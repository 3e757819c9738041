"""The nodes of an expression: small frozen trees, equal when they say the same, so that a thing said twice is computed once.

Every engine is one visitor over these nodes. Values are bool, int (counts, months, fen), date, or the id of an enum; None is the unknown, and
logic is strong Kleene (notes of the rule language, docs/reference/rule-language.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeAlias

Constant: TypeAlias = bool | int | str | date | None


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes. `type` is bool, int, date, enum or text."""


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A value that stands in the rule; None is the unknown."""

    value: Constant
    type: str


@dataclass(frozen=True, slots=True)
class FactRef(Node):
    """The value of a fact."""

    id: str
    type: str


@dataclass(frozen=True, slots=True)
class DerivedRef(Node):
    """The value of a derived fact."""

    id: str
    type: str


@dataclass(frozen=True, slots=True)
class ParamRef(Node):
    """A parameter by name; gone after binding to a day and a place."""

    id: str
    type: str = "int"


@dataclass(frozen=True, slots=True)
class PlaceRef(Node):
    """A number that differs from place to place, by its key in the table of places; None where the place has none."""

    key: str
    type: str = "int"


@dataclass(frozen=True, slots=True)
class On(Node):
    """The day of the question."""

    type: str = "date"


@dataclass(frozen=True, slots=True)
class Not(Node):
    """True when the part is false."""

    part: Node
    type: str = "bool"


@dataclass(frozen=True, slots=True)
class And(Node):
    """False when any part is false, true when all are true, else unknown."""

    parts: tuple[Node, ...]
    type: str = "bool"


@dataclass(frozen=True, slots=True)
class Or(Node):
    """True when any part is true, false when all are false, else unknown."""

    parts: tuple[Node, ...]
    type: str = "bool"


@dataclass(frozen=True, slots=True)
class AtLeast(Node):
    """True when k parts are true, false when fewer than k can still be, else unknown."""

    k: int
    parts: tuple[Node, ...]
    type: str = "bool"


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """op: == != < <= > >= over two ints, dates, bools or enums."""

    op: str
    left: Node
    right: Node
    type: str = "bool"


@dataclass(frozen=True, slots=True)
class Within(Node):
    """Whether the part is one of the constants."""

    part: Node
    values: tuple[Const, ...]
    type: str = "bool"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """op: + - * over ints."""

    op: str
    left: Node
    right: Node
    type: str = "int"


@dataclass(frozen=True, slots=True)
class FloorDiv(Node):
    """Whole division, rounded down; the divisor is a positive constant once bound."""

    left: Node
    right: Node
    type: str = "int"


@dataclass(frozen=True, slots=True)
class Iff(Node):
    """`then` when the condition is true, `other` when it is false, unknown when it is unknown."""

    cond: Node
    then: Node
    other: Node
    type: str


@dataclass(frozen=True, slots=True)
class MonthIndex(Node):
    """year * 12 + month of a date."""

    day: Node
    type: str = "int"


@dataclass(frozen=True, slots=True)
class Year(Node):
    """Year of a date."""

    day: Node
    type: str = "int"


@dataclass(frozen=True, slots=True)
class MonthsBetween(Node):
    """Complete months from one date to another: difference of month indices, one less when the day of `end` is before that of `start`."""

    start: Node
    end: Node
    type: str = "int"


@dataclass(frozen=True, slots=True)
class Least(Node):
    """The smallest; unknown when any part is unknown."""

    parts: tuple[Node, ...]
    type: str = "int"


@dataclass(frozen=True, slots=True)
class Greatest(Node):
    """The largest; unknown when any part is unknown."""

    parts: tuple[Node, ...]
    type: str = "int"


@dataclass(frozen=True, slots=True)
class FirstKnown(Node):
    """The first part unless it is unknown, then the second."""

    first: Node
    second: Node
    type: str = "int"


def node_type(node: Node) -> str:
    """bool, int, date, enum or text."""
    return str(node.type)  # type: ignore[attr-defined]


def _names(node: Node) -> tuple[str, ...]:
    """Fields of a kind of node; asked millions of times while packs are bound, so each kind is looked at once."""
    kind = type(node)
    found = _FIELDS.get(kind)
    if found is None:
        found = _FIELDS[kind] = tuple(item.name for item in fields(node))
    return found


_FIELDS: dict[type[Node], tuple[str, ...]] = {}


def children(node: Node) -> tuple[Node, ...]:
    """Direct parts, in order; constants of a `Within` are not parts."""
    if isinstance(node, Within):
        return (node.part,)
    found: list[Node] = []
    for name in _names(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found.extend(part for part in value if isinstance(part, Node))
    return tuple(found)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for part in children(node):
        yield from walk(part)


def rebuild(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """The tree with every node replaced for which `change` gives another; what it gives is not looked into again."""
    changed = change(node)
    if changed is not None:
        return changed
    values: list[object] = []
    same = True
    for name in _names(node):
        old = new = getattr(node, name)
        if isinstance(old, Node):
            new = rebuild(old, change)
            same = same and new is old
        elif isinstance(old, tuple) and old and isinstance(old[0], Node) and not isinstance(node, Within):
            new = tuple(rebuild(part, change) for part in old)
            same = same and all(a is b for a, b in zip(old, new, strict=True))
        values.append(new)
    return node if same else type(node)(*values)


def facts_of(node: Node) -> set[str]:
    """Ids of the facts that stand in a tree (not through derived facts)."""
    return {part.id for part in walk(node) if isinstance(part, FactRef)}


def derived_of(node: Node) -> set[str]:
    """Ids of the derived facts that stand in a tree."""
    return {part.id for part in walk(node) if isinstance(part, DerivedRef)}
