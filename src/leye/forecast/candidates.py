"""The models that compete for a panel, all on the working scale, each forecasting every series at once from one origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from leye.forecast.arrays import Bools, Floats, all_in_row
from leye.forecast.automatic import automatic_forecast
from leye.forecast.design import Design, adjusted_design
from leye.forecast.lags import forecast_changes
from leye.forecast.theta import recent_pattern, theta_parts
from leye.forecast.tree import Tree

Model = Literal["seasonal_naive", "lags_plain", "lags_robust", "theta", "adjusted", "ets", "auto_theta"]
DEFAULT: tuple[Model, ...] = ("lags_plain", "lags_robust", "adjusted", "theta", "seasonal_naive")


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
class Designs:
    """What the models see of a panel. The adjusted form, where the panel calls for it, is built anew at each origin, because the seasonal
    pattern that it takes out is estimated from everything up to there."""

    seasonal: Design
    tree: Tree
    has_tree: bool
    use_adjusted: bool

    def until(self, at: int) -> Designs:
        """As it stood at column `at`."""
        return replace(self, seasonal=self.seasonal.until(at))


def forecast_from(designs: Designs, *, at: int, horizon: int, models: tuple[Model, ...] = DEFAULT) -> list[Candidate]:
    """Every model's forecast from column `at`, using nothing after it. Models that the panel does not call for are left out."""
    known = designs.until(at)
    made = (_forecast(model, known, horizon) for model in models)
    return [candidate for candidate in made if candidate is not None]


def _forecast(model: Model, known: Designs, horizon: int) -> Candidate | None:
    x, season = known.seasonal.x, known.seasonal.season
    if model == "seasonal_naive":
        base = seasonal_base(x, horizon=horizon, season=season)
        return Candidate(model, base, all_in_row(np.isfinite(base)))
    if model == "adjusted":
        return _adjusted(known, horizon) if known.use_adjusted else None
    if model in ("lags_plain", "lags_robust"):
        return _seasonal(model, known.seasonal, horizon)
    enough = np.isfinite(x).sum(axis=1) >= 2 * season + 2
    if model == "theta":
        parts = theta_parts(x, horizon=horizon, season=season)
        return Candidate(model, x[:, -1:] + parts.sum(axis=-1), enough, "last", parts, ("pattern", "level", "trend"))
    return Candidate(model, automatic_forecast(model, x, horizon=horizon, season=season), enough)


def seasonal_base(x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, H) the same period of the last known season; the last value where no season is known yet."""
    columns = x.shape[1] - season + np.arange(horizon) % season
    base = x[:, np.maximum(columns, 0)]
    return np.where((columns >= 0) & np.isfinite(base), base, x[:, -1:])


def _seasonal(model: Model, known: Design, horizon: int) -> Candidate:
    fit = forecast_changes(known, horizon=horizon, robust=model == "lags_robust")
    base = seasonal_base(known.x, horizon=horizon, season=known.season)
    now = np.broadcast_to(np.nan_to_num(known.growth[:, -1])[:, None, None], (*base.shape, 1))
    parts = _accumulate(np.concatenate([now, fit.parts], axis=-1), known.season)
    return Candidate(model, base + parts.sum(axis=-1), _able(known, 4), "season", parts, ("now", *fit.groups), fit.residual)


def _adjusted(known: Designs, horizon: int) -> Candidate:
    x, season = known.seasonal.x, known.seasonal.season
    pattern = recent_pattern(x, season)
    flat = x - pattern[:, np.arange(x.shape[1]) % season]
    design = adjusted_design(flat, known.seasonal.known, season=season, horizon=horizon, tree=known.tree, has_tree=known.has_tree)
    fit = forecast_changes(design, horizon=horizon, robust=True)
    now = x.shape[1] - 1
    wave = pattern[:, (now + np.arange(1, horizon + 1)) % season] - pattern[:, [now % season]]
    parts = np.concatenate([wave[:, :, None], fit.parts], axis=-1)
    return Candidate("adjusted", x[:, -1:] + parts.sum(axis=-1), _able(design, 8), "last", parts, ("pattern", *fit.groups), fit.residual)


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
