"""Counts of the next months: each skill's newest share of all counts, times a common level with the season of the year before.

Skills of one labour market move together, over the Spring Festival above all, and each on its own is full of noise; so the level is forecast once,
for all, and the season is believed by half, because it rests on one or two years. On Job-SDF the simplest form of this beat every weighting that was
tried on the development months (bench/match_radar).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL_MONTHS = 6
SHARE_MONTHS = 1
SEASON_BELIEVED = 0.5
"""Chosen on targets before month 24 of Job-SDF, none of which is reported: months of 3, 6; 1, 2, 3; 0, .3, .5, .7, 1."""
YEAR = 12


def ahead(counts: Array, horizon: int) -> Array:
    """counts: (n_skills, n_months), n_months ≥ 1, no gaps; returns (n_skills, horizon), never below 0. Scaling all counts scales the answer."""
    total = counts.sum(axis=0)
    recent = counts[:, -SHARE_MONTHS:].sum(axis=1)
    share = recent / recent.sum() if recent.sum() > 0 else np.zeros(len(counts))
    return np.outer(share, [level_at(total, step) for step in range(1, horizon + 1)])


def level_at(total: Array, step: int) -> float:
    """The sum of all skills `step` months after the last: median of LEVEL_MONTHS, moved by what the same month of earlier years was to the months
    that lay before the same origin, in logs, averaged over the years that are there, believed by SEASON_BELIEVED."""
    level = float(np.median(total[-LEVEL_MONTHS:]))
    if level <= 0:
        return 0.0
    moves = [m for back in range(1, total.size // YEAR + 1) if (m := _season(total, step, back)) is not None]
    return level * float(np.exp(SEASON_BELIEVED * np.mean(moves))) if moves else level


def _season(total: Array, step: int, back: int) -> float | None:
    """Log of the month `back` years before the target over the median before the origin of that year; None where a month is missing or nil."""
    origin = total.size - YEAR * back
    target = origin + step - 1
    if origin < LEVEL_MONTHS or target >= total.size:
        return None
    before, then = float(np.median(total[origin - LEVEL_MONTHS : origin])), float(total[target])
    return float(np.log(then / before)) if before > 0 and then > 0 else None
