"""Training from labelled titles: heads, scores of each title by heads that did not see its group, the second stage on those, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from leye.match.occupations.candidates import Candidates, candidates
from leye.match.occupations.cleaning import clean_title
from leye.match.occupations.features import Space
from leye.match.occupations.folds import folds
from leye.match.occupations.heads import (
    BAYES_NAMES,
    HEADS,
    KEPT,
    NAME_WEIGHT,
    Heads,
    Ridge,
    bayes,
    ridge,
    thinned,
    weights_of,
)
from leye.match.occupations.model import Model, facts_in_order, known_classes
from leye.match.occupations.second_stage import calibrated, fit
from leye.match.occupations.softmax_head import NAMES, fit_softmax

WISH = 0.76
"""Precision that answers without a question shall have. # the goal for 70 % coverage"""


@dataclass(frozen=True)
class Texts:
    """Labelled titles and names side by side, and what makes heads of them.

    rows: (n_titles, n_features) · truth: (n_titles,) class of each · names: (n_names, n_features), by class · of_name: (n_names,) · kinds: of each
    name · n: classes.
    """

    rows: sparse.csr_matrix
    truth: NDArray[np.int32]
    names: sparse.csr_matrix
    of_name: NDArray[np.int32]
    kinds: tuple[str, ...]
    n: int

    @cached_property
    def both(self) -> sparse.csr_matrix:
        """Titles, then names."""
        return sparse.vstack([self.rows, self.names]).tocsr()

    @cached_property
    def every(self) -> NDArray[np.int32]:
        """Class of each of both."""
        return np.concatenate([self.truth, self.of_name])

    @cached_property
    def solved(self) -> Ridge:
        """The ridge over both; titles can be taken out again."""
        own = np.ones(len(self.truth), np.float32)
        return Ridge.of(self.both, self.every, np.concatenate([own, weights_of(self.kinds, NAME_WEIGHT)]), self.n, len(self.truth))

    @cached_property
    def facts(self) -> sparse.csr_matrix:
        """What the names alone say."""
        return thinned(self.solved.without(np.ones(len(self.truth), bool)), KEPT["facts"])

    def heads(self, out: NDArray[np.bool_]) -> Heads:
        """Heads that never saw the titles marked in `out`."""
        own, every, both, n = np.ones(len(self.truth), np.float32), self.every, self.both, self.n
        left = np.concatenate([~out, np.ones(len(self.of_name), bool)])
        trust = np.concatenate([own, np.full(len(self.of_name), BAYES_NAMES, np.float32)])
        found, logs = bayes(both[left], every[left], trust[left], n)
        labels = thinned(self.solved.without(out), KEPT["labels"])
        alone = thinned(ridge(self.rows[~out], self.truth[~out], own[~out], n), KEPT["alone"])
        asked = np.concatenate([~out, np.isin(self.of_name, self.truth[~out])])
        softer = np.concatenate([own, np.full(len(self.of_name), NAMES, np.float32)])
        logit, bias = fit_softmax(both[asked], every[asked], softer[asked], n)
        return Heads(labels, self.facts, found, logs, self.names.T.tocsr(), self.of_name, alone, thinned(logit, KEPT["softmax"]), bias)

    def only(self, kept: NDArray[np.bool_]) -> Texts:
        """The same with some of the names."""
        kinds = tuple(kind for kind, stays in zip(self.kinds, kept, strict=True) if stays)
        return Texts(self.rows, self.truth, self.names[kept], self.of_name[kept], kinds, self.n)


def train(titles: Sequence[str], codes: Sequence[str], about: Mapping[str, Any] | None = None) -> Model:
    """Train the coder. titles, codes: one label each, 7 digits of the 2022 edition; unknown ones are refused before. Two minutes for 3,000.

    The second stage is fitted on heads without the titles in use: whoever wrote those had read labels, and would teach it more trust in names than
    new titles deserve.
    """
    classes = known_classes()
    place = {c: i for i, c in enumerate(classes.codes)}
    truth = np.array([place[c] for c in codes], np.int32)
    cleans = [clean_title(t) for t in titles]
    fold = np.array(folds(titles))
    names, of_name, kinds = facts_in_order(classes)
    space = Space.of([*cleans, *names])
    n = len(classes.codes)
    texts = Texts(space.rows(cleans), truth, space.rows(names), of_name, tuple(kinds), n)
    given = np.array([kind != "in_use" for kind in kinds])
    honest, fewer = texts.only(given), classes.only({(int(k), name) for k, name, stays in zip(of_name, names, given, strict=True) if stays})
    scores: dict[str, NDArray[np.float32]] = {h: np.zeros((len(titles), n), np.float32) for h in HEADS}
    seen = np.zeros((len(titles), n), np.float32)
    for k in np.unique(fold):
        inside = fold == k
        for head, values in honest.heads(inside).scores(texts.rows[inside]).items():
            scores[head][inside] = values
        seen[inside] = np.bincount(truth[~inside], minlength=n)
    found = candidates(cleans, scores, fewer, seen)
    crossed = _crossed(found, truth, fold)
    stage = calibrated(fit(found, truth), crossed, found, truth)
    counts = np.bincount(truth, minlength=n).astype(np.float32)
    below = abstain_below(*first_answers(stage.of_scores(crossed, found), found, truth))
    return Model(space, texts.heads(np.zeros(len(titles), bool)), known_classes(counts), stage, below, dict(about or {}))


def _crossed(found: Candidates, truth: NDArray[np.int32], fold: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scores of the second stage, each from one that was not fitted on the title's fold."""
    crossed = np.zeros(len(found.title))
    for k in np.unique(fold):
        inside = fold[found.title] == k
        crossed[inside] = fit(_only(found, ~inside), truth).scores(_only(found, inside))
    return crossed


def _only(found: Candidates, rows: NDArray[np.bool_]) -> Candidates:
    return Candidates(found.title[rows], found.klass[rows], found.x[rows])


def first_answers(p: NDArray[np.float64], found: Candidates, truth: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(probability of the first answer, whether it is right), by title."""
    order = np.lexsort((found.klass, -p, found.title))
    firsts = order[np.flatnonzero(np.diff(found.title[order], prepend=-1))]
    return p[firsts], found.klass[firsts] == truth[found.title[firsts]]


def abstain_below(p: NDArray[np.float64], right: NDArray[np.bool_], wish: float = WISH) -> float:
    """The smallest probability from which on answers are right with the wished precision, all together.

    >>> abstain_below(np.array([.9, .8, .3]), np.array([True, True, False]), wish=.9)
    0.8
    """
    order = np.argsort(-p, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= wish)
    return float(p[order[good[-1]]]) if len(good) else 1.0
