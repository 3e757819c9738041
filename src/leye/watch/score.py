"""From misses to scores: median and MAD of the past, lagged and clipped; the common factor."""

from __future__ import annotations

import numpy as np

from leye.watch.expect import Expected, carried_on
from leye.watch.grid import Bools, Floats
from leye.watch.order import center_and_spread, median

CLIP, BEYOND, MOST = 4.0, 0.25, 12.0
"""Standard deviations: up to 4 a miss counts in full, beyond that a quarter, at most 12; one wild month lights little, a fall of a fifth does.

Chosen by us on calm and shocked panels (docs/models/watch.md): a hard clip at 4 never saw a single leap in a wandering series.
"""
LEAP_BEYOND, LEAP_MOST = 0.5, 20.0
"""The same for a change, which is spread over three periods: of a quarter and 12, a half and 20, and all, the one that sees a leap in its first
month and loses nothing in development."""
SCALE_LAG = 3  # periods between a score and the newest value its scale has seen
SCALE_WINDOW = 60  # periods; of 120 and 60 the one whose thresholds kept their rate in later decades of the development years
SCALE_EVERY = 3  # periods between updates of the scale
SCALE_MAY_MOVE = (0.3, 2.0)  # times the scale of the calibration period
SMOOTHED = 3  # periods a change is averaged over, as in Sahm's rule
SLACK = 0.25  # chosen by us: half of the shift looked for where the level stays; a level that wanders is summed without
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


def own_score(e: Floats, center: Floats, spread: Floats, *, beyond: float | Floats = BEYOND, most: float | Floats = MOST) -> Floats:
    """Softly clipped score; a spread of 0 gives NaN."""
    usable = spread > 0
    z = (e - center) / np.where(usable, spread, 1.0)
    soft = np.sign(z) * np.minimum(np.minimum(np.abs(z), CLIP) + beyond * np.maximum(np.abs(z) - CLIP, 0.0), most)
    return np.where(usable, soft, np.nan)


def common_factor(z: Floats, members: Bools) -> Floats:
    """Leave-one-out mean of the members' scores, (…, series); NaN while fewer than six others are known."""
    counted = np.where(np.isnan(z) | ~members, 0.0, z)
    known = (~np.isnan(z) & members).astype(float)
    others, n = counted.sum(axis=-1, keepdims=True) - counted, known.sum(axis=-1, keepdims=True) - known
    return np.where(n >= FEWEST_FOR_FACTOR, others / np.maximum(n, 1), np.nan)


def is_wandering(alpha: Floats) -> Bools:
    """Whether a level goes on from where it is (a fall of it is news) rather than returning to its mean (misses of it add up)."""
    wanders: Bools = alpha >= SLOW_LEVEL
    return wanders


def slack(alpha: Floats) -> Floats:
    """(series,) what is taken off every score before it is summed."""
    return np.where(is_wandering(alpha), 0.0, SLACK)


def raw_evidence(expected: Expected, sign: float | Floats, calm: int) -> Floats:
    """(periods, series) what is scored, bad positive: the change of a level that wanders, the miss of one that stays; NaN without expectation.

    A change is counted from the last known value, and less the usual one of the `calm` periods of calibration where that is bad already: a trade
    that had been shrinking for years does not alarm for going on to.
    """
    before = np.vstack([np.full((1, expected.x.shape[1]), np.nan), carried_on(expected.x)[:-1]])
    fall = sign * (expected.x - before) - np.maximum(sign * median(expected.drift[:calm]), 0.0)
    raw = np.where(is_wandering(expected.alpha), fall, sign * expected.e) / expected.noise
    return np.where(np.isnan(expected.e), np.nan, raw)


def standard_scores(raw: Floats, scale: tuple[Floats, Floats], alpha: Floats) -> Floats:
    """Scores in standard deviations. scale: centre and spread; changes are not centred, since no change is what they are held against."""
    wanders = is_wandering(alpha)
    beyond, most = np.where(wanders, LEAP_BEYOND, BEYOND), np.where(wanders, LEAP_MOST, MOST)
    z = own_score(raw, np.where(wanders, 0.0, scale[0]), scale[1], beyond=beyond, most=most)
    return np.where(wanders, _smoothed(z), z)


def _smoothed(z: Floats) -> Floats:
    """Sum of the known of the last SMOOTHED periods over SMOOTHED; NaN where the newest is missing."""
    known = np.nan_to_num(z)
    total = known.copy()
    for lag in range(1, min(SMOOTHED, len(z))):
        total[lag:] += known[:-lag]
    return np.where(np.isnan(z), np.nan, total / SMOOTHED)
