"""Rolling-origin back-tests: what the product would have said at past origins, and the models it is made of, kept point by point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from leye.forecast.arrays import Floats
from leye.forecast.automatic import NAMES, automatic_bands
from leye.forecast.candidates import DEFAULT, Model, seasonal_base
from leye.forecast.coherent import forecast_panel
from leye.forecast.panel import Panel, known_at
from leye.forecast.scale import fill_from_past
from leye.forecast.scores import seasonal_naive_scale
from leye.forecast.singles import single_means
from leye.forecast.summary import summarise
from leye.kernel.errors import BadInput

PRODUCT = "leye"
NAIVE = "seasonal_naive"


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """errors: `model, unique_id, origin, ds, h, y, mean, lo-L, hi-L, scale` (scale: unit of MASE) ·
    summary: `model, origin, mase, smape, winkler_80, coverage_80, coverage_95, cpu_s, n`, origin null for all origins pooled."""

    errors: pl.DataFrame
    summary: pl.DataFrame


def backtest(
    panel: pl.DataFrame,
    tags: pl.DataFrame | None = None,
    *,
    horizon: int,
    origins: Sequence[date],
    levels: Sequence[int] = (80, 95),
    references: Sequence[str] = (),
    models: tuple[Model, ...] = DEFAULT,
    singles: bool = False,
    cpu_clock: Callable[[], float] | None = None,
    progress: Callable[[date], None] | None = None,
) -> BacktestResult:
    """Forecast from each origin with what was known then, and hold it against what came. Values are taken as they stand today: revisions
    are not undone. references: `ets`, `auto_theta` of statsforecast beside the product and the seasonal naive. singles: also each model of the
    mix by itself, means only. cpu_clock: returns CPU seconds; without one `cpu_s` is null and equal input gives equal bytes.
    Raises BadInput for an origin without a period after it.
    """
    _check(references, origins)
    whole = known_at(panel, tags)
    parts: list[pl.DataFrame] = []
    cpu: dict[tuple[str, date], float] = {}
    for origin in sorted(set(origins)):
        known = known_at(panel, tags, origin=origin)
        truth = _truth(whole, known, horizon, origin)
        unit = seasonal_naive_scale(known.y, season=known.step.season)
        for model in (PRODUCT, NAIVE, *references):
            start = cpu_clock() if cpu_clock else 0.0
            blocks = _blocks(model, known, horizon, levels, models)
            cpu[model, origin] = cpu_clock() - start if cpu_clock else np.nan
            parts.append(_table(model, known, origin, truth, unit, blocks))
        for model, mean in (single_means(known, horizon=horizon, models=models) if singles else {}).items():
            cpu[model, origin] = np.nan
            parts.append(_table(model, known, origin, truth, unit, {"mean": mean, **_no_bands(mean, levels)}).drop_nulls("mean"))
        if progress is not None:
            progress(origin)
    errors = pl.concat(parts)
    return BacktestResult(errors, summarise(errors, cpu=cpu))


def _blocks(model: str, known: Panel, horizon: int, levels: Sequence[int], models: tuple[Model, ...]) -> dict[str, Floats]:
    """`mean` and bands, each (n, H); a model without intervals has NaN bands."""
    season = known.step.season
    if model == PRODUCT:
        made = forecast_panel(known, horizon=horizon, levels=levels, models=models)
        bands = {f"{side}-{level}": block[at] for at, level in enumerate(levels) for side, block in (("lo", made.low), ("hi", made.high))}
        return {"mean": made.mean, **bands}
    filled = fill_from_past(known.y, season=season)
    if model in NAMES:
        return automatic_bands(model, filled, horizon=horizon, season=season, levels=levels)
    mean = seasonal_base(filled, horizon=horizon, season=season)
    return {"mean": mean, **_no_bands(mean, levels)}


def _no_bands(mean: Floats, levels: Sequence[int]) -> dict[str, Floats]:
    none = np.full(mean.shape, np.nan)
    return {f"{side}-{level}": none for level in levels for side in ("lo", "hi")}


def _truth(whole: Panel, known: Panel, horizon: int, origin: date) -> Floats:
    """(n, H) what came after, NaN where nothing is known yet."""
    out = np.full((len(known.ids), horizon), np.nan)
    for h, day in enumerate(known.future(horizon)):
        at = whole.step.position(day)
        if 0 <= at < whole.y.shape[1]:
            out[:, h] = whole.y[:, at]
    if np.isnan(out).all():
        raise BadInput(
            f"{origin} 之后没有可对照的数值。",
            en=f"nothing is known after {origin} to compare with.",
            remedy_zh="请把 --origins 写得早一些，后面至少留一期。",
            remedy_en="choose earlier --origins that leave at least one period.",
            code="E_ORIGIN_LATE",
        )
    return out


def _table(model: str, known: Panel, origin: date, truth: Floats, unit: Floats, blocks: dict[str, Floats]) -> pl.DataFrame:
    n, horizon = truth.shape
    columns = {name: pl.Series(block.ravel(), dtype=pl.Float64).fill_nan(None) for name, block in blocks.items()}
    table = pl.DataFrame(
        {
            "unique_id": np.repeat(np.array(known.ids), horizon),
            "ds": known.future(horizon) * n,
            "h": np.tile(np.arange(1, horizon + 1), n),
            "y": pl.Series(truth.ravel()).fill_nan(None),
            **columns,
            "scale": pl.Series(np.repeat(unit, horizon)).fill_nan(None),
        }
    ).filter(pl.col("y").is_not_null())
    head = table.select(pl.lit(model).alias("model"), "unique_id", pl.lit(origin).alias("origin"), "ds", "h")
    return pl.concat([head, table.drop("unique_id", "ds", "h")], how="horizontal")


def _check(references: Sequence[str], origins: Sequence[date]) -> None:
    if not origins:
        raise BadInput("没有给出起点。", en="no origins given.", remedy_zh="写上至少一个 --origins 日期，如 2024-06-01。", code="E_ORIGIN_NONE")
    unknown = sorted(set(references) - set(NAMES))
    if unknown:
        raise BadInput(
            f"没有叫“{unknown[0]}”的对照模型。",
            en=f"no reference model called {unknown[0]!r}.",
            remedy_zh=f"可用：{'、'.join(NAMES)}。",
            remedy_en=f"known: {', '.join(NAMES)}.",
            code="E_MODEL_UNKNOWN",
        )
