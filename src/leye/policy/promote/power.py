"""Before a roll-out starts: how small an effect it could see, from the people in each grid, the rate without notice and how much grids differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from leye.policy.promote.effect import LEVEL, WITHIN_WEEKS
from leye.policy.promote.panel import Counts, Floats, Panel
from leye.policy.promote.robust import robust
from leye.policy.promote.wedge import Wedge, since_reached, wedge

SHAPE = (0.4, 0.3, 0.2, 0.1)
"""How an effect is spread over the weeks after the notice; chosen by us: most who act at all act soon."""
POWER = 0.8
TINY_RATE = 1e-4
SURE, WRONG_SIDE = 9.0, 3.0
"""Standard errors from zero beyond which an effect is seen for certain, or never with the wrong sign; the noncentral t loses its digits there."""


@dataclass(frozen=True, slots=True)
class Power:
    """What a plan can see. se: of the total when there is no effect · degrees: of freedom · smallest: the effect seen with probability POWER ·
    at: probability of seeing the effect that was asked about."""

    se: float
    degrees: float
    smallest: float
    asked: float
    at: float


@dataclass(frozen=True, slots=True)
class Rates:
    """Weekly rate of application without notice, and its standard deviation between grids (0 where the grids differ no more than people do)."""

    mean: float
    between_sd: float


def rates_of(panel: Panel) -> Rates:
    """Rates of the weeks before each grid was told, by the method of moments: between-grid variance less what people's chance alone makes."""
    before = since_reached(panel.reached, len(panel.weeks)) < 0
    n = (panel.at_risk * before).sum(axis=1).astype(np.float64)
    k = (panel.applied * before).sum(axis=1)
    mean = float(k.sum() / n.sum())
    has = n > 0
    observed = float((n[has] * (k[has] / n[has] - mean) ** 2).sum() / n.sum())
    by_chance = mean * (1 - mean) * (has.sum() - 1) / n.sum()
    spread = 1 - float((n**2).sum()) / float(n.sum()) ** 2
    return Rates(mean, float(np.sqrt(max(observed - by_chance, 0.0) / spread)) if spread > 0 else 0.0)


def power_of(people: Counts, reached: Counts, weeks: int, rates: Rates, *, effect: float, within: int = WITHIN_WEEKS) -> Power:
    """Power to see `effect` (added rate summed over `within` weeks) at level LEVEL. people, reached: (grids,).

    Variance by people's chance, the part of it that the notice adds, and the difference between grids; t with the degrees of freedom of the estimate.
    """
    left = people[:, None] * (1 - rates.mean) ** np.arange(weeks)  # those who applied are gone
    at_risk = np.maximum(np.rint(left), (people > 0)[:, None]).astype(np.int64)
    found = wedge(at_risk, np.zeros_like(at_risk), reached, range(0, within))
    if (found.counted <= 0).any():
        return Power(float("nan"), float("nan"), float("nan"), effect, float("nan"))
    contrast = np.ones((1, within))
    degrees = float(robust(found, contrast).degrees[0])
    critical = float(stats.t.ppf((1 + LEVEL) / 2, degrees))

    def chance(size: float) -> float:
        noncentral = size / _error(found, rates, size)
        if noncentral > SURE:
            return 1.0
        wrong_side = float(stats.nct.cdf(-critical, degrees, noncentral)) if noncentral < WRONG_SIDE else 0.0
        return float(stats.nct.sf(critical, degrees, noncentral)) + wrong_side

    smallest = float(optimize.brentq(lambda size: chance(size) - POWER, 1e-9, 1.0)) if chance(1.0) > POWER else float("nan")
    return Power(_error(found, rates, 0.0), degrees, smallest, effect, chance(effect))


def _error(found: Wedge, rates: Rates, effect: float) -> float:
    """Standard error of the total when the effect is `effect`."""
    within = found.weights.shape[0]
    shape = np.array((SHAPE + (0.0,) * within)[:within])
    added = np.where(found.column >= 0, effect * shape[found.column] / max(shape.sum(), TINY_RATE), 0.0)
    rate: Floats = np.clip(rates.mean + added, TINY_RATE, 1 - TINY_RATE)
    c = found.weights.sum(axis=0)
    by_grid = np.bincount(found.grid, weights=c)
    return float(np.sqrt((c**2 * rate * (1 - rate) / found.people).sum() + rates.between_sd**2 * (by_grid**2).sum()))
