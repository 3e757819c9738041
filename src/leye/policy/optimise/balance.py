"""Standardised mean differences of the covariates before and after weighting (Austin and Stuart 2015, Statistics in Medicine 34)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leye.policy.optimise.arrays import Bools, Floats
from leye.policy.optimise.basis import learn_basis
from leye.policy.optimise.overlap import effective, weights
from leye.policy.optimise.refusals import Unbalanced

WORRYING = 0.10
"""Shown in the report (Austin 2009)."""
TOO_FAR = 0.25
"""Refused (Rubin 2001; Stuart 2010), when it is also more than three standard errors: a small effective sample wobbles by itself."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One covariate: standardised difference, participants less others, before and after weighting; noise: standard error of `after`."""

    covariate: str
    before: float
    after: float
    noise: float

    def as_dict(self) -> dict[str, object]:
        """For report.json."""
        return {"covariate": self.covariate, "before": self.before, "after": self.after}


def measure_balance(covariates: pl.DataFrame, treated: Bools, e: Floats, kept: Bools) -> list[Difference]:
    """One row a column of the covariates (levels and unknowns apart), worst after weighting first. Before: all rows; after: kept rows, weighted."""
    basis = learn_basis(covariates)
    x = basis.design(covariates)
    w = np.where(kept, weights(e, treated), 0.0)
    noise = float(np.sqrt(sum(1.0 / max(effective(w[arm & kept]), 1.0) for arm in (treated, ~treated))))
    rows = [
        Difference(name, _difference(x[:, i], treated, np.ones(len(w))), _difference(x[:, i], treated, w), noise)
        for i, name in enumerate(basis.names)
        if "'" not in name  # the curved terms repeat the number
    ]
    return sorted(rows, key=lambda d: (-abs(d.after), d.covariate))


def _difference(x: Floats, treated: Bools, w: Floats) -> float:
    """Difference of weighted means over the unweighted pooled deviation, which does not move with the weights."""
    gap = float(np.average(x[treated], weights=w[treated]) - np.average(x[~treated], weights=w[~treated]))
    pooled = float(np.sqrt((x[treated].var() + x[~treated].var()) / 2.0))
    return gap / pooled if pooled > 0 else 0.0


def require_balance(programme: str, differences: list[Difference]) -> None:
    """Raises Unbalanced, naming the covariates."""
    bad = [d for d in differences if abs(d.after) > TOO_FAR and abs(d.after) > 3 * d.noise]
    if bad:
        named = "、".join(f"{d.covariate}（{d.after:+.2f}）" for d in bad[:5])
        raise Unbalanced(
            f"“{programme}”加权后两组仍有 {len(bad)} 项差别过大：{named}",
            en=f"{programme}: after weighting the groups still differ in {len(bad)} covariates: {named}",
            remedy_zh="补充条件相近而未参加的人的记录，或把评估限于较窄的人群",
            remedy_en="add records of similar people who did not take part, or evaluate a narrower group",
        )
