"""95 % intervals of a share and of a ratio of two shares, over arrays of groups; each contains its estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]

LEVEL = 0.95
Z = 1.959964
"""Normal quantile of the level, with the digits that the formula sheet of the audit fixes."""


def share_of(k: Counts, n: Counts) -> Floats:
    """(groups,) k/n; NaN where nobody is: a share of nobody is unknown, not 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, k / np.where(n > 0, n, 1), np.nan)


def wilson(k: Counts, n: Counts, design_effect: Floats | None = None) -> tuple[Floats, Floats]:
    """Low and high ends of the score interval (Wilson 1927, JASA 22:209) of k of n; NaN where n is 0.

    design_effect: (groups,) by how much rows of one person inflate the variance; n is divided by it (Dean & Pagano 2015, J Surv Stat Methodol 3:484).

    >>> low, high = wilson(np.array([2]), np.array([6]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.0968, 0.7)
    """
    p = share_of(k, n)
    size = np.where(n > 0, n, np.nan) / (1.0 if design_effect is None else design_effect)
    z2 = Z * Z
    middle, half = p + z2 / (2 * size), Z * np.sqrt(p * (1 - p) / size + z2 / (4 * size * size))
    low, high = (middle - half) / (1 + z2 / size), (middle + half) / (1 + z2 / size)
    return np.minimum(np.clip(low, 0, 1), p), np.maximum(np.clip(high, 0, 1), p)


@dataclass(frozen=True, slots=True)
class LogRatio:
    """(groups,) each: `centre` and `se` on the log scale, `lo` and `hi` of the ratio itself, which contain the plain ratio of the shares."""

    centre: Floats
    se: Floats
    lo: Floats
    hi: Floats

    @property
    def p_value(self) -> Floats:
        """Two-sided, of "both shares are equal"; agrees with the interval, which leaves out 1 exactly when this is below 0.05."""
        return two_sided(self.centre, self.se)


def log_ratio(
    k: Counts, n: Counts, k_reference: int, n_reference: int, *, design_effect: Floats | None = None, reference_effect: float = 1.0
) -> LogRatio:
    """exp(ln R ± z sqrt(1/k1 - 1/n1 + 1/k2 - 1/n2)) with 0.5 added to all four counts (Walter 1975; Pettigrew et al. 1986, Biometrika 73:425).

    Without the halves a group in which nobody was selected would have no interval. The estimate is the plain ratio, and the interval holds it.
    Needs n_reference > 0; NaN where n is 0.
    """
    have, own = np.where(n > 0, n, np.nan), 1.0 if design_effect is None else design_effect
    a, b, c, d = k + 0.5, have + 0.5, k_reference + 0.5, n_reference + 0.5
    centre = np.log(a / b) - math.log(c / d)
    se = np.sqrt(np.maximum(own * (1 / a - 1 / b) + reference_effect * (1 / c - 1 / d), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = (k / have) / (k_reference / n_reference) if k_reference else np.full(len(have), np.nan)
    lo, hi = np.exp(centre - Z * se), np.exp(centre + Z * se)
    return LogRatio(centre, se, np.fmin(lo, plain), np.fmax(hi, plain))


def two_sided(centre: Floats, se: Floats) -> Floats:
    """(groups,) p of "centre is 0" for a normal estimate; NaN where either is unknown. Without any spread a difference is certain, and so is none.

    >>> two_sided(np.array([1.959964, 0.0, 0.5, np.nan]), np.array([1.0, 0.0, 0.0, 1.0])).round(4).tolist()
    [0.05, 1.0, 0.0, nan]
    """
    return np.array([_two_sided(float(c), float(s)) for c, s in zip(centre, se, strict=True)])


def _two_sided(centre: float, se: float) -> float:
    if math.isnan(centre) or math.isnan(se):
        return math.nan
    return math.erfc(abs(centre) / se / math.sqrt(2)) if se > 0 else float(centre == 0)
