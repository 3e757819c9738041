"""Prediction intervals from what went wrong before: recency-weighted quantiles of the errors at past origins, scaled per series and horizon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leye.forecast.arrays import ROUNDING, Bools, Floats

YEARLY_DECAY = 0.6
"""A past origin counts this much less per year of age (measured design: .6 gives an honest mean at calm origins)."""
OWN_SHARE = 0.6
"""Geometric share of a series' own error at a horizon; the panel's shape at the series' level has the rest (measured design)."""
DEFAULT_WIDTH = {80: 2.0, 95: 4.0}
"""Half-width in units of the typical error where nothing can be calibrated. # chosen by us: wider than a normal's 1.28 and 1.96 on purpose"""


def half_widths(errors: Floats, *, ages: Sequence[float], levels: Sequence[int], typical: Floats) -> Floats:
    """errors: (q, n, H) at past origins, NaN unknown · ages: q ages in years · typical: (n, H) spread to use where errors are lacking.

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
    return out


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
