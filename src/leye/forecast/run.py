"""`leye.forecast.run`: a panel in, three tables out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from leye.forecast.alarms import high_at
from leye.forecast.arrays import Floats
from leye.forecast.candidates import DEFAULT, Model
from leye.forecast.coherent import Coherent, forecast_panel
from leye.forecast.contributions import contributions
from leye.forecast.distributed import fitter_on
from leye.forecast.panel import Panel, known_at


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
    models: tuple[Model, ...] = DEFAULT,
    levels_of: pl.DataFrame | None = None,
    explain: bool = True,
    engine: str = "local",
    parts: int | None = None,
) -> ForecastResult:
    """Forecast every series of `panel` (`unique_id, ds, y`) for `horizon` periods after `origin` (its last observed date when None).

    tags: `unique_id, parent`; with them means add up over the hierarchy. levels: interval levels in percent. `seed` is there for models
    that draw; none of the shipped ones does. models: `DEFAULT` or `ALL`. levels_of: `unique_id, ds, level` of `leye watch scan`: intervals
    of series under orange or red are wider, by what was learned at past origins under such levels. explain: False leaves `contributions`
    empty and saves half the time of a large panel. engine: `local`, or `native` and `spark` through Fugue in so many `parts`, whose figures agree
    with the local ones to 1e-4 relative. A series without any value that nothing above could tell has null figures. Raises BadInput.
    """
    del seed
    known = known_at(panel, tags, origin=origin)
    high = None if levels_of is None else high_at(known, levels_of, origin=origin)
    made = forecast_panel(known, horizon=horizon, levels=levels, models=models, high=high, split=explain, fitter=fitter_on(engine, parts=parts))
    told = made.terms if explain else np.full_like(made.terms, np.nan)
    terms = contributions(known, told, base_zh=made.base_zh, horizon=horizon)
    return ForecastResult(forecast_table(known, made, levels=levels), _models(known, made), terms)


def forecast_table(panel: Panel, made: Coherent, *, levels: Sequence[int]) -> pl.DataFrame:
    """`unique_id, ds, mean` and `lo-L, hi-L` per level, series by series."""
    horizon = made.mean.shape[1]
    blocks: dict[str, Floats] = {"mean": made.mean}
    for at, level in enumerate(levels):
        blocks |= {f"lo-{level}": made.low[at], f"hi-{level}": made.high[at]}
    values = {name: pl.Series(block.ravel()).fill_nan(None) for name, block in blocks.items()}
    return pl.DataFrame({"unique_id": np.repeat(np.array(panel.ids), horizon), "ds": panel.future(horizon) * len(panel.ids), **values})


def _models(panel: Panel, made: Coherent) -> pl.DataFrame:
    columns = ("unique_id", "model", "weights", "fallback", "fallback_zh")
    rows = []
    for uid, weights, fallback in zip(panel.ids, made.weights, made.fallbacks, strict=True):
        used = {name: round(w, 6) for name, w in weights.items() if w > 0}
        rows.append((uid, "mix" if used else "fallback", json.dumps(used), fallback.code, fallback.zh))
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.Utf8), orient="row")
