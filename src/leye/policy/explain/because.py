"""Which facts decide a tree for a person: of an `or` that holds the first part that does, of one that fails all parts, and so on down."""

from __future__ import annotations

from leye.policy.explain.days import DayEvaluator
from leye.policy.expression import And, DerivedRef, FactRef, Iff, Node, Not, Or, children
from leye.policy.scalar import Env


def deciding_facts(node: Node, evaluator: DayEvaluator, env: Env) -> tuple[str, ...]:
    """Ids of the facts, in the order of the rule; of an undecided tree the unknown ones."""
    found: dict[str, None] = {}
    _collect(node, evaluator, env, found)
    return tuple(found)


def _collect(node: Node, evaluator: DayEvaluator, env: Env, found: dict[str, None]) -> None:
    if isinstance(node, FactRef):
        found[node.id] = None
    elif isinstance(node, DerivedRef):
        _collect(evaluator.bound.derived[node.id], evaluator, env, found)
    elif isinstance(node, And | Or):
        for part in _deciding_parts(node, evaluator, env):
            _collect(part, evaluator, env, found)
    elif isinstance(node, Iff) and (known := evaluator.value(node.cond, env)) is not None:
        _collect(node.cond, evaluator, env, found)
        _collect(node.then if known else node.other, evaluator, env, found)
    elif isinstance(node, Not):
        _collect(node.part, evaluator, env, found)
    elif evaluator.value(node, env) is None:
        for name in evaluator.missing(node, env):
            found[name] = None
    else:
        for part in children(node):
            _collect(part, evaluator, env, found)


def _deciding_parts(node: And | Or, evaluator: DayEvaluator, env: Env) -> list[Node]:
    """The first part that settles it alone; all parts where none does; of an undecided one the undecided."""
    settles = isinstance(node, Or)
    values = [evaluator.value(part, env) for part in node.parts]
    if settles in values:
        return [node.parts[values.index(settles)]]
    if None in values:
        return [part for part, value in zip(node.parts, values, strict=True) if value is None]
    return list(node.parts)
