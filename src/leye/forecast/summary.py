"""From the points of a back-test to its table: per model and origin, and all origins pooled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from leye.forecast.scores import covered, smape, winkler

SCHEMA = {
    "model": pl.Utf8,
    "origin": pl.Date,
    "mase": pl.Float64,
    "smape": pl.Float64,
    "winkler_80": pl.Float64,
    "winkler_95": pl.Float64,
    "coverage_80": pl.Float64,
    "coverage_95": pl.Float64,
    "cpu_s": pl.Float64,
    "series": pl.Int64,
    "points": pl.Int64,
}


def summarise(errors: pl.DataFrame, *, cpu: Mapping[tuple[str, date], float]) -> pl.DataFrame:
    """One row per model and origin, and one per model with origin null: each origin counts the same, CPU seconds are summed.

    mase: mean over series of mean |error| / scale · smape: percent · winkler_L: interval score over the same scale, so that series of all
    sizes count alike (null without intervals or a level that was not asked for) · coverage_L: share of points inside.
    """
    rows = []
    for model, origin in cpu:
        part = errors.filter((pl.col("model") == model) & (pl.col("origin") == origin))
        rows.append({"model": model, "origin": origin, **_scores(part), "cpu_s": _known(cpu[model, origin])})
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    scores = [name for name in SCHEMA if name not in ("model", "origin", "cpu_s", "series", "points")]
    pooled = table.group_by("model", maintain_order=True).agg(
        pl.lit(None, dtype=pl.Date).alias("origin"),
        *(pl.col(name).mean() for name in scores),
        pl.when(pl.col("cpu_s").is_null().all()).then(None).otherwise(pl.col("cpu_s").sum()).alias("cpu_s"),
        pl.col("series").max(),
        pl.col("points").sum(),
    )
    return pl.concat([table, pooled.select(table.columns)])


def _scores(part: pl.DataFrame) -> dict[str, float | int | None]:
    y, mean, scale = (part[c].to_numpy().astype(np.float64) for c in ("y", "mean", "scale"))
    out: dict[str, float | int | None] = {"series": part["unique_id"].n_unique(), "points": part.height}
    by_series = part.select("unique_id", pl.Series("q", np.abs(y - mean) / scale)).filter(pl.col("q").is_finite()).group_by("unique_id").mean()
    out["mase"] = float(by_series.sort("unique_id")["q"].mean()) if by_series.height else None  # type: ignore[arg-type]
    out["smape"] = _mean(smape(y, mean))
    for level in (80, 95):
        out[f"winkler_{level}"] = out[f"coverage_{level}"] = None
        if f"lo-{level}" in part.columns:
            low, high = (part[f"{side}-{level}"].to_numpy().astype(np.float64) for side in ("lo", "hi"))
            out[f"winkler_{level}"] = _mean(winkler(y, low, high, level=level) / scale)
            out[f"coverage_{level}"] = _mean(covered(y, low, high))
    return out


def _mean(values: np.typing.NDArray[np.float64]) -> float | None:
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if len(kept) else None


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def as_json(summary: pl.DataFrame, *, horizon: int) -> dict[str, object]:
    """`{"horizon", "scale", "models": {model: {"pooled": {...}, "origins": {"YYYY-MM-DD": {...}}}}}`; scores keep six figures."""
    models: dict[str, dict[str, object]] = {}
    for row in summary.iter_rows(named=True):
        scores = {k: (float(f"{v:.6g}") if isinstance(v, float) else v) for k, v in row.items() if k not in ("model", "origin")}
        entry = models.setdefault(row["model"], {"pooled": {}, "origins": {}})
        if row["origin"] is None:
            entry["pooled"] = scores
        else:
            origins = entry["origins"]
            assert isinstance(origins, dict)
            origins[row["origin"].isoformat()] = scores
    return {"horizon": horizon, "scale": "seasonal naive, last 15 seasons before the origin", "models": models}
