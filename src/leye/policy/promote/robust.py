"""Variance of a linear estimate with few clusters: residuals by grid, freed of what fitting took from them, and degrees of freedom to match.

CR2 and its Satterthwaite degrees of freedom after Bell & McCaffrey (2002, Survey Methodology 28:169) in the form of Pustejovsky & Tipton (2018,
J Bus Econ Stat 36:672). Working model: independent people with one rate. With r estimated rates the projection is X L, where L holds the
estimators; everything is done by blocks of a grid, so a city of thousands of grids costs no large matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.promote.panel import Floats
from leye.policy.promote.wedge import Wedge

LEAST_RATE = 1e-6
"""Working rate when nobody applied at all: only the proportions of the working variance matter."""


@dataclass(frozen=True, slots=True)
class Robust:
    """Covariance of the estimates (k, k) and degrees of freedom (k,) of each alone; NaN where nothing can be said."""

    covariance: Floats
    degrees: Floats


def robust(found: Wedge, contrasts: Floats) -> Robust:
    """CR2 of `contrasts @ thetas`. contrasts: (m, k), rows without any weight on an unseen theta."""
    first, grids = np.unique(found.grid, return_inverse=True)
    weeks = found.control_weights.shape[0]
    estimators = np.vstack([found.control_weights, found.weights])  # L: (weeks + k, cells)
    fitted_by = np.zeros((found.rate.size, estimators.shape[0]))  # X: (cells, weeks + k)
    fitted_by[np.arange(found.rate.size), found.week] = 1.0
    reached = np.flatnonzero(found.column >= 0)
    fitted_by[reached, weeks + found.column[reached]] = 1.0
    residual = found.rate - fitted_by @ (estimators @ found.rate)
    overall = max(float(found.rate @ found.people / found.people.sum()), LEAST_RATE)
    working = overall * (1 - min(overall, 0.5)) / found.people
    spread = (estimators * working) @ estimators.T
    scores = np.zeros((first.size, contrasts.shape[0]))
    us = np.zeros((first.size, contrasts.shape[0], estimators.shape[0]))
    vs, own = np.zeros_like(us), np.zeros((first.size, contrasts.shape[0]))
    coefficients = contrasts @ found.weights
    for g in range(first.size):
        cells = np.flatnonzero(grids == g)
        x, ell, omega = fitted_by[cells], estimators[:, cells], working[cells]
        cross = x @ ell * omega
        block = np.diag(omega) - cross - cross.T + x @ spread @ x.T
        adjusted = coefficients[:, cells] @ _freed(block, omega)
        scores[g] = adjusted @ residual[cells]
        us[g], vs[g] = adjusted @ x, (adjusted * omega) @ ell.T
        own[g] = (adjusted**2) @ omega
    return Robust(scores.T @ scores, _degrees(us, vs, own, spread))


def _freed(block: Floats, omega: Floats) -> Floats:
    """A with A block A' = diag(omega) on the range of `block`: the symmetric adjustment D (D block D)^(+1/2) D, D = sqrt(omega).

    Fitting can take all of a grid's residuals (alone in its week); what is left of `block` is then rounding, so its size is held against that of the
    residuals before fitting and not against its own largest value.
    """
    root = np.sqrt(omega)
    values, vectors = np.linalg.eigh(block * root * root[:, None])
    kept = values > float((omega**2).max(initial=0.0)) * 1e-10
    inverse = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
    return np.asarray(root[:, None] * inverse * root)


def _degrees(us: Floats, vs: Floats, own: Floats, spread: Floats) -> Floats:
    """Satterthwaite: (trace M)^2 / sum(M^2), M_ij = p_i' Cov(residuals) p_j under the working model."""
    found = np.full(own.shape[1], np.nan)
    for m in range(own.shape[1]):
        u, v = us[:, m], vs[:, m]
        matrix = u @ spread @ u.T - u @ v.T - v @ u.T
        matrix[np.diag_indices_from(matrix)] += own[:, m]
        square = float((matrix**2).sum())
        found[m] = np.trace(matrix) ** 2 / square if square > 0 else np.nan
    return found
