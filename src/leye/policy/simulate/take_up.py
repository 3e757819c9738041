"""How many of the entitled take a benefit up: an assumption that is stated, with a range, never a fact.

    p(take | amount) = 1 / (1 + exp(-(a + b * ln(amount / 1,000 yuan))))

Policies are not told apart: what differs is the amount. a is set so that a benefit worth 1,000 yuan a year is taken up by `base`; b = 0.35 is chosen
by us: ten times the money then moves a share of 0.60 to 0.77. Studies of take-up find it to rise with the amount and to lie mostly between 0.4 and
0.8 (Hernanz, Malherbet and Pellizzari 2004, OECD working paper 17; cited from memory, not re-read), which is where the default range comes from; a
bureau's own record replaces it (`record`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leye.policy.simulate.reform import TakeUpGiven

Floats = NDArray[np.float64]
REFERENCE_FEN = 100_000
SLOPE, SLOPE_SD = 0.35, 0.10  # chosen by us, see above
DRAWS = 400  # of the interval; chosen by us: its ends then move by about a percent of its width
ASSUMED = TakeUpGiven(0.60, 0.45, 0.75, 0.10)
LEAST_PEOPLE = 200
"""Fewest people of a record to fit a model to; chosen by us: the interval of fewer is as wide as the assumption's."""


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Draws of (a, b): `a[0], b[0]` is the central case, the rest spans the range of 90 %. source: whose numbers they are (`assumed`, `reform`,
    `fitted`) · notified: whether everybody is taken to be told."""

    a: Floats
    b: Floats
    source: str
    notified: bool = False

    def share(self, annual_fen: Floats) -> Floats:
        """(draws, amounts) take-up of benefits worth so much a year; nothing is taken up that pays nothing."""
        worth = np.log(np.maximum(annual_fen, 1.0) / REFERENCE_FEN)
        return np.where(annual_fen > 0, 1 / (1 + np.exp(-(self.a[:, None] + self.b[:, None] * worth[None, :]))), 0.0)


def take_up(given: TakeUpGiven | None, *, seed: int, notified: bool = False) -> TakeUp:
    """The model of a reform or of the product's assumption; the range is read as 5 % to 95 %. notified: everybody was told, which adds its share."""
    stated = given or ASSUMED
    lift = stated.notified if notified else 0.0
    centre, low, high = (_logit(min(s + lift, 0.98)) for s in (stated.base, stated.low, stated.high))
    rng = np.random.default_rng(seed)
    spread = (high - low) / (2 * 1.645)
    a = np.concatenate([[centre], centre + spread * rng.standard_normal(DRAWS)])
    b = np.concatenate([[SLOPE], np.maximum(SLOPE + SLOPE_SD * rng.standard_normal(DRAWS), 0.0)])
    return TakeUp(a, b, "reform" if given else "assumed", notified)


def fitted(amount_fen: Floats, taken: NDArray[np.bool_], *, seed: int) -> TakeUp:
    """The model from a record of people who were entitled: amounts and whether they took it up. Draws come from the normal approximation of the fit.

    Newton's method for the logistic likelihood with a ridge of 1e-6. Raises ValueError with fewer than LEAST_PEOPLE or one outcome only.
    """
    if taken.size < LEAST_PEOPLE or taken.all() or not taken.any():
        raise ValueError(f"a fit of take-up needs {LEAST_PEOPLE} people and both outcomes")
    x = np.column_stack([np.ones(taken.size), np.log(np.maximum(amount_fen, 1.0) / REFERENCE_FEN)])
    beta = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2)
        step = np.linalg.solve(information, x.T @ (taken - p))
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    draws = np.random.default_rng(seed).multivariate_normal(beta, np.linalg.inv(information), size=DRAWS)
    return TakeUp(np.concatenate([[beta[0]], draws[:, 0]]), np.concatenate([[beta[1]], draws[:, 1]]), "fitted")


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
