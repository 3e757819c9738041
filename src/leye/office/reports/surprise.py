"""Surprise: how far the newest value lies from what an earlier forecast, stored by the back-tests, said about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.office.published import Series, Snapshot

Z95 = 1.959964  # half width of a 95 % interval in standard deviations
_COUNTED = frozenset({"person", "post", "call", "order"})


@dataclass(frozen=True, slots=True)
class Surprise:
    """y, mean: observed and forecast then, in the series' unit · origin: last month that forecast had seen · z: deviation in standard deviations."""

    series: Series
    ds: date
    y: float
    mean: float
    origin: date
    z: float

    @property
    def change(self) -> float | None:
        """Observed over forecast, less one; None when less than one post or person was forecast, where a share says nothing."""
        is_too_small = self.mean < 1 if self.series.unit in _COUNTED else not self.mean
        return None if is_too_small else self.y / self.mean - 1

    @property
    def difference(self) -> float:
        """Observed less forecast, in the series' unit."""
        return self.y - self.mean


def surprises(snapshot: Snapshot) -> dict[str, Surprise]:
    """By unique_id. The earliest back-test origin that reaches the newest month is taken, so that a shock is held against the time before it."""
    if "surprises" not in snapshot.__dict__:
        snapshot.__dict__["surprises"] = _compute(snapshot)
    kept: dict[str, Surprise] = snapshot.__dict__["surprises"]
    return kept


def _compute(snapshot: Snapshot) -> dict[str, Surprise]:
    frame, last = snapshot.frame("backtest"), snapshot.last_month
    if not frame.height or last is None:
        return {}
    newest = frame.filter((pl.col("ds") == last) & pl.col("y").is_not_null() & (pl.col("model") == main_model(snapshot))).sort("origin", "h")
    found: dict[str, Surprise] = {}
    for r in newest.unique("unique_id", keep="first", maintain_order=True).iter_rows(named=True):
        series = snapshot.series.get(r["unique_id"])
        sd = _spread(r, series.unit if series else None)
        if series is not None and sd > 0:
            found[series.unique_id] = Surprise(series, r["ds"], r["y"], r["mean"], r["origin"], (r["y"] - r["mean"]) / sd)
    return found


def _spread(row: dict[str, float | None], unit: str | None) -> float:
    """Standard deviation behind the 95 % interval; of a count at least its root, because a handful of posts is never more certain than that."""
    low, high, mean = row["lo-95"], row["hi-95"], row["mean"]
    sd = (high - low) / (2 * Z95) if low is not None and high is not None else 0.0
    return max(sd, math.sqrt(max(mean or 0.0, 1.0))) if unit in _COUNTED else sd


def main_model(snapshot: Snapshot) -> str | None:
    """The model whose forecasts are published: `leye` where it is in the back-test, else the one with the smallest mean MASE."""
    summary = snapshot.rows("backtest_summary")
    names = {r["model"] for r in summary}
    if "leye" in names:
        return "leye"
    scored = [(r["mase"], r["model"]) for r in summary if r["mase"] is not None]
    return min(scored)[1] if scored else None
