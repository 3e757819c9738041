"""Which facts an undecided tree still needs, as SQL conditions: those that are unknown and reached through undecided parts only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leye.policy.country import ByRules
from leye.policy.expression import DerivedRef, FactRef, Iff, Node, children
from leye.policy.sql_expression import STRICT, Writer, in_classes

Conditions = dict[str, str]
"""Fact id -> condition under which it is missing."""


class MissingWriter:
    """Conditions by fact for trees; each implies that the tree is unknown, so that a caller need not ask again."""

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
        """The same for a tree that is known to be unknown."""
        if isinstance(node, Iff):
            return self._iff(node)
        if isinstance(node, ByRules):
            return self._by_rules(node)
        return _either(self.conditions(part) for part in children(node)) if children(node) else self.conditions(node)

    def _of(self, node: Node) -> Conditions:
        if isinstance(node, FactRef):
            return {node.id: f"{node.id} IS NULL"}
        if isinstance(node, DerivedRef):
            return self.conditions(self.derived[node.id])
        if isinstance(node, (*STRICT, ByRules)):  # an unknown part makes these unknown
            return self.inside(node)
        if not children(node):
            return {}
        unknown = f"{self.writer.text(node)} IS NULL"
        return {fact: f"({unknown} AND {_bracketed(when)})" for fact, when in self.inside(node).items()}

    def _iff(self, node: Iff) -> Conditions:
        """With a known condition only the branch taken counts; with an unknown one everything below."""
        cond = self.writer.text(node.cond)
        then = {f: f"({cond} IS NOT FALSE AND {_bracketed(w)})" for f, w in self.conditions(node.then).items()}
        other = {f: f"({cond} IS NOT TRUE AND {_bracketed(w)})" for f, w in self.conditions(node.other).items()}
        return _either((self.conditions(node.cond), then, other))

    def _by_rules(self, node: ByRules) -> Conditions:
        named = [c for cases in node.cases[:-1] for c in cases]
        whens = [in_classes(cases) for cases in node.cases[:-1]] + [f"NOT {in_classes(named)}" if len(named) > 1 else f"(NOT {in_classes(named)})"]
        return _either(
            {f: f"({place} AND {_bracketed(w)})" for f, w in self.conditions(part).items()} for place, part in zip(whens, node.parts, strict=True)
        )


def _either(found: Iterable[Conditions]) -> Conditions:
    """Conditions of several parts; a fact is missing when it is missing in one."""
    joined: dict[str, list[str]] = {}
    for conditions in found:
        for fact, when in conditions.items():
            if when not in joined.setdefault(fact, []):
                joined[fact].append(when)
    return {fact: _any(fact, whens) for fact, whens in joined.items()}


def _any(fact: str, whens: list[str]) -> str:
    bare = f"{fact} IS NULL"
    return bare if bare in whens else " OR ".join(whens)  # every other condition asks for that and more


def _bracketed(when: str) -> str:
    return f"({when})" if " OR " in when else when
