"""One visitor: a tree of the rule language as an SQL expression whose NULL is the language's unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from leye.policy.country import ByRules
from leye.policy.expression import (
    And,
    Arithmetic,
    AtLeast,
    Compare,
    Const,
    DerivedRef,
    FactRef,
    FirstKnown,
    FloorDiv,
    Greatest,
    Iff,
    Least,
    MonthIndex,
    MonthsBetween,
    Node,
    Not,
    On,
    Or,
    PlaceRef,
    Within,
    Year,
    children,
)
from leye.policy.facts import FactTable
from leye.policy.sql_dialects import Dialect, literal

STRICT = (Compare, Within, Arithmetic, FloorDiv, MonthIndex, Year, MonthsBetween, Least, Greatest, Not)
"""Nodes that are unknown exactly when one of their parts is."""
WIDTH = 120  # chosen by us: what an auditor reads without scrolling
RULES = "rules_"
"""Column with the class of places that a row belongs to."""


def number_column(key: str) -> str:
    """The column with the numbers of a PlaceRef."""
    return f"at_{key}"


class Writer:
    """Trees as text. named: trees that an earlier layer has computed, by the column that holds them."""

    def __init__(self, dialect: Dialect, facts: FactTable, on: date, named: dict[Node, str], numbers: Mapping[str, Mapping[str, int | None]]) -> None:
        self.dialect, self.facts, self.on, self.named, self.numbers = dialect, facts, on, named, numbers
        self.dates: dict[Node, dict[str, str]] = {}

    def text(self, node: Node) -> str:
        """The tree as SQL, safe beside any operator."""
        found = self.named.get(node)
        return found if found is not None else _WRITERS[type(node)](self, node)

    def unknown(self, node: Node) -> list[str]:
        """Conditions of which one holds exactly when the tree is unknown; none for what is always known."""
        if node in self.named:
            return [f"{self.named[node]} IS NULL"]
        if isinstance(node, Const):
            return ["TRUE"] if node.value is None else []
        if isinstance(node, On):
            return []
        if isinstance(node, STRICT) and not (isinstance(node, FloorDiv) and not is_positive(node.right)):
            return list(dict.fromkeys(c for part in children(node) for c in self.unknown(part)))
        return [f"{self.text(node)} IS NULL"]

    def is_natural(self, node: Node) -> bool:
        """Whether a number can never be below zero, so that dividing rounds down anyway. False when not sure."""
        if isinstance(node, Const):
            return isinstance(node.value, int) and node.value >= 0
        if isinstance(node, FactRef):
            low = self.facts[node.id].low
            return isinstance(low, int) and low >= 0
        if isinstance(node, Arithmetic):
            return node.op != "-" and self.is_natural(node.left) and self.is_natural(node.right)
        if isinstance(node, FloorDiv):
            return self.is_natural(node.left) and self.is_natural(node.right)
        if isinstance(node, Iff):
            return self.is_natural(node.then) and self.is_natural(node.other)
        if isinstance(node, Least | ByRules):
            return all(self.is_natural(p) for p in node.parts)
        if isinstance(node, Greatest):
            return any(self.is_natural(p) for p in node.parts)
        if isinstance(node, FirstKnown):
            return self.is_natural(node.first) and self.is_natural(node.second)
        if isinstance(node, PlaceRef):
            return all(value is None or value >= 0 for value in self.numbers[node.key].values())
        return isinstance(node, MonthIndex | Year)

    def is_wide(self, node: Node) -> bool:
        """Whether a number has 64 bits: databases give literals fewer, and a product of two of those may overflow."""
        if node in self.named or isinstance(node, Arithmetic):
            return True
        if isinstance(node, Iff):
            return self.is_wide(node.then) or self.is_wide(node.other)
        if isinstance(node, ByRules | Least | Greatest):
            return any(self.is_wide(p) for p in node.parts)
        if isinstance(node, FirstKnown):
            return self.is_wide(node.first) or self.is_wide(node.second)
        return not isinstance(node, Const)

    def part_of(self, day: Node, part: str) -> str:
        """YEAR, MONTH, DAY or INDEX (year * 12 + month) of a date."""
        if isinstance(day, On):
            return str({"YEAR": self.on.year, "DAY": self.on.day, "INDEX": self.on.year * 12 + self.on.month}[part])
        found = self.dates.get(day, {}).get(part)
        if found is not None:
            return found
        if part == "INDEX":
            return f"({self.part_of(day, 'YEAR')} * 12 + {self.part_of(day, 'MONTH')})"
        return self.dialect.cast(f"EXTRACT({part} FROM {self.text(day)})", "int")


def _constant(writer: Writer, node: Const) -> str:
    value = node.value
    if value is None:
        return writer.dialect.cast("NULL", node.type)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else literal(value)


def _column(writer: Writer, node: FactRef | DerivedRef) -> str:
    return node.id


def _number(writer: Writer, node: PlaceRef) -> str:
    return number_column(node.key)


def _on(writer: Writer, node: On) -> str:
    return f"DATE '{writer.on.isoformat()}'"


def _not(writer: Writer, node: Not) -> str:
    if isinstance(node.part, Within) and node.part not in writer.named:
        return _within(writer, node.part, "NOT IN")
    return f"(NOT {writer.text(node.part)})"


def _joined(word: str) -> Callable[[Writer, Any], str]:
    def write(writer: Writer, node: And | Or) -> str:
        texts = [writer.text(p) for p in node.parts]
        return texts[0] if len(texts) == 1 else lines("(", [texts[0], *(f"{word} {t}" for t in texts[1:])], ")")

    return write


def lines(opening: str, parts: list[str], closing: str) -> str:
    """Parts beside each other, or each on a line of its own where that would grow long."""
    flat = f"{opening}{' '.join(parts)}{closing}"
    if len(flat) <= WIDTH and "\n" not in flat:
        return flat
    return opening.rstrip() + "".join("\n  " + part.replace("\n", "\n  ") for part in parts) + "\n" + closing.lstrip()


def _at_least(writer: Writer, node: AtLeast) -> str:
    parts = [writer.text(p) for p in node.parts]
    sure = " + ".join(f"CASE WHEN {p} THEN 1 ELSE 0 END" for p in parts)
    possible = " + ".join(f"CASE WHEN NOT {p} THEN 0 ELSE 1 END" for p in parts)
    return f"(CASE WHEN {sure} >= {node.k} THEN TRUE WHEN {possible} < {node.k} THEN FALSE END)"


def _compare(writer: Writer, node: Compare) -> str:
    op = {"==": "=", "!=": "<>"}.get(node.op, node.op)
    return f"({writer.text(node.left)} {op} {writer.text(node.right)})"


def _within(writer: Writer, node: Within, word: str = "IN") -> str:
    return f"({writer.text(node.part)} {word} ({', '.join(_constant(writer, v) for v in node.values)}))"


def _arithmetic(writer: Writer, node: Arithmetic) -> str:
    left = writer.text(node.left)
    if not (writer.is_wide(node.left) or writer.is_wide(node.right)):
        left = writer.dialect.cast(left, "int")
    return f"({left} {node.op} {writer.text(node.right)})"


def _floordiv(writer: Writer, node: FloorDiv) -> str:
    """Databases divide towards zero: what is left below the divisor is taken off first, where the number may be negative."""
    a, b = writer.text(node.left), writer.text(node.right)
    if not is_positive(node.right):
        return _signed(writer, a, f"NULLIF({b}, 0)")
    return f"({writer.dialect.divided(a, b)})" if writer.is_natural(node.left) else _signed(writer, a, b)


def is_positive(node: Node) -> bool:
    """Whether it is a constant above zero, as divisors are once they are bound to a place."""
    return isinstance(node, Const) and isinstance(node.value, int) and node.value > 0


def _signed(writer: Writer, a: str, b: str) -> str:
    return f"({writer.dialect.divided(f'({a} - (({a} % {b}) + {b}) % {b})', b)})"


def _case(rows: Iterable[tuple[str, str]], other: str) -> str:
    whens = [f"WHEN {when} THEN {then}" for when, then in rows]
    return lines("CASE ", [*whens, f"ELSE {other}"], " END")


def _iff(writer: Writer, node: Iff) -> str:
    """A chain of conditions in one CASE; before each, whoever's answer to it is unknown falls out."""
    rows: list[tuple[str, str]] = []
    asked: set[str] = set()
    at: Node = node
    while isinstance(at, Iff) and at not in writer.named:
        new = [c for c in writer.unknown(at.cond) if c not in asked]
        asked.update(new)
        rows += [(" OR ".join(new), "NULL")] if new else []
        rows.append((writer.text(at.cond), writer.text(at.then)))
        at = at.other
    return _case(rows, writer.text(at))


