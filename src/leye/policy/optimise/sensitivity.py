"""How strong an unmeasured cause would have to be to change the finding.

Chernozhukov, Cinelli, Newey, Sharma and Syrgkanis 2022 (Long story short: omitted variable bias in causal machine learning), theorem 2:
|bias| <= S * sqrt(C_Y) * sqrt(C_D), S^2 = E(Y - g)^2 * E(alpha^2), C_Y the share of the outcome's residual variance that the hidden cause explains,
C_D = r / (1 - r) with r its share of the variation of the weights alpha. The robustness value is the r = C_Y at which the bias reaches the effect.
"""

from __future__ import annotations

import numpy as np

from leye.policy.optimise.arrays import Bools, Floats
from leye.policy.optimise.crossfit import Nuisance


def bias_scale(treated: Bools, outcome: Floats, nuisance: Nuisance, kept: Bools) -> float:
    """S of the formula, over the kept rows."""
    a = treated[kept]
    e = nuisance.e[kept]
    residual = outcome[kept] - np.where(a, nuisance.mu1[kept], nuisance.mu0[kept])
    alpha = np.where(a, 1.0 / e, -1.0 / (1.0 - e))
    return float(np.sqrt(np.mean(residual**2) * np.mean(alpha**2)))


def robustness_value(distance: float, scale: float) -> float:
    """The share of variation, in outcome and in taking part alike, that moves an estimate by `distance`: r^2 / (1 - r) = (distance / scale)^2.

    0 when there is nothing to move, near 1 when nothing could.
    """
    if distance <= 0 or scale <= 0:
        return 0.0
    f2 = (distance / scale) ** 2
    return 0.5 * (float(np.sqrt(f2 * f2 + 4.0 * f2)) - f2)
