"""A small logistic regression, drawn towards a stated starting point: what turns a stated chance into one that has come true as often."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import Floats

STEPS = 50
ENOUGH = 1e-10
EDGE = 1e-9


def logit(p: Floats) -> Floats:
    """log(p / (1 - p)); a chance of 0 or 1 is moved in by EDGE."""
    inside = np.clip(p, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


def expit(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


def fit_logistic(x: Floats, y: Floats, *, weight: Floats, start: Floats, ridge: Floats) -> Floats:
    """Coefficients (p,) that maximise the weighted log likelihood less half of ridge · (coefficient - start)².

    x: (n, p) · y: (n,) 0 or 1 · weight: (n,) · start, ridge: (p,), every ridge above 0, which makes the answer unique and finite even where
    the outcomes are all alike. Newton's method with halved steps (McCullagh and Nelder 1989, section 4.4, with a Gaussian prior).
    """
    beta = start.astype(np.float64).copy()
    value = _loss(x, y, weight, beta, start, ridge)
    for _ in range(STEPS):
        p = expit(x @ beta)
        gradient = x.T @ (weight * (p - y)) + ridge * (beta - start)
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, gradient)
        size = 1.0
        while size > 1e-6 and _loss(x, y, weight, beta - size * step, start, ridge) > value:
            size /= 2
        beta = beta - size * step
        was, value = value, _loss(x, y, weight, beta, start, ridge)
        if was - value < ENOUGH:
            break
    return beta


def _loss(x: Floats, y: Floats, weight: Floats, beta: Floats, start: Floats, ridge: Floats) -> float:
    z = x @ beta
    return float((weight * (np.logaddexp(0.0, z) - y * z)).sum() + 0.5 * (ridge * (beta - start) ** 2).sum())
