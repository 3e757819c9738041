"""False-discovery control over the cells of one period: of the lamps that light together, at most a promised share is lit by chance.

p(u) = share of calm bootstrapped cell-periods at which the sum without restart stands at least u times as high as the cell's own lowest threshold.
Cells of one month and one bad side are one family; the step-up rule of Benjamini & Hochberg (JRSS B 1995, theorem 1) picks those that may light.
It holds for the positive dependence that cells of one labour market have (Benjamini & Yekutieli, Annals of Statistics 2001, theorem 1.2), and needs
no memory of earlier months, as online rules do: a lamp of this month must not hang on how many lit last year, nor on the day the scan began.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.watch.grid import Bools, Floats


@dataclass(frozen=True, slots=True)
class CalmHeights:
    """highest: sorted heights of calm cell-periods over their thresholds, ascending, the upper part only · count: of all of them."""

    highest: Floats
    count: int

    def p_values(self, height: Floats) -> Floats:
        """(…) share of calm cell-periods at least as high; never 0, (k + 1) / (n + 1) as a bootstrap with n draws allows; 1 below the kept part."""
        above = len(self.highest) - np.searchsorted(self.highest, height, side="left")
        p = (above + 1) / (self.count + 1)
        return np.where(above >= len(self.highest), 1.0, p) if len(self.highest) < self.count else p


def calm_heights(score: Floats, threshold: Floats, k: float, *, keep: float = 0.2) -> CalmHeights:
    """From calm paths. score: (periods, …, series) · threshold: (series,) lowest · keep: share of the heights that is kept, the upper end."""
    total, now, kept = 0, np.zeros(score.shape[1:]), []
    for row in score:
        known = ~np.isnan(row)
        now = np.maximum(now + np.where(known, row - k, 0.0), 0.0)
        kept.append((now / threshold)[known])
        total += int(known.sum())
    heights = np.sort(np.concatenate(kept)) if kept else np.empty(0)
    return CalmHeights(heights[int(len(heights) * (1 - keep)) :], total)


def discoveries(p: Floats, q: float) -> Bools:
    """(cells,) which p-values of one family are rejected at false-discovery rate q; NaN marks a cell that is not in the family.

    >>> discoveries(np.array([0.001, 0.04, 0.2, 0.03]), 0.1).tolist()
    [True, True, False, True]
    """
    family = ~np.isnan(p)
    order = np.sort(p[family])
    passed = np.flatnonzero(order <= q * np.arange(1, len(order) + 1) / max(len(order), 1))
    return family & (np.nan_to_num(p, nan=2.0) <= order[passed[-1]]) if len(passed) else np.zeros(len(p), dtype=bool)
