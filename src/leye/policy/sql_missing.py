"""Which facts an undecided tree still needs, as SQL conditions: those that are unknown and reached through undecided parts only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from leye.policy.country import ByRules
from leye.policy.expression import DerivedRef, FactRef, FirstKnown, Iff, Node, children
from leye.policy.sql_dialects import literal
from leye.policy.sql_expression import STRICT, Writer, in_classes, lines
from leye.policy.sql_layers import Layers, Scope, noted

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
        found = [conditions(part) for part in node.parts]
        everywhere = {f: tuple(w for w in ways if all(w in other.get(f, ()) for other in found)) for f, ways in found[0].items()}
        return _either([everywhere, *(_when(place, one) for place, one in zip(whens, found, strict=True))])


def missing_layer(scope: Scope, layers: Layers, writer: Writer) -> None:
    """missing_<policy>: of an unknown verdict what the conditions need, of a yes with unknown amount what the amount needs, joined by `;`."""
    needs = MissingWriter(writer, scope.country.derived)
    order = scope.packs.facts.order

    def names(found: Conditions) -> str:
        """Concat_ws leaves out what is NULL."""
        whens = [f"CASE WHEN {missing_when(found[n])} THEN {literal(n)} END" for n in sorted(found, key=order.__getitem__)]
        return lines("CONCAT_WS(';', ", [f"{w}," for w in whens[:-1]] + whens[-1:], ")") if whens else ""

    rows = []
    for policy in scope.policies:
        name = policy.policy.id
        found = [(f"is_{name} IS NULL", names(needs.inside(policy.who)))]
        if policy.amount is not None:
            found.append((f"is_{name} AND fen_{name} IS NULL", names(needs.inside(policy.amount))))
        whens = [f"WHEN {when} THEN {then}" for when, then in found if then]
        text = lines("CASE ", [*whens, "ELSE ''"], " END") if whens else "''"
        rows.append(noted(f"{policy.policy.name}：{'；'.join(str(s) for s in policy.policy.sources)}", f"{text} AS missing_{name}"))
    layers.add("missing_", rows, title="每项政策还缺哪些事实 · facts that each policy still needs")


def missing_when(ways: Iterable[Way]) -> str:
    """All ways of one fact as one condition."""
    texts = [" AND ".join(way) for way in ways]
    return texts[0] if len(texts) == 1 else " OR ".join(f"({t})" for t in texts)


def _when(condition: str, found: Conditions) -> Conditions:
    """Every way with one more condition."""
    return {fact: tuple(way if condition in way else (condition, *way) for way in ways) for fact, ways in found.items()}


def _either(found: Iterable[Conditions]) -> Conditions:
    """Ways of several parts together; a way that asks for all that another asks and more adds nothing."""
    joined: dict[str, dict[Way, None]] = {}
    for conditions in found:
        for fact, ways in conditions.items():
            joined.setdefault(fact, {}).update(dict.fromkeys(ways))
    return {fact: _least(list(ways)) for fact, ways in joined.items() if ways}


def _least(ways: list[Way]) -> tuple[Way, ...]:
    sets = [frozenset(way) for way in ways]
    return tuple(w for i, w in enumerate(ways) if not any(other < sets[i] or (other == sets[i] and at < i) for at, other in enumerate(sets)))
