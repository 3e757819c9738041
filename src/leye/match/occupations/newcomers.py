"""Candidates of new occupations: clusters of titles that the coder is unsure of, rising over three months, at three employers or more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from leye.kernel.period import Month
from leye.match.occupations.folds import near_groups

MONTHS = 3
LEAST_EMPLOYERS = 3
"""Both from the definition of a candidate in the plan of the matching room."""


@dataclass(frozen=True, slots=True)
class Advert:
    """One advert of the period. month: `YYYY-MM` of posting · clean: its clean title · is_unsure: whether the coder abstained."""

    month: str
    employer: str
    clean: str
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A cluster. name: its commonest title · titles: all of them, commonest first · counts: adverts of the three months, oldest first."""

    name: str
    titles: tuple[str, ...]
    counts: tuple[int, ...]
    employers: int


def newcomers(adverts: Iterable[Advert], last: str) -> list[Newcomer]:
    """Clusters that rise from month to month up to `last` (`YYYY-MM`); biggest rise first. A person decides what becomes of them."""
    months = [str(Month.parse(last) + -back) for back in range(MONTHS - 1, -1, -1)]
    unsure = [a for a in adverts if a.is_unsure and a.clean and a.month in months]
    cluster = dict(zip(names := sorted({a.clean for a in unsure}), near_groups(names), strict=True))
    inside: dict[str, list[Advert]] = defaultdict(list)
    for advert in unsure:
        inside[cluster[advert.clean]].append(advert)
    found = []
    for held in inside.values():
        counted = Counter(a.month for a in held)
        counts = tuple(counted[m] for m in months)
        employers = len({a.employer for a in held})
        if employers >= LEAST_EMPLOYERS and all(a < b for a, b in pairwise(counts)):
            titles = tuple(t for t, _n in sorted(Counter(a.clean for a in held).items(), key=lambda x: (-x[1], x[0])))
            found.append(Newcomer(titles[0], titles, counts, employers))
    return sorted(found, key=lambda n: (n.counts[0] - n.counts[-1], n.name))
