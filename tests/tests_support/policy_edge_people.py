"""People near the edges of the law, one by one: worked cases of a pack with facts changed and lost, on days on both sides of every version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from leye.policy.facts import Fact, FactTable

Facts = dict[str, Any]

REGIONS = ("CN", "CN-44", "CN-4401", "CN-440106", "CN-63", "CN-6301", "CN-11", "CN-35", "CN-510104")
EDGE_MONTHS = (0, 1, 5, 6, 7, 11, 12, 13, 23, 24, 25, 35, 36, 37, 47, 48, 59, 60, 61, 119, 120)
"""Months at which something in the law turns, with their neighbours."""
EDGE_YEARS = (16, 24, 25, 40, 50, 52, 54, 55, 58, 59, 60, 61, 62, 63)
SMALL = (0, 1, 2, 3, 5, 6, 10, 11, 12, 23, 24, 30, 31, 35, 36, 47, 48, 53, 54, 59, 60, 100, 101, 120, 999)
MONEY = (0, 1, 33, 100, 40_249, 40_250, 99_999, 100_001, 199_000, 2_000_000, 3_000_000, 30_000_001, 400_000_001)


def days_around(edges: Iterable[date]) -> list[date]:
    """Each day with the day before and the day after, in order."""
    return sorted({day + timedelta(n) for day in edges for n in (-1, 0, 1)})


def edge_people(facts: FactTable, seeds: Iterable[tuple[Facts, date]], days: list[date], dice: Random, n: int) -> Iterator[tuple[Facts, date]]:
    """n people with their day: a quarter drawn freely, the others worked cases with up to two facts changed and up to a fifth lost."""
    pool = list(seeds)
    for i in range(n):
        if i % 4 == 0:
            on = dice.choice(days)
            yield free_person(facts, on, dice, unknown=0.2), on
        else:
            case, on = dice.choice(pool)
            on = on if dice.random() < 0.8 else dice.choice(days)
            yield changed(case, facts, on, dice, changes=dice.randint(0, 2), unknown=dice.choice((0.0, 0.05, 0.2))), on


def free_person(facts: FactTable, on: date, dice: Random, *, unknown: float) -> Facts:
    """All facts of the table, each unknown with the given share; dates lie whole months before (or a day beside) the day of the question."""
    person = {fact.id: random_value(fact, on, dice) for fact in facts if dice.random() >= unknown}
    return person | {"region": dice.choice(REGIONS)}


def changed(person: Facts, facts: FactTable, on: date, dice: Random, *, changes: int, unknown: float) -> Facts:
    """A person with some facts drawn anew, some lost, and three of ten moved elsewhere."""
    known = [f for f in person if f != "region"]
    redrawn = {name: random_value(facts[name], on, dice) for name in dice.sample(known, min(changes, len(known)))}
    kept = {name: value for name, value in (person | redrawn).items() if name == "region" or dice.random() >= unknown}
    return kept | ({"region": dice.choice(REGIONS)} if dice.random() < 0.3 else {})


def random_value(fact: Fact, on: date, dice: Random) -> Any:
    """An allowed value of a fact."""
    if fact.type == "bool":
        return dice.random() < 0.5
    if fact.choices:
        return dice.choice(fact.choices)
    if fact.type == "text":
        return "P00000001"
    if fact.type == "date":
        return _within(fact, _near(on, EDGE_YEARS if fact.id == "birth" else (), dice))
    return _within(fact, dice.choice(MONEY if fact.type == "fen" else SMALL) if dice.random() < 0.8 else dice.randint(fact.low or 0, fact.high or 0))


def _near(on: date, years: tuple[int, ...], dice: Random) -> date:
    months = dice.choice(years) * 12 + dice.randint(-2, 14) if years else dice.choice(EDGE_MONTHS)
    index = on.year * 12 + on.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return first + timedelta(days=min(on.day, 28) - 1 + dice.randint(-1, 1))


def _within(fact: Fact, value: Any) -> Any:
    return min(max(value, fact.low), fact.high)  # type: ignore[type-var]
