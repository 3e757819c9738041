"""Searching for people under one version: on its days, in its place, with the values that matter to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeAlias

from leye.kernel.errors import BadInput
from leye.policy.bind import BoundClause, BoundGroup, BoundNode, BoundPolicy
from leye.policy.cases import facts_of_case
from leye.policy.facts import FactValue
from leye.policy.lint.assembled import Assembled, OwnVersion
from leye.policy.lint.bounds import changes
from leye.policy.lint.candidates import candidates
from leye.policy.lint.coverage import has_value, parameters_read
from leye.policy.lint.witness import Goal, Meter, Person, TooMany, witness
from leye.policy.scalar import Evaluator

MOST_DAYS = 6  # chosen by us: days on which a version is looked at


@dataclass
class Day:
    """A version on one day: bound, with an evaluator and values to try."""

    on: date
    bound: BoundPolicy
    evaluator: Evaluator
    values: dict[str, Sequence[FactValue]]
    meter: Meter

    def find(self, goals: Sequence[Goal], *, until_today: bool = False) -> Person | None:
        """A person for whom all goals are true. until_today: no date of theirs lies after the day. Raises TooMany."""
        return witness(self.evaluator, goals, self._past() if until_today else self.values, self.meter)

    def _past(self) -> dict[str, Sequence[FactValue]]:
        """A hire or a registration after the day of the question contradicts itself, which intake finds and rules do not mend."""
        return {k: [v for v in values if not isinstance(v, date) or v <= self.on] for k, values in self.values.items()}


GoalsOf: TypeAlias = Callable[[Day], Sequence[Goal]]
"""The conditions bound to a day are other objects than those of another day, so goals are made day by day."""


@dataclass
class People:
    """All days of one version."""

    of: Assembled
    own: OwnVersion
    days: list[Day] = field(default_factory=list)

    def __post_init__(self) -> None:
        seeds, meter = _seeds(self.of, self.own), Meter()
        read = parameters_read(self.own.version)
        for on in days_of(self.of, self.own):
            if any(not has_value(self.of.packs, self.own, name, on) for name in read):
                continue  # told already; what follows from a missing number would be noise
            bound, evaluator = self.of.at(self.own.policy, on, self.own.version.region)
            if bound.version is not self.own.version or bound.who is None:
                continue  # another version of the same place stands on that day; an overlap is told elsewhere
            nodes = [n for n in (bound.who.node, bound.amount, bound.months) if n is not None]
            values = candidates(nodes, evaluator.bound.derived, self.of.packs.facts, on, seeds)
            self.days.append(Day(on, bound, evaluator, values, meter))

    def first(self, goals_of: GoalsOf) -> tuple[Day, Person] | None:
        """The first day with a person for whom the goals hold; None when no day has one. Raises TooMany where a day was not searched out."""
        gave_up = False
        for day in self.days:
            try:
                found = day.find(goals_of(day))
            except TooMany:
                gave_up = True
                continue
            if found is not None:
                return day, found
        if gave_up or not self.days:
            raise TooMany
        return None


def days_of(of: Assembled, own: OwnVersion) -> list[date]:
    """Days that stand for the whole version: its first and last, those on which a number changes, those of its cases."""
    version = own.version
    last = version.end or max([version.start, *changes(of.packs.parameters), *changes(version.parameters)]) + timedelta(days=366)
    told = {c.on for c in of.cases_of(own.policy.id)}
    marks = [d for d in sorted({*changes(version.parameters), *told}) if version.start < d < last]
    step = max(1, len(marks) // (MOST_DAYS - 2))
    return [version.start, *marks[::step][: MOST_DAYS - 2], last] if last > version.start else [version.start]


def _seeds(of: Assembled, own: OwnVersion) -> dict[str, set[FactValue]]:
    """Values of the policy's own cases."""
    found: dict[str, set[FactValue]] = {}
    for case in of.cases_of(own.policy.id):
        try:
            facts = facts_of_case(case, of.packs.facts)
        except BadInput:
            continue
        for name, value in facts.items():
            if value is not None:
                found.setdefault(name, set()).add(value)
    return found


def flattened(node: BoundNode) -> Iterator[BoundNode]:
    """Conditions that must all hold: nested `all` groups opened up."""
    if isinstance(node, BoundGroup) and node.group.kind == "all":
        for part in node.parts:
            yield from flattened(part)
    else:
        yield node


def every(node: BoundNode) -> Iterator[BoundNode]:
    """A tree's conditions and groups, all of them."""
    yield node
    if isinstance(node, BoundGroup):
        for part in node.parts:
            yield from every(part)


def text_of(node: BoundNode) -> str:
    """A condition as the file says it; a group by its sentence, or by what is in it."""
    if isinstance(node, BoundClause):
        return node.clause.text
    kind = f"at_least {node.group.k}" if node.group.kind == "at_least" else node.group.kind
    return node.group.say or f"{kind}: {' | '.join(text_of(part) for part in node.parts)}"


def told(person: Person, of: Assembled) -> str:
    """Facts of a person in words of the file: `sex=M, birth=1968-09-01`; `-` where none matters."""
    order = of.packs.facts.order
    return ", ".join(f"{k}={_plain(v)}" for k, v in sorted(person.items(), key=lambda kv: order.get(kv[0], 0))) or "-"


def _plain(value: FactValue) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
