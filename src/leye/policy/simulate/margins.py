"""What one more step along a changed number costs, and what each person it adds costs: a small curve from the law to the reform and beyond."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from leye.kernel.errors import BadInput
from leye.policy import fields
from leye.policy.located import Mapping, Text
from leye.policy.pack import PackSet
from leye.policy.simulate.change_words import law_value
from leye.policy.simulate.compare import Both
from leye.policy.simulate.likely import Range, expected
from leye.policy.simulate.patch import apply
from leye.policy.simulate.reform import Reform
from leye.policy.simulate.summary import Summary, summarise
from leye.policy.simulate.take_up import TakeUp

STEPS = 4
"""Steps from the law's number to the reform's; one more goes beyond it. Chosen by us: a bend is seen with four."""


@dataclass(frozen=True, slots=True)
class Point:
    """The reform with another number in one place, against the law. cost: annual fen of public funds for the entitled · expected: under take-up ·
    per_person_fen: what each person added since the point before costs, None where none is added or nothing more is paid."""

    value: int
    cost_added_fen: int
    people_added: int
    expected_added: Range
    per_person_fen: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One changed number. change: its place among the changes, from 0 · law, value: the number under the law (None: there is none) and the reform."""

    change: int
    policy: str
    parameter: str
    region: str
    law: int | None
    value: int
    points: tuple[Point, ...]


def margins(reform: Reform, packs: PackSet, people: pl.LazyFrame, on: date, model: TakeUp, *, region: str | None = None) -> list[Curve]:
    """A curve for each changed number; the other changes stay as the reform says. on: the day of the comparison."""
    found = []
    for i, change in enumerate(reform.changes):
        if "value" in change:
            law, value = law_value(change, packs, reform.start or on), fields.whole(change["value"], "value", change.place)
            points = _points(reform, i, _values(law, value), packs, people, on, model, region)
            where = (str(change.get("policy", "")), str(change["parameter"]), fields.region(change, "region"))
            found.append(Curve(i, *where, law, value, points))
    return found


def _values(law: int | None, value: int) -> list[int]:
    """Whole numbers from the law's to the reform's and one step beyond, each once; around the reform's where the law has none."""
    low = law if law is not None else value - max(1, abs(value) // 10)
    raw = [low + (value - low) * k / STEPS for k in range(STEPS + 2)]
    beyond = value + (1 if value > low else -1)
    whole = [round(v) for v in raw[:-1]] + [round(raw[-1]) if round(raw[-1]) != value else beyond]
    return list(dict.fromkeys(whole)) if value != low else [value - 1, value, value + 1]


def _points(
    reform: Reform, i: int, values: list[int], packs: PackSet, people: pl.LazyFrame, on: date, model: TakeUp, region: str | None
) -> tuple[Point, ...]:
    found: list[Point] = []
    for value in values:
        moved = _moved(reform, i, value, packs, on)
        if moved is None:
            continue
        both = Both.of(packs, moved, on)
        summary = summarise(both, people, region=region)
        likely = expected(both, people, model, region=region)
        found.append(_point(value, summary, likely.cost_added, found[-1] if found else None))
    return tuple(found)


def _point(value: int, summary: Summary, added: Range, last: Point | None) -> Point:
    cost, people = summary.cost_after_fen - summary.cost_before_fen, summary.people_added
    more_cost = cost - last.cost_added_fen if last is not None else 0
    more_people = people - last.people_added if last is not None else 0
    if more_people < 0 and more_cost < 0:  # the step goes down: the same price for each person less
        more_cost, more_people = -more_cost, -more_people
    return Point(value, cost, people, added, more_cost // more_people if more_people > 0 and more_cost > 0 else None)


def _moved(reform: Reform, i: int, value: int, packs: PackSet, on: date) -> PackSet | None:
    """The packs under the reform with one number moved; None where a fact's own range ends, or the number has no meaning."""
    change = reform.changes[i]
    moved = Mapping(change)
    moved.file, moved.line = change.file, change.line
    moved.update({"value": Text(str(value), change.file, change.line), "beyond_cap": Text("margin", change.file, change.line)})
    try:
        return apply(replace(reform, changes=(*reform.changes[:i], moved, *reform.changes[i + 1 :])), packs, on)
    except BadInput:
        return None
