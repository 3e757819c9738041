"""Leye's default forecast against AutoETS on 107 US employment series, origin by origin. `leye bench forecast_us_employment`.

Both see the same observations from 1990 to the origin and run in this process; CPU seconds are the process's own (`time.process_time`), one
thread. Leye is measured through its public call (reading the frame, 7 past origins for weights and intervals, reconciliation, explanation);
AutoETS through its model class on bare arrays, which spares it the frame. AutoETS's results are kept in bench/.cache by data hash and
version; the README is written only when everything was measured in one go (no cache used).
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import hashlib
import importlib.metadata as metadata
import importlib.util
import pickle
import platform
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("LEYE_SHARED", HERE.parents[1].parent / "shared"))
FOLDER = SHARED / "data" / "forecast" / "us_employment"
CACHE = HERE.parent / ".cache"
BANDS = ("mean", "lo-80", "hi-80", "lo-95", "hi-95")


def origins() -> ModuleType:
    """The fixed origins beside this file (a bench folder is not a package)."""
    spec = importlib.util.spec_from_file_location("us_employment_origins", HERE / "origins.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(*, which: str = "report", fresh: bool = True) -> None:
    """Print the table; with the report origins and everything measured now, write README.md too."""
    fixed = origins()
    panel = pl.read_parquet(FOLDER / "panel.parquet").with_columns(pl.col("ds").cast(pl.Date))
    tags = pl.read_csv(FOLDER / "tags.csv")
    digest = hashlib.sha256((FOLDER / "panel.parquet").read_bytes()).hexdigest()
    days = fixed.REPORT if which == "report" else fixed.DEVELOPMENT
    peer, from_cache = peer_forecasts(panel, days, fixed.HORIZON, digest, fresh=fresh)
    warm_up(panel, tags, fixed.HORIZON)
    rows = []
    for origin in days:
        _say(f"leye {origin}")
        known = panel.filter(pl.col("ds") <= origin)
        start = time.process_time()
        ours = leye_forecast(known, tags, fixed.HORIZON)
        cpu = time.process_time() - start
        truth, scale = truth_and_scale(panel, origin, fixed.HORIZON)
        root = truth_row(panel)
        rows.append((origin, score(ours, truth, scale, root), cpu, score(peer[origin][0], truth, scale, root), peer[origin][1]))
    text = report(rows, fixed.TURNS, digest, which)
    print(text)
    if which == "report" and not from_cache:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def leye_forecast(known: pl.DataFrame, tags: pl.DataFrame, horizon: int) -> dict[str, np.ndarray]:
    from leye.forecast import run

    made = run(known, tags, horizon=horizon).forecast
    ids = made["unique_id"].n_unique()
    return {name: made[name].to_numpy().reshape(ids, horizon) for name in BANDS}


def warm_up(panel: pl.DataFrame, tags: pl.DataFrame, horizon: int) -> None:
    """Imports are no model's cost: one call of each side before the clock starts."""
    leye_forecast(panel.filter(pl.col("ds") <= date(1996, 1, 1)), tags, horizon)


def peer_forecasts(
    panel: pl.DataFrame, days: tuple[date, ...], horizon: int, digest: str, *, fresh: bool
) -> tuple[dict[date, tuple[dict[str, np.ndarray], float]], bool]:
    """AutoETS(season_length=12) per origin with its CPU seconds, and whether any of it came out of the cache."""
    from statsforecast.models import AutoETS

    CACHE.mkdir(exist_ok=True)
    kept = CACHE / f"autoets-{digest[:12]}-{metadata.version('statsforecast')}.pickle"
    known: dict[date, tuple[dict[str, np.ndarray], float]] = {}
    if kept.exists() and not fresh:
        known = pickle.loads(kept.read_bytes())
    used = False
    AutoETS(season_length=12).forecast(y=wide(panel)[0][0][:60].copy(), h=horizon, level=[80, 95])
    for origin in days:
        if origin in known:
            used = True
            continue
        _say(f"AutoETS {origin}")
        values, dates = wide(panel)
        y = values[:, : dates.index(origin) + 1]
        start = time.process_time()
        rows = [AutoETS(season_length=12).forecast(y=np.ascontiguousarray(row), h=horizon, level=[80, 95]) for row in y]
        cpu = time.process_time() - start
        known[origin] = ({name: np.stack([row[name] for row in rows]) for name in BANDS}, cpu)
        kept.write_bytes(pickle.dumps(known))
    return known, used


def wide(panel: pl.DataFrame) -> tuple[np.ndarray, list[date]]:
    """(n, T) values with series in the order of their ids, and the T dates."""
    table = panel.pivot(on="unique_id", index="ds", values="y").sort("ds")
    return table.select(sorted(c for c in table.columns if c != "ds")).to_numpy().T, table["ds"].to_list()


def truth_row(panel: pl.DataFrame) -> int:
    """Row of the total."""
    return sorted(panel["unique_id"].unique().to_list()).index("PAYNSA")


