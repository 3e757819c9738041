"""Exposure of a trade's major groups: the mean over the occupations found in them, source by source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from statistics import fmean

from leye.impact.exposure import exposure_of
from leye.impact.sources import sources
from leye.kernel.codes import occupations

ALL = "all"
Mix = Mapping[tuple[str, str], Mapping[str, float]]
"""(industry section or `all`, major group) to the shares of its occupations."""


@dataclass(frozen=True, slots=True)
class Profile:
    """by: (section, major group) to source id to mean exposure on a day, from the occupations known there."""

    by: Mapping[tuple[str, str], Mapping[str, float]]

    def of(self, section: str, major: str) -> Mapping[str, float]:
        """Of the trade itself, else of the whole city, else the plain mean of the classification; empty where no source speaks of the group."""
        return self.by.get((section, major)) or self.by.get((ALL, major)) or {}


def profile(mix: Mix, on: date) -> Profile:
    """mix: shares of the occupations in each trade and group · on: the day whose vintages of the sources count."""
    told = {key: _mean(shares.items(), on) for key, shares in mix.items()}
    plain = {(ALL, major): _plain(major, on) for major in _majors() if not told.get((ALL, major))}
    return Profile({key: scores for key, scores in {**plain, **told}.items() if scores})


def _mean(shares: Iterable[tuple[str, float]], on: date) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    weight: dict[str, float] = defaultdict(float)
    for code, share in shares:
        if code not in occupations():
            continue
        for source, value in exposure_of(code, on=on).by_source.items():
            total[source] += share * value
            weight[source] += share
    return {source: total[source] / weight[source] for source in total if weight[source]}


@cache
def _plain(major: str, on: date) -> Mapping[str, float]:
    """Every occupation of the group counted once."""
    known = [exposure_of(o.code, on=on).by_source for o in occupations().values() if o.level == 4 and o.code[0] == major[0]]
    by = {s.id: [scores[s.id] for scores in known if s.id in scores] for s in sources()}
    return {source: fmean(values) for source, values in by.items() if values}


@cache
def _majors() -> tuple[str, ...]:
    return tuple(o.code for o in occupations().values() if o.level == 1)
