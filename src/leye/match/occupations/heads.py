"""Linear heads over n-grams: ridge on labels and names, ridge on names alone, complement naive Bayes, likeness to the nearest name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Scores = Mapping[str, NDArray[np.float32]]
HEADS = ("labels", "facts", "bayes", "names")
RIDGE = 0.6
"""Penalty. Tuned on folds 1–4: .3 and 1.0 are within half a point."""
NAME_WEIGHT = {"official": 0.2, "alias": 0.2, "in_use": 0.3}
"""Weight of a name against a labelled title (1.0). Tuned on folds 1–4: 0.3 gives @1 .589, 0.6 .578, 1.0 .556."""
FACTS_WEIGHT = {"official": 0.3, "alias": 0.3, "in_use": 1.0}
"""The same where there are no labelled titles."""
BAYES_NAMES = 0.3
BAYES_ALPHA = 0.1
KEPT = {"labels": 1_600_000, "facts": 900_000}
"""Weights kept of a ridge head, largest first. # chosen by us: the model file stays under 15 MB"""


@dataclass(frozen=True)
class Heads:
    """labels, facts, bayes: (n_features, n_classes) · bayes_log: (n_classes,) · names: (n_features, n_names) · class_of_name: (n_names,)."""

    labels: sparse.csr_matrix
    facts: sparse.csr_matrix
    bayes: sparse.csr_matrix
    bayes_log: NDArray[np.float32]
    names: sparse.csr_matrix
    class_of_name: NDArray[np.int32]

    def scores(self, rows: sparse.csr_matrix) -> Scores:
        """Scores of every class by head, each (n_texts, n_classes)."""
        bayes = (rows @ self.bayes).toarray() + np.asarray(rows.sum(axis=1)) * self.bayes_log
        return {
            "labels": (rows @ self.labels).toarray(),
            "facts": (rows @ self.facts).toarray(),
            "bayes": bayes.astype(np.float32),
            "names": nearest_name(rows, self.names, self.class_of_name, len(self.bayes_log)),
        }


def nearest_name(rows: sparse.csr_matrix, names: sparse.csr_matrix, class_of_name: NDArray[np.int32], n_classes: int) -> NDArray[np.float32]:
    """Cosine to the nearest name of each class: the zero-shot coder. names: (n_features, n_names), ordered by class."""
    likeness = (rows @ names).toarray()
    starts = np.flatnonzero(np.diff(class_of_name, prepend=-1))
    found = np.zeros((rows.shape[0], n_classes), np.float32)
    found[:, class_of_name[starts]] = np.maximum.reduceat(likeness, starts, axis=1)
    return found


def ridge(rows: sparse.csr_matrix, classes: NDArray[np.int32], weights: NDArray[np.float32], n_classes: int) -> NDArray[np.float32]:
    """Weighted one-against-all ridge: (n_features, n_classes).

    Solved in its dual form (K + λ diag(1/w)) A = Y, W = Xᵀ A: 9,000 texts take ten seconds. The least-squares form of the hinge of the measured
    tables, as good at rank 1 and better at rank 5.
    """
    from scipy.linalg import cho_factor, cho_solve

    kernel = (rows @ rows.T).toarray().astype(np.float32)
    kernel[np.diag_indices(len(weights))] += RIDGE / weights
    wanted = np.zeros((len(weights), n_classes), np.float32)
    wanted[np.arange(len(weights)), classes] = 1.0
    dual = cho_solve(cho_factor(kernel, overwrite_a=True, check_finite=False), wanted, overwrite_b=True, check_finite=False)
    return np.asarray(rows.T @ dual, np.float32)


def thinned(weights: NDArray[np.float32], kept: int) -> sparse.csr_matrix:
    """The largest weights, in half precision: what is shipped is what is used. (Whole steps of 1/127 lose the small ones: five points at rank 10.)"""
    size = np.abs(weights)
    floor = 0.0 if size.size <= kept else float(np.partition(size, size.size - kept, axis=None)[size.size - kept])
    made = sparse.csr_matrix(np.where(size >= floor, weights, 0.0))
    made.data = made.data.astype(np.float16).astype(np.float32)
    made.eliminate_zeros()
    return made


def bayes(
    rows: sparse.csr_matrix, classes: NDArray[np.int32], weights: NDArray[np.float32], n_classes: int
) -> tuple[sparse.csr_matrix, NDArray[np.float32]]:
    """Complement naive Bayes (Rennie et al., ICML 2003) without normalisation, less what is equal for all classes: (sparse part, logs of sums).

    −Σ x log((N + α − n_c) / S_c) = const + Σ x · log S_c − Σ x log(1 − n_c / (N + α)), where the last term is zero for n-grams a class lacks.
    """
    member = sparse.csr_matrix((weights, (np.arange(len(weights)), classes)), shape=(len(weights), n_classes))
    count = (rows.T @ member).tocsc().astype(np.float64)
    total = np.asarray(count.sum(axis=1)).ravel() + BAYES_ALPHA
    left = total.sum() - np.asarray(count.sum(axis=0)).ravel()
    count.data = (-np.log1p(-count.data / total[count.indices])).astype(np.float16).astype(np.float64)  # as the file holds them
    return count.tocsr().astype(np.float32), np.log(left).astype(np.float32)


def weights_of(kinds: Sequence[str], weight: Mapping[str, float]) -> NDArray[np.float32]:
    """Weight of each name by its kind."""
    return np.array([weight[k] for k in kinds], np.float32)
