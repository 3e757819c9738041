"""Going round past origins: what the mix of models said at each, and how far it was off, all on the working scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats, any_in_row
from leye.forecast.candidates import Designs, Model, forecast_from
from leye.forecast.conformal import error_spread
from leye.forecast.weights import mix_past, model_weights

MOST = 36
"""Past origins at most. # chosen by us: fifteen years of months; older errors say little and cost time"""
STRIDE = 5
"""Periods between them. # chosen by us: five and twelve have no common divisor, so every calendar month takes part"""
FEW_SERIES, MOST_OF_FEW = 20, 120
"""A panel of fewer series goes round every period, at most this often: it has few other cases to learn from. # chosen by us"""
LEAST_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Rounds:
    """at: q columns of the panel, newest first · said: (q, n) forecast `horizon` periods on · came: (q, n) what came, NaN unknown ·
    now: (n,) today's forecast · spread: (n,) typical size of an error · age: (q,) years before today · able: (n,) has a model today.
    """

    at: tuple[int, ...]
    said: Floats
    came: Floats
    now: Floats
    spread: Floats
    age: Floats
    able: Bools


def go_round(designs: Designs, raw: Floats, *, season: int, horizon: int, models: tuple[Model, ...]) -> Rounds:
    """raw: (n, T) working scale, NaN where nothing was observed. Only columns up to the last are looked at."""
    last = raw.shape[1] - 1
    n = len(raw)
    stride, most = (1, MOST_OF_FEW) if n < FEW_SERIES else (STRIDE, MOST)
    at = tuple(range(last - horizon, max(2 * season + 5, 8) - 1, -stride))[:most]
    today = forecast_from(designs, at=last, horizon=horizon, models=models)
    past = [forecast_from(designs, at=o, horizon=horizon, models=models) for o in at]
    able = np.stack([c.able for c in today])
    came = np.stack([raw[:, o + horizon] for o in at]) if at else np.zeros((0, n))
    each = np.stack([np.stack([np.where(c.able, c.x[:, -1], np.nan) for c in made]) for made in past], axis=1) if at else np.zeros((len(today), 0, n))
    errors = (each - came)[..., None]
    weights = model_weights(errors, able)
    now = (weights * np.where(able, np.stack([c.x[:, -1] for c in today]), 0.0)).sum(axis=0)
    said = mix_past(each[..., None], weights)[..., 0]
    spread = error_spread(np.abs(said - came)[..., None], _steps(raw)[:, None] * np.sqrt(horizon))[:, 0] if at else _steps(raw)
    age = (last - np.array(at, dtype=np.float64)) / max(season, 1)
    return Rounds(at, said, came, now, spread, age, any_in_row(able.T))


def _steps(raw: Floats) -> Floats:
    """(n,) mean size of a one-period step, for series without past errors."""
    step = np.abs(np.diff(raw, axis=1))
    seen = np.isfinite(step)
    mean = np.where(seen, step, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.asarray(np.maximum(mean, LEAST_STEP))
