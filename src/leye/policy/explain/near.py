"""How far a failing condition is from holding, and when it turns by itself.

Compiled once a condition; asked only of conditions that fail. Three ways, the first that applies:
1. time: as months go by the difference moves towards holding (age, months since a day, months to retirement). The first day is searched, not guessed:
   the condition is evaluated on the days themselves, so what is said is true.
2. growth: a count that gains one a month while contributions go on (`grows` in questions.yaml), or starts again on 1 January.
3. change: the least change of one fact, other facts as they are. Where the fact is also read by a derived fact of the condition, the change is tried.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from leye.policy.explain.affine import Affine, difference, opposite, short_by, speed
from leye.policy.explain.answer import NearMiss
from leye.policy.explain.days import ON, DayEvaluator, first_day, months_later
from leye.policy.explain.guess import guess_of
from leye.policy.explain.labels import Labels
from leye.policy.explain.near_words import NearWords
from leye.policy.expression import And, Compare, DerivedRef, FactRef, FloorDiv, Node, Not, Year, node_type, walk
from leye.policy.facts import Fact
from leye.policy.scalar import Closure, Env

Near: TypeAlias = Callable[[Env], NearMiss | None]
MEASURED = frozenset({"months", "years", "days", "people", "times", "orders"})
EMPLOYED = "employed"
KEPT = 256  # distances kept a condition, chosen by us
LAST_YEAR = 2100  # chosen by us: nobody plans for a day beyond, and dates end somewhere


def near_of(node: Node, evaluator: DayEvaluator, labels: Labels, words: NearWords) -> Near | None:
    """The near miss of a condition as a function of a person; None for conditions without a distance."""
    if isinstance(node, Not):
        turned = _inverted(node.part)
        return None if turned is None else near_of(turned, evaluator, labels, words)
    if isinstance(node, And):
        return _of_the_only_false(node, evaluator, labels, words)
    if not isinstance(node, Compare) or node_type(node.left) != "int" or node.op == "!=":
        return None
    return _Comparison(node, evaluator, labels, words).miss


def _inverted(node: Node) -> Node | None:
    return Compare(opposite(node.op), node.left, node.right) if isinstance(node, Compare) else None


def _of_the_only_false(node: And, evaluator: DayEvaluator, labels: Labels, words: NearWords) -> Near:
    """Of several comparisons in one condition: the distance of the failing one, where all others hold and the whole holds afterwards too."""
    parts = [(evaluator.closure(p), near_of(p, evaluator, labels, words)) for p in node.parts]
    whole = evaluator.closure(node)

    def miss(env: Env) -> NearMiss | None:
        failing = [near for holds, near in parts if holds(env) is not True]
        found = failing[0](env) if len(failing) == 1 and failing[0] is not None else None
        return found if found is not None and whole(after(found, env, evaluator)) is True else None

    return miss


def after(near: NearMiss, env: Env, evaluator: DayEvaluator) -> Env:
    """The person as after the change, on the day on which it is there."""
    changed = env if near.to is None else evaluator.with_fact(env, near.fact, near.to)
    return changed if near.turns_on is None else evaluator.on_day(changed, near.turns_on)


class _Comparison:
    """One comparison of numbers."""

    def __init__(self, node: Compare, evaluator: DayEvaluator, labels: Labels, words: NearWords) -> None:
        self.node, self.evaluator, self.words = node, evaluator, words
        self.left, self.right = evaluator.closure(node.left), evaluator.closure(node.right)
        form, inlined = difference(node), evaluator.inlined(node)
        self.main, self.unit = _measured(form, labels)
        pace = _pace(form, evaluator)
        self.pace = pace if pace and self.unit else None
        self.on_a_day: Closure | None = evaluator.closure(inlined) if self.pace else None
        self.guess = guess_of(inlined, evaluator) if self.pace and isinstance(inlined, Compare) else None
        self.pivot, self.coefficient = _pivot(form, labels)
        self.fact = labels.facts.get(self.pivot)
        self.low, self.high = _limits(self.fact)
        self._kept: dict[tuple[int, int, bool], NearMiss] = {}
        self.needs_trial = any(_reads(part, self.pivot, evaluator) for part, _ in form.parts if part != FactRef(self.pivot, "int"))

    def miss(self, env: Env) -> NearMiss | None:
        """The near miss of a person for whom the comparison fails."""
        short = short_by(self.node.op, self.left(env) - self.right(env))
        if not short:
            return None
        return self._by_time(env, short) or self._by_change(env, short)

    def _by_time(self, env: Env, short: int) -> NearMiss | None:
        if self.pace is None or self.on_a_day is None or (short > 0) != (self.pace.numerator > 0):
            return None
        on: date = env[ON]
        per, units = self.pace.denominator, abs(self.pace.numerator)  # so many units in so many months
        last, least = -(-abs(short) * per // units), (abs(short) - 1) * per // units
        if on.year + last // 12 >= LAST_YEAR:
            return None
        this_month = date(on.year, on.month, 1)
        guess = None if self.guess is None else self.guess(env, abs(short))
        until = months_later(this_month, last + 2)
        day = first_day(self.on_a_day, env, max(on, months_later(this_month, least - 1)), until, guess=guess)
        return None if day is None else self.words.by_time(self.main, abs(short), self.unit, on=on, day=day)

    def _by_change(self, env: Env, short: int) -> NearMiss | None:
        fact = self.fact
        value = env.get(self.pivot) if fact is not None else None
        if value is None or fact is None:
            return None
        # rounded away from zero: the least whole change that is enough
        change = -(-short // self.coefficient) if (short > 0) == (self.coefficient > 0) else short // self.coefficient
        if self.node.op == "==" and change * self.coefficient != short:
            return None
        if not self.low <= value + change <= self.high:
            return None
        if self.needs_trial and self.evaluator.closure(self.node)(self.evaluator.with_fact(env, self.pivot, value + change)) is not True:
            return None
        is_employed = env.get("employment_status") == EMPLOYED
        key = change, value, is_employed
        if key not in self._kept:
            found = self.words.by_change(fact, change, value + change, on=env[ON], is_employed=is_employed)
            if len(self._kept) >= KEPT:
                return found
            self._kept[key] = found
        return self._kept[key]


def _measured(form: Affine, labels: Labels) -> tuple[str, str]:
    """The fact or derived fact whose unit the difference has, and that unit; empty where the unit says nothing (grades, scaled sums)."""
    for part, coefficient in form.parts:
        if isinstance(part, FactRef | DerivedRef) and abs(coefficient) == 1 and labels.unit(part.id) in MEASURED:
            return part.id, labels.unit(part.id)
    for part, _ in form.parts:
        for read in walk(part):
            if isinstance(read, FactRef):
                return read.id, _unit_of(part, labels.facts[read.id])
    return "", ""


def _unit_of(part: Node, fact: Fact) -> str:
    """The unit of a part that is not a plain fact."""
    if fact.type == "date":
        return "years" if isinstance(part, FloorDiv | Year) else "months"
    return "fen" if fact.type == "fen" else fact.unit if fact.unit in MEASURED else ""


def _pace(form: Affine, evaluator: DayEvaluator) -> Fraction | None:
    paces = [(speed(part, evaluator.bound.derived), coefficient) for part, coefficient in form.parts]
    if any(pace is None for pace, _ in paces):
        return None
    return sum((Fraction(coefficient) * (pace or 0) for pace, coefficient in paces), Fraction(0))


def _pivot(form: Affine, labels: Labels) -> tuple[str, int]:
    """The fact that would be changed, and its coefficient: the first that is a measured number."""
    for part, coefficient in form.parts:
        if isinstance(part, FactRef):
            fact = labels.facts[part.id]
            if (fact.type == "fen" or fact.unit in MEASURED) and not fact.choices and fact.kind != "local":
                return part.id, coefficient
    return "", 0


def _limits(fact: Fact | None) -> tuple[int, int]:
    """What a number may be; read from text once, for a fact asks anew each time."""
    low, high = (fact.low, fact.high) if fact is not None else (None, None)
    return (low if isinstance(low, int) else 0), (high if isinstance(high, int) else -1)


def _reads(node: Node, fact: str, evaluator: DayEvaluator) -> bool:
    parts: list[Any] = list(walk(node))
    return any((isinstance(p, FactRef) and p.id == fact) or (isinstance(p, DerivedRef) and evaluator.depends(p.id, fact)) for p in parts)
