"""One origin, from the dense panel to forecasts with intervals: candidates, weights, fallbacks, widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leye.forecast.candidates import DEFAULT, Candidate, Model, forecast_from, seasonal_base
from leye.forecast.conformal import half_widths
from leye.forecast.design import Design, seasonal_design
from leye.forecast.fallback import Fallback, name_fallbacks
from leye.forecast.panel import Bools, Floats, Ints, Panel
from leye.forecast.scale import Scale, choose_scale, fill_from_past
from leye.forecast.weights import model_weights, past_origins


@dataclass(frozen=True, slots=True)
class Fitted:
    """What one origin gives, all on the working scale, rows in the panel's order.

    x: (n, H) combined forecast · widths: (levels, n, H) · weights: (C, n), all 0 for a fallback · base: (n, H) what the explanation starts from.
    """

    scale: Scale
    design: Design
    candidates: list[Candidate]
    weights: Floats
    fallbacks: list[Fallback]
    x: Floats
    widths: Floats
    base: Floats


def fit(panel: Panel, *, horizon: int, levels: Sequence[int], models: tuple[Model, ...] = DEFAULT) -> Fitted:
    """Forecast `panel` from its last column."""
    season = panel.step.season
    scale = choose_scale(panel.y)
    raw = scale.forward(panel.y)
    known = np.isfinite(raw)
    x = fill_from_past(raw, season=season)
    design = seasonal_design(x, known, season=season, parent=panel.parent, root=roots(panel.parent))
    last = x.shape[1] - 1
    candidates = forecast_from(design, at=last, horizon=horizon, models=models)
    fallbacks = name_fallbacks(panel.y, season=season)
    able = np.stack([c.able for c in candidates]) & np.array([f.code is None for f in fallbacks])
    at = past_origins(x.shape[1], horizon=horizon, season=season)
    errors = past_errors(design, raw, at=at, horizon=horizon, models=models)
    weights = model_weights(errors, able)
    combined = np.where(able[:, :, None], np.stack([c.x for c in candidates]), 0.0)
    base = seasonal_base(x, horizon=horizon, season=season)
    mean = np.where(able.any(axis=0)[:, None], (weights[:, :, None] * combined).sum(axis=0), fallback_x(x, base, fallbacks, scale))
    mixed_errors = _mixed(errors, weights)
    ages = [(last - o) / season for o in at]
    widths = half_widths(mixed_errors, ages=ages, levels=levels, typical=typical_spread(x, known, horizon=horizon, season=season))
    return Fitted(scale, design, candidates, weights, fallbacks, mean, widths, base)


def roots(parent: Ints) -> Ints:
    """(n,) the top of each series' tree (itself for a root)."""
    top = np.arange(len(parent))
    for _ in range(len(parent)):
        above = parent[top]
        if (above < 0).all():
            break
        top = np.where(above >= 0, above, top)
    return top


def past_errors(design: Design, raw: Floats, *, at: Sequence[int], horizon: int, models: tuple[Model, ...]) -> Floats:
    """(C, q, n, H) forecast less truth on the working scale at each past origin, NaN where the truth or the model is missing."""
    errors = np.full((len(models), len(at), raw.shape[0], horizon), np.nan)
    for q, origin in enumerate(at):
        truth = raw[:, origin + 1 : origin + 1 + horizon]
        for c, candidate in enumerate(forecast_from(design, at=origin, horizon=horizon, models=models)):
            errors[c, q] = np.where(candidate.able[:, None], candidate.x - truth, np.nan)
    return errors


def fallback_x(x: Floats, base: Floats, fallbacks: Sequence[Fallback], scale: Scale) -> Floats:
    """(n, H) what a series without a model gets: its last value, last season, or zero."""
    last = np.broadcast_to(x[:, -1:], base.shape)
    code = np.array([f.code or "" for f in fallbacks])[:, None]
    zero = scale.forward(np.zeros((x.shape[0], 1)) + np.where(scale.offset > 0, 0.0, np.where(scale.is_log, np.nan, 0.0))[:, None])
    return np.where(code == "dead", zero, np.where((code == "short_seasonal") | (code == "stopped"), base, last))


def typical_spread(x: Floats, known: Bools, *, horizon: int, season: int) -> Floats:
    """(n, H) a spread for series without past errors: their mean absolute step times the root of the horizon, the panel's median where unknown."""
    steps = np.abs(np.diff(x, axis=1))
    use = np.isfinite(steps) & known[:, 1:]
    count = use.sum(axis=1)
    own = np.where(use, steps, 0.0).sum(axis=1) / np.maximum(count, 1)
    settled = (count >= 3) & (own > 0)
    median = float(np.median(own[settled])) if settled.any() else 0.05
    per_step = np.where(settled, own, median)
    return per_step[:, None] * np.sqrt(np.arange(1, horizon + 1))


def _mixed(errors: Floats, weights: Floats) -> Floats:
    """(q, n, H) error of the weighted forecast at past origins; weights are re-scaled over the models that were able then."""
    seen = np.isfinite(errors)
    share = np.where(seen, weights[:, None, :, None], 0.0)
    total = share.sum(axis=0)
    mixed = (share * np.where(seen, errors, 0.0)).sum(axis=0)
    return np.where(total > 0, mixed / np.where(total > 0, total, 1.0), np.nan)
