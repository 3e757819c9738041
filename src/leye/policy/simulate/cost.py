"""Expected cost: what is really taken up, with the range of the take-up assumption, and what one more person costs at the margin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from leye.kernel.errors import BadInput
from leye.policy.located import Mapping, Text
from leye.policy.pack import PackSet
from leye.policy.simulate.compare import Both, columns_of
from leye.policy.simulate.reform import Reform, apply
from leye.policy.simulate.summary import Summary, summarise
from leye.policy.simulate.take_up import TakeUp


@dataclass(frozen=True, slots=True)
class Range:
    """A central figure with its range of 90 %."""

    centre: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Annual fen and people under a take-up model. added: the reform against the law, draw by draw."""

    policy: str
    cost_before: Range
    cost_after: Range
    cost_added: Range
    people_before: Range
    people_after: Range


@dataclass(frozen=True, slots=True)
class Margin:
    """One step further along a parameter. per_person_fen: added fen for each added entitled person, None when none is added."""

    policy: str
    parameter: str
    value: int
    step: int
    cost_added_fen: int
    people_added: int
    per_person_fen: int | None


def expected(both: Both, people: pl.LazyFrame, model: TakeUp, *, region: str | None = None) -> list[Expected]:
    """Expected cost and reach of every compared policy. Few amounts occur, so the model meets each amount once."""
    frame = columns_of(both, people, region=region)
    found = []
    for policy in both.policies:
        sides = []
        for side in "01":
            values = frame.select(pl.col(f"y{side}.{policy}").alias("y")).filter(pl.col("y") > 0)
            counts = values.group_by("y").len().sort("y").collect(engine="streaming")
            annual, n = counts["y"].to_numpy().astype(np.float64), counts["len"].to_numpy().astype(np.float64)
            share = model.share(annual)
            sides.append((share @ (annual * n), share @ n))
        (cost0, people0), (cost1, people1) = sides
        found.append(Expected(policy, _range(cost0), _range(cost1), _range(cost1 - cost0), _range(people0), _range(people1)))
    return found


def _range(draws: np.ndarray) -> Range:
    low, high = np.quantile(draws[1:], [0.05, 0.95])
    return Range(float(draws[0]), float(low), float(high))


def margins(reform: Reform, packs: PackSet, people: pl.LazyFrame, on: date, *, region: str | None = None) -> list[Margin]:
    """For each changed number of a policy: one step beyond the reform, computed again for the touched policies only.

    The step is one percent of the value, at least one; for counts and months it is one.
    """
    after = apply(reform, packs, on)
    found = []
    for i, change in enumerate(reform.changes):
        value = change.get("value")
        if "parameter" not in change or not isinstance(value, Text):
            continue
        step = max(1, int(value) // 100)
        further = Mapping(change)
        further.file, further.line = change.file, change.line
        further.update({"value": Text(str(int(value) + step), value.file, value.line), "beyond_cap": Text("margin")})
        moved = replace(reform, changes=(*reform.changes[:i], further, *reform.changes[i + 1 :]))
        beyond = _beyond(moved, packs, on)
        if beyond is None:
            continue
        summary = summarise(Both.of(after, beyond, on), people, region=region)
        found.append(_margin(change, int(value), step, summary))
    return found


def _beyond(reform: Reform, packs: PackSet, on: date) -> PackSet | None:
    """The reform one step further; None where a fact's own range ends."""

    try:
        return apply(reform, packs, on)
    except BadInput:
        return None


def _margin(change: Mapping, value: int, step: int, summary: Summary) -> Margin:
    cost = summary.cost_after_fen - summary.cost_before_fen
    people = summary.people_added
    return Margin(str(change.get("policy", "")), str(change["parameter"]), value, step, cost, people, cost // people if people > 0 else None)
