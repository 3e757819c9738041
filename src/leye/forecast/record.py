"""The record of forecasts whose outcome is known: how far off, how often inside the interval, how much better than others on the same points.

Two kinds of points go in, in one form: of a back-test, and of forecasts that earlier runs published. `skill` is 1 less the ratio of mean absolute
scaled errors on the points that both have (Hyndman and Koehler 2006), so 0.2 means a fifth less error than the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product

import numpy as np
import polars as pl
from scipy.special import stdtrit

from leye.forecast.arrays import Floats
from leye.forecast.backtest import NAIVE, PRODUCT
from leye.forecast.candidates import seasonal_base
from leye.forecast.panel import known_at
from leye.forecast.scale import fill_from_past
from leye.forecast.scores import seasonal_naive_scale

ALL_GROUPS = "all"
LEVELS = (80, 95)
DIGITS = 12
"""Significant digits that are kept: the order in which threads add up changes the ones behind."""
LEAST_ORIGINS = 3
"""Fewer origins give no interval of the coverage: the errors of one origin move together. # chosen by us"""
KEYS = ("model", "group", "h", "origin")
POINT = ("unique_id", "origin", "h")
COVERAGES = {f"coverage_{level}{end}": pl.Float64 for level in LEVELS for end in ("", "_lo", "_hi")}
SCHEMA = {
    "model": pl.String, "group": pl.String, "h": pl.Int64, "origin": pl.Date, "points": pl.Int64, "series": pl.Int64, "origins": pl.Int64,
    "mase": pl.Float64, "bias": pl.Float64, "skill_naive": pl.Float64, "skill_of_mix": pl.Float64, "below_80": pl.Float64, "above_80": pl.Float64,
    "winkler_80": pl.Float64, **COVERAGES,
}  # fmt: skip


def published_points(panel_then: pl.DataFrame, forecast: pl.DataFrame, panel_now: pl.DataFrame) -> pl.DataFrame:
    """Points of one published forecast that met a value: columns of `backtest.errors`, rows of the product and of the seasonal naive beside it.

    panel_then: the panel that the run had · forecast: its `unique_id, ds, mean, lo-L, hi-L` · panel_now: the panel as it is known today.
    """
    known = known_at(panel_then, None)
    horizon = int(forecast.group_by("unique_id").len()["len"].max())  # type: ignore[arg-type]
    season = known.step.season
    naive = seasonal_base(fill_from_past(known.y, season=season), horizon=horizon, season=season)
    beside = pl.DataFrame({
        "unique_id": np.repeat(np.array(known.ids), horizon),
        "ds": known.future(horizon) * len(known.ids),
        "naive": pl.Series(naive.ravel()).fill_nan(None),
        "scale": pl.Series(np.repeat(seasonal_naive_scale(known.y, season=season), horizon)).fill_nan(None),
        "h": np.tile(np.arange(1, horizon + 1), len(known.ids)),
    })  # fmt: skip
    came = panel_now.filter(pl.col("ds") > known.origin).select("unique_id", "ds", "y").drop_nulls("y")
    met = forecast.join(came, on=["unique_id", "ds"]).join(beside, on=["unique_id", "ds"]).with_columns(origin=pl.lit(known.origin))
    bands = [f"{side}-{level}" for level in LEVELS for side in ("lo", "hi")]
    ours = met.select(pl.lit(PRODUCT).alias("model"), *POINT[:2], "ds", "h", "y", "mean", *bands, "scale")
    none = [pl.lit(None, dtype=pl.Float64).alias(name) for name in bands]
    theirs = met.select(pl.lit(NAIVE).alias("model"), *POINT[:2], "ds", "h", "y", pl.col("naive").alias("mean"), *none, "scale")
    return pl.concat([ours, theirs]).sort("model", *POINT)


