"""Channels fused into one score: own series, common factor, parent, and other indicators of the same place, with weights learned in calibration.

score = (z + sum_c w_c z_c) / sqrt(v' R v), v = (1, w) over the channels that are present, R their correlation in quiet times: a channel that is
missing at a time is left out of both sums, so the rest is re-weighted and nothing is read as zero. Weights: Fisher's linear discriminant (1936)
between quiet periods and the first half-year of downturns, both of the calibration period, none negative, capped, and shrunk towards the
correlation rule for the factor and towards 0 for the others while few downturns are known. Argued in docs/models/watch.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Bools, Floats
from leye.watch.score import common_factor

MOST_FACTOR = 0.5  # weight of one channel against 1 of the own series; the factor weight that did best where series do move together
MOST_TOLD = 4.0  # standard deviations; chosen by us: where a fifth of the series leap, the rest is not lit by their mean alone
SURE_AFTER = 12  # periods; chosen by us: the common factor is one series, and a dozen of its values do not calibrate it
POOL_WEIGHT = 240  # periods; chosen by us: one series' correlation over ten years is too noisy to go by alone
SURE_DOWNTURNS = 4.0  # chosen by us: separate downturns at which the discriminant has as much say as what is assumed without it
RIDGE = 0.1  # chosen by us: shrinkage of correlations, so that channels that say the same do not get weights of opposite sign


@dataclass(frozen=True, slots=True)
class Fusion:
    """names: channels beside the own series, `factor` first · weight: (channels, series) · corr: (1 + channels, 1 + channels), own first ·
    factor_sd: scale of the factor · members: (series,) members of the factor.
    """

    names: tuple[str, ...]
    weight: Floats
    corr: Floats
    factor_sd: float
    members: Bools

    def part(self, chosen: Floats | np.ndarray) -> Fusion:
        """The same for some of the series."""
        return Fusion(self.names, self.weight[:, chosen], self.corr, self.factor_sd, self.members[chosen])


def learn_fusion(z: Floats, others: Floats, names: tuple[str, ...], quiet: Bools, begins: Bools, members: Bools) -> Fusion:
    """What the calibration period teaches. z: (calm periods, series) oriented scores · others: (channels, calm periods, series), NaN where absent ·
    quiet, begins: (calm periods, series) no downturn, and the first half-year of one.
    """
    calm = np.where(quiet, z, np.nan)
    factor = common_factor(z, members)
    known = ~np.isnan(factor)
    sd = float(np.sqrt(np.mean(factor[known] ** 2))) if known.any() else 0.0
    stack = np.concatenate([(factor / (sd or 1.0))[None], others])
    corr = _correlations(calm, stack)
    weight = np.zeros((len(stack), z.shape[-1]))
    weight[0] = _together(z, factor) if sd > 0 else 0.0
    learned, downturns = _discriminant(z, stack, corr, quiet, begins)
    sure = downturns / (downturns + SURE_DOWNTURNS)
    there = ~np.isnan(stack).all(axis=1)
    weight = np.where(there, sure * learned[:, None] + (1 - sure) * weight, 0.0)
    return Fusion(("factor", *names), weight, corr, sd or 1.0, members)


def fuse(z: Floats, fusion: Fusion, others: Floats) -> tuple[Floats, Floats]:
    """(fused score, (channels, ...) standardised channels with the factor first). z: (..., series), others: (channels - 1, ..., series)."""
    stack = np.clip(np.concatenate([(common_factor(z, fusion.members) / fusion.factor_sd)[None], others]), -MOST_TOLD, MOST_TOLD)
    shape = (len(stack), *([1] * (z.ndim - 1)), z.shape[-1])
    weight = np.where(np.isnan(stack), 0.0, fusion.weight.reshape(shape))
    total = z + (weight * np.nan_to_num(stack)).sum(axis=0)
    mixed = np.tensordot(fusion.corr[1:, 1:], weight, axes=1)
    size = 1 + 2 * np.tensordot(fusion.corr[0, 1:], weight, axes=1) + (weight * mixed).sum(axis=0)
    return total / np.sqrt(size), stack


def _together(z: Floats, factor: Floats) -> Floats:
    """(series,) weight of the factor from how strongly each series moved with it, in sums of three periods.

    The correlation is shrunk towards the panel's, and all weights are 0 where the panel's does not exceed two standard errors of independence.
    """
    if len(z) < 6:
        return np.zeros(z.shape[-1])
    r, n = _correlation(_sum3(z), _sum3(factor))
    usable = n >= 6
    pooled = float((r[usable] * n[usable]).sum() / n[usable].sum()) if usable.any() else 0.0
    if not usable.any() or pooled < 2 / np.sqrt(n[usable].sum() / 3):
        return np.zeros(z.shape[-1])
    sure = len(z) / (len(z) + SURE_AFTER)
    return np.where(usable, sure * np.clip((n * r + POOL_WEIGHT * pooled) / (n + POOL_WEIGHT), 0.0, MOST_FACTOR), 0.0)


def _discriminant(z: Floats, stack: Floats, corr: Floats, quiet: Bools, begins: Bools) -> tuple[Floats, float]:
    """(channels,) weights against 1 of the own series, and how many separate downturns they rest on. The own series always keeps its 1."""
    every = np.concatenate([z[None], stack])
    shift = np.array([_mean(c[begins]) - _mean(c[quiet]) for c in every])
    downturns = float((np.diff(np.concatenate([[False], begins.any(axis=1)]).astype(int)) == 1).sum())
    use = [0, *[i for i in range(1, len(every)) if not np.isnan(shift[i]) and shift[i] > 0]]
    if not downturns or not shift[0] > 0:
        return np.zeros(len(stack)), 0.0
    while True:
        found = np.linalg.solve(corr[np.ix_(use, use)], shift[use])
        low = int(np.argmin(found[1:])) + 1 if len(use) > 1 else 0
        if not low or found[low] >= 0:
            break
        use.pop(low)
    weight = np.zeros(len(every))
    weight[use] = np.clip(found / max(float(found[0]), 1e-9), 0.0, MOST_FACTOR) if found[0] > 0 else 0.0
    return weight[1:], downturns


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _correlations(z: Floats, stack: Floats) -> Floats:
    """Correlation of own score and channels over all series at once, shrunk by RIDGE; 0 where two were never seen together."""
    every = np.concatenate([z[None], stack]).reshape(1 + len(stack), -1)
    corr = np.eye(len(every))
    for i in range(len(every)):
        for j in range(i):
            r, n = _correlation(every[i][:, None], every[j][:, None])
            corr[i, j] = corr[j, i] = (1 - RIDGE) * float(r[0]) if n[0] >= 12 else 0.0
    values, vectors = np.linalg.eigh(corr)  # pairs seen at different times need not fit together
    fit: Floats = (vectors * np.maximum(values, RIDGE / 2)) @ vectors.T
    return fit


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
