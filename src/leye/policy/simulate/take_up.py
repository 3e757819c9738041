"""How many of the entitled take a benefit up: an assumption that is stated, with a range, never a fact.

    p(take | amount) = 1 / (1 + exp(-(a + b * ln(amount / 1,000 yuan))))

The assumption tells policies apart by their amount alone; a is set so that a benefit worth 1,000 yuan a year is taken up by `base`; b = 0.35 is
chosen by us: ten times the money then moves a share of 0.60 to 0.77. Studies of take-up find it to rise with the amount and to lie mostly between 0.4
and 0.8 (Hernanz, Malherbet and Pellizzari 2004, OECD working paper 17; cited from memory, not re-read), which is where the default range comes from;
a bureau's own record replaces it (`record`). A record that holds several policies gives each an offset u of its own, drawn towards none:

    p(take | amount, policy) = 1 / (1 + exp(-(a + b * ln(amount / 1,000 yuan) + u_policy))),   u ~ N(0, tau^2)

a logistic model with random intercepts (Laplace approximation, tau by expectation-maximisation; Breslow and Clayton 1993, cited from memory). A
policy that the record does not hold has an offset drawn anew from N(0, tau^2), the same for all such: its interval is as wide as policies differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from leye.policy.simulate.reform import TakeUpGiven

Floats = NDArray[np.float64]
REFERENCE_FEN = 100_000
SLOPE, SLOPE_SD = 0.35, 0.10  # chosen by us, see above
DRAWS = 400  # of the interval; chosen by us: its ends then move by about a percent of its width
ASSUMED = TakeUpGiven(0.60, 0.45, 0.75, 0.10)
EM_ROUNDS, LEAST_TAU2 = 60, 1e-4  # chosen by us: tau moves by less than a thousandth after them; no record proves that policies are quite alike
LEAST_PEOPLE = 200
"""Fewest people of a record to fit a model to; chosen by us: the interval of fewer is as wide as the assumption's."""


@dataclass(frozen=True)
class TakeUp:
    """Draws of (a, b): `a[0], b[0]` is the central case, the rest spans the range of 90 %. source: whose numbers they are (`assumed`, `reform`,
    `fitted`) · notified: whether everybody is taken to be told · offsets: draws of u of policies of the record · other: of any other policy."""

    a: Floats
    b: Floats
    source: str
    notified: bool = False
    offsets: Mapping[str, Floats] = field(default_factory=dict)
    other: Floats | None = None

    def share(self, annual_fen: Floats, policy: str = "") -> Floats:
        """(draws, amounts) take-up of benefits worth so much a year; nothing is taken up that pays nothing."""
        worth = np.log(np.maximum(annual_fen, 1.0) / REFERENCE_FEN)
        offset = self.offsets.get(policy, self.other)
        level = self.a if offset is None else self.a + offset
        return np.where(annual_fen > 0, expit(level[:, None] + self.b[:, None] * worth[None, :]), 0.0)


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


def fitted(amount_fen: Floats, taken: NDArray[np.bool_], *, seed: int, policies: Sequence[str] = ()) -> TakeUp:
    """The model from a record of people who were entitled: amounts, whether they took it up, and which policy it was (empty: not told apart).

    Newton's method for the penalised logistic likelihood; draws come from its normal approximation. Raises ValueError with fewer than LEAST_PEOPLE or
    one outcome only.
    """
    if taken.size < LEAST_PEOPLE or taken.all() or not taken.any():
        raise ValueError(f"a fit of take-up needs {LEAST_PEOPLE} people and both outcomes")
    with threadpool_limits(1, user_api="blas"):  # equal bytes whatever the number of cores
        return _fitted(amount_fen, taken, seed, policies)


def _fitted(amount_fen: Floats, taken: NDArray[np.bool_], seed: int, policies: Sequence[str]) -> TakeUp:
    names = sorted(set(policies)) if len(set(policies)) > 1 else []
    fixed = np.column_stack([np.ones(taken.size), np.log(np.maximum(amount_fen, 1.0) / REFERENCE_FEN)])
    which = np.asarray([[p == n for n in names] for p in policies], dtype=np.float64).reshape(taken.size, -1) if names else np.empty((taken.size, 0))
    x = np.column_stack([fixed, which])
    tau2, beta, covariance = 1.0, np.zeros(x.shape[1]), np.eye(x.shape[1])
    for _ in range(EM_ROUNDS if names else 1):
        penalty = np.concatenate([np.full(2, 1e-6), np.full(len(names), 1 / tau2)])
        beta, covariance = _newton(x, taken.astype(np.float64), penalty, beta)
        tau2 = max(float((beta[2:] ** 2 + np.diag(covariance)[2:]).mean()), LEAST_TAU2) if names else tau2
    rng = np.random.default_rng(seed)
    draws = np.vstack([beta, rng.multivariate_normal(beta, covariance, size=DRAWS)])
    other = np.concatenate([[0.0], np.sqrt(tau2) * rng.standard_normal(DRAWS)]) if names else None
    return TakeUp(draws[:, 0], draws[:, 1], "fitted", offsets={n: draws[:, 2 + i] for i, n in enumerate(names)}, other=other)


def _newton(x: Floats, y: Floats, penalty: Floats, start: Floats) -> tuple[Floats, Floats]:
    """(mode, inverse of the curvature there) of the logistic likelihood less half of penalty * beta^2; steps are halved while they lead down."""

    def height(at: Floats) -> float:
        z = x @ at
        return float(y @ z - np.logaddexp(0, z).sum() - 0.5 * penalty @ at**2)

    beta = start
    curvature = np.diag(penalty)
    for _ in range(100):
        p = expit(x @ beta)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curvature, x.T @ (y - p) - penalty * beta)
        while height(beta + step) < height(beta) and np.abs(step).max() > 1e-10:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return beta, np.asarray(np.linalg.inv(curvature), dtype=np.float64)


def expit(z: Floats) -> Floats:
    """The logistic function; beyond 500 it is 0 or 1 to the last digit."""
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -500, 500))), dtype=np.float64)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
