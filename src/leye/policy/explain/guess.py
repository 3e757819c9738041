"""The day on which a comparison turns, worked out for the usual forms; `first_day` tries it before it believes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from leye.policy.explain.affine import difference
from leye.policy.explain.days import ON, DayEvaluator, months_after, months_later
from leye.policy.expression import Compare, Const, FloorDiv, MonthIndex, MonthsBetween, Node, On
from leye.policy.scalar import Env

Guess: TypeAlias = Callable[[Env, int], date | None]


def guess_of(node: Compare, evaluator: DayEvaluator) -> Guess | None:
    """(person, units short) -> the day, for comparisons with one part that moves with the day; None for others. node: `DayEvaluator.inlined`."""
    moving = [(part, c) for part, c in difference(node).parts if _is_moving(part)]
    if len(moving) != 1 or abs(moving[0][1]) != 1:
        return None
    part = moving[0][0]
    if isinstance(part, MonthIndex):
        return lambda env, short: months_later(env[ON].replace(day=1), short)
    if isinstance(part, FloorDiv) and part.right == Const(12, "int"):
        return _since(part.left, evaluator, 12)
    return _since(part, evaluator, 1)


def _is_moving(part: Node) -> bool:
    inner = part.left if isinstance(part, FloorDiv) else part
    return (isinstance(inner, MonthIndex) and isinstance(inner.day, On)) or (isinstance(inner, MonthsBetween) and isinstance(inner.end, On))


def _since(part: Node, evaluator: DayEvaluator, months: int) -> Guess | None:
    """Months (or years of 12) since a day: the day on which so many more are complete."""
    if not isinstance(part, MonthsBetween):
        return None
    start, passed = evaluator.closure(part.start), evaluator.closure(part)

    def guess(env: Env, short: int) -> date | None:
        day: date | None = start(env)
        return None if day is None else months_after(day, months * (passed(env) // months + short))

    return guess
