"""Second stage: a conditional logit over the candidates of a title (McFadden 1974), and the probability that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leye.match.occupations.candidates import Candidates

PENALTY = 3e-2
"""Ridge penalty on standardised features. Tuned on folds 1–4; .01 gives the same at rank 1."""
CLIP = 5.0
_HEAT = np.arange(0.6, 2.01, 0.05)


@dataclass(frozen=True)
class SecondStage:
    """weights, mean, spread: (n_features,) · heat: what scores are divided by · inside: share of titles whose class is among the candidates."""

    weights: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    heat: float = 1.0
    inside: float = 1.0

    def scores(self, found: Candidates) -> NDArray[np.float64]:
        """One score a candidate; only differences within a title mean something."""
        scaled: NDArray[np.float64] = np.clip((found.x - self.mean) / self.spread, -CLIP, CLIP) @ self.weights
        return scaled

    def probabilities(self, found: Candidates) -> NDArray[np.float64]:
        """Of each candidate that it is the class; they sum to `inside` over a title, the rest is for classes that no head brought up."""
        return self.of_scores(self.scores(found), found)

    def of_scores(self, scores: NDArray[np.float64], found: Candidates) -> NDArray[np.float64]:
        """The same from scores that are at hand."""
        return np.asarray(self.inside * softmax(scores / self.heat, _starts(found.title)))


def _starts(title: NDArray[np.int32]) -> NDArray[np.int64]:
    return np.flatnonzero(np.diff(title, prepend=-1))


def softmax(scores: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Within the stretches that begin at `starts`."""
    if not len(scores):
        return scores
    length = np.diff(np.append(starts, len(scores)))
    raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), length))
    return np.asarray(raised / np.repeat(np.add.reduceat(raised, starts), length))


def fit(found: Candidates, truth: NDArray[np.int32]) -> SecondStage:
    """Weights by maximum likelihood with a ridge penalty, over titles whose class is among the candidates. truth: (n_titles,) class of each."""
    from scipy.optimize import minimize

    mean, spread = found.x.mean(axis=0, dtype=np.float64), found.x.std(axis=0, dtype=np.float64) + 1e-6
    right = found.klass == truth[found.title]
    has = np.isin(found.title, found.title[right])
    x = np.clip((found.x[has] - mean) / spread, -CLIP, CLIP)
    y, starts = right[has].astype(np.float64), _starts(found.title[has])
    n = float(y.sum())

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = softmax(x @ w, starts)
        value = -np.log(np.maximum(p[y > 0], 1e-300)).sum() / n + PENALTY * (w @ w) / 2
        return float(value), x.T @ (p - y) / n + PENALTY * w

    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return SecondStage(best.x, mean, spread)


def calibrated(stage: SecondStage, scores: NDArray[np.float64], found: Candidates, truth: NDArray[np.int32]) -> SecondStage:
    """The stage with the heat that makes cross-fitted scores most likely (Guo et al., ICML 2017). scores: (n_rows,), each from a stage that did not
    see the title."""
    right = found.klass == truth[found.title]
    starts = _starts(found.title)
    titles = len(starts)
    loss = [-np.log(np.maximum(softmax(scores / h, starts)[right], 1e-300)).sum() for h in _HEAT]
    return SecondStage(stage.weights, stage.mean, stage.spread, float(_HEAT[int(np.argmin(loss))]), float(right.sum() / titles))
