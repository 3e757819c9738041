"""Have forecast errors drifted? One-step forecasts of every indicator against what came, month after month."""

from __future__ import annotations

import polars as pl

from leye.forecast.drift import drift
from leye.forecast.record import PRODUCT
from leye.forecast.steps import infer_step
from leye.office.nightly.model_steps import periods
from leye.office.nightly.panel_step import Panels

POINT = ("unique_id", "ds", "y", "lo-80", "hi-80", "lo-95", "hi-95")
WHOLE = "panel"
"""Group of the series of a panel of one's own, which have no indicator."""


def drift_step(panels: Panels, backtest: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """Rows of `drift.SCHEMA`. A published forecast speaks for its period where there is one, else the back-test's from the period before."""
    one = (pl.col("model") == PRODUCT) & (pl.col("h") == 1)
    first, then = (points.filter(one).select(*POINT) for points in (published, backtest))
    points = pl.concat([first, then.join(first, on=["unique_id", "ds"], how="anti")]).sort("unique_id", "ds")
    groups = panels.keys.select("unique_id", group=pl.col("indicator").fill_null(WHOLE))
    return drift(points, groups, season=infer_step(periods(panels)).season)
