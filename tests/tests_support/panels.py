"""Small panels for the forecast tests: monthly, from 2010 on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl


def months(count: int) -> list[date]:
    """The first `count` months from January 2010."""
    return [date(2010 + i // 12, i % 12 + 1, 1) for i in range(count)]


def table(rows: Mapping[str, np.ndarray]) -> pl.DataFrame:
    """`unique_id, ds, y` of the rows, NaN written as null."""
    parts = [pl.DataFrame({"unique_id": uid, "ds": months(len(y)), "y": pl.Series(y, dtype=pl.Float64).fill_nan(None)}) for uid, y in rows.items()]
    return pl.concat(parts)


def lively(seed: int, series: int, periods: int) -> dict[str, np.ndarray]:
    """Positive rows with trend, season and noise, from a seeded generator."""
    dice = np.random.default_rng(seed)
    t = np.arange(periods)
    common = np.cumsum(dice.normal(0, 0.01, periods))
    out = {}
    for i in range(series):
        season = 0.05 * np.sin(2 * np.pi * (t + dice.integers(12)) / 12)
        out[f"s{i:02d}"] = np.exp(dice.uniform(2, 7) + 0.002 * t + common + np.cumsum(dice.normal(0, 0.01, periods)) + season)
    return out


def add_up(leaves: Mapping[str, np.ndarray], parent: Mapping[str, str | None]) -> dict[str, np.ndarray]:
    """The leaves and every parent named in `parent` as the sum of what lies under it (NaN counts as nothing)."""
    out = dict(leaves)

    def value(uid: str) -> np.ndarray:
        if uid not in out:
            out[uid] = np.nansum([value(child) for child, above in parent.items() if above == uid], axis=0)
        return out[uid]

    for uid in parent:
        value(uid)
    return out


def distribution_panel(
    *, series: int = 11, months: int = 120, gaps: float = 0.0, with_tags: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame | None]:  # fmt: skip
    """A panel for runs in parts: leaves under two sums under one total where tags are asked for, a share of values missing, one late starter."""
    leaves = lively(11, series, months)
    if gaps:
        dice = np.random.default_rng(12)
        leaves = {u: np.where(dice.random(months) < gaps, np.nan, y) for u, y in leaves.items()}
        leaves["s01"][: months // 2] = np.nan
    if not with_tags:
        return table(leaves), None
    parent: dict[str, str | None] = {u: f"m{i % 2}" for i, u in enumerate(leaves)}
    rows = add_up(leaves, {**parent, "m0": "total", "m1": "total", "total": None})
    tags = pl.DataFrame({"unique_id": [*parent, "m0", "m1", "total"], "parent": [*parent.values(), "total", "total", None]})
    return table(rows), tags


def largest_difference(one: pl.DataFrame, other: pl.DataFrame) -> float:
    """Largest relative difference of two forecast tables over all figures; infinite where their rows or their unknowns differ."""
    figures = [c for c in one.columns if c not in ("unique_id", "ds")]
    if not one.select("unique_id", "ds").equals(other.select("unique_id", "ds")):
        return float("inf")
    a, b = (t.select(figures).to_numpy() for t in (one, other))
    if (np.isfinite(a) != np.isfinite(b)).any():
        return float("inf")
    seen = np.isfinite(a)
    return float((np.abs(a - b)[seen] / np.maximum(np.abs(a)[seen], 1e-9)).max())
