"""Worked cases of a draft: invented people, found by search, never people of the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from leye.kernel.errors import Place
from leye.policy import fields
from leye.policy.bind import BoundGroup, BoundPolicy, bind
from leye.policy.expression import Node, Not
from leye.policy.facts import FactValue
from leye.policy.lint.candidates import candidates
from leye.policy.lint.witness import Holds, Person, TooMany, witness
from leye.policy.located import parse_located
from leye.policy.optimise.conditions import scope_of
from leye.policy.pack import PackSet
from leye.policy.read_policy import read_policy
from leye.policy.scalar import Evaluator

Cases = list[dict[str, Any]]


def worked_cases(text: str, packs: PackSet, on: date) -> Cases:
    """Cases for the policy in `text`: one 符合, one 不符合 that fails the last condition only, one 待核实 for each fact whose absence leaves it open.

    Fewer where no such person was found; lint then says what is missing.
    """
    policy = read_policy(fields.mapping(parse_located(text), "policy", Place()), scope_of(packs), "")
    bound = bind(replace(packs, policies={policy.id: policy}, cases=()), on)
    own = bound.policies[0]
    if own.who is None:
        return []
    evaluator = Evaluator(bound)
    cases: Cases = []
    yes = _find(evaluator, own, own.who.node)
    if yes is not None:
        cases.append(_case("优先安排", evaluator, own, yes, on))
    parts = [p.node for p in own.who.parts] if isinstance(own.who, BoundGroup) else [own.who.node]
    no = _find(evaluator, own, Not(parts[-1]), *parts[:-1])
    if no is not None:
        cases.append(_case("条件都符合，但不属于优先安排的人", evaluator, own, no, on))
    for fact in yes or {}:
        rest = {k: v for k, v in (yes or {}).items() if k != fact}
        if evaluator.answer(evaluator.env(rest), policy.id).verdict is None:
            cases.append(_case(f"不知道{packs.facts.facts[fact].zh}", evaluator, own, rest, on))
    return cases


def _find(evaluator: Evaluator, own: BoundPolicy, *wanted: Node) -> Person | None:
    """Somebody for whom all of these hold."""
    assert own.who is not None
    values = candidates([own.who.node], evaluator.bound.derived, evaluator.bound.facts, evaluator.bound.on, {})
    past = {k: [v for v in found if not isinstance(v, date) or v <= evaluator.bound.on] for k, found in values.items()}
    try:
        return witness(evaluator, [Holds(node) for node in wanted], past)
    except TooMany:
        return None


def _case(name: str, evaluator: Evaluator, own: BoundPolicy, person: Person, on: date) -> dict[str, Any]:
    answer = evaluator.answer(evaluator.env(person), own.policy.id)
    verdict = {True: "符合", False: "不符合", None: "待核实"}[answer.verdict]
    return {
        "name": name,
        "on": on.isoformat(),
        "facts": {k: _plain(v) for k, v in person.items()},
        "expect": {"verdict": verdict, "missing": list(answer.missing)},
    }


def _plain(value: FactValue) -> object:
    return value.isoformat() if isinstance(value, date) else value
