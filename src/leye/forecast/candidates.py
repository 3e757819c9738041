"""The models that compete for a panel, all on the working scale, each forecasting every series at once from one origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leye.forecast.arrays import Bools, Floats
from leye.forecast.design import Design
from leye.forecast.lags import LagForecast, forecast_changes
from leye.forecast.theta import theta_forecast

Model = Literal["seasonal_naive", "lags_plain", "lags_robust", "theta"]
DEFAULT: tuple[Model, ...] = ("lags_plain", "lags_robust", "theta", "seasonal_naive")


@dataclass(frozen=True, slots=True)
class Candidate:
    """x: (n, H) forecast on the working scale · able: (n,) True where the model had enough to go on ·
    parts: (n, H, g) exact terms on top of the seasonal base (None for models that do not split), labels in `groups`."""

    model: Model
    x: Floats
    able: Bools
    parts: Floats | None = None
    groups: tuple[str, ...] = ()
    residual: Floats | None = None


def forecast_from(design: Design, *, at: int, horizon: int, models: tuple[Model, ...] = DEFAULT) -> list[Candidate]:
    """Every model's forecast from column `at`, using nothing after it."""
    known = design.until(at)
    base = seasonal_base(known.x, horizon=horizon, season=known.season)
    out = []
    for model in models:
        if model == "seasonal_naive":
            out.append(Candidate(model, base, np.isfinite(base[:, -1]) & np.isfinite(base[:, 0])))
        elif model == "theta":
            enough = np.isfinite(known.x).sum(axis=1) >= 2 * known.season + 2
            out.append(Candidate(model, theta_forecast(known.x, horizon=horizon, season=known.season), enough))
        else:
            out.append(_lagged(model, known, base, horizon))
    return out


def seasonal_base(x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, H) the same period of the last known season; the last value where no season is known yet."""
    columns = x.shape[1] - season + np.arange(horizon) % season
    base = x[:, np.maximum(columns, 0)]
    return np.where((columns >= 0) & np.isfinite(base), base, x[:, -1:])


def _lagged(model: Model, known: Design, base: Floats, horizon: int) -> Candidate:
    fit = forecast_changes(known, horizon=horizon, robust=model == "lags_robust")
    now = known.growth[:, -1]
    parts = np.concatenate([np.broadcast_to(np.nan_to_num(now)[:, None, None], (*base.shape, 1)), fit.parts], axis=-1)
    parts = _accumulate(parts, known.season)
    return Candidate(model, base + parts.sum(axis=-1), _able(known), parts, ("now", *fit.groups), fit.residual)


def _able(known: Design) -> Bools:
    growth = known.growth
    back = growth[:, -4] if growth.shape[1] >= 4 else np.full(len(growth), np.nan)
    return np.isfinite(growth[:, -1]) & np.isfinite(back)


def _accumulate(parts: Floats, season: int) -> Floats:
    """Beyond one season the base is last season's forecast, so its terms come along."""
    out = parts.copy()
    for h in range(season, parts.shape[1]):
        out[:, h] += out[:, h - season]
    return out


__all__ = ["DEFAULT", "Candidate", "LagForecast", "Model", "forecast_from", "seasonal_base"]
