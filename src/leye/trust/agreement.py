"""How often people disagree with a machine: by week, with the interval that so few reviews allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from leye.kernel.clock import beijing_day


@dataclass(frozen=True, slots=True)
class Judgement:
    """One review: when, and whether the person came to the machine's outcome."""

    at: datetime
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Reviews of the week that begins on `monday`. lo, hi: 95 % Wilson interval of the share that disagreed."""

    monday: date
    reviews: int
    disagreed: int
    lo: float
    hi: float

    @property
    def share(self) -> float:
        """Share that disagreed, 0–1."""
        return self.disagreed / self.reviews


def weekly(judgements: Iterable[Judgement]) -> list[Week]:
    """Newest week first; weeks without a review are left out, because a share of nothing is unknown.

    Each review counts once, whatever share of the decisions was drawn that day: the draw does not look at the outcome, so the share stays unbiased.
    """
    from leye.trust.audit.intervals import wilson

    counts: dict[date, list[int]] = {}
    for judged in judgements:
        day = beijing_day(judged.at)
        count = counts.setdefault(day - timedelta(days=day.weekday()), [0, 0])
        count[0] += 1
        count[1] += not judged.is_agreed
    mondays = sorted(counts, reverse=True)
    n, k = np.array([counts[m][0] for m in mondays], dtype=np.int64), np.array([counts[m][1] for m in mondays], dtype=np.int64)
    lows, highs = wilson(k, n)
    return [Week(m, counts[m][0], counts[m][1], float(lo), float(hi)) for m, lo, hi in zip(mondays, lows, highs, strict=True)]
