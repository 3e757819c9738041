"""A fitted panel held still: coefficients, weights and fallbacks as they are, asked what it would forecast had the data been others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from leye.forecast.arrays import Bools, Floats, any_in_row
from leye.forecast.candidates import Model, seasonal_base, smoothed_growth_parts
from leye.forecast.design import SHAPE_YEARS, Design, Kind, adjusted_design, seasonal_design
from leye.forecast.engine import Fitted, fallback_x
from leye.forecast.factor import Factor, panel_factor
from leye.forecast.lags import FrozenLags, frozen_lags
from leye.forecast.scale import shift
from leye.forecast.theta import recent_pattern, theta_parts

SEASONAL: tuple[Model, ...] = ("lags_plain", "lags_robust")
ADJUSTED: tuple[Model, ...] = ("adjusted", "adjusted_robust")
LAGGED: tuple[Model, ...] = (*SEASONAL, *ADJUSTED)
"""Models that look at other series too: their parent, their root, or the course of all."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """`fitted` with the fits of its lag models and the factor that each of their kinds looks at. has_tree as the panel had it."""

    fitted: Fitted
    lags: Mapping[str, FrozenLags]
    factors: Mapping[Kind, Factor]
    has_tree: bool
    known: Bools

    @property
    def horizon(self) -> int:
        """Periods ahead."""
        return int(self.fitted.x.shape[1])

    def crossing(self, x: Floats) -> Floats:
        """(n, H) the share of the forecast that models with lags contribute, for filled data `x` (n, T) on the working scale."""
        total = np.zeros((len(x), self.horizon))
        seasonal = self._seasonal(x) if set(SEASONAL) & set(self.lags) else None
        for candidate, weight in zip(self.fitted.candidates, self.fitted.weights, strict=True):
            if candidate.model in self.lags and weight.any():
                made = (
                    self._adjusted(candidate.model, x)
                    if seasonal is None or candidate.model in ADJUSTED
                    else self._grown(candidate.model, x, seasonal)
                )
                total += np.where(weight[:, None] > 0, weight[:, None] * made, 0.0)
        return total

    def own(self, x: Floats) -> Floats:
        """(n, H) the rest of the forecast, in which a series looks at itself alone; all of it for a series that fell back."""
        total = np.zeros((len(x), self.horizon))
        season = self.fitted.season
        for candidate, weight in zip(self.fitted.candidates, self.fitted.weights, strict=True):
            if candidate.model in self.lags or not weight.any():
                continue
            made = candidate.x  # a model that cannot be asked again says what it said: its change is the model's
            if candidate.model == "theta":
                made = x[:, -1:] + theta_parts(x, horizon=self.horizon, season=season).sum(axis=-1)
            elif candidate.model == "smoothed_growth":
                parts = smoothed_growth_parts(x - shift(x, season), horizon=self.horizon, season=season)
                made = seasonal_base(x, horizon=self.horizon, season=season) + parts.sum(axis=-1)
            elif candidate.model == "seasonal_naive":
                made = seasonal_base(x, horizon=self.horizon, season=season)
            total += np.where(weight[:, None] > 0, weight[:, None] * made, 0.0)
        simple = fallback_x(x, seasonal_base(x, horizon=self.horizon, season=season), self.fitted.fallbacks, self.fitted.scale)
        return np.where(any_in_row(self.fitted.weights.T > 0)[:, None], total, simple)

    def _seasonal(self, x: Floats) -> Design:
        recent = _recent(x, self.fitted.season)
        return seasonal_design(
            recent,
            np.isfinite(recent),
            season=self.fitted.season,
            horizon=self.horizon,
            tree=self.fitted.tree,
            has_tree=self.has_tree,
            factor=self.factors["seasonal"],
        )

    def _grown(self, model: str, x: Floats, design: Design | None) -> Floats:
        assert design is not None, "made whenever a seasonal form is held"
        season = self.fitted.season
        added = np.nan_to_num(design.growth[:, -1])[:, None] + self.lags[model].changes(design)
        for h in range(season, self.horizon):
            added[:, h] += added[:, h - season]
        return seasonal_base(x, horizon=self.horizon, season=season) + added

    def _adjusted(self, model: str, x: Floats) -> Floats:
        season, now = self.fitted.season, x.shape[1] - 1
        pattern = recent_pattern(x, season)
        flat = _recent(x - pattern[:, np.arange(x.shape[1]) % season], season)
        design = _flat_design(model, flat, np.isfinite(flat), self.fitted, self.has_tree, self.factors["adjusted"])
        wave = pattern[:, (now + np.arange(1, self.horizon + 1)) % season] - pattern[:, [now % season]]
        return x[:, -1:] + wave + self.lags[model].changes(design)


def freeze(fitted: Fitted, x: Floats, known: Bools, *, has_tree: bool) -> Frozen:
    """Hold a fit still. x: (n, T) the filled data it was made from · known: (n, T) True where a value was observed."""
    horizon, season = fitted.x.shape[1], fitted.season
    used = {c.model for c, w in zip(fitted.candidates, fitted.weights, strict=True) if w.any()}
    lags: dict[str, FrozenLags] = {}
    seasonal = seasonal_design(x, known, season=season, horizon=horizon, tree=fitted.tree, has_tree=has_tree)
    for model in SEASONAL:
        if model in used:
            lags[model] = frozen_lags(seasonal, horizon=horizon, robust=model == "lags_robust")
    flat = x - recent_pattern(x, season)[:, np.arange(x.shape[1]) % season]
    factors: dict[Kind, Factor] = {"seasonal": panel_factor(seasonal.growth), "adjusted": panel_factor(flat)}
    for model in ADJUSTED:
        if model in used:
            design = _flat_design(model, flat, known, fitted, has_tree, factors["adjusted"])
            lags[model] = frozen_lags(design, horizon=horizon, robust=model == "adjusted_robust")
    return Frozen(fitted, lags, factors, has_tree, known)


def _flat_design(model: str, flat: Floats, known: Bools, fitted: Fitted, has_tree: bool, factor: Factor) -> Design:
    return adjusted_design(flat, known, season=fitted.season, tree=fitted.tree, has_tree=has_tree, sparse=model == "adjusted_robust", factor=factor)


def _recent(x: Floats, season: int) -> Floats:
    """The columns that inputs at the last one reach back to."""
    return x[:, -((SHAPE_YEARS + 1) * season + 2) :]
