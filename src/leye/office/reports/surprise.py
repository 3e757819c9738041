"""Surprise: how far the newest value lies from what an earlier forecast, stored by the back-tests, said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from leye.office.published import Series, Snapshot

Z95 = 1.959964  # half width of a 95 % interval in standard deviations


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
        """Observed over forecast, less one; None when nothing was forecast."""
        return self.y / self.mean - 1 if self.mean else None


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
        sd = (r["hi-95"] - r["lo-95"]) / (2 * Z95)
        if r["unique_id"] in snapshot.series and sd > 0:
            found[r["unique_id"]] = Surprise(snapshot.series[r["unique_id"]], r["ds"], r["y"], r["mean"], r["origin"], (r["y"] - r["mean"]) / sd)
    return found


def main_model(snapshot: Snapshot) -> str | None:
    """The model whose forecasts are published: `leye` where it is in the back-test, else the one with the smallest mean MASE."""
    summary = snapshot.rows("backtest_summary")
    names = {r["model"] for r in summary}
    if "leye" in names:
        return "leye"
    scored = [(r["mase"], r["model"]) for r in summary if r["mase"] is not None]
    return min(scored)[1] if scored else None
