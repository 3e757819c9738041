"""False-discovery control over the cells of one period: of the lamps that light together, at most a promised share is lit by chance.

p(u) = rate a calm cell-period at which a restarting sum passes u times the cell's own lowest threshold, from the bootstrapped calm paths; beyond the
heights seen there its logarithm goes on as a straight line, as that of a CUSUM's false-alarm rate does (Siegmund, Sequential Analysis 1985, ch. II).
Only a sum that stands at a new height passes anything, so an old excursion is not tested again each month. Cells of one month and one bad side are
one family; the step-up rule of Benjamini & Hochberg (JRSS B 1995, theorem 1) picks those that may light. It holds for the positive dependence that
cells of one labour market have (Benjamini & Yekutieli, Annals of Statistics 2001, theorem 1.2), and needs no memory of earlier months, as online
rules do: a lamp of this month must not hang on how many lit last year, nor on the day the scan began.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Bools, Floats
from leye.watch.sums import RunningSum

HEIGHTS = np.array([1.0, 1.2, 1.45, 1.75, 2.1, 2.5])  # times the lowest threshold


@dataclass(frozen=True, slots=True)
class CalmHeights:
    """log_rate: logarithm of the passages a calm cell-period at each of HEIGHTS, falling."""

    log_rate: Floats

    def p_values(self, height: Floats) -> Floats:
        """(…) rate at which calm cells pass heights (in thresholds); 1 below the threshold.

        >>> CalmHeights(np.log([0.02, 0.01, 0.005, 0.002, 0.001, 0.0005])).p_values(np.array([0.5, 1.0, 2.5])).round(4).tolist()
        [1.0, 0.02, 0.0005]
        """
        slope = min(float((self.log_rate[-1] - self.log_rate[0]) / (HEIGHTS[-1] - HEIGHTS[0])), -1e-6)
        beyond = self.log_rate[-1] + slope * np.maximum(height - HEIGHTS[-1], 0.0)
        inside = np.interp(height, HEIGHTS, self.log_rate)
        p: Floats = np.exp(np.where(height > HEIGHTS[-1], beyond, inside))
        return np.where(height < 1, 1.0, np.minimum(p, 1.0))


def calm_heights(score: Floats, threshold: Floats, k: float | Floats, wanders: Bools | None = None) -> CalmHeights:
    """From calm paths. score: (periods, …, series) · threshold: (series,) lowest. A rate counts half a passage more than was seen."""
    periods = max(int((~np.isnan(score)).sum()), 1)
    rates = []
    for height in HEIGHTS:
        now, passed = RunningSum(score.shape[1:], wanders), 0
        for row in score:
            passes = now.add(np.where(np.isnan(row), 0.0, row - k)) >= height * threshold
            passed += int(passes.sum())
            now.restart(passes)
        rates.append((passed + 0.5) / periods)
    return CalmHeights(np.log(np.minimum.accumulate(np.minimum(rates, 1.0))))


def discoveries(p: Floats, q: float) -> Bools:
    """(cells,) which p-values of one family are rejected at false-discovery rate q; NaN marks a cell that is not in the family.

    >>> discoveries(np.array([0.001, 0.04, 0.2, 0.03]), 0.1).tolist()
    [True, True, False, True]
    """
    family = ~np.isnan(p)
    order = np.sort(p[family])
    passed = np.flatnonzero(order <= q * np.arange(1, len(order) + 1) / max(len(order), 1))
    return family & (np.nan_to_num(p, nan=2.0) <= order[passed[-1]]) if len(passed) else np.zeros(len(p), dtype=bool)