def record(points: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Rows of SCHEMA for every slice of the points: group or all, horizon or all (0), origin or all (null).

    points: `model, unique_id, origin, ds, h, y, mean, lo-80, hi-80, lo-95, hi-95, scale` · groups: `unique_id, group` (null: in `all` only).
    mase, bias: mean of |mean - y| / scale and of (mean - y) / scale · below_80, above_80: share of values outside, 0.1 each where intervals are
    right · coverage_L_lo, _hi: 95 % interval of the coverage over origins · skill_naive: of this model over the seasonal naive ·
    skill_of_mix: of the product over this model, null for itself. Unknown is null.
    """
    if points.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    scored = _scored(points.join(groups, on="unique_id", how="left", maintain_order="left"))
    parts = [_slice(scored, keys) for keys in product((False, True), repeat=3)]
    table = pl.concat(parts).join(_intervals(scored), on=["model", "group", "h"], how="left")
    whole = pl.col("origin").is_null()
    ends = [pl.when(whole).then(pl.col(name)).alias(name) for name in COVERAGES if name.endswith(("_lo", "_hi"))]
    steady = pl.selectors.float().round_sig_figs(DIGITS)
    return table.with_columns(ends).select(*SCHEMA).with_columns(steady).sort(*KEYS)


def _scored(points: pl.DataFrame) -> pl.DataFrame:
    """One row a point with its scaled error `q`, the product's and the seasonal naive's on the same point, and where the value lay."""
    off = (pl.col("mean") - pl.col("y")) / pl.col("scale")
    found = points.filter(pl.col("y").is_not_null() & pl.col("mean").is_not_null()).with_columns(q=off.abs(), off=off).sort("model", *POINT)
    known = pl.col("lo-80").is_not_null() & pl.col("hi-80").is_not_null()
    misses = pl.max_horizontal(pl.col("lo-80") - pl.col("y"), pl.col("y") - pl.col("hi-80"), pl.lit(0.0))
    found = found.with_columns(
        *(pl.col("y").is_between(f"lo-{level}", f"hi-{level}").cast(pl.Float64).alias(f"in_{level}") for level in LEVELS),
        below=pl.when(known).then((pl.col("y") < pl.col("lo-80")).cast(pl.Float64)),
        above=pl.when(known).then((pl.col("y") > pl.col("hi-80")).cast(pl.Float64)),
        winkler=(pl.col("hi-80") - pl.col("lo-80") + 10.0 * misses) / pl.col("scale"),
    )
    for name, model in (("q_mix", PRODUCT), ("q_naive", NAIVE)):
        found = found.join(
            found.filter(pl.col("model") == model).select(*POINT, pl.col("q").alias(name)), on=POINT, how="left", maintain_order="left"
        )
    return found


def _slice(scored: pl.DataFrame, by: tuple[bool, ...]) -> pl.DataFrame:
    """One grouping set; what is not grouped by is `all`, 0 or null."""
    names = ("group", "h", "origin")
    keys = [name for name, is_on in zip(names, by, strict=True) if is_on]
    rows = scored.filter(pl.col("group").is_not_null()) if by[0] else scored
    made = rows.group_by("model", *keys, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("points"),
        pl.col("unique_id").n_unique().cast(pl.Int64).alias("series"),
        *([] if by[2] else [pl.col("origin").n_unique().cast(pl.Int64).alias("origins")]),
        pl.col("q").mean().alias("mase"),
        pl.col("off").mean().alias("bias"),
        _skill("q", "q_naive").alias("skill_naive"),
        pl.when(pl.col("model").first() != PRODUCT).then(_skill("q_mix", "q")).alias("skill_of_mix"),
        pl.col("below").mean().alias("below_80"),
        pl.col("above").mean().alias("above_80"),
        pl.col("winkler").mean().alias("winkler_80"),
        *(pl.col(f"in_{level}").mean().alias(f"coverage_{level}") for level in LEVELS),
    )
    empty = {"group": pl.lit(ALL_GROUPS), "h": pl.lit(0, dtype=pl.Int64), "origin": pl.lit(None, dtype=pl.Date), "origins": pl.lit(1, dtype=pl.Int64)}
    return made.with_columns(value.alias(name) for name, value in empty.items() if name not in made.columns).select(
        "model", "group", "h", "origin", *[c for c in SCHEMA if c not in KEYS and not c.endswith(("_lo", "_hi"))]
    )


def _skill(ours: str, theirs: str) -> pl.Expr:
    """1 less the ratio of the means on the points where both are known; null without a point or an error to beat."""
    both = pl.col(ours).is_not_null() & pl.col(theirs).is_not_null()
    other = pl.col(theirs).filter(both).mean()
    return pl.when(other > 0).then(1.0 - pl.col(ours).filter(both).mean() / other)


def _intervals(scored: pl.DataFrame) -> pl.DataFrame:
    """`model, group, h` and the ends of each coverage, with h 0 and group `all` among them."""
    banded = scored.filter(pl.col("in_80").is_not_null())
    furthest = int(banded["h"].max() or 1)  # type: ignore[arg-type]
    whole, every = pl.lit(ALL_GROUPS).alias("group"), pl.lit(0, dtype=pl.Int64).alias("h")
    named = banded.filter(pl.col("group").is_not_null())
    rows: list[tuple[object, ...]] = []
    for part in (banded.with_columns(whole), named, banded.with_columns(whole, every), named.with_columns(every)):
        means = part.group_by("model", "group", "h", "origin", maintain_order=True).agg(
            pl.len().alias("n"), *(pl.col(f"in_{level}").mean() for level in LEVELS)
        )
        for key, cell in means.sort("origin").group_by("model", "group", "h", maintain_order=True):
            overlap = int(key[2]) or furthest
            n = cell["n"].to_numpy().astype(np.float64)
            ends = [coverage_interval(cell[f"in_{level}"].to_numpy(), n, _places(cell["origin"].to_list()), overlap=overlap) for level in LEVELS]
            rows.append((*key, *(end for pair in ends for end in pair)))
    names = [name for name in COVERAGES if name.endswith(("_lo", "_hi"))]
    return pl.DataFrame(rows, schema={"model": pl.String, "group": pl.String, "h": pl.Int64, **dict.fromkeys(names, pl.Float64)}, orient="row")


def _places(origins: Sequence[date]) -> Floats:
    """Origins in steps of the shortest distance between two of them, which is how far apart their errors overlap."""
    days = np.array([d.toordinal() for d in origins], dtype=np.float64)
    apart = np.diff(days)
    return np.asarray(np.round((days - days[0]) / apart.min())) if len(apart) else np.zeros(len(days))


def coverage_interval(shares: Floats, counts: Floats, places: Floats, *, overlap: int) -> tuple[float | None, float | None]:
    """95 % interval of a coverage from its origins: shares (k,) of counts (k,) points at places (k,) in time, None below LEAST_ORIGINS.

    The points of an origin are one draw. Origins less than `overlap` apart share months, so their products count with Bartlett weights (Newey and
    West 1987); the variance is never less than without them, and Student's t with k - 1 degrees answers for the few origins.
    """
    k = len(shares)
    if k < LEAST_ORIGINS:
        return None, None
    weight = counts / counts.sum()
    centre = float((weight * shares).sum())
    off = weight * (shares - centre)
    apart = np.abs(places[:, None] - places[None, :])
    bartlett = np.maximum(1.0 - apart / overlap, 0.0)
    variance = max(float(off @ bartlett @ off), float((off**2).sum())) * k / (k - 1)
    half = float(stdtrit(k - 1, 0.975)) * float(np.sqrt(variance))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def by_series(points: pl.DataFrame) -> pl.DataFrame:
    """`unique_id, points, mase, bias, skill_naive, coverage_80, coverage_95` of the product, the largest error first."""
    shown = ["unique_id", "points", "mase", "bias", "skill_naive", "coverage_80", "coverage_95"]
    if points.is_empty():
        return pl.DataFrame(schema={"unique_id": pl.String, "points": pl.Int64} | dict.fromkeys(shown[2:], pl.Float64))
    ours = _scored(points).filter(pl.col("model") == PRODUCT).with_columns(group=pl.col("unique_id"))
    made = _slice(ours, (True, False, False)).rename({"group": "unique_id"})
    return made.select(shown).sort("mase", "unique_id", descending=[True, False], nulls_last=True)
