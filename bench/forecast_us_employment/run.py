"""Leye's default forecast against statsforecast's models on 107 US employment series, origin by origin. `leye bench forecast_us_employment`.

All see the same observations from 1990 to the origin; CPU seconds are the process's own (`time.process_time`), one thread. Leye is measured
through its public call (reading the frame, 7 past origins for weights and intervals, reconciliation, explanation), with the warning levels of
`leye watch scan` on the same panel handed in; the peers through their model classes on bare arrays, which spares them the frame. What the peers
gave is kept in bench/.cache by data hash and version and marked with its day; `--fresh` measures them again, `--arima` measures AutoARIMA (slow)
and keeps its forecasts in arima.json beside this file, `--development` shows the origins that were used for tuning.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import hashlib
import importlib.metadata as metadata
import importlib.util
import json
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
BANDS = ("mean", "lo-80", "hi-80", "lo-95", "hi-95")
CALIBRATE_BEFORE = date(1998, 1, 1)
"""Thresholds of the warnings that widen intervals are learned before this day; every row uses only data up to its own month."""
ARIMA_SERIES = 30


def beside(name: str) -> ModuleType:
    """A module beside this file (a bench folder is not a package)."""
    if f"us_employment_{name}" in sys.modules:
        return sys.modules[f"us_employment_{name}"]
    spec = importlib.util.spec_from_file_location(f"us_employment_{name}", HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"us_employment_{name}"] = module
    spec.loader.exec_module(module)
    return module


def main(*, which: str = "report", fresh: bool = False, arima: bool = False) -> None:
    """Print the table; with the report origins write README.md too."""
    fixed, peers = beside("origins"), beside("peers")
    panel = pl.read_parquet(FOLDER / "panel.parquet").with_columns(pl.col("ds").cast(pl.Date))
    tags = pl.read_csv(FOLDER / "tags.csv")
    digest = hashlib.sha256((FOLDER / "panel.parquet").read_bytes()).hexdigest()
    days = fixed.REPORT if which == "report" else fixed.DEVELOPMENT
    y, dates = wide(panel)
    ends = [dates.index(d) for d in days]
    theirs = {n: peers.measure(n, y, days, ends, season=12, horizon=fixed.HORIZON, digest=digest, fresh=fresh) for n in peers.QUICK}
    levels_of = warnings(panel, tags)
    leye_forecast(panel.filter(pl.col("ds") <= date(1996, 1, 1)), tags, fixed.HORIZON, None)  # imports are no model's cost
    rows, means = [], {}
    for origin in days:
        _say(f"leye {origin}")
        known, levels = panel.filter(pl.col("ds") <= origin), levels_of.filter(pl.col("ds") <= origin)
        start = time.process_time()
        ours = leye_forecast(known, tags, fixed.HORIZON, levels)
        cpu = time.process_time() - start
        truth, scale = truth_and_scale(panel, origin, fixed.HORIZON)
        means[origin] = ours["mean"]
        others = {n: score(m[origin].bands, truth, scale, truth_row(panel)) for n, m in theirs.items()}
        rows.append((origin, score(ours, truth, scale, truth_row(panel)), cpu, others["AutoETS"], theirs["AutoETS"][origin].cpu_s, others))
    if arima:
        keep_arima(y, days, ends, fixed.HORIZON, digest)
    costs = {n: (sum(m[d].cpu_s for d in days), max(m[d].day for d in days)) for n, m in theirs.items()}
    text = report(rows, fixed.TURNS, digest, which, costs, against_arima(panel, means, days))
    print(text)
    if which == "report":
        (HERE / "README.md").write_text(text, encoding="utf-8")


def warnings(panel: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    """`unique_id, ds, level` of `leye watch scan`."""
    from leye.watch import scan_panel

    above = {uid: parent or None for uid, parent in tags.select("unique_id", "parent").iter_rows()}
    return scan_panel(panel, calibrate_before=CALIBRATE_BEFORE, nominal=0.25, seasonal=True, parents=above).alerts


def leye_forecast(known: pl.DataFrame, tags: pl.DataFrame, horizon: int, levels_of: pl.DataFrame | None) -> dict[str, np.ndarray]:
    from leye.forecast import run

    made = run(known, tags, horizon=horizon, levels_of=levels_of).forecast
    ids = made["unique_id"].n_unique()
    return {name: made[name].to_numpy().reshape(ids, horizon) for name in BANDS}


def arima_rows(count: int) -> list[int]:
    """Every 3.6th series by id: 30 of 107, the total among them or not as it falls."""
    return [round(i * count / ARIMA_SERIES) for i in range(ARIMA_SERIES)]


def keep_arima(y: np.ndarray, days: tuple[date, ...], ends: list[int], horizon: int, digest: str) -> None:
    """Measure AutoARIMA at its default search on the subset, at the origins that the file beside this one does not hold yet, and keep it there."""
    file = HERE / "arima.json"
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"sha256": digest, "origins": {}}
    kept = held["origins"] if held["sha256"] == digest else {}
    for day, end in zip(days, ends, strict=True):
        if f"{day}" in kept:
            continue
        made = beside("peers").measure("AutoARIMA", y[arima_rows(len(y))], [day], [end], season=12, horizon=horizon, digest=digest, fresh=False)[day]
        mean = [[float(f"{v:.7g}") for v in row] for row in made.bands["mean"]]
        kept[f"{day}"] = {"cpu_s": round(made.cpu_s, 1), "day": made.day, "failed": made.failed, "mean": mean}
        file.write_text(json.dumps({"sha256": digest, "origins": dict(sorted(kept.items()))}, indent=0) + "\n", encoding="utf-8")


def against_arima(panel: pl.DataFrame, means: dict[date, np.ndarray], days: tuple[date, ...]) -> list[tuple[date, float, float, float]]:
    """(origin, our MASE, AutoARIMA's, its CPU seconds) on the subset, for the origins that arima.json holds."""
    file = HERE / "arima.json"
    kept = json.loads(file.read_text(encoding="utf-8"))["origins"] if file.exists() else {}
    out = []
    for origin in (d for d in days if f"{d}" in kept):
        truth, scale = truth_and_scale(panel, origin, 12)
        rows = arima_rows(len(truth))
        ours, theirs = means[origin][rows], np.array(kept[f"{origin}"]["mean"])
        errors = [float((np.abs(mean - truth[rows]) / scale[rows, None]).mean()) for mean in (ours, theirs)]
        out.append((origin, *errors, float(kept[f"{origin}"]["cpu_s"])))
    return out


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
        low, high = (made.get(f"{side}-{level}", np.full_like(made["mean"], np.nan)) for side in ("lo", "hi"))
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


def report(rows: list, turns: frozenset[date], digest: str, which: str, costs: dict, arima: list) -> str:
    """The README, from the measured rows alone."""
    ours, peers = ({k: float(np.mean([r[at][k] for r in rows])) for k in rows[0][1]} for at in (1, 3))
    cpu, peer_cpu = sum(r[2] for r in rows), sum(r[4] for r in rows)
    tuned = "tuning used the disjoint development origins" if which == "report" else "THESE ARE THE DEVELOPMENT ORIGINS"
    lines = [
        "# Forecasts of US employment, 107 series that add up, 12 months ahead",
        "",
        "The default of `leye forecast run --levels-of ALERTS` against statsforecast's models on the same observations, 1990 to each origin. Origins",
        f"were fixed and committed before tuning (`origins.py`); {tuned}.",
        "The design itself (lag form, clipping, shrinkage) came from earlier measurements on this data set, some at origins near these; "
        "test windows of",
        "development and report origins overlap in time.",
        "",
        f"**MASE {ours['mase']:.3f} against {peers['mase']:.3f}: {ours['mase'] / peers['mase']:.3f} of AutoETS at 1/{peer_cpu / cpu:.0f} of its "
        f"CPU** ({1000 * cpu / len(rows) / 107:.1f} ms per series with intervals, sums and explanation).",
        "",
        "| pooled over origins | Leye | AutoETS | ratio |",
        "|---|---|---|---|",
        *(f"| {name} | {ours[key]:.3f} | {peers[key]:.3f} | {ours[key] / peers[key]:.2f} |" for name, key in POOLED),
        f"| coverage of 80 % | {ours['cover80']:.3f} | {peers['cover80']:.3f} | |",
        f"| coverage of 95 % | {ours['cover95']:.3f} | {peers['cover95']:.3f} | |",
        f"| CPU s, all origins | {cpu:.2f} | {peer_cpu:.1f} | 1/{peer_cpu / cpu:.0f} |",
        "",
        *_peers(rows, costs, ours["mase"]),
        "",
        HEAD,
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row(row, turns) for row in rows),
        "",
        _calm(rows, turns),
        "",
        *_arima(arima, len(rows)),
        "",
        "MASE: scale is the seasonal-naive error of the last 180 months before the origin; mean over 107 series, each origin counts the same. "
        "Warnings: `leye watch scan --calibrate-before 1998-01-01 --seasonal`, each row from data up to its month.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} with `leye bench forecast_us_employment`, one thread, Python {platform.python_version()}, "
        f"numpy {metadata.version('numpy')}, statsforecast {metadata.version('statsforecast')} (peers: {min(day for _, day in costs.values())} on "
        f"the same machine). Data: `us_employment/panel.parquet`, sha256 {digest[:16]}…. A CPU second is the process's own; imports are left "
        "out on both sides.",
        "",
    ]
    return "\n".join(lines)