def truth_and_scale(panel: pl.DataFrame, origin: date, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, H) what came, and (n,) the seasonal-naive error of the last 180 months before the origin."""
    y, dates = wide(panel)
    end = dates.index(origin) + 1
    window = y[:, max(0, end - 180) : end]
    return y[:, end : end + horizon], np.abs(window[:, 12:] - window[:, :-12]).mean(axis=1)


def score(made: dict[str, np.ndarray], y: np.ndarray, scale: np.ndarray, root: int) -> dict[str, float]:
    """MASE over series, its first three months and the total; coverage; interval scores over the same scale; sMAPE."""
    error = np.abs(made["mean"] - y) / scale[:, None]
    out = {"mase": error.mean(), "near": error[:, :3].mean(), "total": error[root].mean()}
    out["smape"] = float((200 * np.abs(made["mean"] - y) / (np.abs(made["mean"]) + np.abs(y))).mean())
    for level in (80, 95):
        low, high = made[f"lo-{level}"], made[f"hi-{level}"]
        miss = np.maximum(low - y, 0) + np.maximum(y - high, 0)
        out[f"cover{level}"] = float(((low <= y) & (y <= high)).mean())
        out[f"winkler{level}"] = float(((high - low + 2 / (1 - level / 100) * miss) / scale[:, None]).mean())
    return {k: float(v) for k, v in out.items()}


POOLED = (
    ("MASE", "mase"),
    ("MASE, months 1–3", "near"),
    ("MASE of the total", "total"),
    ("sMAPE %", "smape"),
    ("interval score 80 % / scale", "winkler80"),
    ("interval score 95 % / scale", "winkler95"),
)
HEAD = (
    "| origin | MASE Leye | AutoETS | ratio | 80 % covers: Leye | AutoETS | 95 %: Leye | AutoETS | score 80: Leye | AutoETS | CPU s: Leye | AutoETS |"
)
FAIL = "at turns both sides' intervals fail, ours included: errors of calm years say too little about a recession."


def report(rows: list, turns: frozenset[date], digest: str, which: str) -> str:
    """The README, from the measured rows alone."""
    ours, peers = ({k: float(np.mean([r[at][k] for r in rows])) for k in rows[0][1]} for at in (1, 3))
    cpu, peer_cpu = sum(r[2] for r in rows), sum(r[4] for r in rows)
    tuned = "tuning used the disjoint development origins" if which == "report" else "THESE ARE THE DEVELOPMENT ORIGINS"
    lines = [
        "# Forecasts of US employment, 107 series that add up, 12 months ahead",
        "",
        "The default of `leye forecast run` against AutoETS (statsforecast) on the same observations, 1990 to each origin. Origins were fixed and",
        f"committed before tuning (`origins.py`); {tuned}.",
        "The design itself (lag form, clipping, shrinkage) came from earlier measurements on this data set, some at origins near these; "
        "test windows of",
        "development and report origins overlap in time. Only AutoETS is compared here; AutoARIMA's default search, a stronger and slower peer, "
        "is not.",
        "",
        f"**MASE {ours['mase']:.3f} against {peers['mase']:.3f}: {ours['mase'] / peers['mase']:.2f} of AutoETS at 1/{peer_cpu / cpu:.0f} of its "
        f"CPU** ({1000 * cpu / len(rows) / 107:.1f} ms per series with intervals, sums and explanation).",
        "",
        "| pooled over origins | Leye | AutoETS | ratio |",
        "|---|---|---|---|",
        *(f"| {name} | {ours[key]:.3f} | {peers[key]:.3f} | {ours[key] / peers[key]:.2f} |" for name, key in POOLED),
        f"| coverage of 80 % | {ours['cover80']:.3f} | {peers['cover80']:.3f} | |",
        f"| coverage of 95 % | {ours['cover95']:.3f} | {peers['cover95']:.3f} | |",
        f"| CPU s, all origins | {cpu:.2f} | {peer_cpu:.1f} | 1/{peer_cpu / cpu:.0f} |",
        "",
        HEAD,
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row(row, turns) for row in rows),
        "",
        _calm(rows, turns),
        "",
        "MASE: scale is the seasonal-naive error of the last 180 months before the origin; mean over 107 series, each origin counts the same.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} with `leye bench forecast_us_employment`, one thread, Python {platform.python_version()}, "
        f"numpy {metadata.version('numpy')}, statsforecast {metadata.version('statsforecast')}. Data: `us_employment/panel.parquet`, "
        f"sha256 {digest[:16]}…. A CPU second is the process's own; imports are left out on both sides.",
        "",
    ]
    return "\n".join(lines)


def _row(row: tuple, turns: frozenset[date]) -> str:
    origin, a, t, b, u = row
    mark = " (turn)" if origin in turns else ""
    cells = [f"{origin:%Y-%m}{mark}", f"{a['mase']:.3f}", f"{b['mase']:.3f}", f"{a['mase'] / b['mase']:.2f}"]
    cells += [f"{side[key]:.2f}" for key in ("cover80", "cover95", "winkler80") for side in (a, b)]
    return "| " + " | ".join([*cells, f"{t:.2f}", f"{u:.1f}"]) + " |"


def _calm(rows: list, turns: frozenset[date]) -> str:
    lost = [f"{r[0]:%Y-%m} ({r[1]['mase'] / r[3]['mase']:.2f})" for r in rows if r[1]["mase"] >= r[3]["mase"]]
    calm = [r[1] for r in rows if r[0] not in turns]
    calm80, calm95 = [r["cover80"] for r in calm], [r["cover95"] for r in calm]
    return (
        f"Origins where AutoETS is better: {', '.join(lost) if lost else 'none'}. Over the {len(calm)} calm origins our 80 % intervals cover "
        f"{np.mean(calm80):.3f} (from {min(calm80):.2f} to {max(calm80):.2f}) and our 95 % ones {np.mean(calm95):.3f}; {FAIL}"
    )


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main(which="development" if "--development" in sys.argv else "report", fresh="--cached" not in sys.argv)
