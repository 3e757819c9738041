"""From misses to scores: median and MAD of the past, lagged and clipped; the common factor; the reference value of the sum."""

from __future__ import annotations

import numpy as np

from leye.watch.grid import Bools, Floats
from leye.watch.order import center_and_spread

CLIP, BEYOND, MOST = 4.0, 0.25, 12.0
"""Standard deviations: up to 4 a miss counts in full, beyond that a quarter, at most 12; one wild month lights little, a fall of a fifth does.

Chosen by us on calm and shocked panels (docs/models/watch.md): a hard clip at 4 never saw a single leap in a wandering series.
"""
SCALE_LAG = 3  # periods between a score and the newest value its scale has seen
SCALE_WINDOW = 60  # periods; of 120 and 60 the one whose thresholds kept their rate in later decades of the development years
SCALE_EVERY = 3  # periods between updates of the scale
SCALE_MAY_MOVE = (0.3, 2.0)  # times the scale of the calibration period
PACE = 0.048  # of the level a year, on the logarithm: the fall to be found; most found at equal false alarms in development (docs/models/watch.md)
MOST_REFERENCE, MOST_REFERENCE_SEASONAL = 0.6, 1.5
"""Standard deviations, for adjusted and unadjusted input. Adjusted series are so smooth that the half-way value alone would wait for a fall that
is under way, and its rate hangs on how smooth the decade is: of 0.6, 1, 1.5 and 3 these kept the promised rate in development (docs/models/watch.md).
"""
SLOW_LEVEL = 0.6  # alpha below this: the level returns to its mean, so misses cancel
FEWEST_FOR_FACTOR = 6  # series; below that the "common" factor is a few neighbours


def moving_scale(e: Floats, calm: int, *, every: int = SCALE_EVERY) -> tuple[Floats, Floats]:
    """(periods, ...) centre and spread to score each period with: that of calibration up to its end, then the lagged past, clipped."""
    start, spread0 = center_and_spread(e[:calm])
    center, spread = np.repeat(start[None], len(e), axis=0), np.repeat(spread0[None], len(e), axis=0)
    low, high = SCALE_MAY_MOVE
    for t in range(calm + every, len(e), every):
        now, wide = center_and_spread(e[max(0, t - SCALE_LAG - SCALE_WINDOW) : t - SCALE_LAG + 1])
        spread[t : t + every] = np.clip(wide, low * spread0, high * spread0)
        center[t : t + every] = np.clip(now, start - spread0 / 2, start + spread0 / 2)
    return center, spread


def own_score(e: Floats, center: Floats, spread: Floats) -> Floats:
    """Softly clipped score; a spread of 0 gives NaN."""
    usable = spread > 0
    z = (e - center) / np.where(usable, spread, 1.0)
    soft = np.sign(z) * np.minimum(np.minimum(np.abs(z), CLIP) + BEYOND * np.maximum(np.abs(z) - CLIP, 0.0), MOST)
    return np.where(usable, soft, np.nan)


def common_factor(z: Floats, members: Bools) -> Floats:
    """Leave-one-out mean of the members' scores, (…, series); NaN while fewer than six others are known."""
    counted = np.where(np.isnan(z) | ~members, 0.0, z)
    known = (~np.isnan(z) & members).astype(float)
    others, n = counted.sum(axis=-1, keepdims=True) - counted, known.sum(axis=-1, keepdims=True) - known
    return np.where(n >= FEWEST_FOR_FACTOR, others / np.maximum(n, 1), np.nan)


def reference(drift: Floats, spread: Floats, alpha: Floats, sign: float, per_year: int, slack: float, *, seasonal: bool) -> Floats:
    """(periods, series) what a score has to exceed to count against the series: half-way between its usual growth and a real downturn.

    Page's sum is quickest with a reference value half-way between the mean in control and the mean to be found (Moustakides, Annals of Statistics
    1986, for the log-likelihood of a shift of a normal mean). In control a series grows by its drift; to be found is a fall (rise where that is
    bad) of PACE a year. So a trade that grows by 4 % a year does not alarm for growing by 2 %. At least `slack`; `slack` alone where the level
    returns to its mean (alpha below SLOW_LEVEL), since there a single miss is undone by the next.
    """
    shift = (sign * -drift + PACE / per_year) / 2 / np.where(spread > 0, spread, np.inf)
    return np.where(alpha < SLOW_LEVEL, slack, np.clip(shift, slack, MOST_REFERENCE_SEASONAL if seasonal else MOST_REFERENCE))
