"""One share compared across the groups of a grouping: rates, ratios to the best group, intervals, verdicts against four fifths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leye.trust.audit.bootstrap import ENOUGH, percentiles
from leye.trust.audit.cells import Flags
from leye.trust.audit.clusters import LEAST_PERSONS, Clustered
from leye.trust.audit.intervals import Counts, Floats, LogRatio, Z, log_ratio, share_of, wilson

FOUR_FIFTHS = 0.80
"""US EEOC practice; LL144 itself sets no pass mark."""
LEAST_N = 30
"""Fewest rows about which a verdict is given; chosen by us: below it a single row moves the rate by more than three points."""

REFERENCE, CLEAR, FLAGGED, OPEN = "reference", "clear", "flagged", "cannot_judge"


@dataclass(frozen=True, slots=True)
class Comparison:
    """(groups,) each; NaN is "not defined". reference: number of the group with the highest rate among those not left out (and of ten persons
    or more where persons are known), None when there is none.

    four_fifths: ratio below 0.80 (None: no ratio) · verdict: `flagged` when the whole interval lies below 0.80, `clear` when none of it does, else
    `cannot_judge`, with `needed` rows of the group, the reference growing alike, that would settle it at the ratio seen · p: of equal shares ·
    is_bootstrap: whether the ratio's interval is the percentile one.
    """

    k: Counts
    n: Counts
    rate: Floats
    lo: Floats
    hi: Floats
    ratio: Floats
    ratio_lo: Floats
    ratio_hi: Floats
    reference: int | None
    p: Floats
    four_fifths: list[bool | None]
    verdict: list[str]
    needed: list[int | None]
    is_bootstrap: list[bool]
    clusters: Clustered | None = None
    rate_boot: tuple[Floats, Floats] | None = None
    log_ends: tuple[Floats, Floats] | None = None
    gap: tuple[float, float] | None = None
    quotient: tuple[float, float] | None = None


def reference_of(rate: Floats, may_refer: Flags) -> int | None:
    """The group with the highest known rate among those that may be the reference, the first of equals; None when that rate is 0 or nobody's."""
    known = np.where(may_refer & ~np.isnan(rate), rate, -1.0)
    return int(known.argmax()) if known.size and known.max() > 0 else None


def compare(
    k: Counts,
    n: Counts,
    left_out: Flags,
    *,
    rows: int,
    dice: np.random.Generator | None = None,
    draws: int = 0,
    clusters: Clustered | None = None,
) -> Comparison:
    """Compare k of n, all (groups,). With dice and draws the ratio's interval is the percentile one wherever enough cases stand behind it.

    rows: of the whole file · clusters: when rows belong to persons; the bootstrap resamples rows, so with them only the closed form is used.
    """
    design_effect = None if clusters is None else clusters.design_effect
    rate, (lo, hi) = share_of(k, n), wilson(k, n, design_effect)
    may_refer = ~left_out if clusters is None else ~left_out & ~clusters.is_thin
    reference = reference_of(rate, may_refer)
    logs = _against(k, n, reference, design_effect)
    ratio, ends = np.full(len(n), np.nan), np.full((2, len(n)), np.nan)
    p = np.full(len(n), np.nan)
    if reference is not None and logs is not None:
        ratio = rate / rate[reference]
        ends[:], p = (logs.lo, logs.hi), logs.p_value
        ends[:, reference], p[reference] = (_reference_floor(k, n, reference, may_refer, design_effect), 1.0), np.nan
    closed = (ends[0].copy(), ends[1].copy())
    is_bootstrap, drawn = [False] * len(n), None
    rate_boot = None
    if dice is not None and draws > 0 and design_effect is None:
        drawn = percentiles(dice, k, n, rows=rows, draws=draws, reference=reference, may_refer=may_refer)
        use = _has_enough(k, n, reference)
        ends[0][use], ends[1][use] = np.fmin(drawn.ratio_lo, ratio)[use], np.fmax(drawn.ratio_hi, ratio)[use]
        is_bootstrap = [bool(u) for u in use]
        rate_boot = (np.fmin(drawn.lo, rate), np.fmax(drawn.hi, rate))
    is_thin = n < LEAST_N if clusters is None else (n < LEAST_N) | clusters.is_thin
    verdicts = [_verdict(i, bool(is_thin[i]), ratio, ends, reference) for i in range(len(n))]
    return Comparison(
        k, n, rate, lo, hi, ratio, ends[0], ends[1], reference, p,
        four_fifths=[None if math.isnan(r) else bool(r < FOUR_FIFTHS) for r in ratio],
        verdict=verdicts,
        needed=[_needed(i, n, logs, clusters) if v == OPEN else None for i, v in enumerate(verdicts)],
        is_bootstrap=is_bootstrap,
        clusters=clusters,
        rate_boot=rate_boot,
        log_ends=closed,
        gap=None if drawn is None else drawn.gap,
        quotient=None if drawn is None else drawn.quotient,
    )  # fmt: skip


