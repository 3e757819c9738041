"""Which facts an undecided tree still needs, as SQL conditions: those that are unknown and reached through undecided parts only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from leye.policy.country import ByRules
from leye.policy.expression import DerivedRef, FactRef, FirstKnown, Iff, Node, children
from leye.policy.sql_expression import STRICT, Writer, in_classes

Way: TypeAlias = tuple[str, ...]
"""Conditions that must hold together for a fact to be missing."""
Conditions: TypeAlias = dict[str, tuple[Way, ...]]
"""Fact id -> the ways in which it is missing."""


class MissingWriter:
    """Ways by fact for trees; each implies that the tree is unknown, so that a caller need not ask again."""

    def __init__(self, writer: Writer, derived: Mapping[str, Node]) -> None:
        self.writer, self.derived = writer, derived
        self._found: dict[Node, Conditions] = {}

    def conditions(self, node: Node) -> Conditions:
        """For every fact that the tree may be missing, when it is."""
        found = self._found.get(node)
        if found is None:
            found = self._found[node] = self._of(node)
        return found

    def inside(self, node: Node) -> Conditions:
        """The same for a tree that is known to be unknown, so that the ways need not say so."""
        if isinstance(node, Iff):
            return self._iff(node)
        if isinstance(node, ByRules):
            return self._by_rules(node, self.inside)
        if isinstance(node, FirstKnown):  # both parts are unknown then
            return _either((self.inside(node.first), self.inside(node.second)))
        return _either(self.conditions(part) for part in children(node)) if children(node) else self.conditions(node)

    def _of(self, node: Node) -> Conditions:
        if isinstance(node, FactRef):
            return {node.id: ((f"{node.id} IS NULL",),)}
        if isinstance(node, DerivedRef):
            return self.conditions(self.derived[node.id])
        if isinstance(node, ByRules):
            return self._by_rules(node, self.conditions)
        if isinstance(node, (*STRICT, Iff)):  # an unknown part that counts makes these unknown
            return self.inside(node)
        return _when(f"{self.writer.text(node)} IS NULL", self.inside(node)) if children(node) else {}

    def _iff(self, node: Iff) -> Conditions:
        """With a known condition only the branch taken counts; with an unknown one everything below."""
        cond = self.writer.text(node.cond)
        then = _when(f"{cond} IS NOT FALSE", self.conditions(node.then))
        return _either((self.conditions(node.cond), then, _when(f"{cond} IS NOT TRUE", self.conditions(node.other))))

    def _by_rules(self, node: ByRules, conditions: Callable[[Node], Conditions]) -> Conditions:
        named = [c for cases in node.cases[:-1] for c in cases]
        whens = [in_classes(cases) for cases in node.cases[:-1]] + [in_classes(named, but=True)]
        return _either(_when(place, conditions(part)) for place, part in zip(whens, node.parts, strict=True))


def missing_when(ways: Iterable[Way]) -> str:
    """All ways of one fact as one condition."""
    return " OR ".join(" AND ".join(way) for way in ways)


def _when(condition: str, found: Conditions) -> Conditions:
    """Every way with one more condition."""
    return {fact: tuple(way if condition in way else (condition, *way) for way in ways) for fact, ways in found.items()}


def _either(found: Iterable[Conditions]) -> Conditions:
    """Ways of several parts together; a way that asks for all that another asks and more adds nothing."""
    joined: dict[str, dict[Way, None]] = {}
    for conditions in found:
        for fact, ways in conditions.items():
            joined.setdefault(fact, {}).update(dict.fromkeys(ways))
    return {fact: _least(list(ways)) for fact, ways in joined.items()}


def _least(ways: list[Way]) -> tuple[Way, ...]:
    sets = [frozenset(way) for way in ways]
    return tuple(w for i, w in enumerate(ways) if not any(other < sets[i] or (other == sets[i] and at < i) for at, other in enumerate(sets)))
