"""The AI-impact index of a cell, and its change between two months: share × exposure × adoption, as a range over sources and assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

import numpy as np

from leye.impact.adoption import SCENARIOS, Adoption
from leye.impact.composition import Composition, Trade
from leye.impact.decomposition import Factors, Parts, decompose
from leye.impact.profile import Profile
from leye.impact.ranged import Ranged, ranged
from leye.impact.sources import sources

FACTORS = ("structure", "exposure", "adoption")


@dataclass(frozen=True, slots=True)
class Index:
    """exposure: mean exposure of the people, 0–1 · index: the same times how far AI is in use · covered: share of them in trades of which all three
    factors are known (the rest is left out, the shares made to sum to 1 again) · spread, n: as in Composition."""

    exposure: Ranged
    index: Ranged
    covered: float
    spread: float
    n: int


def index_of(made_of: Composition, profile: Profile, adoption: Adoption, on: date) -> Index | None:
    """None where nothing of the composition is known to any source."""
    usable = [t for t in sorted(made_of.shares) if _sources_of(profile, t) and adoption.at(t[0], on)]
    covered = fsum(made_of.shares[t] for t in usable)
    if not usable or covered <= 0:
        return None
    weights = np.array([made_of.shares[t] / covered for t in usable])
    ones = np.ones(len(usable))
    exposure, index = {}, {}
    for source in (s.id for s in sources()):
        e = np.array([profile.of(*t)[source] for t in usable])
        exposure[source, "mid"] = Factors(weights, e, ones).index
        for scenario in SCENARIOS:
            index[source, scenario] = Factors(weights, e, _adopted(adoption, usable, on, scenario)).index
    return Index(ranged(exposure), ranged(index), covered, made_of.spread, made_of.n)


@dataclass(frozen=True, slots=True)
class Change:
    """before, after: the index on both days · effects: FACTORS to the range of their effects; the middles sum to after.mid − before.mid ·
    by_source: at the middle assumption · covered: share of the people of the earlier month in sections shown in both."""

    before: Ranged
    after: Ranged
    effects: Mapping[str, Ranged]
    by_source: Mapping[str, Parts]
    covered: float


@dataclass(frozen=True, slots=True)
class Month:
    """One of the two months. on: its day · heads: section to shown count · profile: of the sources' vintages of that day."""

    on: date
    heads: Mapping[str, int]
    total: int
    profile: Profile


def change_between(one: Month, two: Month, inside: Mapping[str, Mapping[str, float]], adoption: Adoption) -> Change | None:
    """inside: section to the shares of its major groups, the same for both months, because past occupations are not on record: movement inside a
    section therefore stays out of `structure`. None when no section is shown in both months."""
    sections = sorted(s for s in one.heads if two.heads.get(s) and one.heads[s] and s in inside and adoption.at(s, one.on))
    trades = [(s, m, inside[s][m]) for s in sections for m in sorted(inside[s]) if _both(one.profile, two.profile, (s, m))]
    if not trades:
        return None
    before, after, parts = {}, {}, {}
    for source in (s.id for s in sources()):
        for scenario in SCENARIOS:
            f0, f1 = (_factors(m, trades, source, scenario, adoption) for m in (one, two))
            before[source, scenario], after[source, scenario] = f0.index, f1.index
            parts[source, scenario] = decompose(f0, f1)
    effects = {name: ranged({key: getattr(p, name) for key, p in parts.items()}) for name in FACTORS}
    middle = {source: p for (source, scenario), p in parts.items() if scenario == "mid"}
    used = {s for s, _m, _share in trades}
    return Change(ranged(before), ranged(after), effects, middle, sum(one.heads[s] for s in used) / one.total if one.total else 0.0)


def _factors(month: Month, trades: Sequence[tuple[str, str, float]], source: str, scenario: str, adoption: Adoption) -> Factors:
    raw = np.array([month.heads[s] * share for s, _m, share in trades], dtype=np.float64)
    exposure = np.array([month.profile.of(s, m)[source] for s, m, _share in trades])
    return Factors(raw / raw.sum(), exposure, _adopted(adoption, [(s, m) for s, m, _share in trades], month.on, scenario))


def _adopted(adoption: Adoption, trades: Sequence[Trade], on: date, scenario: str) -> np.ndarray:
    found = [adoption.at(section, on) for section, _major in trades]
    return np.array([a.of(scenario) if a else 0.0 for a in found])


def _sources_of(profile: Profile, trade: Trade) -> bool:
    """Whether every source speaks of a trade: otherwise the sources would be compared over different people."""
    return len(profile.of(*trade)) == len(sources())


def _both(one: Profile, two: Profile, trade: Trade) -> bool:
    return _sources_of(one, trade) and _sources_of(two, trade)
