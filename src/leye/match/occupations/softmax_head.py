"""Multinomial logit over the classes that labelled titles know: how annotators choose between the few classes that take most adverts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

NAMES = 0.1
"""Weight of a name against a labelled title. # tuned on folds 1–4 together with PENALTY: .1 and 1.5e-5 give @1 .601 for this head alone"""
PENALTY = 1.5e-5
STEPS = 25
"""L-BFGS stops early, which also keeps the weights small."""
SILENT = -20.0
"""Score of a class without labels and floor of all others: exp(−20) is nothing beside the rest."""


def fit_softmax(
    rows: sparse.csr_matrix, classes: NDArray[np.int32], weights: NDArray[np.float32], n_classes: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(weights of n-grams (n_features, n_classes), bias (n_classes,) −1e4 for a class that does not occur). Deterministic.

    N-grams of one text alone get no weight: they can only learn that text by heart.
    """
    from scipy.optimize import minimize

    known, y = np.unique(classes, return_inverse=True)
    used = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]) > 1)
    x = rows[:, used].tocsr()
    back, at = x.T.tocsr(), np.arange(len(y))
    share = (weights / weights.sum()).astype(np.float32)
    shape = (len(used) + 1, len(known))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.reshape(shape).astype(np.float32)
        logs = log_softmax(x @ w[:-1] + w[-1])
        off = np.exp(logs)
        off[at, y] -= 1
        off *= share[:, None]
        slope = np.vstack([back @ off + PENALTY * w[:-1], off.sum(axis=0)])
        return float(PENALTY * (w[:-1] ** 2).sum() / 2 - share @ logs[at, y]), slope.ravel().astype(np.float64)

    best = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x.reshape(shape)
    found, bias = np.zeros((rows.shape[1], n_classes), np.float32), np.full(n_classes, -1e4, np.float32)
    found[np.ix_(used, known)] = best[:-1]
    bias[known] = best[-1]
    return found, bias


def log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logarithms of the shares over the classes of each row."""
    centred = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(centred - np.log(np.exp(centred).sum(axis=1, keepdims=True)), np.float32)


def softmax_scores(rows: sparse.csr_matrix, weights: sparse.csr_matrix, bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log probabilities of every class, SILENT and above: (n_texts, n_classes)."""
    return np.maximum(log_softmax((rows @ weights).toarray() + bias), np.float32(SILENT))