def _against(k: Counts, n: Counts, reference: int | None, effect: Floats | None) -> LogRatio | None:
    if reference is None:
        return None
    own = 1.0 if effect is None else float(effect[reference])
    return log_ratio(k, n, int(k[reference]), int(n[reference]), design_effect=effect, reference_effect=own)


def _reference_floor(k: Counts, n: Counts, reference: int, may_refer: Flags, effect: Floats | None) -> float:
    """Low end of the reference's own ratio: it may not truly be the best, so it is held against the best of the others.

    As in comparisons with the best (Hsu 1984, Annals of Statistics 12:1136).
    """
    rival = reference_of(share_of(k, n), may_refer & (np.arange(len(n)) != reference))
    if rival is None:
        return 1.0
    at = np.array([reference])
    own, its = (None, 1.0) if effect is None else (effect[at], float(effect[rival]))
    return min(1.0, float(log_ratio(k[at], n[at], int(k[rival]), int(n[rival]), design_effect=own, reference_effect=its).lo[0]))


def _has_enough(k: Counts, n: Counts, reference: int | None) -> Flags:
    enough = (k >= ENOUGH) & (n - k >= ENOUGH)
    return np.asarray(enough & bool(enough[reference]) if reference is not None else np.zeros(len(n), np.bool_), dtype=np.bool_)


def _verdict(i: int, is_thin: bool, ratio: Floats, ends: Floats, reference: int | None) -> str:
    if i == reference:
        return REFERENCE
    if math.isnan(ratio[i]) or is_thin:
        return OPEN
    return FLAGGED if ends[1][i] < FOUR_FIFTHS else CLEAR if ends[0][i] >= FOUR_FIFTHS else OPEN


def _needed(i: int, n: Counts, logs: LogRatio | None, clusters: Clustered | None) -> int | None:
    """Rows at which the interval would just clear 0.80, were the ratio what it is now: the standard error falls with the root of the rows.

    With too few persons nothing is known of how they differ; then the rows that the fewest persons would have.
    """
    if clusters is not None and clusters.is_thin[i]:
        return math.ceil(int(n[i]) / max(int(clusters.persons[i]), 1) * LEAST_PERSONS) or None
    if logs is None or not n[i]:
        return None
    distance = abs(float(logs.centre[i]) - math.log(FOUR_FIFTHS))
    if distance < 1e-6:
        return None  # exactly on the line: no number of rows settles it
    return max(LEAST_N, math.ceil(int(n[i]) * (Z * float(logs.se[i]) / distance) ** 2))


def holm(p: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (1979, Scand J Stat 6:65); NaN stays NaN and counts as no comparison.

    >>> holm([0.01, 0.04, float("nan"), 0.03])
    [0.03, 0.06, nan, 0.06]
    """
    known = sorted((v, i) for i, v in enumerate(p) if not math.isnan(v))
    out, running = [math.nan] * len(p), 0.0
    for done, (v, i) in enumerate(known):
        running = max(running, min(1.0, (len(known) - done) * v))
        out[i] = running
    return out
