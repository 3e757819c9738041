"""The evaluator of one place whose day is part of the person's values, so that the same rules can be asked about a later day or a changed fact."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from leye.policy.bind import Bound, derived_behind
from leye.policy.expression import DerivedRef, Node, On, children, rebuild
from leye.policy.scalar import Closure, Env, Evaluator

ON = "on"
"""Key of the day in an environment; no fact may be called so, because the rule language keeps the word."""


class DayEvaluator(Evaluator):
    """`Evaluator` with the day of the question taken from `env["on"]`."""

    def __init__(self, bound: Bound) -> None:
        super().__init__(bound)
        self._behind = {name: frozenset(self.bound.reads([node])) | derived_behind(bound.derived, [node]) for name, node in bound.derived.items()}
        self._by_name = dict(self._derived)
        self._timed = frozenset(name for name, node in bound.derived.items() if reads_the_day(bound, node))

    def _compile(self, node: Node) -> Closure:
        if isinstance(node, On):
            return lambda env: env[ON]
        return super()._compile(node)

    def env(self, facts: Mapping[str, Any]) -> Env:
        """Facts of a person, the day, and the derived facts beside."""
        env: Env = dict(facts)
        env[ON] = self.bound.on
        for name, closure in self._derived:
            env[name] = closure(env)
        return env

    def with_fact(self, env: Env, fact: str, value: object) -> Env:
        """The person as with another value of one fact."""
        changed = dict(env)
        changed[fact] = value
        return self._again(changed, (name for name in self.bound.derived if fact in self._behind[name]))

    def on_day(self, env: Env, day: date) -> Env:
        """The person as on another day, everything else as it is."""
        changed = dict(env)
        changed[ON] = day
        return self._again(changed, (name for name in self.bound.derived if name in self._timed))

    def is_timed(self, name: str) -> bool:
        """Whether a derived fact changes as days go by."""
        return name in self._timed

    def depends(self, name: str, fact: str) -> bool:
        """Whether a derived fact is worked out from a fact."""
        return fact in self._behind[name]

    def inlined(self, node: Node) -> Node:
        """The tree with derived facts that change with the day written out, so that only the day must be changed to ask about another one."""

        def change(part: Node) -> Node | None:
            return self.inlined(self.bound.derived[part.id]) if isinstance(part, DerivedRef) and part.id in self._timed else None

        return rebuild(node, change)

    def _again(self, env: Env, names: Iterable[str]) -> Env:
        for name in names:  # in the order of `bound.derived`: each follows what it reads
            env[name] = self._by_name[name](env)
        return env


def reads_the_day(bound: Bound, node: Node) -> bool:
    """Whether a tree looks at the day of the question, itself or through derived facts."""
    if isinstance(node, On):
        return True
    if isinstance(node, DerivedRef):
        return reads_the_day(bound, bound.derived[node.id])
    return any(reads_the_day(bound, part) for part in children(node))


@cache
def months_later(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; its last day where the month is shorter, the calendar's end beyond it.

    >>> months_later(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_after(day: date, months: int) -> date:
    """First day on which that many complete months have passed: the same day of a later month, the first of the next where there is none.

    >>> months_after(date(2025, 1, 31), 1)
    datetime.date(2025, 3, 1)
    """
    found = months_later(day, months)
    return found if found.day == day.day else found + timedelta(days=1)


def first_day(holds: Closure, env: Env, after: date, until: date, *, guess: date | None = None) -> date | None:
    """First day in (after, until] on which a condition holds that, once true, stays so; None when it does not hold on the last.

    holds: a closure that looks at the day only through `env["on"]` (`DayEvaluator.inlined`); `env` is left as found. guess: tried first, kept only
    when the condition holds on it and not on the day before.
    """
    on = env[ON]

    def is_true(day: date) -> bool:
        env[ON] = day
        return holds(env) is True

    try:
        if guess is not None and after < guess <= until and is_true(guess) and not is_true(guess - timedelta(days=1)):
            return guess
        return _bisected(is_true, after, until) if is_true(until) else None
    finally:
        env[ON] = on


def _bisected(is_true: Callable[[date], bool], low: date, high: date) -> date:
    while (high - low).days > 1:
        middle = low + timedelta(days=(high - low).days // 2)
        low, high = (low, middle) if is_true(middle) else (middle, high)
    return high
