"""The nowcast of one vintage: factors and bridges fitted to it, and what they say of data laid out like it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from leye.forecast.arrays import Bools, Floats
from leye.forecast.nowcast.bridge import OWN_LAGS, Bridge, fit_bridge, on_quarters, predict
from leye.forecast.nowcast.factors import Factors, estimate, smooth
from leye.forecast.nowcast.mixed import MONTHS_OF_QUARTER, Mixed

FACTORS, ORDER = 6, 2
"""Common factors and lags of their autoregression. # chosen by us on the development quarters of bench/nowcast: error against an autoregression
.884 with 2 factors, .868 with 4, .847 with 6, .861 with 8; 1 to 3 lags are alike"""
LEAST_MONTHS = 36
"""Known changes that an indicator must have to be used."""
LEAST_INDICATORS = 3
LEAST_QUARTERS = 24
"""Known changes that a target must have for a bridge. # chosen by us: fourteen weights, shrunk, on fewer quarters say nothing"""


@dataclass(frozen=True, slots=True)
class Fitted:
    """rows: (n,) indicators in use · factors: None where there are too few · bridges: one a target, None where its history is too short."""

    rows: Bools
    factors: Factors | None
    bridges: tuple[Bridge | None, ...]

    def standard(self, mixed: Mixed) -> Floats:
        """(rows in use, T) changes of the indicators in standard units. Needs factors."""
        assert self.factors is not None
        return self.factors.standard(mixed.indicator_changes[self.rows])


def fit(mixed: Mixed) -> Fitted:
    """Parameters from everything that the vintage knows."""
    changes, own = mixed.indicator_changes, mixed.target_changes
    rows = np.isfinite(changes).sum(axis=1) >= LEAST_MONTHS
    if rows.sum() < LEAST_INDICATORS:
        return Fitted(rows, None, (None,) * len(own))
    # an indicator whose changes are always nought carries nothing
    rows &= np.array([row[np.isfinite(row)].std() > 0 if np.isfinite(row).any() else False for row in changes])
    if rows.sum() < LEAST_INDICATORS:
        return Fitted(rows, None, (None,) * len(own))
    factors = estimate(changes[rows], factors=FACTORS, order=ORDER)
    paths = smooth(factors, factors.standard(changes[rows])[:, :, None])
    quarterly = on_quarters(paths, mixed.lag)[:, :, 0]
    return Fitted(rows, factors, tuple(fit_bridge(quarterly, row) if is_enough(row) else None for row in own))


def is_enough(changes: Floats) -> bool:
    """Whether a target (Q,) has history and movement enough for a bridge."""
    known = np.isfinite(changes)
    whole = sum(bool(known[q - OWN_LAGS : q + 1].all()) for q in range(1 + OWN_LAGS, len(known)))
    return whole >= LEAST_QUARTERS and float(np.nanstd(changes)) > 0


def open_quarters(mixed: Mixed, target: int) -> range:
    """Quarters after the newest known one of a target."""
    known = np.flatnonzero(np.isfinite(mixed.targets[target]))
    return range(int(known[-1]) + 1 if len(known) else 0, mixed.targets.shape[1])


def levels(fitted: Fitted, mixed: Mixed, target: int, z: Floats) -> Floats:
    """(open quarters, k) working-scale levels of a target that has a bridge. z: (rows in use, T, k) data sets known at the same places."""
    bridge = fitted.bridges[target]
    assert fitted.factors is not None and bridge is not None
    ahead = open_quarters(mixed, target)
    quarterly = on_quarters(smooth(fitted.factors, z), mixed.lag)
    changes = predict(bridge, quarterly, mixed.target_changes[target], ahead)
    return added_up(mixed, target, changes)


def added_up(mixed: Mixed, target: int, changes: Floats) -> Floats:
    """(open quarters, k) levels from changes over a quarter or a year; a level of a year ago that is missing too is the last known one."""
    ahead = open_quarters(mixed, target)
    level = np.repeat(mixed.targets[target][:, None], changes.shape[1], axis=1)
    for i, q in enumerate(ahead):
        before = level[q - mixed.lag] if q >= mixed.lag else np.full(changes.shape[1], np.nan)
        level[q] = np.where(np.isfinite(before), before, level[ahead.start - 1]) + changes[i]
    return level[ahead.start : ahead.stop]


def stepped_back(mixed: Mixed, quarters: int) -> Mixed:
    """The panel as ragged as it is, so many quarters earlier: every series ends as many months before the last quarter as it does today."""
    months = MONTHS_OF_QUARTER * quarters
    return replace(mixed, indicators=_shortened(mixed.indicators, months), targets=_shortened(mixed.targets, quarters))


def _shortened(x: Floats, by: int) -> Floats:
    periods = x.shape[1]
    known = np.isfinite(x)
    ends = np.where(known.any(axis=1), periods - 1 - np.argmax(known[:, ::-1], axis=1), -1)
    held = np.arange(periods)[None] <= (ends - by)[:, None]
    return np.where(held, x, np.nan)[:, : periods - by]
