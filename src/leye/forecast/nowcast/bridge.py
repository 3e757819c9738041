"""From monthly factors to quarterly targets: a ridge regression of the change of the quarter, its penalty chosen by leaving one quarter out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Floats

SPREAD_OVER = (1.0, 2.0, 3.0, 2.0, 1.0)
"""Months behind the change of a quarterly mean, newest first (Mariano and Murasawa 2003, J. Applied Econometrics 18(4))."""
PENALTIES = tuple(float(10.0**k) for k in np.arange(-1.0, 3.01, 0.5))
OWN_LAGS = 2
"""Own changes of the quarters before. # chosen by us: .834 of the autoregression's error on the development quarters of bench/nowcast, 1 lag .847"""


@dataclass(frozen=True, slots=True)
class Bridge:
    """centre, unit: of the target's changes · weights: (p,) of what `regressors` gives, in standard units."""

    centre: float
    unit: float
    weights: Floats


def on_quarters(paths: Floats, lag: int) -> Floats:
    """(r, Q, k) what monthly factors (r, T, k) come to in a quarter's change: the triangle over five months, or the mean of three where
    changes are over a year already."""
    spread = SPREAD_OVER if lag == 1 else (1.0, 1.0, 1.0)
    padded = np.concatenate([np.zeros_like(paths[:, :2]), paths], axis=1)
    last = np.arange(4, padded.shape[1], 3)
    total: Floats = sum(w * padded[:, last - k] for k, w in enumerate(spread)) / sum(spread)  # type: ignore[assignment]
    return total


def regressors(quarterly: Floats, own: Floats, quarter: int) -> Floats:
    """(p, k): the factors of the quarter and of the one before, and the target's own last changes (Q, k) in standard units."""
    parts = [quarterly[:, quarter], quarterly[:, quarter - 1], *(own[quarter - 1 - i][None] for i in range(OWN_LAGS))]
    return np.concatenate(parts)


def fit_bridge(quarterly: Floats, changes: Floats) -> Bridge:
    """quarterly: (r, Q) · changes: (Q,) of the target, NaN where unknown; at least three rows must be complete."""
    known = changes[np.isfinite(changes)]
    centre, unit = float(known.mean()), float(known.std()) or 1.0
    own = (changes - centre) / unit
    rows = [q for q in range(1 + OWN_LAGS, len(own)) if np.isfinite(own[q - OWN_LAGS : q + 1]).all()]
    x = np.stack([regressors(quarterly[:, :, None], own[:, None], q)[:, 0] for q in rows])
    y = own[rows]
    left, values, right = np.linalg.svd(x, full_matrices=False)
    best = min((_left_out(left, values, y, penalty), penalty) for penalty in PENALTIES)[1]
    return Bridge(centre, unit, right.T @ (values / (values**2 + best) * (left.T @ y)))


def predict(bridge: Bridge, quarterly: Floats, changes: Floats, quarters: range) -> Floats:
    """(len(quarters), k) changes of the target, quarter by quarter; where the one before is not known its own nowcast stands in."""
    own = np.repeat(((changes - bridge.centre) / bridge.unit)[:, None], quarterly.shape[2], axis=1)
    for q in quarters:
        own[q] = bridge.weights @ regressors(quarterly, own, q)
    return own[quarters.start : quarters.stop] * bridge.unit + bridge.centre


def _left_out(left: Floats, values: Floats, y: Floats, penalty: float) -> float:
    """Mean squared error of each quarter by the fit of the others, in closed form (Allen 1974, PRESS)."""
    share = values**2 / (values**2 + penalty)
    rest = y - left @ (share * (left.T @ y))
    lever = np.minimum((left**2 * share).sum(axis=1), 0.99)
    return float(((rest / (1 - lever)) ** 2).mean())
