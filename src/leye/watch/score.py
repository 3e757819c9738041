"""From misses to scores: median and MAD of the past, lagged and clipped, and a common factor over all series with learned weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Bools, Floats
from leye.watch.order import center_and_spread

CLIP, BEYOND, MOST = 4.0, 0.25, 12.0
"""Standard deviations: up to 4 a miss counts in full, beyond that a quarter, at most 12; one wild month lights little, a fall of a fifth does.

Chosen by us on calm and shocked panels (docs/models/watch.md): a hard clip at 4 never saw a single leap in a wandering series.
"""
SCALE_LAG = 3  # periods between a score and the newest value its scale has seen
SCALE_WINDOW = 120  # periods; ten years of months, so that one crisis does not become the yardstick
SCALE_EVERY = 3  # periods between updates of the scale
SCALE_MAY_MOVE = (0.5, 2.0)  # times the scale of the calibration period
FEWEST_FOR_FACTOR = 6  # series; below that the "common" factor is a few neighbours
MOST_FACTOR = 0.5  # the weight that did best where series do move together
SURE_AFTER = 12  # periods; chosen by us: the common factor is one series, and a dozen of its values do not calibrate it
POOL_WEIGHT = 240  # periods; chosen by us: one series' correlation over ten years is too noisy to go by alone


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much of the common factor enters each series' score: (series,) weight, (series,) norm; scale of the factor; members of the factor."""

    weight: Floats
    norm: Floats
    factor_sd: float
    members: Bools


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


def learn_fusion(z: Floats, members: Bools) -> Fusion:
    """Weight of the factor from how strongly each series moved with it in calibration, in sums of three periods.

    The correlation is shrunk towards the panel's, and all weights are 0 where the panel's does not exceed two standard errors of independence.
    """
    factor = common_factor(z, members)
    known = ~np.isnan(factor)
    sd = float(np.sqrt(np.mean(factor[known] ** 2))) if known.any() else 0.0
    none = np.zeros(z.shape[-1])
    if sd == 0 or len(z) < 6:
        return Fusion(none, none + 1.0, 1.0, members)
    r, n = _correlation(_sum3(z), _sum3(factor))
    usable = n >= 6
    if not usable.any():
        return Fusion(none, none + 1.0, 1.0, members)
    pooled = float((r[usable] * n[usable]).sum() / n[usable].sum())
    by_chance = 2 / np.sqrt(n[usable].sum() / 3)
    if pooled < by_chance:
        return Fusion(none, none + 1.0, sd, members)
    sure = len(z) / (len(z) + SURE_AFTER)
    weight = np.where(usable, sure * np.clip((n * r + POOL_WEIGHT * pooled) / (n + POOL_WEIGHT), 0.0, MOST_FACTOR), 0.0)
    return Fusion(weight, np.sqrt(1 + weight**2 + 2 * weight * np.clip(r, 0, 1)), sd, members)


def fuse(z: Floats, fusion: Fusion) -> tuple[Floats, Floats]:
    """(fused score, standardised factor); where the factor is unknown the own score stands alone, re-weighted."""
    factor = common_factor(z, fusion.members) / fusion.factor_sd
    usable = ~np.isnan(factor) & (fusion.weight > 0)
    return np.where(usable, (z + fusion.weight * np.nan_to_num(factor)) / fusion.norm, z), factor


def _sum3(z: Floats) -> Floats:
    return z[2:] + z[1:-1] + z[:-2]


def _correlation(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Correlation of the columns over rows where both are known, and the number of those rows."""
    both = ~np.isnan(a) & ~np.isnan(b)
    n = both.sum(axis=0)
    a, b = np.where(both, a, 0.0), np.where(both, b, 0.0)
    a = np.where(both, a - a.sum(axis=0) / np.maximum(n, 1), 0.0)
    b = np.where(both, b - b.sum(axis=0) / np.maximum(n, 1), 0.0)
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.where(size > 0, (a * b).sum(axis=0) / np.where(size > 0, size, 1.0), 0.0), n.astype(float)
