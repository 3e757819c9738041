"""Logistic regression with a ridge penalty by iteratively reweighted least squares; the penalty chosen by approximate leave-one-out loss.

Newton's method on  mean log loss + 1/2 sum(penalty * coef^2), intercept free (Hastie, Tibshirani and Friedman, The Elements of Statistical
Learning, 2nd ed., 4.4). Leave-one-out from the hat matrix of the last step (Rad and Maleki 2020, JRSS B 82, ALO), so that a path of penalties
costs one pass each and no folds inside folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from leye.policy.optimise.arrays import Floats

PENALTIES = (1.0, 0.1, 0.01, 0.001)
"""On columns of unit variance, over the mean loss. Chosen by us: from "nearly the mean" to "nearly free" at a few thousand rows."""
STEPS, CLOSE = 60, 1e-8
TINY = 1e-10  # least curvature of a row; keeps the weighted squares solvable where a fit is certain


@dataclass(frozen=True, slots=True)
class Logistic:
    """coef: (1 + p,) intercept first, on the columns the model was fitted to · penalty: the one chosen · loo_loss: mean log loss left out."""

    coef: Floats
    penalty: float
    loo_loss: float

    def predict(self, x: Floats) -> Floats:
        """(n, p) columns -> (n,) probabilities."""
        return np.asarray(expit(self.coef[0] + x @ self.coef[1:]), dtype=np.float64)


def fit_logistic(x: Floats, y: Floats, *, penalties: Sequence[float] = PENALTIES) -> Logistic:
    """The model with the least leave-one-out loss over a path of penalties, heavy to light, each started from the last.

    x: (n, p) columns of about unit variance · y: (n,) of 0 and 1, both present.
    """
    with_one = np.column_stack([np.ones(len(x)), x])
    rate = float(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    coef = np.zeros(with_one.shape[1])
    coef[0] = np.log(rate / (1 - rate))
    best: Logistic | None = None
    for penalty in penalties:
        coef = newton(with_one, y, penalty, start=coef)
        loss = loo_loss(with_one, y, coef, penalty)
        if best is None or loss < best.loo_loss:
            best = Logistic(coef, penalty, loss)
        elif loss > best.loo_loss * 1.02:  # the path has turned: lighter penalties only fit noise
            break
    assert best is not None
    return best


def newton(with_one: Floats, y: Floats, penalty: float, *, start: Floats) -> Floats:
    """(1 + p,) coefficients; with_one: (n, 1 + p) columns, the first all one. Steps are halved until the loss falls."""
    coef, loss = start, objective(with_one, y, start, penalty)
    for _ in range(STEPS):
        gradient, hessian = _slope(with_one, y, coef, penalty)
        if float(np.abs(gradient).max()) < CLOSE:
            break
        step = np.asarray(cho_solve(cho_factor(hessian), gradient))
        size = 1.0
        while (lower := objective(with_one, y, coef - size * step, penalty)) > loss + 1e-12 and size > 1e-4:
            size /= 2
        coef, loss = coef - size * step, lower
    return coef


def objective(with_one: Floats, y: Floats, coef: Floats, penalty: float) -> float:
    """Mean log loss plus the penalty."""
    eta = with_one @ coef
    return float(np.mean(np.logaddexp(0.0, eta) - y * eta) + penalty / 2 * np.sum(coef[1:] ** 2))


def loo_loss(with_one: Floats, y: Floats, coef: Floats, penalty: float) -> float:
    """Mean log loss of each row under the model without it, to first order: eta_-i = eta_i - h/(1-h) * (y - p)/w."""
    eta = with_one @ coef
    p = expit(eta)
    w = np.maximum(p * (1 - p), TINY)
    _, hessian = _slope(with_one, y, coef, penalty)
    solved = np.asarray(cho_solve(cho_factor(hessian), with_one.T))
    leverage = np.clip(w * np.einsum("ij,ji->i", with_one, solved) / len(y), 0.0, 0.999)
    left_out = eta - leverage / (1 - leverage) * (y - p) / w
    return float(np.mean(np.logaddexp(0.0, left_out) - y * left_out))


def _slope(with_one: Floats, y: Floats, coef: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Gradient and curvature of the objective."""
    p = expit(with_one @ coef)
    w = np.maximum(p * (1 - p), TINY)
    free = np.ones(len(coef))
    free[0] = 0.0
    gradient = with_one.T @ (p - y) / len(y) + penalty * free * coef
    hessian = (with_one * w[:, None]).T @ with_one / len(y)
    hessian[np.diag_indices_from(hessian)] += penalty * free + TINY
    return gradient, hessian
