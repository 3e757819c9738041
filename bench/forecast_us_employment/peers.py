"""The peers of the forecast benchmarks: statsforecast's models on bare arrays, series by series, with the CPU seconds of each origin.

What was measured is kept in `bench/.cache/peers-*.pickle` by data hash, library version, model and origin; `fresh` measures again.
"""

from __future__ import annotations

import importlib.metadata as metadata
import pickle
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

CACHE = Path(__file__).resolve().parent.parent / ".cache"
LEVELS = (80, 95)
BANDS = ("mean", "lo-80", "hi-80", "lo-95", "hi-95")
QUICK = ("AutoETS", "AutoTheta", "DynamicOptimizedTheta", "AutoCES", "SeasonalNaive", "MFLES")
WITH_BANDS = ("AutoETS", "AutoTheta", "DynamicOptimizedTheta", "AutoCES", "SeasonalNaive", "AutoARIMA")


@dataclass(frozen=True, slots=True)
class Measured:
    """bands: name -> (n, H); `mean` alone for a model without intervals · cpu_s: CPU seconds · failed: series the model raised on (seasonal
    naive is counted for them) · day: when it was measured, YYYY-MM-DD."""

    bands: dict[str, np.ndarray]
    cpu_s: float
    failed: int
    day: str


def model(name: str, season: int) -> Any:
    """One of statsforecast's models at its defaults; with season 1 the naive forecast stands for the seasonal one."""
    from statsforecast import models as m

    if name == "SeasonalNaive":
        return m.SeasonalNaive(season_length=season)
    return getattr(m, name)(season_length=season)


def measure(
    name: str, y: np.ndarray, days: Sequence[date], ends: Sequence[int], *, season: int, horizon: int, digest: str, fresh: bool
) -> dict[date, Measured]:
    """Forecasts of every row of `y` (n, T) from each column of `ends`, the dates of which are `days`."""
    CACHE.mkdir(exist_ok=True)
    kept = CACHE / f"peers-{digest[:12]}-{metadata.version('statsforecast')}-{name}-{season}.pickle"
    known: dict[date, Any] = pickle.loads(kept.read_bytes()) if kept.exists() and not fresh else {}
    for origin, end in zip(days, ends, strict=True):
        if origin not in known:
            sys.stderr.write(f"{name} {origin}\n")
            known[origin] = _measured(name, y[:, : end + 1], season, horizon)
            kept.write_bytes(pickle.dumps({k: v if isinstance(v, dict) else _plain(v) for k, v in known.items()}))
    return {day: Measured(**v) if isinstance(v, dict) else v for day, v in known.items() if day in days}


def _plain(made: Measured) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Measured.__slots__}


def _measured(name: str, y: np.ndarray, season: int, horizon: int) -> Measured:
    levels = list(LEVELS) if name in WITH_BANDS else None
    model(name, season).forecast(y=np.ascontiguousarray(y[0]), h=horizon, level=levels)  # compiling is no model's cost
    start = time.process_time()
    rows, failed = [], 0
    for row in y:
        try:
            rows.append(model(name, season).forecast(y=np.ascontiguousarray(row), h=horizon, level=levels))
        except Exception:
            failed += 1
            rows.append(model("SeasonalNaive", season).forecast(y=np.ascontiguousarray(row), h=horizon, level=levels))
    cpu = time.process_time() - start
    bands = {key: np.stack([np.asarray(row[key], dtype=np.float64) for row in rows]) for key in rows[0]}
    return Measured(bands, cpu, failed, f"{datetime.now(UTC):%Y-%m-%d}")
