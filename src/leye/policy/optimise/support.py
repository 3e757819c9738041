"""Whether somebody is like those the history speaks of; of people unlike all of them nothing is known."""

from __future__ import annotations

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Bools
from leye.policy.optimise.basis import learn_basis
from leye.policy.optimise.effects import Effect
from leye.policy.optimise.logistic import fit_logistic


def within_support(effect: Effect, history: pl.DataFrame, people: pl.DataFrame) -> Bools:
    """(n,) people whose chance of taking part lies in the range of those who were compared.

    history: covariates of the trial's rows, in order · people: covariates of the candidates; those that both have are used.
    """
    shared = [c for c in history.columns if c in people.columns]
    if not shared:
        return np.ones(people.height, dtype=bool)
    treated = effect.treated
    basis = learn_basis(history.select(shared))
    x = basis.design(history.select(shared))
    model = fit_logistic(x, treated.astype(np.float64))
    seen = model.predict(x)[effect.kept]
    told = model.predict(basis.design(people.select(shared)))
    return np.asarray((told >= seen.min()) & (told <= seen.max()))
