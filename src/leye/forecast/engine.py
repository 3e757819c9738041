"""One origin, from the dense panel to forecasts with intervals: candidates, weights, fallbacks, widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from leye.forecast.arrays import Bools, Floats, any_in_row, precision
from leye.forecast.candidates import DEFAULT, Candidate, Designs, Model, forecast_from, seasonal_base
from leye.forecast.conformal import Alarms, half_widths
from leye.forecast.design import LONG_SEASONS, seasonal_design
from leye.forecast.fallback import Fallback, name_fallbacks
from leye.forecast.panel import Panel
from leye.forecast.reach import is_out_of_reach, reach
from leye.forecast.scale import Scale, choose_scale, fill_from_past
from leye.forecast.theta import recent_pattern
from leye.forecast.tree import Tree
from leye.forecast.weights import mix_past, model_weights, past_origins

LEAST_SEASONAL = 0.2
"""A panel with a smaller share of visibly seasonal series counts as adjusted. # chosen by us: on the development origins of
bench/forecast_second_panel the seasonal forms were .69 and .90 against .60 to .64 of the others"""
SEASONS_ENOUGH = 6
"""Seasons of history from which a panel is judged at all. # chosen by us: a season does not show in two or three years of noise"""
SEASONAL_FORMS: tuple[Model, ...] = ("lags_plain", "lags_robust", "smoothed_growth")
CARRY_SEASON = ("short_seasonal", "stopped", "unstable")
"""Fallbacks that carry last season's values on; the others carry the last value or zero."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What one origin gives, all on the working scale, rows in the panel's order.

    x: (n, H) combined forecast · spread: (n, H) width of the lowest level before any warning · widths: (levels, n, H) ·
    weights: (C, n), all 0 for a fallback · base: (n, H) what the explanation starts
    from, `from_season` (n,) tells whether that is last season's value or the last one · residual: (n, T) one-step errors, NaN where none.
    """

    scale: Scale
    tree: Tree
    season: int
    candidates: list[Candidate]
    weights: Floats
    fallbacks: list[Fallback]
    x: Floats
    spread: Floats
    widths: Floats
    base: Floats
    from_season: Bools
    residual: Floats

    @property
    def slope(self) -> Floats:
        """(n, H) units of y per unit of the working scale at the forecast."""
        mean = self.scale.back(self.x)
        return np.stack([self.scale.slope(mean[:, h]) for h in range(mean.shape[1])], axis=1)


def fit(
    panel: Panel, *, horizon: int, levels: Sequence[int], models: tuple[Model, ...] = DEFAULT, high: Bools | None = None, split: bool = True
) -> Fitted:
    """Forecast `panel`, in which every series has a value, from its last column. high: (n, T) where orange or red was in force."""
    season, scale = panel.step.season, choose_scale(panel.y)
    raw = scale.forward(panel.y)
    x = fill_from_past(raw, season=season)
    designs = replace(designs_of(x, np.isfinite(raw), panel, horizon), split=split)
    models = called_for(models, x, season)
    candidates = forecast_from(designs, at=x.shape[1] - 1, horizon=horizon, models=models)
    at = past_origins(x.shape[1], horizon=horizon, season=season)
    none = np.zeros((len(candidates), 0, len(x), horizon))  # the horizon is longer than what history can be asked about
    errors = past_errors(designs, raw, at=at, horizon=horizon, models=models) if at else none
    return settle(panel, scale, candidates, errors, at=at, horizon=horizon, levels=levels, high=high)


def settle(
    panel: Panel, scale: Scale, candidates: list[Candidate], errors: Floats, *, at: Sequence[int], horizon: int, levels: Sequence[int],
    high: Bools | None
) -> Fitted:  # fmt: skip
    """From what the models say today and their errors (C, q, n, H) at the past origins `at` to weights, fallbacks and widths: what needs the
    whole panel and costs little, wherever the models were asked."""
    season, tree = panel.step.season, Tree(panel.parent)
    raw = scale.forward(panel.y)
    x = fill_from_past(raw, season=season)
    fallbacks = name_fallbacks(panel.y, season=season)
    able = np.stack([c.able for c in candidates]) & np.array([f.code is None for f in fallbacks])
    weights = model_weights(errors, able)
    wild = is_out_of_reach(raw, _weighted(candidates, able, weights)) & any_in_row(able.T)
    if wild.any():
        fallbacks = [Fallback("unstable") if is_wild else fallback for is_wild, fallback in zip(wild, fallbacks, strict=True)]
        able = able & ~wild
        weights = model_weights(errors, able)
    ages = [(x.shape[1] - 1 - o) / season for o in at]
    alarms = None if high is None else Alarms(high[:, at].T, high[:, -1])
    typical = typical_spread(x, np.isfinite(raw), fallbacks, horizon)
    mixed, far = mix_past(errors, weights), reach(raw, horizon=horizon)[:, None]
    calm = np.minimum(half_widths(mixed, ages=ages, levels=levels, typical=typical), far)
    widths = calm if alarms is None else np.minimum(half_widths(mixed, ages=ages, levels=levels, typical=typical, alarms=alarms), far)
    mean, base, from_season = _combine(x, candidates, able, weights, fallbacks, scale, season)
    return Fitted(scale, tree, season, candidates, weights, fallbacks, mean, calm[0], widths, base, from_season, _residual(candidates))


