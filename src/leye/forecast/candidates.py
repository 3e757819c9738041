"""The models that compete for a panel, all on the working scale, each forecasting every series at once from one origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from leye.forecast.arrays import Bools, Floats, all_in_row
from leye.forecast.automatic import automatic_forecast
from leye.forecast.boosted import boosted_changes
from leye.forecast.design import FACTOR, Design, Kind, adjusted_design
from leye.forecast.lags import Common, forecast_changes
from leye.forecast.smoothing import smoothed_parts
from leye.forecast.theta import recent_pattern, theta_parts
from leye.forecast.tree import Tree

Model = Literal[
    "seasonal_naive", "lags_plain", "lags_robust", "smoothed_growth", "theta", "adjusted", "adjusted_robust", "boosted", "ets", "auto_theta", "ces"
]
DEFAULT: tuple[Model, ...] = ("lags_plain", "lags_robust", "adjusted", "adjusted_robust", "theta", "smoothed_growth", "seasonal_naive")
ALL: tuple[Model, ...] = (*DEFAULT, "boosted", "ets", "auto_theta", "ces")
"""The slow ones too: a boosted regression over all series and statsforecast's automatic models, refitted at every past origin."""
ROBUST: tuple[Model, ...] = ("lags_robust", "adjusted_robust")
POOLED: tuple[Model, ...] = ("lags_plain", "lags_robust", "adjusted", "adjusted_robust")
"""Models whose series are shrunk to a fit of all."""
SETS: dict[str, tuple[Model, ...]] = {"default": DEFAULT, "all": ALL}


@dataclass(frozen=True, slots=True)
class Candidate:
    """x: (n, H) forecast on the working scale · able: (n,) True where the model had enough to go on · start: what `parts` (n, H, g, labels
    in `groups`) are added to, `season` or `last` value; None for models that do not split · residual: (n, T) one-step errors in sample."""

    model: Model
    x: Floats
    able: Bools
    start: Literal["season", "last"] | None = None
    parts: Floats | None = None
    groups: tuple[str, ...] = ()
    residual: Floats | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What parts of a panel have in common. common: by model and last column · factors: by form and last column the panel's factor, as the share
    (m,) of each series of the part and the course (T,) of the factor."""

    common: Mapping[tuple[Model, int], Common]
    factors: Mapping[tuple[Kind, int], tuple[Floats, Floats]]

    def led(self, design: Design) -> Design:
        """The design with the factor of the whole panel in place of the part's own, where it looks at one."""
        if FACTOR not in design.uppers:
            return design
        share, course = self.factors[design.kind, design.x.shape[1] - 1]
        return replace(design, uppers={**design.uppers, FACTOR: share[:, None] * course})


@dataclass(frozen=True, slots=True)
class Designs:
    """What the models see of a panel. The adjusted form is built anew at each origin, because the seasonal pattern that it takes out is
    estimated from everything up to there. split: whether terms and residuals are wanted, which only the last origin has use for.
    shared: what the whole panel has in common, where this is a part of it."""

    seasonal: Design
    tree: Tree
    has_tree: bool
    split: bool = True
    shared: Shared | None = None

    def until(self, at: int) -> Designs:
        """As it stood at column `at`."""
        seasonal = self.seasonal.until(at)
        return replace(self, seasonal=seasonal if self.shared is None else self.shared.led(seasonal))


def forecast_from(designs: Designs, *, at: int, horizon: int, models: tuple[Model, ...] = DEFAULT) -> list[Candidate]:
    """Every model's forecast from column `at`, using nothing after it."""
    known = designs.until(at)
    return [_forecast(model, known, horizon) for model in models]


def _forecast(model: Model, known: Designs, horizon: int) -> Candidate:
    x, season = known.seasonal.x, known.seasonal.season
    if model == "seasonal_naive":
        base = seasonal_base(x, horizon=horizon, season=season)
        return Candidate(model, base, all_in_row(np.isfinite(base)))
    if model in ("adjusted", "adjusted_robust"):
        return _adjusted(model, known, horizon)
    if model in ("lags_plain", "lags_robust"):
        return _seasonal(model, known, horizon)
    if model == "smoothed_growth":
        return _smoothed(known.seasonal, horizon)
    if model == "boosted":
        return _boosted(known.seasonal, horizon)
    enough = np.isfinite(x).sum(axis=1) >= 2 * season + 2
    if model == "theta":
        parts = theta_parts(x, horizon=horizon, season=season)
        return Candidate(model, x[:, -1:] + parts.sum(axis=-1), enough, "last", parts, ("pattern", "level", "trend"))
    made = automatic_forecast(model, x, horizon=horizon, season=season)
    return Candidate(model, made, enough & all_in_row(np.isfinite(made)))


