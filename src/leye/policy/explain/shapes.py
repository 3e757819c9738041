"""What the verdicts of a rule's conditions mean for the rule: verdicts of groups, what stands in the way, what is still open.

The same few patterns of verdicts come again and again, so each is worked out once a policy and kept.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from leye.policy.explain.kleene import Verdict, failing, turners, verdicts_of
from leye.policy.explain.plan_node import PlanNode

KEPT = 2_000  # patterns kept a policy, chosen by us: one takes about a kilobyte, a city of 20,000 people shows some hundreds


class Shape:
    """One pattern.

    verdicts: of every node of the plan; the first is that of the policy · alone: conditions of which each alone would turn a no into a yes · nearest:
    the same, or those that would if all that is unknown turned out well · failing: outermost nodes that stand against a yes · undecided: numbers of
    the unknown conditions under unknown groups, each once · open_parts: how many outermost parts are unknown · said: what was said of the failing
    ones before, by their distances.
    """

    __slots__ = ("alone", "failing", "nearest", "nodes", "open_parts", "said", "undecided", "verdicts")

    def __init__(self, nodes: list[PlanNode], verdicts: list[Verdict]) -> None:
        self.nodes, self.verdicts = nodes, verdicts
        is_no = verdicts[0] is False
        self.alone = turners(nodes, verdicts) if is_no else []
        self.nearest = self.alone or (turners(nodes, verdicts, lenient=True) if is_no else [])
        self.failing = failing(nodes, verdicts) if is_no else []
        self.undecided = _undecided(nodes, verdicts) if verdicts[0] is None else []
        self.open_parts = sum(verdicts[p] is None for p in nodes[0].parts)
        self.said: dict[tuple[str, ...], str] = {}


def _undecided(nodes: list[PlanNode], verdicts: list[Verdict]) -> list[int]:
    found: dict[int, None] = {}
    open_nodes = [0]
    while open_nodes:
        node = nodes[open_nodes.pop()]
        if node.condition >= 0:
            found[node.condition] = None
        else:
            open_nodes.extend(p for p in node.parts if verdicts[p] is None)
    return list(found)


class Shapes:
    """Patterns of one policy by the verdicts of its conditions."""

    def __init__(self, nodes: list[PlanNode]) -> None:
        self.nodes = nodes
        numbers = list(dict.fromkeys(n.condition for n in nodes if n.condition >= 0))
        self._take: Any = itemgetter(*numbers)
        self._kept: dict[Any, Shape] = {}

    def of(self, conditions: list[Verdict]) -> Shape:
        """The pattern of a person. conditions: verdicts by condition number."""
        key = self._take(conditions)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[key] = Shape(self.nodes, verdicts_of(self.nodes, conditions))
        return found
