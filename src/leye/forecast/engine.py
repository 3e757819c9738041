"""One origin, from the dense panel to forecasts with intervals: candidates, weights, fallbacks, widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats, Ints, any_in_row
from leye.forecast.candidates import DEFAULT, Candidate, Model, forecast_from, seasonal_base
from leye.forecast.conformal import half_widths
from leye.forecast.design import Design, seasonal_design
from leye.forecast.fallback import Fallback, name_fallbacks
from leye.forecast.panel import Panel
from leye.forecast.scale import Scale, choose_scale, fill_from_past
from leye.forecast.tree import Tree
from leye.forecast.weights import model_weights, past_origins


@dataclass(frozen=True, slots=True)
class Fitted:
    """What one origin gives, all on the working scale, rows in the panel's order.

    x: (n, H) combined forecast · widths: (levels, n, H) · weights: (C, n), all 0 for a fallback · base: (n, H) what the explanation starts
    from, `from_season` (n,) tells whether that is last season's value or the last one · roots: (n,) · residual: (n, T) one-step errors.
    """

    scale: Scale
    design: Design
    candidates: list[Candidate]
    weights: Floats
    fallbacks: list[Fallback]
    x: Floats
    widths: Floats
    base: Floats
    from_season: Bools
    roots: Ints
    residual: Floats

    @property
    def slope(self) -> Floats:
        """(n, H) units of y per unit of the working scale at the forecast."""
        mean = self.scale.back(self.x)
        return np.stack([self.scale.slope(mean[:, h]) for h in range(mean.shape[1])], axis=1)


def fit(panel: Panel, *, horizon: int, levels: Sequence[int], models: tuple[Model, ...] = DEFAULT) -> Fitted:
    """Forecast `panel` from its last column."""
    season = panel.step.season
    scale = choose_scale(panel.y)
    raw = scale.forward(panel.y)
    x = fill_from_past(raw, season=season)
    tree = Tree(panel.parent)
    design = seasonal_design(x, np.isfinite(raw), season=season, horizon=horizon, tree=tree, has_tree=panel.has_tree)
    last = x.shape[1] - 1
    candidates = forecast_from(design, at=last, horizon=horizon, models=models)
    fallbacks = name_fallbacks(panel.y, season=season)
    able = np.stack([c.able for c in candidates]) & np.array([f.code is None for f in fallbacks])
    at = past_origins(x.shape[1], horizon=horizon, season=season)
    errors = past_errors(design, raw, at=at, horizon=horizon, models=models)
    weights = model_weights(errors, able)
    modelled = any_in_row(able.T)
    season_ago = seasonal_base(x, horizon=horizon, season=season)
    simple = fallback_x(x, season_ago, fallbacks, scale)
    mixed = (weights[:, :, None] * np.where(able[:, :, None], np.stack([c.x for c in candidates]), 0.0)).sum(axis=0)
    widths = half_widths(
        _mixed(errors, weights), ages=[(last - o) / season for o in at], levels=levels, typical=typical_spread(design, fallbacks, horizon)
    )
    from_season = np.isfinite(design.growth[:, -1]) & ~np.isin([f.code or "" for f in fallbacks], ["short", "constant", "dead"])
    base = np.where(modelled[:, None], season_ago, simple)
    x = np.where(modelled[:, None], mixed, simple)
    return Fitted(scale, design, candidates, weights, fallbacks, x, widths, base, from_season, tree.roots, _residual(candidates))


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


def typical_spread(design: Design, fallbacks: Sequence[Fallback], horizon: int) -> Floats:
    """(n, H) a spread for series without past errors: their mean absolute step times the root of the horizon, the panel's median where unknown.

    A constant or dead series gets a quarter of the panel's median. # chosen by us: it has been still, and may not stay so
    """
    steps = np.abs(np.diff(design.x, axis=1))
    use = np.isfinite(steps) & design.known[:, 1:]
    count = use.sum(axis=1)
    own = np.where(use, steps, 0.0).sum(axis=1) / np.maximum(count, 1)
    settled = (count >= 3) & (own > 0)
    median = float(np.median(own[settled])) if settled.any() else 0.05
    still = np.isin([f.code or "" for f in fallbacks], ["constant", "dead"])
    per_step = np.where(still, 0.25 * median, np.where(settled, own, median))
    return per_step[:, None] * np.sqrt(np.arange(1, horizon + 1))


def _residual(candidates: Sequence[Candidate]) -> Floats:
    """(n, T) mean one-step error of the models that have one, NaN where none has."""
    held = [c.residual for c in candidates if c.residual is not None]
    return np.mean(held, axis=0) if held else np.full((len(candidates[0].x), 1), np.nan)


def _mixed(errors: Floats, weights: Floats) -> Floats:
    """(q, n, H) error of the weighted forecast at past origins; weights are re-scaled over the models that were able then."""
    seen = np.isfinite(errors)
    share = np.where(seen, weights[:, None, :, None], 0.0)
    total = share.sum(axis=0)
    mixed = (share * np.where(seen, errors, 0.0)).sum(axis=0)
    return np.where(total > 0, mixed / np.where(total > 0, total, 1.0), np.nan)
