"""One simulation from beginning to end: what `leye policy simulate` writes and the page shows, from one place, so that the two agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from leye.policy.pack import PackSet
from leye.policy.simulate.budget import FundLimit, limits
from leye.policy.simulate.change_words import Words, words_of
from leye.policy.simulate.compare import Both
from leye.policy.simulate.likely import Likely, expected
from leye.policy.simulate.margins import Curve, margins
from leye.policy.simulate.notes import notes_of
from leye.policy.simulate.patch import apply
from leye.policy.simulate.path import monthly_path
from leye.policy.simulate.record import Record
from leye.policy.simulate.reform import Reform
from leye.policy.simulate.summary import Summary, summarise
from leye.policy.simulate.take_up import TakeUp, take_up

Told = Callable[[str, int, int], None]
"""Called as (step in Chinese, steps done, steps in all)."""
STEPS = ("比较", "按月成本", "申领率区间", "边际成本")


@dataclass(frozen=True)
class Simulation:
    """Everything about a reform over a table of people. asked_on: the day asked for · on: the day of the comparison, the reform's first where that
    is later · model: whose take-up numbers were used · record: the bureau's own record, where one was read · words: what each change does."""

    reform: Reform
    asked_on: date
    on: date
    both: Both
    words: tuple[Words, ...]
    summary: Summary
    months: pl.DataFrame
    likely: Likely
    limits: tuple[FundLimit, ...]
    margins: tuple[Curve, ...]
    model: TakeUp
    record: Record | None
    packs: PackSet

    @cached_property
    def notes(self) -> list[Words]:
        """What a reader must know beside the figures of this very reform."""
        return notes_of(self.reform, self.packs, self.both, self.summary, self.on)


def simulate(
    packs: PackSet,
    reform: Reform,
    people: pl.LazyFrame,
    on: date,
    *,
    by: Sequence[str] = (),
    region: str | None = None,
    months: int = 12,
    seed: int = 0,
    notified: bool = False,
    record: Record | None = None,
    curves: bool = True,
    told: Told = lambda step, done, of: None,
) -> Simulation:
    """The reform against the law. people: facts unchecked (`table_check`) · notified: everybody is told · record: the bureau's own take-up, used
    unless the reform states one · curves: also what one step more costs, for each changed number.

    Raises BadInput with the line of a change that cannot be, or for a column to group by that is not there.
    """
    after = apply(reform, packs, on)
    day = max(on, reform.start or on)
    both = Both.of(packs, after, day, funds=tuple(reform.budgets))
    told(STEPS[0], 0, len(STEPS))
    summary = summarise(both, people, by=by, region=region)
    told(STEPS[1], 1, len(STEPS))
    path = monthly_path(both.at(on), people, months=months, region=region)
    told(STEPS[2], 2, len(STEPS))
    model = record.model if record is not None and record.model is not None and reform.take_up is None else None
    used = model or take_up(reform.take_up, seed=seed, notified=notified)
    likely = expected(both, people, used, region=region)
    told(STEPS[3], 3, len(STEPS))
    found = margins(reform, packs, people, day, used, region=region) if curves else []
    words = tuple(words_of(reform, packs, day))
    return Simulation(
        reform, on, day, both, words, summary, path, likely, tuple(limits(reform.budgets, path, likely)), tuple(found), used, record, packs
    )
