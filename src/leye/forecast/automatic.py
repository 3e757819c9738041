"""The automatic models of statsforecast (AutoETS, AutoTheta, AutoCES), for comparison and as optional
members of the mix. Imported only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from leye.forecast.arrays import Floats

NAMES = ("ets", "auto_theta", "ces")


def automatic_forecast(name: str, x: Floats, *, horizon: int, season: int) -> Floats:
    """(n, H) point forecasts of filled `x` (n, T), series by series; a series on which the model fails gets NaN."""
    return np.stack([_one(name, row[np.isfinite(row)], horizon, season, ())["mean"] for row in x])


def automatic_bands(name: str, y: Floats, *, horizon: int, season: int, levels: Sequence[int]) -> dict[str, Floats]:
    """`mean` and `lo-L`, `hi-L`, each (n, H), with the model's own intervals."""
    rows = [_one(name, row[np.isfinite(row)], horizon, season, tuple(levels)) for row in y]
    return {key: np.stack([row[key] for row in rows]) for key in rows[0]}


def _one(name: str, y: Floats, horizon: int, season: int, levels: tuple[int, ...]) -> dict[str, Floats]:
    keys = ["mean", *(f"{side}-{level}" for level in levels for side in ("lo", "hi"))]
    try:
        made = _model(name, season).forecast(y=np.ascontiguousarray(y), h=horizon, level=list(levels) or None)
    except Exception:  # the library raises many kinds on short or constant series; one series must not stop the run
        return {key: np.full(horizon, np.nan) for key in keys}
    return {key: np.asarray(made[key], dtype=np.float64) for key in keys}


def _model(name: str, season: int) -> Any:
    from statsforecast.models import AutoCES, AutoETS, AutoTheta

    return {"ets": AutoETS, "auto_theta": AutoTheta, "ces": AutoCES}[name](season_length=season)
