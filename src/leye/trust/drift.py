"""Has an algorithm left the ground on which it was admitted? Scores and outcomes of late against those before, with limits that hold at any size.

A statistic without its own limit alarms on small samples; each one here is compared with what chance alone would give at these sizes, at ALPHA, and
moves the breaker only when the change is large as well as certain.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Level = Literal["none", "seen", "tripped"]

ALPHA = 0.001
"""Chance of a false alarm of one statistic in one look. Chosen by us: small, because there is a look every night."""

BINS = 10
CHI2_9 = 27.877
"""Upper 0.001 point of chi-square with BINS - 1 = 9 degrees of freedom (Pearson and Hartley, Biometrika Tables 1, table 8)."""

PSI_SEEN, PSI_TRIPPED = 0.10, 0.25
"""Rules of thumb of credit scoring (Siddiqi 2006, Credit Risk Scorecards): below .10 no change, above .25 the population is another one."""

ODDS_SEEN, ODDS_TRIPPED = 2.0, 4.0
"""Changes of the odds of an outcome that are looked for. Chosen by us: any change of that order is worth people's eyes; what has surely more than
doubled, and looks rather like fourfold, is another rule."""

LEAST_REFERENCE, LEAST_CURRENT = 500, 200
"""Fewer decisions are not judged. Chosen by us: ten bins want at least twenty each."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One statistic. name: psi, ks, or cusum:<outcome> · limit: what chance reaches with probability ALPHA · level: what it does to the breaker."""

    name: str
    value: float
    limit: float
    level: Level


@dataclass(frozen=True, slots=True)
class Look:
    """A look at one algorithm in one region: the worst level, each finding, and how many decisions were compared."""

    level: Level
    findings: tuple[Finding, ...]
    n_reference: int
    n_current: int


def look(
    reference_scores: Sequence[float], current_scores: Sequence[float], reference_outcomes: Sequence[str], current_outcomes: Sequence[str]
) -> Look:
    """Compare the newest decisions with those before them, in order of time; level `none` when there are too few of either.

    scores: those that are known, one a decision at most · outcomes: codes, one a decision.
    """
    sizes = len(reference_outcomes), len(current_outcomes)
    found: list[Finding] = []
    if sizes[0] >= LEAST_REFERENCE and sizes[1] >= LEAST_CURRENT:
        found += _outcomes(reference_outcomes, current_outcomes)
    if len(reference_scores) >= LEAST_REFERENCE and len(current_scores) >= LEAST_CURRENT:
        found += _scores(np.asarray(reference_scores, float), np.asarray(current_scores, float))
    levels: list[Level] = [f.level for f in found]
    worst: Level = "tripped" if "tripped" in levels else "seen" if "seen" in levels else "none"
    return Look(worst, tuple(found), *sizes)


def psi(reference: Floats, current: Floats) -> float:
    """Population stability index over the reference's deciles: sum of (a - e) ln(a / e).

    Half a case is added to each bin, because an empty one has no logarithm.
    """
    inner = np.unique(np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1]))
    e, a = (np.bincount(np.searchsorted(inner, x, side="right"), minlength=len(inner) + 1) + 0.5 for x in (reference, current))
    e, a = e / e.sum(), a / a.sum()
    return float(((a - e) * np.log(a / e)).sum())


def psi_limit(n_reference: int, n_current: int) -> float:
    """What chance reaches: psi / (1/n + 1/m) is chi-square with bins - 1 degrees of freedom (Yurdakul 2018, Statistical properties of PSI)."""
    return CHI2_9 * (1 / n_reference + 1 / n_current)


def ks(reference: Floats, current: Floats) -> float:
    """Greatest distance of the two distribution functions (Kolmogorov and Smirnov); on tied scores it is the cautious side of the limit below."""
    points = np.union1d(reference, current)
    f, g = (np.searchsorted(np.sort(x), points, side="right") / len(x) for x in (reference, current))
    return float(np.abs(f - g).max())


def ks_limit(n_reference: int, n_current: int) -> float:
    """sqrt(-ln(ALPHA/2)/2 · (n + m)/(n m)), from Smirnov's asymptotic tail 2 exp(-2 λ²) (1948, Ann. Math. Stat. 19:279)."""
    return math.sqrt(-math.log(ALPHA / 2) / 2 * (n_reference + n_current) / (n_reference * n_current))


def rate_cusum(hits: Sequence[bool], share: float, odds: float) -> float:
    """Highest CUSUM of log-likelihood ratios of `share` against the share with `odds` times its odds (Steiner et al. 2000, Biostatistics 1:441).

    share: in (0, 1), as it was before · odds: above 1 looks for a rise, below 1 for a fall.
    """
    other = _share_at(share, odds)
    hit, miss = math.log(other / share), math.log((1 - other) / (1 - share))
    highest = total = 0.0
    for is_hit in hits:
        total = max(0.0, total + (hit if is_hit else miss))
        highest = max(highest, total)
    return highest


def cusum_limit(n: int, sides: int) -> float:
    """ln(n · sides / ALPHA): from each of n starts the likelihood ratio has mean 1, so it ever reaches L with chance at most 1/L (Ville 1939)."""
    return math.log(n * sides / ALPHA)


def _scores(reference: Floats, current: Floats) -> list[Finding]:
    sizes = len(reference), len(current)
    moved, limit = psi(reference, current), psi_limit(*sizes)
    apart, apart_limit = ks(reference, current), ks_limit(*sizes)
    certain = moved > limit and apart > apart_limit  # two views of one change: both must see it, whatever the ties do to either
    size = moved - (BINS - 1) * (
        1 / len(reference) + 1 / len(current)
    )  # the rules of thumb are for large samples: what chance adds on average is taken off
    level: Level = "tripped" if certain and size >= PSI_TRIPPED else "seen" if certain and size >= PSI_SEEN else "none"
    return [Finding("psi", moved, limit, level), Finding("ks", apart, apart_limit, level)]


def _outcomes(reference: Sequence[str], current: Sequence[str]) -> list[Finding]:
    before, codes = Counter(reference), sorted(set(reference) | set(current))
    found = []
    for code in codes:
        hits = [outcome == code for outcome in current]
        limit = cusum_limit(len(hits), 2 * len(codes))
        ends = _ends(before[code], len(reference))
        changed = max(_highest(hits, ends, odds) for odds in (ODDS_SEEN, ODDS_TRIPPED))
        doubled = _highest(hits, (_share_at(ends[0], 1 / ODDS_SEEN), _share_at(ends[1], ODDS_SEEN)), ODDS_TRIPPED / ODDS_SEEN)
        level: Level = "tripped" if doubled > limit else "seen" if changed > limit else "none"
        found.append(Finding(f"cusum:{code}", changed, limit, level))
    return found


def _highest(hits: Sequence[bool], ends: tuple[float, float], odds: float) -> float:
    """The higher of the CUSUMs for a rise from the upper end and for a fall from the lower one."""
    return max(rate_cusum(hits, ends[1], odds), rate_cusum(hits, ends[0], 1 / odds))


def _share_at(share: float, odds: float) -> float:
    """The share whose odds are `odds` times those of `share`."""
    return odds * share / (1 - share + odds * share)


def _ends(k: int, n: int) -> tuple[float, float]:
    """The share before is an estimate too: each side is tested from the end of its Wilson interval that lies nearest to the change it looks for."""
    from leye.trust.audit.intervals import wilson

    low, high = wilson(np.array([k]), np.array([n]))
    tiny = 0.5 / n
    return min(max(float(low[0]), tiny), 1 - tiny), min(max(float(high[0]), tiny), 1 - tiny)