def called_for(models: tuple[Model, ...], x: Floats, season: int) -> tuple[Model, ...]:
    """The models that filled `x` (n, T) has use for: an adjusted panel has no seasonal difference to be regressed or smoothed, and growth is
    smoothed on LONG_SEASONS of history only."""
    enough = season > 1 and x.shape[1] >= SEASONS_ENOUGH * season
    is_adjusted = enough and (recent_pattern(x, season) != 0.0).any(axis=1).mean() < LEAST_SEASONAL
    if x.shape[1] < LONG_SEASONS * season:
        models = tuple(m for m in models if m != "smoothed_growth") or models
    rest = tuple(m for m in models if m not in SEASONAL_FORMS)
    return rest if is_adjusted and rest else models


def designs_of(x: Floats, known: Bools, panel: Panel, horizon: int) -> Designs:
    """What the models see of filled `x` (n, T); known: (n, T) True where a value was observed."""
    season, tree = panel.step.season, Tree(panel.parent)
    seasonal = seasonal_design(x, known, season=season, horizon=horizon, tree=tree, has_tree=panel.has_tree)
    return Designs(seasonal, tree, panel.has_tree)


def past_errors(designs: Designs, raw: Floats, *, at: Sequence[int], horizon: int, models: tuple[Model, ...]) -> Floats:
    """(C, q, n, H) forecast less truth on the working scale at each past origin (at least one), NaN where the truth or the model is missing."""
    errors: Floats = np.empty((len(models), len(at), len(raw), horizon), dtype=precision(len(raw)))
    for q, origin in enumerate(at):
        truth = raw[:, origin + 1 : origin + 1 + horizon]
        for m, c in enumerate(forecast_from(replace(designs, split=False), at=origin, horizon=horizon, models=models)):
            errors[m, q] = np.where(c.able[:, None], c.x - truth, np.nan)
    return errors


def _combine(
    x: Floats, candidates: list[Candidate], able: Bools, weights: Floats, fallbacks: list[Fallback], scale: Scale, season: int
) -> tuple[Floats, Floats, Bools]:
    """The weighted mean of the models, (n, H); what its explanation starts from, (n, H); and whether that is last season's value, (n,)."""
    horizon = candidates[0].x.shape[1]
    season_ago = seasonal_base(x, horizon=horizon, season=season)
    mixed = _weighted(candidates, able, weights)
    simple = fallback_x(x, season_ago, fallbacks, scale)
    modelled = any_in_row(able.T)
    pull = sum((w * {"season": 1.0, "last": -1.0, None: 0.0}[c.start] for c, w in zip(candidates, weights, strict=True)), start=np.zeros(len(x)))
    code = np.array([f.code or "" for f in fallbacks])
    has_season = np.isfinite(x[:, -season - 1]) if 1 < season < x.shape[1] else np.zeros(len(x), dtype=bool)
    from_season = np.where(modelled, has_season & (pull >= 0), np.isin(code, CARRY_SEASON) & has_season)
    start = np.where(from_season[:, None], season_ago, x[:, -1:])
    return np.where(modelled[:, None], mixed, simple), np.where(modelled[:, None], start, simple), from_season


def _weighted(candidates: Sequence[Candidate], able: Bools, weights: Floats) -> Floats:
    """(n, H) mean of the able models, 0 where none is able."""
    mean: Floats = (weights[:, :, None] * np.where(able[:, :, None], np.stack([c.x for c in candidates]), 0.0)).sum(axis=0)
    return mean


def fallback_x(x: Floats, season_ago: Floats, fallbacks: Sequence[Fallback], scale: Scale) -> Floats:
    """(n, H) what a series without a model gets: its last value, last season, or zero."""
    code = np.array([f.code or "" for f in fallbacks])[:, None]
    zero = scale.forward(np.where(code == "dead", 0.0, scale.unit[:, None]))
    last = np.broadcast_to(x[:, -1:], season_ago.shape)
    return np.where(code == "dead", zero, np.where(np.isin(code, CARRY_SEASON), season_ago, last))


def typical_spread(x: Floats, known: Bools, fallbacks: Sequence[Fallback], horizon: int) -> Floats:
    """(n, H) a spread for series without past errors: their mean absolute step times the root of the horizon, the panel's median where unknown.

    A constant or dead series gets a quarter of the panel's median. # chosen by us: it has been still, and may not stay so
    """
    steps = np.abs(np.diff(x, axis=1))
    use = np.isfinite(steps) & known[:, 1:] & known[:, :-1]
    count = use.sum(axis=1)
    own = np.where(use, steps, 0.0).sum(axis=1) / np.maximum(count, 1)
    settled = (count >= 3) & (own > 0)
    median = float(np.median(own[settled])) if settled.any() else 0.05
    still = np.isin([f.code or "" for f in fallbacks], ["constant", "dead"])
    per_step = np.where(still, 0.25 * median, np.where(settled, own, median))
    return per_step[:, None] * np.sqrt(np.arange(1, horizon + 1))


def _residual(candidates: Sequence[Candidate]) -> Floats:
    """(n, T) mean one-step error of the models that have one, NaN where none has."""
    held = np.array([c.residual for c in candidates if c.residual is not None])
    if not len(held):
        return np.full((len(candidates[0].x), 1), np.nan)
    count = np.isfinite(held).sum(axis=0)
    return np.where(count > 0, np.nan_to_num(held).sum(axis=0) / np.maximum(count, 1), np.nan)
