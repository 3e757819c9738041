"""Poisson regression by iteratively reweighted least squares, with a ridge that keeps effects of rare places finite."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Floats

STEPS = 100
ENOUGH = 1e-9
FURTHEST = 30.0
"""Largest |log rate|: exp(30) is more people than there are."""


def fit_poisson(x: Floats, y: Floats, *, ridge: Floats, weight: Floats | None = None) -> Floats:
    """(p,) coefficients b that maximise sum(w · (y·xb - exp(xb))) - ridge · b² / 2.

    x: (n, p) · y: (n,) counts from 0 · ridge: (p,), 0 for the constant · weight: (n,), all 1 when None.
    Newton's method with halved steps, which for the log link is IRLS (McCullagh and Nelder 1989, section 2.5).
    """
    w = np.ones(len(y)) if weight is None else weight
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(max(float((w * y).sum() / max(w.sum(), 1e-12)), 1e-6))
    value = _loss(x, y, w, beta, ridge)
    for _ in range(STEPS):
        mu = np.exp(np.clip(x @ beta, -FURTHEST, FURTHEST))
        gradient = x.T @ (w * (mu - y)) + ridge * beta
        curve = (x * (w * mu)[:, None]).T @ x + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, gradient)
        size = 1.0
        while size > 1e-9 and _loss(x, y, w, beta - size * step, ridge) > value:
            size /= 2
        beta = beta - size * step
        was, value = value, _loss(x, y, w, beta, ridge)
        if was - value <= ENOUGH * (1 + abs(value)):
            break
    return beta


def rate(x: Floats, beta: Floats) -> Floats:
    """(n,) expected counts."""
    return np.asarray(np.exp(np.clip(x @ beta, -FURTHEST, FURTHEST)))


def _loss(x: Floats, y: Floats, w: Floats, beta: Floats, ridge: Floats) -> float:
    z = np.clip(x @ beta, -FURTHEST, FURTHEST)
    return float((w * (np.exp(z) - y * z)).sum() + 0.5 * (ridge * beta**2).sum())
