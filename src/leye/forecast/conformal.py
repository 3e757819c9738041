"""Prediction intervals from what went wrong before: recency-weighted quantiles of the errors at past origins, scaled per series and horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import ROUNDING, Bools, Floats

YEARLY_DECAY = 0.6
"""A past origin counts this much less per year of age (measured design: .6 gives an honest mean at calm origins)."""
OWN_SHARE = 0.6
"""Geometric share of a series' own error at a horizon; the panel's shape at the series' level has the rest (measured design)."""
DEFAULT_WIDTH = {80: 2.0, 95: 4.0}
"""Half-width in units of the typical error where nothing can be calibrated. # chosen by us: wider than a normal's 1.28 and 1.96 on purpose"""


WIDER = 1.25
"""How much wider the intervals of a series at orange or red are before anything is learned. # chosen by us: at the development origins of
bench/forecast_us_employment the 80 % quantile under such levels was learned to be 1.0 to 1.4 times the usual one"""
WIDER_COUNT = 200.0
"""Points at past origins under orange or red that weigh as much as that guess. # chosen by us: some twenty series a year ahead"""


@dataclass(frozen=True, slots=True)
class Alarms:
    """Where orange or red was in force. past: (q, n) at the past origins · now: (n,) at the origin."""

    past: Bools
    now: Bools


def half_widths(errors: Floats, *, ages: Sequence[float], levels: Sequence[int], typical: Floats, alarms: Alarms | None = None) -> Floats:
    """errors: (q, n, H) at past origins, NaN unknown · ages: q ages in years · typical: (n, H) spread to use where errors are lacking ·
    alarms: wider intervals for series under a high warning level, by what their errors were under such levels before.

    Returns (len(levels), n, H) half-widths on the working scale, never falling with the level.
    """
    size = np.abs(errors)
    spread = error_spread(size, typical)
    if not np.isfinite(size).any():
        out = np.stack([default_width(level) * spread for level in levels])
    else:
        weight = np.broadcast_to((YEARLY_DECAY ** np.asarray(ages))[:, None, None], size.shape)
        ratio = size / spread
        quantiles = _weighted_quantiles(ratio[np.isfinite(ratio)], weight[np.isfinite(ratio)], [level / 100 for level in levels])
        out = np.stack([q * spread for q in quantiles])
        if alarms is not None and alarms.now.any():
            factors = np.maximum.accumulate([q * f for q, f in zip(quantiles, wider(ratio, weight, alarms.past, levels), strict=True)])
            out = np.where(alarms.now[None, :, None], factors[:, None, None] * spread, out)
    return out


def wider(ratio: Floats, weight: Floats, high: Bools, levels: Sequence[int]) -> list[float]:
    """By how much the error quantile of each level grows under orange or red, at least 1.

    ratio, weight: (q, n, H) past errors over their spread and what they count · high: (q, n). The logarithm of the learned growth is drawn
    to that of WIDER by WIDER_COUNT points, so that a single bad year does not set it.
    """
    seen = np.isfinite(ratio)
    under = seen & high[:, :, None]
    count = float(under.sum())
    if not 0 < count < seen.sum():
        return [WIDER] * len(levels)
    shares = [level / 100 for level in levels]
    bad, calm = (_weighted_quantiles(ratio[at], weight[at], shares) for at in (under, seen))
    learned = [np.log(max(b, 1e-12) / max(c, 1e-12)) for b, c in zip(bad, calm, strict=True)]
    return [float(max(np.exp((count * g + WIDER_COUNT * np.log(WIDER)) / (count + WIDER_COUNT)), 1.0)) for g in learned]


def default_width(level: int) -> float:
    """Half-width in typical errors at a level (percent): the table, and between its entries a straight line."""
    return float(np.interp(level, list(DEFAULT_WIDTH), list(DEFAULT_WIDTH.values())))


def error_spread(size: Floats, typical: Floats) -> Floats:
    """(n, H) scale of the errors: own mean^.6 times (panel shape at own level)^.4, `typical` where a series has no past errors."""
    seen = np.isfinite(size)
    count = seen.sum(axis=0)
    own = np.where(seen, size, 0.0).sum(axis=0) / np.maximum(count, 1)
    has = (count > 0) & (own > ROUNDING)
    shape = np.array([_geometric(own[:, h], has[:, h]) for h in range(own.shape[1])])
    level = np.array([_geometric(own[i] / shape, has[i]) for i in range(own.shape[0])])
    mixed = np.where(has, own, 1.0) ** OWN_SHARE * (shape * level[:, None]) ** (1 - OWN_SHARE)
    spread: Floats = np.where(has, mixed, typical)
    return np.maximum(spread, 1e-12)


def _geometric(values: Floats, use: Bools) -> float:
    return float(np.exp(np.log(values[use]).mean())) if use.any() else 1.0


def _weighted_quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> list[float]:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    at = [min(int(np.searchsorted(reached, share)), len(values) - 1) for share in shares]
    return [float(values[order][i]) for i in at]
