"""One person at a time: trees compiled to closures over a dictionary of facts, with strong Kleene logic by hand (None is the unknown).

The same verdict, amount, months and missing facts as the table engine gives; a property test holds them together.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from leye.policy.bind import Bound, BoundPolicy
from leye.policy.expression import (
    And,
    Arithmetic,
    AtLeast,
    Compare,
    Const,
    DerivedRef,
    FactRef,
    FirstKnown,
    FloorDiv,
    Greatest,
    Iff,
    Least,
    MonthIndex,
    MonthsBetween,
    Node,
    Not,
    On,
    Or,
    Within,
    Year,
    children,
)

Env: TypeAlias = dict[str, Any]
Closure: TypeAlias = Callable[[Env], Any]

_COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_COMPUTE = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy answers for one person. verdict: True yes, False no, None unknown; money in fen; missing in the order of the fact table."""

    policy: BoundPolicy
    verdict: bool | None
    amount_fen: int | None
    months: int | None
    missing: tuple[str, ...]


class Evaluator:
    """The rules of one place and day, ready for persons."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self._closures: dict[Node, Closure] = {}
        self._seen: dict[int, tuple[Node, Closure]] = {}  # the same by identity: to hash a tree walks all of it
        self._derived = [(name, self.closure(node)) for name, node in bound.derived.items()]
        self._policies = [(p, self._maybe(p.who.node if p.who else None), self._maybe(p.amount), self._maybe(p.months)) for p in bound.policies]
        self._order = bound.facts.order

    def env(self, facts: Mapping[str, Any]) -> Env:
        """Facts of a person with the derived ones beside. Values must have been checked (`Fact.check`)."""
        env: Env = dict(facts)
        for name, closure in self._derived:
            env[name] = closure(env)
        return env

    def answers(self, env: Env) -> list[Answer]:
        """All policies, in the order of the pack."""
        return [self._answer(env, *policy) for policy in self._policies]

    def answer(self, env: Env, policy: str) -> Answer:
        """One policy by id."""
        return next(self._answer(env, *p) for p in self._policies if p[0].policy.id == policy)

    def value(self, node: Node, env: Env) -> Any:
        """The value of a tree; None is unknown."""
        return self.closure(node)(env)

    def _answer(self, env: Env, bound: BoundPolicy, who: Closure | None, amount: Closure | None, months: Closure | None) -> Answer:
        verdict = False if who is None else who(env)
        if verdict is False or bound.who is None:
            return Answer(bound, False, None, None, ())
        fen = None if amount is None else amount(env)
        missing: tuple[str, ...] = ()
        if verdict is None:
            missing = self.missing(bound.who.node, env)
        elif fen is None and bound.amount is not None:
            missing = self.missing(bound.amount, env)
        return Answer(bound, verdict, fen, None if months is None else months(env), missing)

    def missing(self, node: Node, env: Env) -> tuple[str, ...]:
        """Unknown facts that an undecided tree reads, in the order of the fact table; empty when the tree is decided."""
        found: set[str] = set()
        self._missing(node, env, found)
        return tuple(sorted(found, key=self._order.__getitem__))

    def _missing(self, node: Node, env: Env, found: set[str]) -> None:
        if self.closure(node)(env) is not None:
            return
        if isinstance(node, FactRef):
            found.add(node.id)
        elif isinstance(node, DerivedRef):
            self._missing(self.bound.derived[node.id], env, found)
        elif isinstance(node, Iff) and (known := self.closure(node.cond)(env)) is not None:
            self._missing(node.then if known else node.other, env, found)
        else:
            for part in children(node):
                self._missing(part, env, found)

    def closure(self, node: Node) -> Closure:
        """The tree as a function of a person's facts; equal trees share one."""
        seen = self._seen.get(id(node))
        if seen is not None and seen[0] is node:
            return seen[1]
        found = self._closures.get(node)
        if found is None:
            found = self._closures[node] = self._compile(node)
        self._seen[id(node)] = (node, found)
        return found

    def _maybe(self, node: Node | None) -> Closure | None:
        return None if node is None else self.closure(node)

    def _compile(self, node: Node) -> Closure:
        return _COMPILERS[type(node)](self, node)


def _constant(_: Evaluator, node: Const) -> Closure:
    value = node.value
    return lambda env: value


def _fact(_: Evaluator, node: FactRef | DerivedRef) -> Closure:
    name = node.id
    return lambda env: env.get(name)


def _on(evaluator: Evaluator, _: On) -> Closure:
    on = evaluator.bound.on
    return lambda env: on


def _not(evaluator: Evaluator, node: Not) -> Closure:
    part = evaluator.closure(node.part)

    def run(env: Env) -> Any:
        value = part(env)
        return None if value is None else not value

    return run


