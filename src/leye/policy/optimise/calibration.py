"""Do the predictions mean what they say: deciles and slopes of the outcome models and of the predicted effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.logistic import newton
from leye.policy.optimise.scores import average

GROUPS = 10


@dataclass(frozen=True, slots=True)
class Decile:
    """A tenth of the people by prediction: mean prediction, mean of what came, standard error of the latter."""

    predicted: float
    observed: float
    se: float
    n: int

    def as_dict(self) -> dict[str, float | int]:
        """For report.json."""
        return {"predicted": self.predicted, "observed": self.observed, "se": self.se, "n": self.n}


@dataclass(frozen=True, slots=True)
class Calibration:
    """slope: 1 is right, less is over-confident, 0 says the predictions carry nothing · se of the slope."""

    deciles: tuple[Decile, ...]
    slope: float
    se: float

    def as_dict(self) -> dict[str, object]:
        """For report.json."""
        return {"slope": self.slope, "slope_se": self.se, "deciles": [d.as_dict() for d in self.deciles]}


def outcome_calibration(predicted: Floats, outcome: Floats) -> Calibration:
    """Of held-out outcome probabilities; slope of the logistic recalibration (Cox 1958). outcome: (n,) of 0 and 1."""
    p = np.clip(predicted, 1e-6, 1 - 1e-6)
    logit = np.log(p / (1 - p))
    with_one = np.column_stack([np.ones(len(p)), logit])
    coef = newton(with_one, outcome, 0.0, start=np.array([0.0, 1.0]))
    fitted = 1 / (1 + np.exp(-(with_one @ coef)))
    information = (with_one * (fitted * (1 - fitted))[:, None]).T @ with_one
    se = float(np.sqrt(max(np.linalg.pinv(information)[1, 1], 0.0)))
    return Calibration(_deciles(predicted, outcome, np.arange(len(p))), float(coef[1]), se)


def effect_calibration(predicted: Floats, score: Floats, person: Ints) -> Calibration:
    """Of held-out effects against the doubly robust scores: score = a + slope * (predicted - mean), clustered by person.

    The best linear predictor of Chernozhukov, Demirer, Duflo and Fernandez-Val 2018; slope above 0: the differences between people are real.
    """
    gap = predicted - predicted.mean()
    spread = float((gap**2).sum())
    deciles = _deciles(predicted, score, person)
    if spread < 1e-12 * len(gap):
        return Calibration(deciles, 0.0, float("inf"))
    slope = float((gap * score).sum()) / spread
    residual = score - score.mean() - slope * gap
    of_person = np.bincount(person, weights=gap * residual)
    return Calibration(deciles, slope, float(np.sqrt((of_person**2).sum())) / spread)


def _deciles(predicted: Floats, observed: Floats, person: Ints) -> tuple[Decile, ...]:
    """Tenths by rank of the prediction; ties stay in the order they came."""
    rank = np.empty(len(predicted), dtype=np.int64)
    rank[np.argsort(predicted, kind="stable")] = np.arange(len(predicted))
    tenth = rank * GROUPS // max(len(predicted), 1)
    rows = []
    for k in range(GROUPS):
        here: Bools = np.asarray(tenth == k)
        if here.any():
            mean = average(observed, person, here)
            rows.append(Decile(float(predicted[here].mean()), mean.estimate, mean.se, mean.n))
    return tuple(rows)
