"""Ridge-penalised logistic regression by Newton's method, several fits at once over the same rows.

Each fit j minimises  sum_i w_ij [log(1 + exp(eta_ij)) - y_i eta_ij] / sum_i w_ij + sum_k penalty_jk / 2 * coef_jk^2,  the intercept free
(Hastie, Tibshirani
and Friedman, The Elements of Statistical Learning, 2nd ed., 4.4.1). Folds and penalties differ only in w and penalty, so the rows are read once
a step.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from leye.forecast.arrays import Floats

STEPS, CLOSE = 40, 1e-9
ROWS = 16_384  # read at a time: the weighted columns of one block stay in the processor's cache
HALVINGS = 12
LEAST = 1e-10  # curvature of a row; keeps the system solvable where a fit is certain


def fit_many(x: Floats, y: Floats, weight: Floats, penalty: Floats) -> Floats:
    """(fits, 1 + p) coefficients, intercept first.

    x: (n, p) columns of about unit variance · y: (n,) of 0 and 1 · weight: (fits, n), not negative, each row with a positive sum · penalty:
    (fits, p), not
    negative.
    A fit whose rows hold only one outcome gets a finite intercept: its rate is held within half a row of 0 and 1.
    """
    total = weight.sum(axis=1)
    rate = np.clip((weight @ y) / total, 0.5 / total, 1 - 0.5 / total)
    coef = np.zeros((len(weight), x.shape[1] + 1))
    coef[:, 0] = np.log(rate / (1 - rate))
    loss = _loss(x, y, weight, penalty, coef)
    for _ in range(STEPS):
        gradient, hessian = _slope(x, y, weight, penalty, coef)
        if float(np.abs(gradient).max()) < CLOSE:
            break
        step = np.asarray(np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0], dtype=np.float64)
        coef, loss, has_moved = _descended(x, y, weight, penalty, coef, loss, step)
        if not has_moved:
            break
    return coef


def _descended(x: Floats, y: Floats, weight: Floats, penalty: Floats, coef: Floats, loss: Floats, step: Floats) -> tuple[Floats, Floats, bool]:
    """Every fit moved by its step, halved until its loss does not rise; a fit that cannot be bettered stays."""
    size = np.ones(len(coef))
    for _ in range(HALVINGS):
        tried = coef - size[:, None] * step
        lower = _loss(x, y, weight, penalty, tried)
        worse = lower > loss + 1e-13
        if not worse.any():
            return tried, lower, True
        size = np.where(worse, size / 2, size)
    keeps = lower > loss + 1e-13
    moved = np.where(keeps[:, None], coef, tried)
    return moved, np.where(keeps, loss, lower), bool((~keeps).any())


def _loss(x: Floats, y: Floats, weight: Floats, penalty: Floats, coef: Floats) -> Floats:
    found = np.zeros(len(coef))
    for rows in _blocks(len(y)):
        eta = coef[:, :1] + coef[:, 1:] @ x[rows].T
        found += ((np.logaddexp(0.0, eta) - y[rows] * eta) * weight[:, rows]).sum(axis=1)
    return np.asarray(found / weight.sum(axis=1) + (penalty / 2 * coef[:, 1:] ** 2).sum(axis=1))


def _slope(x: Floats, y: Floats, weight: Floats, penalty: Floats, coef: Floats) -> tuple[Floats, Floats]:
    """(fits, 1 + p) gradients and (fits, 1 + p, 1 + p) curvatures."""
    fits, width = coef.shape
    gradient, hessian = np.zeros((fits, width)), np.zeros((fits, width, width))
    for rows in _blocks(len(y)):
        block = np.column_stack([np.ones(len(x[rows])), x[rows]])
        p = expit(coef @ block.T)
        gradient += (weight[:, rows] * (p - y[rows])) @ block
        curve = weight[:, rows] * np.maximum(p * (1 - p), LEAST)
        for j in range(fits):
            hessian[j] += (block * curve[j][:, None]).T @ block
    total = weight.sum(axis=1)
    ridge = np.column_stack([np.zeros(fits), penalty])
    hessian = hessian / total[:, None, None] + (ridge + LEAST)[:, :, None] * np.eye(width)
    return gradient / total[:, None] + ridge * coef, hessian


def _blocks(n: int) -> list[slice]:
    return [slice(start, min(start + ROWS, n)) for start in range(0, n, ROWS)]
