"""Small panels for tests of the watch: calm ones, and one with a planted fall."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl


def month(t: int, first: int = 2000) -> date:
    """First day of month t, counted from January of `first`."""
    return date(first + t // 12, t % 12 + 1, 1)


def calm(series: int = 12, months: int = 96, *, seed: int = 0, noise: float = 0.01, first: int = 2000) -> np.ndarray:
    """(months, series) level around 1000 with a season and a random walk of `noise` a month."""
    dice = np.random.default_rng(seed)
    season = 0.05 * np.sin(np.arange(months)[:, None] * np.pi / 6 + np.arange(series))
    walk = np.cumsum(dice.normal(0, noise, (months, series)), axis=0)
    return np.asarray(1000 * np.exp(season + walk), dtype=float)


def long_form(y: np.ndarray, *, first: int = 2000, ids: list[str] | None = None) -> pl.DataFrame:
    """`unique_id, ds, y`; NaN becomes null."""
    names = ids or [f"s{i:02d}" for i in range(y.shape[1])]
    days = [month(t, first) for t in range(len(y))]
    flat = y.T.ravel()
    values = pl.Series(flat, strict=False).fill_nan(None)
    return pl.DataFrame({"unique_id": np.repeat(names, len(y)).tolist(), "ds": days * y.shape[1], "y": values})
