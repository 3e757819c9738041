"""How often the rule would switch by mistake, how late it would be, and what a more or less cautious one would do.

Hindsight is the same indicator smoothed over the periods on both sides of each, which nobody had at the time, held against the same lines. A rise is
false when hindsight never stands above the line while it lasts; a spell that hindsight sees is met late, or missed. One history has few switches, so
the same is counted over many invented ones: the smoothed path with its own deviations put back in shuffled blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from leye.policy.dynamic.machine import Path, simulate
from leye.policy.dynamic.rule import DynamicRule
from leye.policy.dynamic.series import Observed
from leye.policy.dynamic.steps import Step
from leye.policy.optimise.arrays import Bools, Floats

SMOOTH = 2
"""Periods on each side of the hindsight mean. Chosen by us: five months see a quarter's change and hide one odd month."""
BLOCK = 6
"""Periods of a block of deviations. Chosen by us: half a year keeps what is left of the seasons together."""
DRAWS = 200
CONFIRMS = (1, 2, 3)
BANDS = (0.5, 1.0, 1.5)
"""Widths of the band between enter and leave that are tried beside the rule's own (enter stays)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """rises: from the base · false: of them without hindsight's leave · seen: spells of hindsight · missed: of them without any rise ·
    delay: periods from the start of a seen spell to the rise, mean; None when none was met · reversed_soon: rises taken back within a year."""

    rises: float
    false: float
    seen: float
    missed: float
    delay: float | None
    reversed_soon: float


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule beside the rule: confirm and band width, with its counts a history of the same length, share of time raised, and cost."""

    confirm: int
    band: float
    counted: Counted
    raised_share: float
    cost_fen: float
    is_own: bool


@dataclass(frozen=True, slots=True)
class FalseSwitches:
    """own: on the real history · invented: means over the invented ones · variants: the same for other rules, the own among them."""

    own: Counted
    invented: Counted
    years: float
    variants: tuple[Variant, ...]


def false_switches(rule: DynamicRule, path: Path, *, seed: int, draws: int = DRAWS) -> FalseSwitches:
    """The analysis of a simulated path. Deterministic for a seed."""
    observed = path.observed
    smooth = _smoothed(observed.x)
    own = count(path, _seen(rule, observed, smooth))
    histories = list(_invented(observed, smooth, np.random.default_rng(seed), draws))
    variants = tuple(_variant(rule, other, histories) for other in _others(rule))
    mine = next(v for v in variants if v.is_own)
    days = observed.ds.filter((observed.ds >= rule.start) & (observed.ds <= rule.end))
    years = max((days[-1] - days[0]).days / 365.25, 1 / 12) if len(days) > 1 else 1 / 12
    return FalseSwitches(own, mine.counted, years, variants)


def count(path: Path, seen: Bools) -> Counted:
    """Rises of a path against what hindsight sees."""
    rises = _spells(path.level > 0)
    spells = _spells(seen)
    false = sum(not seen[a:b].any() for a, b in rises)
    late = [next((a for a, b in rises if a < end and b > start), None) for start, end in spells]
    delays = [max(a - start, 0) for a, (start, _) in zip(late, spells, strict=True) if a is not None]
    n = len(seen)
    soon = sum(b - a <= 12 and b < n for a, b in rises)
    return Counted(len(rises), false, len(spells), sum(a is None for a in late), float(np.mean(delays)) if delays else None, soon)


def _seen(rule: DynamicRule, observed: Observed, smooth: Floats) -> Bools:
    """Periods in which hindsight is above the first line, with the rule's band, without lag or caution."""
    calm = replace(rule, lag=0, confirm=1, dwell=1, cost=None)
    return np.asarray(simulate(calm, Observed(observed.ds, smooth, np.zeros(len(smooth)))).level > 0)


def _smoothed(x: Floats) -> Floats:
    """Mean of the known values within SMOOTH periods; NaN where none is known."""
    n = len(x)
    padded = np.concatenate([np.full(SMOOTH, np.nan), x, np.full(SMOOTH, np.nan)])
    windows = np.stack([padded[k : k + n] for k in range(2 * SMOOTH + 1)])
    known = ~np.isnan(windows)
    total = np.where(known, windows, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, known.sum(axis=0), out=np.full(n, np.nan), where=known.any(axis=0)))


def _invented(observed: Observed, smooth: Floats, dice: np.random.Generator, draws: int) -> Iterator[tuple[Observed, Floats]]:
    """Histories with the same smoothed path; unknown values stay unknown."""
    n = len(smooth)
    gap = observed.x - smooth
    known = gap[~np.isnan(gap)]
    block = min(BLOCK, max(len(known), 1))
    for _ in range(draws):
        starts = dice.integers(0, max(len(known) - block + 1, 1), size=-(-n // block))
        shuffled = np.concatenate([known[s : s + block] for s in starts])[:n] if len(known) else np.zeros(n)
        x = np.where(np.isnan(observed.x), np.nan, smooth + shuffled)
        yield Observed(observed.ds, x, observed.heads), smooth


def _others(rule: DynamicRule) -> list[tuple[DynamicRule, float]]:
    """The rule itself and its neighbours, each with its band as a multiple of the own."""
    found = [(rule, 1.0)]
    for confirm in CONFIRMS:
        for band in BANDS:
            if (confirm, band) != (rule.confirm, 1.0):
                steps = tuple(Step(s.enter, s.enter + (s.leave - s.enter) * band, s.value) for s in rule.steps)
                found.append((replace(rule, confirm=confirm, steps=steps), band))
    return sorted(found, key=lambda f: (f[0].confirm, f[1]))


def _variant(rule: DynamicRule, other: tuple[DynamicRule, float], histories: list[tuple[Observed, Floats]]) -> Variant:
    """Means over the invented histories; hindsight always has the band of the own rule."""
    changed, band = other
    counts, raised, cost = [], [], []
    for observed, smooth in histories:
        path = simulate(changed, observed)
        counts.append(count(path, _seen(rule, observed, smooth)))
        raised.append(float((path.level > 0).mean()))
        cost.append(path.total_fen)
    return Variant(changed.confirm, band, _mean(counts), float(np.mean(raised)), float(np.mean(cost)), changed is rule)


def _mean(counts: list[Counted]) -> Counted:
    delays = [c.delay for c in counts if c.delay is not None]
    names = ("rises", "false", "seen", "missed", "reversed_soon")
    rises, false, seen, missed, soon = (float(np.mean([getattr(c, n) for c in counts])) for n in names)
    return Counted(rises, false, seen, missed, float(np.mean(delays)) if delays else None, soon)


def _spells(on: Bools) -> list[tuple[int, int]]:
    """Stretches [start, end) of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