def _by_rules(writer: Writer, node: ByRules) -> str:
    *rows, (_, other) = zip(node.cases, node.parts, strict=True)
    return _case([(in_classes(cases), writer.text(part)) for cases, part in rows], writer.text(other))


def in_classes(classes: Iterable[int], *, but: bool = False) -> str:
    """The condition that a row belongs to one of some classes of places; but: to none of them."""
    numbers = sorted(classes)
    if len(numbers) == 1:
        return f"{RULES} {'<>' if but else '='} {numbers[0]}"
    return f"{RULES} {'NOT IN' if but else 'IN'} ({', '.join(map(str, numbers))})"


def _month_index(writer: Writer, node: MonthIndex) -> str:
    return writer.part_of(node.day, "INDEX")


def _year(writer: Writer, node: Year) -> str:
    return writer.part_of(node.day, "YEAR")


def _months_between(writer: Writer, node: MonthsBetween) -> str:
    """The last term needs no guard: where a day is unknown the first ones are."""
    (start, first), (end, last) = ((writer.part_of(day, "INDEX"), writer.part_of(day, "DAY")) for day in (node.start, node.end))
    return f"({end} - {start} - CASE WHEN {last} < {first} THEN 1 ELSE 0 END)"


def _extreme(word: str) -> Callable[[Writer, Any], str]:
    def write(writer: Writer, node: Least | Greatest) -> str:
        """LEAST and GREATEST skip unknown arguments, which would make an unknown amount look known."""
        call = f"{word}({', '.join(writer.text(p) for p in node.parts)})"
        unknown = writer.unknown(node)
        return _case([(" OR ".join(unknown), "NULL")], call) if unknown else call

    return write


def _first_known(writer: Writer, node: FirstKnown) -> str:
    return f"COALESCE({writer.text(node.first)}, {writer.text(node.second)})"


_WRITERS: dict[type[Node], Callable[[Writer, Any], str]] = {
    Const: _constant,
    FactRef: _column,
    DerivedRef: _column,
    PlaceRef: _number,
    On: _on,
    Not: _not,
    And: _joined("AND"),
    Or: _joined("OR"),
    AtLeast: _at_least,
    Compare: _compare,
    Within: _within,
    Arithmetic: _arithmetic,
    FloorDiv: _floordiv,
    Iff: _iff,
    ByRules: _by_rules,
    MonthIndex: _month_index,
    Year: _year,
    MonthsBetween: _months_between,
    Least: _extreme("LEAST"),
    Greatest: _extreme("GREATEST"),
    FirstKnown: _first_known,
}

__all__ = ["RULES", "STRICT", "Writer", "in_classes"]