def _and(evaluator: Evaluator, node: And) -> Closure:
    parts = [evaluator.closure(p) for p in node.parts]

    def run(env: Env) -> Any:
        found: bool | None = True
        for part in parts:
            value = part(env)
            if value is False:
                return False
            if value is None:
                found = None
        return found

    return run


def _or(evaluator: Evaluator, node: Or) -> Closure:
    parts = [evaluator.closure(p) for p in node.parts]

    def run(env: Env) -> Any:
        found: bool | None = False
        for part in parts:
            value = part(env)
            if value is True:
                return True
            if value is None:
                found = None
        return found

    return run


def _at_least(evaluator: Evaluator, node: AtLeast) -> Closure:
    parts, k = [evaluator.closure(p) for p in node.parts], node.k

    def run(env: Env) -> Any:
        values = [part(env) for part in parts]
        sure = sum(v is True for v in values)
        if sure >= k:
            return True
        return None if sure + sum(v is None for v in values) >= k else False

    return run


def _compare(evaluator: Evaluator, node: Compare) -> Closure:
    left, right, compare = evaluator.closure(node.left), evaluator.closure(node.right), _COMPARE[node.op]
    if isinstance(node.right, Const) and node.right.value is not None:
        constant = node.right.value

        def against(env: Env) -> Any:
            value = left(env)
            return None if value is None else compare(value, constant)

        return against

    def run(env: Env) -> Any:
        a, b = left(env), right(env)
        return None if a is None or b is None else compare(a, b)

    return run


def _within(evaluator: Evaluator, node: Within) -> Closure:
    part, values = evaluator.closure(node.part), frozenset(v.value for v in node.values)

    def run(env: Env) -> Any:
        value = part(env)
        return None if value is None else value in values

    return run


def _arithmetic(evaluator: Evaluator, node: Arithmetic) -> Closure:
    left, right, compute = evaluator.closure(node.left), evaluator.closure(node.right), _COMPUTE[node.op]

    def run(env: Env) -> Any:
        a, b = left(env), right(env)
        return None if a is None or b is None else compute(a, b)

    return run


def _floordiv(evaluator: Evaluator, node: FloorDiv) -> Closure:
    left, right = evaluator.closure(node.left), evaluator.closure(node.right)

    def run(env: Env) -> Any:
        a, b = left(env), right(env)
        return None if a is None or not b else a // b

    return run


def _iff(evaluator: Evaluator, node: Iff) -> Closure:
    cond, then, other = evaluator.closure(node.cond), evaluator.closure(node.then), evaluator.closure(node.other)

    def run(env: Env) -> Any:
        value = cond(env)
        return None if value is None else then(env) if value else other(env)

    return run


def _month_index(evaluator: Evaluator, node: MonthIndex) -> Closure:
    day = evaluator.closure(node.day)

    def run(env: Env) -> Any:
        value: date | None = day(env)
        return None if value is None else value.year * 12 + value.month

    return run


def _year(evaluator: Evaluator, node: Year) -> Closure:
    day = evaluator.closure(node.day)

    def run(env: Env) -> Any:
        value: date | None = day(env)
        return None if value is None else value.year

    return run


def _months_between(evaluator: Evaluator, node: MonthsBetween) -> Closure:
    start, end = evaluator.closure(node.start), evaluator.closure(node.end)

    def run(env: Env) -> Any:
        a, b = start(env), end(env)
        return None if a is None or b is None else (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)

    return run


def _extreme(choose: Callable[[Iterable[int]], int]) -> Callable[[Evaluator, Any], Closure]:
    def compile_it(evaluator: Evaluator, node: Least | Greatest) -> Closure:
        parts = [evaluator.closure(p) for p in node.parts]

        def run(env: Env) -> Any:
            values = [part(env) for part in parts]
            return None if None in values else choose(values)

        return run

    return compile_it


def _first_known(evaluator: Evaluator, node: FirstKnown) -> Closure:
    first, second = evaluator.closure(node.first), evaluator.closure(node.second)

    def run(env: Env) -> Any:
        value = first(env)
        return second(env) if value is None else value

    return run


_COMPILERS: dict[type[Node], Callable[[Evaluator, Any], Closure]] = {
    Const: _constant,
    FactRef: _fact,
    DerivedRef: _fact,
    On: _on,
    Not: _not,
    And: _and,
    Or: _or,
    AtLeast: _at_least,
    Compare: _compare,
    Within: _within,
    Arithmetic: _arithmetic,
    FloorDiv: _floordiv,
    Iff: _iff,
    MonthIndex: _month_index,
    Year: _year,
    MonthsBetween: _months_between,
    Least: _extreme(min),
    Greatest: _extreme(max),
    FirstKnown: _first_known,
}
