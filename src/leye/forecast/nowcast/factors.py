"""A few common factors behind many ragged monthly series: principal components with missing values, then a Kalman smoother.

Two steps, as Doz, Giannone and Reichlin (2011, J. Econometrics 164(1)): loadings and noise from principal components, dynamics from a
vector autoregression of them, and the state from the smoother over whatever is known. Given its parameters the smoother is linear in the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats

CLIP = 5.0
"""Robust deviations at which a monthly change is cut. # chosen by us: strikes and storms move a month, not the cycle"""
ROUNDS = 30
"""Rounds of filling missing values by the components. # chosen by us: with 24 series the loadings stand still to 1e-4 after some twenty"""
LEAST_NOISE = 0.1
"""Share of a series' variance that is its own at least, or one series would be taken for the factor (Heywood case)."""
VAGUE = 10.0


@dataclass(frozen=True, slots=True)
class Factors:
    """centre, unit: (n,) of the changes · loading: (n, r) · noise: (n,) variances · move: (s, s) and shock: (s, s) of the state, s = r · order."""

    centre: Floats
    unit: Floats
    loading: Floats
    noise: Floats
    move: Floats
    shock: Floats

    def standard(self, changes: Floats) -> Floats:
        """(n, T) changes in units of each series, cut at CLIP; NaN stays."""
        return np.clip((changes - self.centre[:, None]) / self.unit[:, None], -CLIP, CLIP)


def estimate(changes: Floats, *, factors: int, order: int) -> Factors:
    """Parameters from (n, T) changes with NaN where nothing is known; empty months at either end are no part of the sample."""
    seen = np.flatnonzero(np.isfinite(changes).any(axis=0))
    changes = changes[:, seen[0] : seen[-1] + 1]
    known = np.isfinite(changes)
    centre = np.array([np.median(row[k]) if k.any() else 0.0 for row, k in zip(changes, known, strict=True)])
    spread = np.array([np.median(np.abs(row[k] - c)) if k.any() else 0.0 for row, k, c in zip(changes, known, centre, strict=True)])
    plain = np.array([row[k].std() if k.any() else 0.0 for row, k in zip(changes, known, strict=True)])
    unit = np.where(spread > 0, 1.4826 * spread, np.where(plain > 0, plain, 1.0))
    z = np.clip((changes - centre[:, None]) / unit[:, None], -CLIP, CLIP)
    size = np.sqrt(np.maximum(np.nanmean(np.where(known, z**2, np.nan), axis=1, where=known) if known.any() else 1.0, 1e-6))
    unit, z = unit * size, z / size[:, None]
    count = max(1, min(factors, len(z) - 1 if len(z) > 1 else 1))
    loading, paths = _components(z, known, count)
    rest = np.where(known, z - loading @ paths, 0.0)
    noise = np.maximum((rest**2).sum(axis=1) / np.maximum(known.sum(axis=1), 1), LEAST_NOISE)
    move, shock = _dynamics(paths, order)
    return Factors(centre, unit, loading, noise, move, shock)


def smooth(f: Factors, z: Floats) -> Floats:
    """(r, T, k) smoothed factors of k data sets that are known at the same places. z: (n, T, k) in standard units, NaN where nothing is known."""
    known = np.isfinite(z[:, :, 0])
    r, s, periods = f.loading.shape[1], len(f.move), z.shape[1]
    weighted = f.loading / f.noise[:, None]
    pull = np.einsum("nr,ntk->trk", weighted, np.nan_to_num(z))
    push = np.einsum("nr,nt,nq->trq", weighted, known.astype(np.float64), f.loading)
    mean: Floats = np.zeros((s, z.shape[2]))
    cover: Floats = VAGUE * np.eye(s)
    ahead, covers, filtered, sure = [], [], [], []
    for t in range(periods):
        if t:
            mean = f.move @ mean
            cover = f.move @ cover @ f.move.T + f.shock
        ahead.append(mean)
        covers.append(cover)
        joined = np.eye(s)
        joined[:, :r] += cover[:, :r] @ push[t]
        cover = np.asarray(np.linalg.solve(joined, cover), dtype=np.float64)
        mean = mean + cover[:, :r] @ (pull[t] - push[t] @ mean[:r])
        filtered.append(mean)
        sure.append(cover)
    out = np.empty((r, periods, z.shape[2]))
    out[:, -1] = mean[:r]
    for t in range(periods - 2, -1, -1):
        gain = np.linalg.solve(covers[t + 1], f.move @ sure[t]).T
        mean = filtered[t] + gain @ (mean - ahead[t + 1])
        out[:, t] = mean[:r]
    return out


def _components(z: Floats, known: Bools, count: int) -> tuple[Floats, Floats]:
    """((n, r) loadings, (r, T) components of variance one), missing values filled by the components round by round; signs are fixed."""
    filled = np.where(known, z, 0.0)
    for _ in range(ROUNDS):
        values, vectors = np.linalg.eigh(filled @ filled.T / filled.shape[1])
        vectors = vectors[:, ::-1][:, :count]
        filled = np.where(known, z, vectors @ (vectors.T @ filled))
    vectors = vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    size = np.sqrt(np.maximum(values[::-1][:count], 1e-9))
    return vectors * size, (vectors.T @ filled) / size[:, None]


def _dynamics(paths: Floats, order: int) -> tuple[Floats, Floats]:
    """Companion form of a vector autoregression with a ridge of one period a coefficient; shrunk inside the unit circle."""
    r, periods = paths.shape
    past = np.concatenate([paths[:, order - 1 - k : periods - 1 - k] for k in range(order)])
    now = paths[:, order:]
    b = np.linalg.solve(past @ past.T + np.eye(r * order), past @ now.T).T
    move = np.zeros((r * order, r * order))
    move[:r] = b
    move[r:, :-r] = np.eye(r * (order - 1))
    largest = float(np.abs(np.linalg.eigvals(move)).max())
    if largest > 0.98:
        move[:r] *= np.repeat([(0.98 / largest) ** (k + 1) for k in range(order)], r)
    shock = np.zeros_like(move)
    rest = now - b @ past
    shock[:r, :r] = rest @ rest.T / max(rest.shape[1], 1) + 1e-6 * np.eye(r)
    shock[r:, r:] = 1e-9 * np.eye(r * (order - 1))  # keeps predicted covariances invertible
    return move, shock
