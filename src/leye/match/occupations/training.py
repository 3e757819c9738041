"""Training from labelled titles: heads, scores of each title by heads that did not see its group, the second stage on those, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def train(titles: Sequence[str], codes: Sequence[str], about: Mapping[str, Any] | None = None) -> Model:
    """Train the coder. titles, codes: one label each, 7 digits of the 2022 edition; unknown ones are refused before. Half a minute for 3,000."""
    classes = known_classes()
    place = {c: i for i, c in enumerate(classes.codes)}
    truth = np.array([place[c] for c in codes], np.int32)
    cleans = [clean_title(t) for t in titles]
    fold = np.array(folds(titles))
    names, of_name, kinds = facts_in_order(classes)
    space = Space.of([*cleans, *names])
    rows, name_rows = space.rows(cleans), space.rows(names)
    n = len(classes.codes)
    every = np.concatenate([truth, of_name])
    own = np.ones(len(titles), np.float32)
    both = sparse.vstack([rows, name_rows]).tocsr()
    solved = Ridge.of(both, every, np.concatenate([own, weights_of(kinds, NAME_WEIGHT)]), n, len(titles))
    facts = thinned(solved.without(np.ones(len(titles), bool)), KEPT["facts"])
    trust = np.concatenate([own, np.full(len(names), BAYES_NAMES, np.float32)])
    softer = np.concatenate([own, np.full(len(names), NAMES, np.float32)])

    def heads(out: NDArray[np.bool_]) -> Heads:
        left = np.concatenate([~out, np.ones(len(names), bool)])
        found, logs = bayes(both[left], every[left], trust[left], n)
        labels, alone = thinned(solved.without(out), KEPT["labels"]), thinned(ridge(rows[~out], truth[~out], own[~out], n), KEPT["alone"])
        asked = np.concatenate([~out, np.isin(of_name, truth[~out])])
        logit, bias = fit_softmax(both[asked], every[asked], softer[asked], n)
        return Heads(labels, facts, found, logs, name_rows.T.tocsr(), of_name, alone, thinned(logit, KEPT["softmax"]), bias)

    scores: dict[str, NDArray[np.float32]] = {h: np.zeros((len(titles), n), np.float32) for h in HEADS}
    seen = np.zeros((len(titles), n), np.float32)
    for k in np.unique(fold):
        inside = fold == k
        for head, values in heads(inside).scores(rows[inside]).items():
            scores[head][inside] = values
        seen[inside] = np.bincount(truth[~inside], minlength=n)
    found = candidates(cleans, scores, classes, seen)
    crossed = _crossed(found, truth, fold)
    stage = calibrated(fit(found, truth), crossed, found, truth)
    counts = np.bincount(truth, minlength=n).astype(np.float32)
    below = abstain_below(*first_answers(stage.of_scores(crossed, found), found, truth))
    return Model(space, heads(np.zeros(len(titles), bool)), known_classes(counts), stage, below, dict(about or {}))


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
