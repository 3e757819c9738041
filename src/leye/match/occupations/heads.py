"""Linear heads over n-grams: ridge on labels and names, on names alone, on labels alone; complement naive Bayes; nearest name; multinomial logit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from leye.match.occupations.softmax_head import softmax_scores

Scores = Mapping[str, NDArray[np.float32]]
HEADS = ("labels", "facts", "bayes", "names", "alone", "softmax")
RIDGE = 0.6
"""Penalty. Tuned on folds 1–4: .3 and 1.0 are within half a point."""
NAME_WEIGHT = {"official": 0.2, "alias": 0.2, "in_use": 0.03}
"""Weight of a name against a labelled title (1.0). Titles in use: 0.3 was tuned on folds 1–4 with a list of 2,160; the long list has the same weight
in all. On folds 1–4, near-equal names held out, 0.03, 0.1 and 0.3 give @1 .636, .636, .638."""
BAYES_NAMES = 0.3
BAYES_ALPHA = 0.1
KEPT = {"labels": 1_600_000, "facts": 900_000, "alone": 400_000, "softmax": 700_000}
"""Weights kept of a head, largest first. # chosen by us: the model file stays under 15 MB"""


@dataclass(frozen=True)
class Heads:
    """labels, facts, bayes, alone, softmax: (n_features, n_classes) · bayes_log, softmax_bias: (n_classes,) · names: (n_features, n_names) ·
    class_of_name: (n_names,)."""

    labels: sparse.csr_matrix
    facts: sparse.csr_matrix
    bayes: sparse.csr_matrix
    bayes_log: NDArray[np.float32]
    names: sparse.csr_matrix
    class_of_name: NDArray[np.int32]
    alone: sparse.csr_matrix
    softmax: sparse.csr_matrix
    softmax_bias: NDArray[np.float32]

    def scores(self, rows: sparse.csr_matrix) -> Scores:
        """Scores of every class by head, each (n_texts, n_classes)."""
        bayes = (rows @ self.bayes).toarray() + np.asarray(rows.sum(axis=1)) * self.bayes_log
        return {
            "labels": (rows @ self.labels).toarray(),
            "facts": (rows @ self.facts).toarray(),
            "bayes": bayes.astype(np.float32),
            "names": nearest_name(rows, self.names, self.class_of_name, len(self.bayes_log)),
            "alone": (rows @ self.alone).toarray(),
            "softmax": softmax_scores(rows, self.softmax, self.softmax_bias),
        }


def nearest_name(rows: sparse.csr_matrix, names: sparse.csr_matrix, class_of_name: NDArray[np.int32], n_classes: int) -> NDArray[np.float32]:
    """Cosine to the nearest name of each class: the zero-shot coder. names: (n_features, n_names), ordered by class."""
    likeness = (rows @ names).toarray()
    starts = np.flatnonzero(np.diff(class_of_name, prepend=-1))
    found = np.zeros((rows.shape[0], n_classes), np.float32)
    found[:, class_of_name[starts]] = np.maximum.reduceat(likeness, starts, axis=1)
    return found


def ridge(rows: sparse.csr_matrix, classes: NDArray[np.int32], weights: NDArray[np.float32], n_classes: int) -> NDArray[np.float32]:
    """Weighted one-against-all ridge: (n_features, n_classes). The least-squares form of the hinge of the measured tables, better at rank 5."""
    return Ridge.of(rows, classes, weights, n_classes, 0).without(np.zeros(0, bool))


@dataclass(frozen=True)
class Ridge:
    """A ridge that is solved once, from which labelled texts can be taken out again without solving anew.

    With E = λ/w + squares of the n-grams that only one text has (they touch nothing but its own diagonal), the weights of the shared n-grams are
    (I + XᵀE⁻¹X)⁻¹ XᵀE⁻¹Y. Rows that leave are a change of low rank (Woodbury), so five folds cost what two solutions do.

    shared: numbers of the n-grams of two texts or more · slack: E, (n_texts,) · held: their weights · pulled: (n_shared, n_labels) the first factor
    times the rows of the labelled texts, which come first.
    """

    rows: sparse.csr_matrix
    classes: NDArray[np.int32]
    n_classes: int
    shared: NDArray[np.int64]
    slack: NDArray[np.float32]
    held: NDArray[np.float32]
    pulled: NDArray[np.float32]

    @classmethod
    def of(cls, rows: sparse.csr_matrix, classes: NDArray[np.int32], weights: NDArray[np.float32], n_classes: int, n_labels: int) -> Ridge:
        """Solve for all texts. The first `n_labels` of them may be taken out later."""
        from scipy.linalg import cho_factor, cho_solve

        texts = np.bincount(rows.indices, minlength=rows.shape[1])
        shared, alone = np.flatnonzero(texts > 1), rows.multiply(texts == 1).tocsr()
        slack = (RIDGE / weights + np.asarray(alone.multiply(alone).sum(axis=1)).ravel()).astype(np.float32)
        x = rows[:, shared].tocsr()
        pressed = sparse.diags(1 / slack) @ x
        gram = (pressed.T @ x).toarray().astype(np.float32)
        gram[np.diag_indices(len(shared))] += 1
        wanted = (pressed.T @ _one_hot(classes, n_classes)).toarray().astype(np.float32)
        both = np.hstack([wanted, x[:n_labels].T.toarray()])
        solved = cho_solve(cho_factor(gram, overwrite_a=True, check_finite=False), both, overwrite_b=True, check_finite=False)
        return cls(rows, classes, n_classes, shared, slack, solved[:, :n_classes], solved[:, n_classes:])

    def without(self, out: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Weights of every n-gram as if the labelled texts marked in `out` had never been there: (n_features, n_classes)."""
        left = np.flatnonzero(out)
        x = self.rows[:, self.shared].tocsr()
        y = _one_hot(self.classes, self.n_classes)
        weights = self.held
        if len(left):
            away, pulled = x[left], self.pulled[:, left]
            weights = weights - pulled @ (sparse.diags(1 / self.slack[left]) @ y[left]).toarray().astype(np.float32)
            core = np.diag(self.slack[left]).astype(np.float64) - away @ pulled
            weights = weights + pulled @ np.linalg.solve(core, away @ weights).astype(np.float32)
        kept = np.ones(len(self.slack), bool)
        kept[left] = False
        errors = (y[kept].toarray().astype(np.float32) - x[kept] @ weights) / self.slack[kept, None]
        found = np.asarray(self.rows[kept].T @ errors, np.float32)
        found[self.shared] = weights
        return found


def _one_hot(classes: NDArray[np.int32], n_classes: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(classes), np.float32), (np.arange(len(classes)), classes)), shape=(len(classes), n_classes))


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
