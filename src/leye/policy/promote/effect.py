"""The effect of a notice, with its interval, by week since it and in all; the check of the weeks before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from threadpoolctl import threadpool_limits

from leye.policy.promote.lottery import DRAWS, chance_of
from leye.policy.promote.panel import Counts, Floats, Panel
from leye.policy.promote.refusals import too_few_grids
from leye.policy.promote.robust import Robust, robust
from leye.policy.promote.wedge import since_reached, wedge

WITHIN_WEEKS = 4
"""Weeks after the notice that the total adds up; chosen by us: a notice is read within days, and papers take two weeks."""
LEADS = 3
"""Weeks before the notice that are checked; chosen by us."""
LEVEL = 0.95
LEAST_GRIDS = 6
"""Fewest grids, and fewer than half of them never compared, for an interval; chosen by us after bench/policy_rollout."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval. degrees: of freedom of the t distribution behind it; p: two-sided, of "it is 0"."""

    value: float
    low: float
    high: float
    se: float
    degrees: float
    p: float


@dataclass(frozen=True, slots=True)
class RollOutEffect:
    """What a roll-out shows. Rates are shares of the people who had not applied yet, a week.

    by_week: added rate in the first, second … week after the notice · total: their sum over `within` weeks · chance: p of the total by the lottery ·
    leads: added rate one, two … weeks BEFORE the notice, which must be near nothing · leads_chance: p of all leads together, by the lottery.
    """

    policy: str
    within: int
    by_week: tuple[Estimate, ...]
    people: tuple[int, ...]
    total: Estimate
    chance: float
    leads: tuple[Estimate, ...]
    leads_chance: float
    control_rate: float
    grids: int
    reached_grids: int

    @property
    def is_seen(self) -> bool:
        """Whether the interval of the total leaves out zero."""
        return self.total.low > 0 or self.total.high < 0


def effect_of(panel: Panel, *, seed: int, within: int = WITHIN_WEEKS, draws: int = DRAWS) -> RollOutEffect:
    """Estimate one roll-out; with `draws` 0 without the lottery's p.

    Raises CheckFailed (E_FEW_GRIDS) where too few grids can be compared or the weeks are not all seen.
    """
    with threadpool_limits(1, user_api="blas"):  # equal bytes whatever the number of cores
        return _effect_of(panel, seed, within, draws)


def _effect_of(panel: Panel, seed: int, within: int, draws: int) -> RollOutEffect:
    weeks = len(panel.weeks)
    reached_grids = int((panel.reached < weeks).sum())
    found = wedge(panel.at_risk, panel.applied, panel.reached, range(0, weeks))
    seen = int(np.argmax(np.append(found.counted, 0) <= 0))
    if len(panel.grids) < LEAST_GRIDS or seen < within:
        raise too_few_grids(panel.policy, grids=len(panel.grids), least=LEAST_GRIDS, seen=seen, within=within)
    found = wedge(panel.at_risk, panel.applied, panel.reached, range(0, seen))
    contrasts = np.vstack([np.eye(seen), (np.arange(seen) < within).astype(np.float64)])
    estimates = estimates_of(found.thetas, contrasts, robust(found, contrasts))
    leads, leads_chance = _before(panel, seed=seed, draws=draws)
    not_reached = since_reached(panel.reached, weeks) < 0
    return RollOutEffect(
        policy=panel.policy,
        within=within,
        by_week=estimates[:-1],
        people=tuple(int(n) for n in found.counted),
        total=estimates[-1],
        chance=chance_of(lambda r: _total(panel, r, within), panel.reached, panel.block, seed=seed, draws=draws),
        leads=leads,
        leads_chance=leads_chance,
        control_rate=float(panel.applied[not_reached].sum() / panel.at_risk[not_reached].sum()),
        grids=len(panel.grids),
        reached_grids=reached_grids,
    )


def estimates_of(thetas: Floats, contrasts: Floats, spread: Robust) -> tuple[Estimate, ...]:
    """Contrasts with t intervals of level LEVEL."""
    values, errors = contrasts @ thetas, np.sqrt(np.diag(spread.covariance))
    return tuple(_estimate(float(v), float(s), float(d)) for v, s, d in zip(values, errors, spread.degrees, strict=True))


def _estimate(value: float, se: float, degrees: float) -> Estimate:
    half = float(stats.t.ppf((1 + LEVEL) / 2, degrees)) * se
    p = 2 * float(stats.t.sf(abs(value) / se, degrees)) if se > 0 else float(value == 0)
    return Estimate(value, value - half, value + half, se, degrees, p)


def _total(panel: Panel, reached: Counts, within: int) -> float:
    """Size of the total under an order of the grids; what cannot be compared under it counts as nothing seen."""
    return abs(float(np.nansum(wedge(panel.at_risk, panel.applied, reached, range(0, within)).thetas)))


def _before(panel: Panel, *, seed: int, draws: int) -> tuple[tuple[Estimate, ...], float]:
    """Leads with intervals, nearest first, and the chance of all together by the lottery; empty and NaN where no week before can be compared."""
    found = wedge(panel.at_risk, panel.applied, panel.reached, range(-LEADS, 0))
    kept = found.counted > 0
    if not kept.any():
        return (), float("nan")
    contrasts = np.eye(LEADS)[kept]
    leads = estimates_of(np.nan_to_num(found.thetas), contrasts, robust(found, contrasts))
    errors = np.array([e.se for e in leads])

    def together(reached: Counts) -> float:
        again = np.nan_to_num(wedge(panel.at_risk, panel.applied, reached, range(-LEADS, 0)).thetas)[kept]
        return float(((again / np.where(errors > 0, errors, np.inf)) ** 2).sum())

    return leads[::-1], chance_of(together, panel.reached, panel.block, seed=seed + 1, draws=draws)
