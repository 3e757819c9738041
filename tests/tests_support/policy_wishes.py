"""Making conditions of rules come true for some rows of random people, by setting the facts they read. Best effort: what it cannot turn it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

import numpy as np

from leye.policy import FactTable, PackSet, places
from leye.policy.expression import (
    And,
    AtLeast,
    Compare,
    Const,
    DerivedRef,
    FactRef,
    FloorDiv,
    MonthsBetween,
    Node,
    Not,
    On,
    Or,
    Within,
    Year,
    walk,
)

Columns: TypeAlias = dict[str, np.ndarray]
"""Fact id -> values by row: bools, ints, days since 1970, or text."""

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def boundaries(packs: PackSet, on: date) -> dict[str, tuple[int, ...]]:
    """Numbers and days (since 1970) that some rule compares a fact with, by fact."""
    found: dict[str, set[int]] = {}
    for bound in places(packs, on).classes:
        trees = [*bound.derived.values(), *(n for p in bound.policies for n in (p.who.node if p.who else None, p.amount, p.months) if n is not None)]
        for node in (part for tree in trees for part in walk(tree)):
            for fact, value in _compared(node, on):
                found.setdefault(fact, set()).add(value)
    return {fact: tuple(sorted(values)) for fact, values in found.items()}


def _compared(node: Node, on: date) -> Iterable[tuple[str, int]]:
    if not (isinstance(node, Compare) and isinstance(node.right, Const) and node.right.value is not None):
        return
    value = node.right.value
    left, times = (node.left.left, 12) if isinstance(node.left, FloorDiv) else (node.left, 1)
    if isinstance(left, FactRef) and isinstance(value, int) and left.type == "int":
        yield left.id, value
    elif isinstance(left, MonthsBetween) and isinstance(left.start, FactRef) and isinstance(value, int):
        yield left.start.id, _months_before(on, value * times)


def _months_before(day: date, months: int) -> int:
    """Days since 1970 of the day so many months before, the month's last where it has no such day."""
    index = day.year * 12 + day.month - 1 - months
    month = np.datetime64(f"{index // 12:04}-{index % 12 + 1:02}", "M")
    first, length = (
        int(month.astype("datetime64[D]").astype(np.int64)),
        int(((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int)),
    )
    return first + min(day.day, length) - 1


class Wishes:
    """Sets facts so that trees become true (or false) for given rows."""

    def __init__(self, columns: Columns, facts: FactTable, derived: Mapping[str, Node], on: date, dice: np.random.Generator) -> None:
        self.columns, self.facts, self.derived, self.on, self.dice = columns, facts, derived, on, dice

    def grant(self, node: Node, rows: np.ndarray, *, true: bool = True) -> None:
        """Make a condition hold for some rows, or fail."""
        if not rows.size:
            return
        if isinstance(node, FactRef):
            self.columns[node.id][rows] = true
        elif isinstance(node, Not):
            self.grant(node.part, rows, true=not true)
        elif isinstance(node, DerivedRef) and node.id in self.derived:
            self.grant(self.derived[node.id], rows, true=true)
        elif isinstance(node, And | Or | AtLeast):
            self._grant_group(node, rows, true=true)
        elif isinstance(node, Compare):
            self._grant_comparison(node.left, node.op if true else _OPPOSITE[node.op], node.right, rows)
        elif isinstance(node, Within) and isinstance(node.part, FactRef) and true:
            self.columns[node.part.id][rows] = self.dice.choice(np.asarray([v.value for v in node.values]), rows.size)

    def _grant_group(self, node: And | Or | AtLeast, rows: np.ndarray, *, true: bool) -> None:
        """All parts, or one part each, drawn at random."""
        if isinstance(node, And) == true or isinstance(node, AtLeast):
            for part in node.parts:
                self.grant(part, rows, true=true)
            return
        drawn = self.dice.integers(0, len(node.parts), rows.size)
        for number, part in enumerate(node.parts):
            self.grant(part, rows[drawn == number], true=true)

    def _grant_comparison(self, left: Node, op: str, right: Node, rows: np.ndarray) -> None:
        times = 1
        if isinstance(left, FloorDiv) and isinstance(left.right, Const):
            left, times = left.left, int(left.right.value or 1)  # type: ignore[call-overload]
        if isinstance(left, FactRef) and isinstance(right, Const):
            self._set(left.id, op, right.value, rows)
        elif isinstance(left, FactRef) and isinstance(right, FactRef) and left.type == "int":
            self._put(left.id, self.columns[right.id][rows].astype(np.int64) + _step(op), rows)
        elif isinstance(left, Year) and isinstance(left.day, FactRef) and op == "==":
            self._same_year(left.day, right, rows)
        elif isinstance(left, MonthsBetween) and isinstance(right, Const) and isinstance(right.value, int):
            low, high = _range(op, right.value * times, times)
            self._months(left, self.dice.integers(low, high + 1, rows.size), rows)
        elif isinstance(left, FactRef) and isinstance(right, DerivedRef):  # a number that is not known here: the far end of what is allowed
            about = self.facts[left.id]
            self._put(left.id, np.full(rows.size, about.high if op in (">", ">=") else about.low), rows)
        elif isinstance(left, DerivedRef) and left.id in ("months_to_retirement", "retirement_month"):
            self._near_retirement(rows)

    def _near_retirement(self, rows: np.ndarray) -> None:
        """Born so that the statutory month lies within a year and a half: ages before the reform and its first quarter of a year."""
        women, later = self.columns["sex"][rows] == "F", self.columns["female_retire_base"][rows] == 55
        years = np.where(women, np.where(later, 55, 50), 60)
        self._dates("birth", self._days_of(On(), rows) - years * 365 - years // 4 - 90 + self.dice.integers(-550, 550, rows.size), rows)

    def _set(self, fact: str, op: str, value: object, rows: np.ndarray) -> None:
        if isinstance(value, bool):
            self.columns[fact][rows] = value if op == "==" else not value
        elif isinstance(value, str):
            others = [w for w in self.facts[fact].allowed if w != value]
            self.columns[fact][rows] = value if op == "==" else self.dice.choice(np.asarray(others), rows.size)
        elif isinstance(value, int):
            spread = self.dice.choice(np.asarray([0, 0, 1, 12, max(value, 10)]), rows.size)
            self._put(fact, value + _step(op) + spread * {"<": -1, "<=": -1, ">": 1, ">=": 1}.get(op, 0), rows)

    def _put(self, fact: str, values: np.ndarray, rows: np.ndarray) -> None:
        """Numbers, kept to what is allowed."""
        about = self.facts[fact]
        if about.choices:
            allowed = np.asarray(about.choices)
            values = allowed[np.abs(allowed[None, :] - values[:, None]).argmin(axis=1)]
        else:
            values = np.clip(values, int(about.low), int(about.high))  # type: ignore[arg-type]
        self.columns[fact][rows] = values

    def _same_year(self, day: FactRef, right: Node, rows: np.ndarray) -> None:
        if isinstance(right, Year) and isinstance(right.day, FactRef):
            years = self.columns[right.day.id][rows].astype("datetime64[D]").astype("datetime64[Y]")
        elif isinstance(right, Year) and isinstance(right.day, On):
            years = np.full(rows.size, np.datetime64(str(self.on.year), "Y"))
        else:
            return
        self._dates(day.id, years.astype("datetime64[D]").astype(np.int64) + self.dice.integers(0, 365, rows.size), rows)

    def _months(self, between: MonthsBetween, months: np.ndarray, rows: np.ndarray) -> None:
        """So many complete months before the end, to the day for half of them."""
        start, end = between.start, between.end
        if isinstance(start, FactRef):
            last = self._days_of(end, rows)
            self._dates(start.id, _back(last, months) - self.dice.choice(np.asarray([0, 0, 10]), rows.size), rows)
        elif isinstance(end, FactRef):
            self._dates(end.id, _back(self._days_of(start, rows), -months), rows)

    def _days_of(self, node: Node, rows: np.ndarray) -> np.ndarray:
        if isinstance(node, FactRef):
            return self.columns[node.id][rows].astype(np.int64)
        return np.full(rows.size, (self.on - date(1970, 1, 1)).days, dtype=np.int64)

    def _dates(self, fact: str, days: np.ndarray, rows: np.ndarray) -> None:
        about = self.facts[fact]
        low, high = ((d - date(1970, 1, 1)).days for d in (about.low, about.high))  # type: ignore[operator]
        self.columns[fact][rows] = np.clip(days, low, high)


def _step(op: str) -> int:
    """How far from the number the nearest value lies that satisfies the comparison."""
    return {"<": -1, ">": 1, "!=": 1}.get(op, 0)


def _range(op: str, months: int, width: int) -> tuple[int, int]:
    """A stretch of months that satisfies a comparison, at its boundary; width: 12 where years are compared."""
    if op in ("<", "<="):
        last = months - 1 if op == "<" else months + width - 1
        return max(last - 30, min(last, 0)), last
    if op in (">", ">="):
        first = months if op == ">=" else months + width
        return first, first + 60
    return months, months + width - 1


def _back(days: np.ndarray, months: np.ndarray) -> np.ndarray:
    """The same day of the month so many months before; the last of a shorter month."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    into = (dates - month.astype("datetime64[D]")).astype(np.int64)
    target = month - months.astype("timedelta64[M]")
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64)
    return target.astype("datetime64[D]").astype(np.int64) + np.minimum(into, length - 1)


__all__ = ["Columns", "Wishes", "boundaries"]
