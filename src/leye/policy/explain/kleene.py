"""Verdicts of groups over the verdicts of their parts, and which single conditions would turn the whole."""

from __future__ import annotations

from collections.abc import Sequence

from leye.policy.explain.plan_node import PlanNode

Verdict = bool | None


def verdicts_of(nodes: Sequence[PlanNode], conditions: Sequence[Verdict]) -> list[Verdict]:
    """The verdict of every node; groups by strong Kleene logic. conditions: verdicts by condition number."""
    found: list[Verdict] = [None] * len(nodes)
    for at in range(len(nodes) - 1, -1, -1):  # parts stand after their group
        node = nodes[at]
        found[at] = conditions[node.condition] if node.condition >= 0 else _group(node, found)
    return found


def _group(node: PlanNode, found: list[Verdict]) -> Verdict:
    kind = node.kind
    if kind == "not":
        part = found[node.parts[0]]
        return None if part is None else not part
    if kind == "at_least":
        sure = sum(found[p] is True for p in node.parts)
        return True if sure >= node.k else None if sure + sum(found[p] is None for p in node.parts) >= node.k else False
    decisive = kind == "any"
    verdict: Verdict = not decisive
    for p in node.parts:
        value = found[p]
        if value is decisive:
            return decisive
        if value is None:
            verdict = None
    return verdict


def turners(nodes: Sequence[PlanNode], found: Sequence[Verdict], at: int = 0, *, to: bool = True, lenient: bool = False) -> list[int]:
    """Conditions that would, each alone and all else as it is, turn a node to `to`; empty when none would or it is so already.

    lenient: unknown parts are taken to turn out well, so that one failing condition among unknown ones is found too.
    """
    node = nodes[at]
    if found[at] is to:
        return []
    if node.kind == "clause":
        return [at] if found[at] is not None else []
    if node.kind == "not":
        return turners(nodes, found, node.parts[0], to=not to, lenient=lenient)
    needed = node.k if node.kind == "at_least" else len(node.parts) if node.kind == "all" else 1
    if not to:  # false when all but `needed - 1` are false
        needed = len(node.parts) - needed + 1
    sure = sum(found[p] is to or (lenient and found[p] is None) for p in node.parts)
    if sure != needed - 1:
        return []
    return [leaf for p in node.parts for leaf in turners(nodes, found, p, to=to, lenient=lenient)]


def failing(nodes: Sequence[PlanNode], found: Sequence[Verdict], at: int = 0, *, to: bool = True) -> list[int]:
    """The nodes to speak of when the whole is not `to`: conditions and alternatives (any, at_least) that stand against it, outermost first."""
    node = nodes[at]
    if found[at] is not (not to):
        return []
    if node.kind == "not":
        return failing(nodes, found, node.parts[0], to=not to)
    if (node.kind == "all") is to and node.kind in ("all", "any"):
        return [leaf for p in node.parts for leaf in failing(nodes, found, p, to=to)]
    return [at]
