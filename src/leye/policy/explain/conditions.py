"""One condition as compiled for a place: equal conditions of different policies are one, evaluated once a person."""

from __future__ import annotations

from typing import Any

from leye.policy.explain.days import DayEvaluator
from leye.policy.explain.labels import Labels
from leye.policy.explain.near import Near, near_of
from leye.policy.explain.near_words import NearWords
from leye.policy.expression import DerivedRef, FactRef, FirstKnown, Node, children, walk
from leye.policy.scalar import Env

KEPT = 5_000  # texts kept a condition, chosen by us: wages differ from person to person, most other values are few


class Condition:
    """A tree that is true, false or unknown, with what it reads and how its values are said.

    reads: (fact or derived fact, its value of a person), in order · is_plain: it reads facts only · key: what stands for the values read; people of
    equal keys get equal verdicts and words · single: the only name read, where its value in the environment is the key · near: the distance of a
    person for whom it is false; None where it has none.
    """

    def __init__(self, node: Node, evaluator: DayEvaluator, labels: Labels, words: NearWords) -> None:
        self.node, self.holds = node, evaluator.closure(node)
        self.labels = labels
        self.reads = _reads(node, evaluator)
        self.ids = tuple(name for name, _ in self.reads)
        self.main = self.ids[0] if self.ids else None
        self.value_of = self.reads[0][1] if self.reads else (lambda env: None)
        order = evaluator.bound.facts.order
        self.facts = tuple(sorted(evaluator.bound.reads([node]), key=order.__getitem__))
        self.near: Near | None = near_of(node, evaluator, labels, words)
        self.is_plain = all(name in labels.facts for name in self.ids)
        self._said: dict[Any, str] = {}
        self._names = [labels.name(name) for name in self.ids]
        has_local = any(isinstance(p, FirstKnown) for p in walk(node))
        self.key = self._key_with_origin if has_local else self.value_of if len(self.reads) == 1 else self.values
        self.single = self.main if len(self.reads) == 1 and not has_local else None

    def _key_with_origin(self, env: Env) -> tuple[Any, ...]:
        """Values, and whether each fact is the person's own or, unknown there, the figure of the place."""
        return self.values(env), tuple([env.get(f) is None for f in self.facts])

    def values(self, env: Env) -> tuple[Any, ...]:
        """The values read, in order."""
        return tuple([read(env) for _, read in self.reads])

    def said(self, env: Env) -> str:
        """The values read, in words: 就业状态=在职, or several joined."""
        values = self.values(env)
        found = self._said.get(values)
        if found is None:
            joint = ", " if self.labels.is_english else "，"
            found = joint.join(f"{label}={self.labels.word(name, value)}" for label, name, value in zip(self._names, self.ids, values, strict=True))
            if len(self._said) < KEPT:
                self._said[values] = found
        return found

    def who_knows(self, env: Env) -> str:
        """The registers (in English the papers) that would know the unknown facts; empty when all are known."""
        unknown = [f for f in self.facts if env.get(f) is None]
        if self.labels.is_english:
            words = self.labels.words
            return ", ".join(dict.fromkeys(words[f].paper_en for f in unknown if f in words and words[f].paper_en))
        facts = self.labels.facts
        return "、".join(dict.fromkeys(facts[f].source_zh for f in unknown if facts[f].source_zh))


def _reads(node: Node, evaluator: DayEvaluator) -> tuple[tuple[str, Any], ...]:
    """(id, value of a person) of each fact and derived fact that stands in a tree, in order; of a local fact the value that counts."""
    found: dict[str, Any] = {}

    def look(part: Node) -> None:
        if isinstance(part, FactRef | DerivedRef):
            found.setdefault(part.id, evaluator.closure(part))
        elif isinstance(part, FirstKnown) and isinstance(part.first, FactRef):
            found.setdefault(part.first.id, evaluator.closure(part))
        else:
            for child in children(part):
                look(child)

    look(node)
    return tuple(found.items())
