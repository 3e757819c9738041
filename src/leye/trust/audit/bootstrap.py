"""Percentile intervals by resampling the counts: the same distribution as resampling rows, at a cost that does not grow with the rows.

A row falls into one of the groups or into none, so the group sizes of one resample are multinomial; within a group each row was chosen or not,
so the chosen ones are binomial. Medians, references and left-out groups stay those of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from leye.trust.audit.cells import Flags
from leye.trust.audit.intervals import Counts, Floats
from leye.trust.audit.order import quantiles

BLOCK = 4_000_000
"""Most cells (draws x groups) held at once; chosen by us: 32 MB an array."""
TAILS = (0.025, 0.975)
_ENDLESS = 1e12  # a ratio to a resample in which nobody of the reference was chosen; percentiles of infinities are none
ENOUGH = 5
"""Fewest cases (chosen and not chosen) behind a percentile interval; below it the closed form stands. Chosen by us after bench/trust_audit:
resampling three cases says nothing about the fourth."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """(groups,) ends of the share's interval and of its ratio to the reference; the reference's own ratio is that to the best of all, at most 1.

    gap, quotient: ends of (largest - smallest share) and of (smallest / largest share).
    """

    lo: Floats
    hi: Floats
    ratio_lo: Floats
    ratio_hi: Floats
    gap: tuple[float, float]
    quotient: tuple[float, float]


def resample(dice: np.random.Generator, k: Counts, n: Counts, *, rows: int, draws: int) -> Iterator[tuple[slice, Floats]]:
    """Yields (groups of the block, (draws, groups of the block) shares); NaN where a resample has nobody of the group.

    k, n: (groups,) chosen and all · rows: of the whole file, those outside all groups included.
    """
    width = max(1, BLOCK // draws)
    blocks = [slice(a, min(a + width, len(n))) for a in range(0, len(n), width)]
    sizes = np.array([n[b].sum() for b in blocks] + [rows - n.sum()], dtype=np.int64)
    totals = dice.multinomial(rows, sizes / rows, size=draws)
    for at, block in enumerate(blocks):
        inside = n[block]
        here = dice.multinomial(totals[:, at], inside / inside.sum()) if inside.sum() else np.zeros((draws, len(inside)), np.int64)
        chosen = dice.binomial(here, np.divide(k[block], inside, out=np.zeros(len(inside)), where=inside > 0))
        with np.errstate(invalid="ignore", divide="ignore"):
            yield block, chosen / here


def percentiles(dice: np.random.Generator, k: Counts, n: Counts, *, rows: int, draws: int, reference: int | None, may_refer: Flags) -> Percentiles:
    """Intervals of shares and of their ratios to group number `reference` (None: no ratios). may_refer: (groups,) who can be the best."""
    order = np.arange(len(n)) if reference is None else np.r_[reference, np.delete(np.arange(len(n)), reference)]
    ends = np.full((4, len(n)), np.nan)
    best, largest, smallest = (np.full(draws, fill) for fill in (-np.inf, -np.inf, np.inf))
    against: Floats | None = None
    for block, share in resample(dice, k[order], n[order], rows=rows, draws=draws):
        groups = order[block]
        if against is None and reference is not None:
            against = share[:, 0].copy()
        ends[:2, groups] = _ends(share)
        if against is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                ends[2:, groups] = _ends(share / against[:, None])
        rivals = share[:, may_refer[groups]]
        best = np.fmax(best, np.fmax.reduce(rivals, axis=1, initial=-np.inf))
        largest, smallest = np.fmax(largest, np.fmax.reduce(share, axis=1)), np.fmin(smallest, np.fmin.reduce(share, axis=1))
    if against is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            ends[2, reference], ends[3, reference] = _ends((against / np.fmax(best, against))[:, None])[0, 0], 1.0
            quotient = _ends(np.where(largest >= smallest, smallest / largest, np.nan)[:, None])
    else:
        quotient = np.full((2, 1), np.nan)
    gap = _ends(np.where(largest >= smallest, largest - smallest, np.nan)[:, None])
    return Percentiles(
        ends[0], ends[1], ends[2], ends[3], gap=(float(gap[0, 0]), float(gap[1, 0])), quotient=(float(quotient[0, 0]), float(quotient[1, 0]))
    )


def odds_gaps(
    dice: np.random.Generator, hits: Counts, positives: Counts, false_alarms: Counts, negatives: Counts, *, rows: int, draws: int
) -> dict[str, tuple[float, float]]:
    """Ends of the spread of hit rates (`tpr`), of false-alarm rates (`fpr`) and of the larger of the two (`odds`), from the same resamples."""
    groups = len(positives)
    top, low = np.full((2, draws), -np.inf), np.full((2, draws), np.inf)
    for block, share in resample(dice, np.r_[hits, false_alarms], np.r_[positives, negatives], rows=rows, draws=draws):
        is_second = np.arange(block.start, block.stop) >= groups
        for side in (0, 1):
            mine = share[:, is_second == bool(side)]
            top[side] = np.fmax(top[side], np.fmax.reduce(mine, axis=1, initial=-np.inf))
            low[side] = np.fmin(low[side], np.fmin.reduce(mine, axis=1, initial=np.inf))
    spread = np.where(np.isfinite(top) & np.isfinite(low), top - low, np.nan)
    ends = _ends(np.stack([*spread, np.fmax(*spread)], axis=1))
    return {name: (float(ends[0, i]), float(ends[1, i])) for i, name in enumerate(("tpr", "fpr", "odds"))}


def _ends(values: Floats) -> Floats:
    """(2, columns) percentiles of (draws, columns), draws without a value left aside."""
    columns = np.sort(np.minimum(np.ascontiguousarray(values.T), _ENDLESS), axis=1)  # NaN come last
    known = columns.shape[1] - np.isnan(columns).sum(axis=1)
    ends = np.full((2, len(columns)), np.nan)
    whole = known == columns.shape[1]
    if whole.any():
        ends[:, whole] = quantiles(columns[whole], TAILS)
    for at in np.flatnonzero(~whole & (known > 0)):
        ends[:, at] = quantiles(columns[at, : known[at]], TAILS)
    return ends
