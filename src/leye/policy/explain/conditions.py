"""One condition as compiled for a place: equal conditions of different policies are one, evaluated once a person."""

from __future__ import annotations

from typing import Any

from leye.policy.explain.because import deciding_facts
from leye.policy.explain.days import DayEvaluator
from leye.policy.explain.labels import Labels
from leye.policy.explain.near import Near, near_of
from leye.policy.explain.near_words import NearWords
from leye.policy.expression import DerivedRef, FactRef, FirstKnown, Node, children, walk
from leye.policy.scalar import Env

KEPT = 256  # texts kept a condition, chosen by us: enough for words, counts and months; days and amounts differ from person to person


class Condition:
    """A tree that is true, false or unknown, with what it reads and how its values are said.

    reads: (fact or derived fact, its value of a person), in order · main: the first of them · single: the only one, where its value stands in the
    environment as it counts · facts: all facts behind · has_figure: a figure of the place may stand in for an unknown fact · is_one_fact: it
    reads one fact and nothing else · near: the distance of a person for whom it is false; None where it has none.
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
        self.has_figure = any(isinstance(p, FirstKnown) for p in walk(node))
        self.single = self.main if len(self.reads) == 1 and not self.has_figure else None
        self.is_one_fact = self.single is not None and self.single in labels.facts
        self._speakers = [labels.speaker(name) for name in self.ids]
        self._speak = self._speakers[0] if len(self._speakers) == 1 else None
        self._group = node if isinstance(node, DerivedRef) else None
        self._evaluator = evaluator
        self._said: dict[object, str] = {}
        self._known_by: dict[tuple[str, ...], str] = {}

    def said(self, env: Env, value: object) -> str:
        """The values read, in words: 就业状态=在职, or several joined. value: that of the first read."""
        if self._group is not None:
            return self._group_said(env, value)
        if self._speak is None:
            values = [read(env) for _, read in self.reads]
            return (", " if self.labels.is_english else "，").join([speak(v) for speak, v in zip(self._speakers, values, strict=True)])
        found = self._said.get(value)
        if found is None:
            found = self._speak(value)
            if len(self._said) < KEPT:
                self._said[value] = found
        return found

    def _group_said(self, env: Env, value: object) -> str:
        """Of a yes-or-no derived fact (a group of people) also the facts that decide it: 属于重点群体=是：已登记失业=是."""
        assert self._group is not None
        because = deciding_facts(self._group, self._evaluator, env)
        joint, colon = (", ", ": ") if self.labels.is_english else ("，", "：")
        return self._speakers[0](value) + colon + joint.join([self.labels.speaker(f)(env.get(f)) for f in because])

    def who_knows(self, env: Env) -> str:
        """The registers (in English the papers) that would know the unknown facts; empty when all are known."""
        unknown = tuple([f for f in self.facts if env.get(f) is None])
        if unknown not in self._known_by:
            self._known_by[unknown] = self._who_knows(unknown)
        return self._known_by[unknown]

    def _who_knows(self, unknown: tuple[str, ...]) -> str:
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
