"""How much each model counts: by its error at past origins, own and of the whole panel, drawn back to equal shares. Never the winner alone."""

from __future__ import annotations

import numpy as np

from leye.forecast.arrays import ROUNDING, Bools, Floats

OWN_SHARE = 0.5
"""Exponent of a series' own error ratio; the panel's has the rest. # chosen by us: development origins, flat between 0 and .5"""
POWER = 8.0
"""Weights fall with error to this power. # chosen by us: development origins, 4, 6, 8 and 12 differ by 2 %; higher would leave one model alone"""
EQUAL_SHARE = 0.02
"""Share that is spread evenly over all able models. # chosen by us: no model is ever out of the running"""

LEAST_ORIGINS, MOST_ORIGINS = 7, 21
"""Past origins asked, seasons apart. # chosen by us: under seven a series' own error is mostly noise, past twenty-one nothing changes"""
PART_OF_HISTORY = 4
"""Past origins reach back a quarter of the history. # chosen by us: earlier ones had too little before them to speak for today; on development
origins of both panels a third and a half score alike and cover up to one point more than they should at calm ones"""


def past_origins(periods: int, *, horizon: int, season: int) -> list[int]:
    """Columns to forecast from again, the newest first, each with `horizon` known periods after it; a season apart where history allows.

    LEAST_ORIGINS of them, and where a quarter of the history holds more, as many as lie in that quarter. Empty when history is too short for even
    one: then there is nothing to calibrate on, and callers say so.
    """
    newest = periods - 1 - horizon
    oldest = max(2 * season + 5, 8)
    if newest < oldest:
        return []
    stride = min(max((newest - oldest) // (LEAST_ORIGINS - 1), 1), season)
    most = LEAST_ORIGINS if stride < season else min(max(LEAST_ORIGINS, periods // (PART_OF_HISTORY * season)), MOST_ORIGINS)
    return list(range(newest, oldest - 1, -stride))[:most]


def model_weights(errors: Floats, able: Bools) -> Floats:
    """errors: (C, q, n, H) on the working scale, NaN where unknown · able: (C, n); returns (C, n) weights that sum to 1 over able models.

    Without past origins (q = 0) all able models count the same.
    """
    score = _relative(errors) if errors.shape[1] else np.ones(able.shape)
    strength = np.where(able, score**-POWER, 0.0)
    total = strength.sum(axis=0)
    count = np.maximum(able.sum(axis=0), 1)
    weights: Floats = (1 - EQUAL_SHARE) * strength / np.where(total > 0, total, 1.0) + EQUAL_SHARE * able / count
    return weights


def _relative(errors: Floats) -> Floats:
    """(C, n) error of each model over the mean of all models, own and panel mixed geometrically; 1 where nothing is known."""
    size = np.stack([_mean(np.abs(of_one), axis=(0, 2)) for of_one in errors])  # one model at a time: the block is the largest of all
    typical = _mean(size, axis=(0,))
    missed = typical > ROUNDING
    own = np.where(missed & np.isfinite(size), size / np.where(missed, typical, 1.0), np.nan)
    panel = _mean(own, axis=(1,))
    panel = np.where(np.isfinite(panel), panel, 1.0)[:, None]
    own = np.where(np.isfinite(own), own, panel)
    mixed: Floats = np.maximum(own, 0.05) ** OWN_SHARE * np.maximum(panel, 0.05) ** (1 - OWN_SHARE)
    return mixed


def _mean(x: Floats, *, axis: tuple[int, ...]) -> Floats:
    """Mean over finite values, NaN where there is none."""
    seen = np.isfinite(x)
    count = seen.sum(axis=axis)
    total: Floats = np.where(seen, x, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def mix_past(errors: Floats, weights: Floats) -> Floats:
    """(q, n, H) weighted mean over models of their forecasts, or errors, at past origins; errors: (C, q, n, H), NaN where a model was not able then,
    and the weights (C, n) are re-scaled over those that were."""
    total, mixed = np.zeros(errors.shape[1:]), np.zeros(errors.shape[1:])
    for of_one, weight in zip(errors, weights, strict=True):
        seen = np.isfinite(of_one)
        share = np.where(seen, weight[None, :, None], 0.0)
        total += share
        mixed += share * np.where(seen, of_one, 0.0)
    return np.where(total > 0, mixed / np.where(total > 0, total, 1.0), np.nan)
