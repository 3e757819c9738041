"""Who gains most: effects as a function of what may be used to choose, or the average for all where differences are not shown.

Doubly robust learner (Kennedy 2023, Electronic Journal of Statistics 17): ridge regression of the scores on the covariates that are allowed to
choose by. Protected attributes serve to compare like with like, never to pick: sex, age, hukou and disability do not enter here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Floats, Ints
from leye.policy.optimise.basis import Basis, learn_basis
from leye.policy.optimise.calibration import Calibration, effect_calibration

RIDGES = (10.0, 1.0, 0.1, 0.01)
"""Over the mean square; chosen among by leave-one-out error."""
ONE_SIDED = 1.645
"""The slope of the effect calibration must lie above 0 by this many standard errors before people are told apart (5 %, one-sided)."""


@dataclass(frozen=True, slots=True)
class Targeting:
    """effect(x) = average + shrink * (x - mean) @ coef. shrink 0: everybody has the average, as no difference was shown.

    calibration: of the held-out predictions · covariance: (1 + p, 1 + p) of average and coef, sandwich.
    """

    basis: Basis
    average: float
    coef: Floats
    mean: Floats
    shrink: float
    calibration: Calibration
    covariance: Floats

    @property
    def tells_apart(self) -> bool:
        """Whether effects differ between people."""
        return self.shrink > 0

    def effects(self, covariates: pl.DataFrame) -> Floats:
        """(rows,) change of the chance of the outcome, in shares."""
        if not self.tells_apart:
            return np.full(covariates.height, self.average)
        return np.asarray(self.average + self.shrink * (self.basis.design(covariates) - self.mean) @ self.coef)

    def total_se(self, covariates: pl.DataFrame) -> float:
        """Standard error of the sum of the effects of these people (none: 0)."""
        if covariates.height == 0:
            return 0.0
        gap = self.shrink * (self.basis.design(covariates) - self.mean)
        sums = np.concatenate([[covariates.height], gap.sum(axis=0)])
        return float(np.sqrt(max(sums @ self.covariance @ sums, 0.0)))


def learn_targeting(covariates: pl.DataFrame, score: Floats, person: Ints, fold: Ints) -> Targeting:
    """From the kept rows' scores. covariates: (n) only the columns that may choose; fold: as in the cross-fitting."""
    held_out = np.empty(len(score))
    for k in range(int(fold.max()) + 1):
        rest, here = fold != k, fold == k
        basis = learn_basis(covariates.filter(pl.Series(rest)), products=0)
        x = basis.design(covariates)
        coef = _ridge(x[rest], score[rest])
        told = (x[here] - x[rest].mean(axis=0)) @ coef
        # a fold's level says nothing about its people, and the level of the rest moves against it: only differences within folds are judged
        held_out[here] = score.mean() + told - told.mean()
    calibration = effect_calibration(held_out, score, person)
    shown = calibration.slope > ONE_SIDED * calibration.se
    basis = learn_basis(covariates, products=0)
    x = basis.design(covariates)
    mean = x.mean(axis=0)
    coef = _ridge(x, score)
    covariance = _sandwich(x - mean, score, coef, person)
    return Targeting(basis, float(score.mean()), coef, mean, float(min(calibration.slope, 1.0)) if shown else 0.0, calibration, covariance)


def _ridge(x: Floats, y: Floats) -> Floats:
    """(p,) coefficients on centred columns; penalty by exact leave-one-out error from one decomposition (Allen's PRESS)."""
    if x.shape[1] == 0:
        return np.zeros(0)
    gap, target = x - x.mean(axis=0), y - y.mean()
    left, size, right = np.linalg.svd(gap, full_matrices=False)
    along = left.T @ target
    best, least = np.zeros(x.shape[1]), np.inf
    for ridge in RIDGES:
        kept = size**2 / (size**2 + ridge * len(y))
        leverage = np.clip((left**2 * kept).sum(axis=1) + 1 / len(y), 0.0, 0.999)
        error = float(np.mean(((target - left @ (kept * along)) / (1 - leverage)) ** 2))
        if error < least:
            usable = np.divide(kept, size, out=np.zeros_like(size), where=size > 1e-9)
            best, least = right.T @ (usable * along), error
    return np.asarray(best, dtype=np.float64)


def _sandwich(gap: Floats, score: Floats, coef: Floats, person: Ints) -> Floats:
    """Covariance of (average, coef), clustered by person; the ridge's bias is left to the calibration slope."""
    residual = score - score.mean() - gap @ coef
    design = np.column_stack([np.ones(len(gap)), gap])
    bread = np.linalg.pinv(design.T @ design / len(gap) + np.diag([0.0, *([RIDGES[-1]] * gap.shape[1])])) / len(gap)
    people = int(person.max()) + 1 if len(person) else 0
    sums = np.zeros((people, design.shape[1]))
    np.add.at(sums, person, design * residual[:, None])
    covariance: Floats = bread @ (sums.T @ sums) @ bread
    return covariance