def _peers(rows: list, costs: dict, ours: float) -> list[str]:
    lines = ["| model | MASE | Leye's over it | 80 % covers | 95 % | interval score 80 | CPU s |", "|---|---|---|---|---|---|---|"]
    for name, (cpu, _) in costs.items():
        mean = {k: float(np.mean([r[5][name][k] for r in rows])) for k in ("mase", "cover80", "cover95", "winkler80")}
        bands = [f"{mean[k]:.3f}" for k in ("cover80", "cover95", "winkler80")] if np.isfinite(mean["winkler80"]) else ["–"] * 3
        lines.append("| " + " | ".join([name, f"{mean['mase']:.3f}", f"{ours / mean['mase']:.2f}", *bands, f"{cpu:.1f}"]) + " |")
    return lines


def _arima(arima: list, origins: int) -> list[str]:
    if not arima:
        return ["AutoARIMA was not measured (`--arima`)."]
    ours, theirs = (float(np.mean([a[at] for a in arima])) for at in (1, 2))
    each = ", ".join(f"{d:%Y-%m} {a:.3f} v {b:.3f}" for d, a, b, _ in arima)
    spent = sum(a[3] for a in arima)
    return [
        f"AutoARIMA (default search, {ARIMA_SERIES} series, {len(arima)} of {origins} origins; forecasts kept in `arima.json`): MASE {ours:.3f} "
        f"against {theirs:.3f}, **{ours / theirs:.2f}** of it; it took {spent:.0f} CPU s for these. Origin by origin: {each}."
    ]


def _row(row: tuple, turns: frozenset[date]) -> str:
    origin, a, t, b, u, _ = row
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
    main(which="development" if "--development" in sys.argv else "report", fresh="--fresh" in sys.argv, arima="--arima" in sys.argv)
