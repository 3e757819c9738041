"""Effects of a staggered roll-out by week since the notice: reached grids against grids of the same week not yet reached, as linear estimators.

In week t the controls are the grids reached later. A grid reached k weeks ago is held against them; differences are pooled over weeks with the
reached people as weights, giving theta_k, what the notice adds to the weekly rate of application in its (k+1)-th week. Nothing is compared with
a grid that has been reached itself, so effects that change with time bias nothing (Goodman-Bacon 2021, J Econometrics 225:254, names the trap;
the group-time form is that of Callaway & Sant'Anna 2021, J Econometrics 225:200, without a difference to the past, which a lottery does not need).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.policy.promote.panel import Counts, Floats


@dataclass(frozen=True, slots=True)
class Wedge:
    """Everything linear about one roll-out, over its cells (a grid in a week, with people at risk, that some estimate uses).

    rate, people: (cells,) · grid, week: (cells,) · weights: (k, cells) of each theta_k · control_weights: (weeks, cells) of each week's control
    rate · column: (cells,) -1 for controls, else the number of the k of a reached cell · counted: (k,) reached people behind theta_k.
    """

    rate: Floats
    people: Floats
    grid: Counts
    week: Counts
    column: Counts
    weights: Floats
    control_weights: Floats
    counted: Floats

    @property
    def thetas(self) -> Floats:
        """(k,) estimates; NaN where no reached cell has a control."""
        return np.where(self.counted > 0, self.weights @ self.rate, np.nan)


NEVER = -(10**6)
"""Weeks since the notice of a grid that was never reached: before everything."""


def since_reached(reached: Counts, weeks: int) -> Counts:
    """(grids, weeks) whole weeks since each grid was reached; negative before, NEVER where it was not reached in these weeks."""
    return np.where(reached[:, None] < weeks, np.arange(weeks) - reached[:, None], NEVER)


def wedge(at_risk: Counts, applied: Counts, reached: Counts, columns: range) -> Wedge:
    """The estimators theta_k for k in `columns`; a negative k is a lead: grids that will be reached -k weeks later, against later ones.

    at_risk, applied: (grids, weeks) · reached: (grids,) week number, weeks for never · columns: all from 0 on, or leads up to -1.
    """
    weeks = at_risk.shape[1]
    since, has = since_reached(reached, weeks), at_risk > 0
    treated = has & (since >= columns.start) & (since < columns.stop)
    control = has & (since < columns.start)
    usable = treated.any(axis=0) & control.any(axis=0)
    g, t = np.nonzero((treated | control) & usable)
    column = np.where(treated[g, t], since[g, t] - columns.start, -1)
    people = at_risk[g, t].astype(np.float64)
    is_control = column < 0
    total = np.bincount(t[is_control], weights=people[is_control], minlength=weeks)
    control_weights = np.where(is_control & (t == np.arange(weeks)[:, None]), people / np.maximum(total[t], 1.0), 0.0)
    k = len(columns)
    mine = column == np.arange(k)[:, None]
    counted = (mine * people).sum(axis=1)
    weights = mine * people / np.maximum(counted, 1.0)[:, None]
    by_week = np.stack([np.bincount(t, weights=row, minlength=weeks) for row in weights])
    return Wedge(
        rate=applied[g, t] / people,
        people=people,
        grid=g,
        week=t,
        column=column,
        weights=weights - by_week @ control_weights,
        control_weights=control_weights,
        counted=counted,
    )
