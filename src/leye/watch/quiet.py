"""Which calibration periods are quiet. A rate of false alarms is a promise about quiet times, so downturns of the past do not teach thresholds.

Downturn: from a peak of the smoothed level that no period of the next year and a half exceeds, and after which the level falls within that time by
2 % or more and by more than chance would have it (three standard deviations of a random walk of that length with the series' own
misses), to the trough: the lowest level before it has recovered a tenth of the fall. Masked with a quarter of a year on both sides. Looking both
ways is allowed: only calibration data, all of it older than every alarm, is looked at. Argued in docs/models/watch.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Bools, Floats
from leye.watch.order import center_and_spread

FALL = 0.02  # of the level, on the logarithm; the smallest fall that counts as an event in early-warning practice (docs/models/watch.md)
CHANCE = 3.0  # standard deviations of a random walk over the span looked at
RECOVERED = 0.1  # chosen by us: share of the fall that has to be made good before a downturn is over
MOST_MASKED = 0.6  # chosen by us: a series with more downturn than this has no quiet time to learn from, and is left whole


@dataclass(frozen=True, slots=True)
class Calm:
    """Both (calm periods, series). quiet: no downturn is under way · begins: the first half-year of one."""

    quiet: Bools
    begins: Bools


def quiet_periods(x: Floats, e: Floats, sign: float, per_year: int) -> Calm:
    """Where the calibration period is quiet, and where its downturns began.

    x: log level without season · e: its innovations · sign: -1 where a fall is bad, 1 where a rise is, 0 for both.
    """
    quiet, begins = np.ones(x.shape, dtype=bool), np.zeros(x.shape, dtype=bool)
    span, edge = max(3 * per_year // 2, 3), max(per_year // 4, 1)
    _, spread = center_and_spread(e)
    level = _smoothed(x)
    for i in range(x.shape[1]):
        least = max(-np.log(1 - FALL), CHANCE * float(spread[i]) * np.sqrt(span))
        masked = np.zeros(len(x), dtype=bool)
        for side in (-1.0, 1.0) if sign == 0 else (sign,):
            for peak, trough in downturns(-side * level[:, i], span, least):
                masked[max(0, peak - edge) : trough + edge + 1] = True
                begins[peak + 1 : min(peak + 1 + max(per_year // 2, 1), trough + 1), i] = True
        if masked.mean() <= MOST_MASKED:
            quiet[:, i] = ~masked
    return Calm(quiet, begins & ~quiet)


def downturns(level: Floats, span: int, least: float) -> list[tuple[int, int]]:
    """(peak, trough) of each fall of one smoothed series; `least` on its own scale, `span` periods to fall in."""
    found: list[tuple[int, int]] = []
    t = 0
    while t < len(level) - 1:
        ahead = level[t + 1 : t + 1 + span]
        ahead = ahead[~np.isnan(ahead)]
        if len(ahead) and ahead.max() <= level[t] and level[t] - ahead.min() >= least:
            found.append((t, _trough(level, t, least)))
            t = found[-1][1]
        t += 1
    return found


def _trough(level: Floats, peak: int, least: float) -> int:
    low = peak
    for t in range(peak + 1, len(level)):
        if level[t] < level[low]:
            low = t
        elif level[t] > level[low] + max(RECOVERED * (level[peak] - level[low]), least / 4):
            break
    return low


def _smoothed(x: Floats) -> Floats:
    """Centred mean of three periods over what is known."""
    stack = np.full((3, *x.shape), np.nan)
    stack[0, 1:], stack[1], stack[2, :-1] = x[:-1], x, x[1:]
    known = ~np.isnan(stack)
    n = known.sum(axis=0)
    mean = np.where(known, stack, 0.0).sum(axis=0) / np.maximum(n, 1)
    return np.where(n > 0, mean, np.nan)
