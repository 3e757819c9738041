"""Two small fits: scales of item contributions (logistic, ridge toward the hand weights, none below zero) and a curve of calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
RIDGE = 4.0
"""Precision of the belief that a hand weight is right: a scale of 1 ± 0.5 before any outcome. # chosen by us: a few hundred outcomes move it"""
BASE_RIDGE = 0.01
"""The same of the base rate, which hand weights know nothing about: ± 10 logits. # chosen by us: only there to keep the minimum unique"""
HIGHEST = 3.0
"""No scale goes beyond it. # chosen by us: sums stay inside the table of probabilities"""
SLOPES = (0.05, 20.0)
"""Bounds of the slope of a calibration: above 0, so that the order never turns."""


@dataclass(frozen=True)
class Scales:
    """What a side learned. scale: (groups,) factors of the hand contributions, in [0, HIGHEST]."""

    base: float
    scale: Floats


def fit_scales(x: Floats, y: Floats, base: float, floors: Floats | None = None) -> Scales:
    """Minimise log loss of base + x · scale with ridge toward (base, 1), by L-BFGS-B (Byrd et al. 1995, SIAM J. Sci. Comput. 16:1190).

    x: (rows, groups) hand contributions in logits · y: (rows,) 0 or 1 · base: of the hand weights · floors: (groups, groups) factors f, zero on the
    diagonal, of scale[i] >= f[i, j] · scale[j] where i stands in no other row. The loss is convex, so the start does not matter.
    """
    # bounds are boxes: what a scale has over its floor is fitted in its stead
    full = np.eye(x.shape[1]) + (0.0 if floors is None else floors)
    over_floor = x @ full

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] + over_floor @ at[1:]
        over = 1.0 / (1.0 + np.exp(-z)) - y
        away = np.concatenate([[at[0] - base], full @ at[1:] - 1.0])
        pull = np.concatenate([[BASE_RIDGE * away[0]], RIDGE * (full.T @ away[1:])])
        value = float((np.logaddexp(0.0, z) - y * z).sum()) + 0.5 * (BASE_RIDGE * float(away[0] ** 2) + RIDGE * float(away[1:] @ away[1:]))
        return value, np.concatenate([[over.sum()], over_floor.T @ over]) + pull

    start = np.concatenate([[base], np.full(x.shape[1], 0.5)])
    bounds = [(-10.0, 10.0), *[(0.0, HIGHEST)] * x.shape[1]]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6})
    return Scales(round(float(found.x[0]), 4), np.round(full @ found.x[1:], 4))


def fit_curve(logit: Floats, y: Floats) -> tuple[float, float]:
    """Offset and slope of p = 1 / (1 + exp(-(offset + slope · logit))) (Platt 1999, with his smoothed targets), slope inside SLOPES."""
    yes = float(y.sum())
    no = len(y) - yes
    aim = np.where(y > 0, (yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0))

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] + at[1] * logit
        over = 1.0 / (1.0 + np.exp(-z)) - aim
        return float((np.logaddexp(0.0, z) - aim * z).sum()), np.array([over.sum(), over @ logit])

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(-20.0, 20.0), SLOPES])
    return round(float(found.x[0]), 4), round(float(found.x[1]), 4)
