"""Search for a person: facts under which conditions hold, by filling one undecided fact after the other.

Kleene logic makes the search sound and short: what is false while facts are unknown stays false whatever they turn out to be, so whole families of
people fall away at once, and facts that do not matter are never filled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leye.policy.expression import DerivedRef, FactRef, Iff, Node, children
from leye.policy.facts import FactValue
from leye.policy.scalar import Env, Evaluator

Person = dict[str, FactValue]
LIMIT = 6_000  # chosen by us: steps of one search, about a tenth of a second


WHOLE = 300_000  # chosen by us: steps of all searches under one version, some seconds; the shipped policies take up to 72,098


@dataclass
class Meter:
    """Steps left for all searches under one version, so that a file of a thousand rows cannot keep a desk waiting for an hour."""

    left: int = WHOLE


class TooMany(Exception):
    """The search took more steps than the limit: it gives up, and nothing is claimed."""


@dataclass(frozen=True)
class Holds:
    """A condition is true."""

    node: Node

    def state(self, evaluator: Evaluator, env: Env) -> bool | None:
        """True, false, or undecided."""
        value: bool | None = evaluator.value(self.node, env)
        return value

    def asks(self, evaluator: Evaluator, env: Env) -> str | None:
        """An unknown fact on which it hangs; None where no fact can decide it."""
        return first_unknown(evaluator, self.node, env)


@dataclass(frozen=True)
class Undefined:
    """A number stays unknown although no fact is."""

    node: Node

    def state(self, evaluator: Evaluator, env: Env) -> bool | None:
        """True where nothing could make it known any more."""
        if evaluator.value(self.node, env) is not None:
            return False
        return True if first_unknown(evaluator, self.node, env) is None else None

    def asks(self, evaluator: Evaluator, env: Env) -> str | None:
        """An unknown fact that it reads."""
        return first_unknown(evaluator, self.node, env)


Goal = Holds | Undefined


def first_unknown(evaluator: Evaluator, node: Node, env: Env) -> str | None:
    """The first unknown fact that an undecided tree reads."""
    if evaluator.value(node, env) is not None:
        return None
    if isinstance(node, FactRef):
        return node.id
    if isinstance(node, DerivedRef):
        return first_unknown(evaluator, evaluator.bound.derived[node.id], env)
    parts: Sequence[Node] = children(node)
    if isinstance(node, Iff) and (known := evaluator.value(node.cond, env)) is not None:
        parts = (node.then if known else node.other,)
    for part in parts:
        found = first_unknown(evaluator, part, env)
        if found is not None:
            return found
    return None


def witness(evaluator: Evaluator, goals: Sequence[Goal], values: Mapping[str, Sequence[FactValue]], meter: Meter | None = None) -> Person | None:
    """A person for whom all goals are true; None when the values offer none. Raises TooMany."""
    whole = meter or Meter()
    end = max(whole.left - LIMIT, 0)

    def search(person: Person) -> Person | None:
        whole.left -= 1
        if whole.left < end:
            raise TooMany
        env = evaluator.env(person)
        asked: str | None = None
        for goal in goals:
            state = goal.state(evaluator, env)
            if state is False:
                return None
            if state is None and asked is None:
                asked = goal.asks(evaluator, env)
                if asked is None:
                    return None  # nothing decides it any more: a constant is unknown
        if asked is None:
            return person
        if asked not in values:
            raise TooMany  # a text: nobody knows what could stand there
        for value in values[asked]:
            found = search({**person, asked: value})
            if found is not None:
                return found
        return None

    return search({})


def components(evaluator: Evaluator, nodes: Sequence[Node]) -> list[list[int]]:
    """Conditions that share facts, through others if need be: each list can be looked at on its own."""
    reads = [evaluator.bound.reads([n]) for n in nodes]
    groups: list[tuple[set[str], list[int]]] = []
    for i, facts in enumerate(reads):
        touching = [g for g in groups if g[0] & facts]
        merged = (set(facts).union(*(g[0] for g in touching)), sorted([i, *(n for g in touching for n in g[1])]))
        groups = [g for g in groups if g not in touching] + [merged]
    return [numbers for _, numbers in groups]
