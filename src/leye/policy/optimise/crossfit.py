"""Nuisance models by cross-fitting: who takes part, and how each would fare with and without, each predicted by models that never saw the person.

Chernozhukov et al. 2018, Double/debiased machine learning, The Econometrics Journal 21: the error of the models then enters the effect only as a
product, and no regularisation bias is left in the first order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Bools, Floats, Ints
from leye.policy.optimise.basis import learn_basis
from leye.policy.optimise.logistic import fit_logistic

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Nuisance:
    """(n,) each: fold · e: probability of taking part · mu0, mu1: probability of the outcome without and with the programme."""

    fold: Ints
    e: Floats
    mu0: Floats
    mu1: Floats


def folds_by_person(person: Ints, treated: Bools, *, seed: int, folds: int = FOLDS) -> Ints:
    """(n,) fold of each row: all rows of a person in one fold, participants spread evenly.

    person: (n,) codes 0.. of whose row it is.
    """
    dice = np.random.default_rng(seed)
    people = int(person.max()) + 1
    ever = np.zeros(people, dtype=bool)
    ever[person[treated]] = True
    order = np.lexsort((dice.random(people), ever))  # those who never took part first, each part in random order
    of_person = np.empty(people, dtype=np.int64)
    of_person[order] = np.arange(people) % folds
    return of_person[person]


def cross_fit(covariates: pl.DataFrame, treated: Bools, outcome: Floats, fold: Ints) -> Nuisance:
    """Predictions for every row from models learned on the other folds. outcome: (n,) of 0 and 1."""
    n = len(treated)
    e, mu0, mu1 = np.empty(n), np.empty(n), np.empty(n)
    for k in range(int(fold.max()) + 1):
        here, rest = fold == k, fold != k
        basis = learn_basis(covariates.filter(pl.Series(rest)), against=(treated[rest].astype(np.float64), outcome[rest]))
        x = basis.design(covariates)
        e[here] = fit_logistic(x[rest], treated[rest].astype(np.float64)).predict(x[here])
        for arm, into in ((~treated, mu0), (treated, mu1)):
            into[here] = fit_logistic(x[rest & arm], outcome[rest & arm]).predict(x[here])
    return Nuisance(fold, e, mu0, mu1)