def seasonal_base(x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, H) the same period of the last known season; the last value where no season is known yet."""
    columns = x.shape[1] - season + np.arange(horizon) % season
    base = x[:, np.maximum(columns, 0)]
    return np.where((columns >= 0) & np.isfinite(base), base, x[:, -1:])


def _seasonal(model: Model, designs: Designs, horizon: int) -> Candidate:
    known = designs.seasonal
    fit = forecast_changes(known, horizon=horizon, robust=model in ROBUST, split=designs.split, common=_common(model, designs))
    base = seasonal_base(known.x, horizon=horizon, season=known.season)
    now = np.broadcast_to(np.nan_to_num(known.growth[:, -1])[:, None, None], (*base.shape, 1))
    parts = _accumulate(np.concatenate([now, fit.parts], axis=-1), known.season)
    return Candidate(
        model, base + parts.sum(axis=-1), _able(known, 4), "season", parts, ("now", *fit.groups), fit.residual if designs.split else None
    )


def _smoothed(known: Design, horizon: int) -> Candidate:
    parts = smoothed_growth_parts(known.growth, horizon=horizon, season=known.season)
    base = seasonal_base(known.x, horizon=horizon, season=known.season)
    return Candidate("smoothed_growth", base + parts.sum(axis=-1), _able(known, 4), "season", parts, ("now", "level", "trend"))


def smoothed_growth_parts(growth: Floats, *, horizon: int, season: int) -> Floats:
    """(n, H, 3) what smoothed growth adds to last season: growth as it is, its smoothing, its damped trend."""
    now = np.broadcast_to(np.nan_to_num(growth[:, -1])[:, None, None], (len(growth), horizon, 1))
    return _accumulate(np.concatenate([now, smoothed_parts(growth, horizon=horizon)], axis=-1), season)


def _boosted(known: Design, horizon: int) -> Candidate:
    change = boosted_changes(known, horizon=horizon)
    parts = _accumulate((np.nan_to_num(known.growth[:, -1:]) + change)[:, :, None], known.season)
    return Candidate("boosted", seasonal_base(known.x, horizon=horizon, season=known.season) + parts[:, :, 0], _able(known, 4))


def _adjusted(model: Model, designs: Designs, horizon: int) -> Candidate:
    x, season = designs.seasonal.x, designs.seasonal.season
    pattern = recent_pattern(x, season)
    design = adjusted_of(model, designs, pattern)
    fit = forecast_changes(design, horizon=horizon, robust=model in ROBUST, split=designs.split, common=_common(model, designs))
    now = x.shape[1] - 1
    wave = pattern[:, (now + np.arange(1, horizon + 1)) % season] - pattern[:, [now % season]]
    parts = np.concatenate([wave[:, :, None], fit.parts], axis=-1)
    return Candidate(
        model, x[:, -1:] + parts.sum(axis=-1), _able(design, 8), "last", parts, ("pattern", *fit.groups), fit.residual if designs.split else None
    )


def adjusted_of(model: Model, designs: Designs, pattern: Floats) -> Design:
    """The adjusted form of a model once the seasonal pattern (n, season) is taken out; `designs` ends at the origin."""
    x, season, shared = designs.seasonal.x, designs.seasonal.season, designs.shared
    flat = x - pattern[:, np.arange(x.shape[1]) % season]
    design = adjusted_design(flat, designs.seasonal.known, season=season, tree=designs.tree, has_tree=designs.has_tree, sparse=model in ROBUST)
    return design if shared is None else shared.led(design)


def _common(model: Model, designs: Designs) -> Common | None:
    return None if designs.shared is None else designs.shared.common[model, designs.seasonal.x.shape[1] - 1]


def _able(known: Design, back: int) -> Bools:
    """(n,) True where growth is known now and `back` periods ago."""
    if known.growth.shape[1] < back:
        return np.zeros(len(known.growth), dtype=bool)
    return np.isfinite(known.growth[:, -1]) & np.isfinite(known.growth[:, -back])


def _accumulate(parts: Floats, season: int) -> Floats:
    """Beyond one season the base is last season's forecast, so its terms come along."""
    out = parts.copy()
    for h in range(season, parts.shape[1]):
        out[:, h] += out[:, h - season]
    return out
