"""Leye's nowcast of quarterly labour figures beside DynamicFactorMQ, an autoregression and no change. `leye bench nowcast`.

FRED-MD's final figures, cut by publication lags (origins.py); everybody sees the same cells. `--development` looks at the tuning quarters
instead and writes no README. `--quick` leaves the peer out.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import hashlib
import importlib.metadata as metadata
import importlib.util
import platform
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("LEYE_SHARED", HERE.parents[1].parent / "shared"))
FILE = SHARED / "data" / "forecast" / "fred_md" / "fred_md_to_2012.csv.gz"
BANDS_AT = 4
"""Weeks before the release at which intervals are counted: each takes forty refits."""


def load(name: str) -> ModuleType:
    """A module beside this file (a bench folder is not a package)."""
    spec = importlib.util.spec_from_file_location(f"nowcast_{name}", HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"nowcast_{name}"] = module
    spec.loader.exec_module(module)
    return module


def long(known: Any, indicators: np.ndarray, targets: np.ndarray) -> pl.DataFrame:
    """`unique_id, ds, y` of one vintage, what is not out left away."""
    parts = [(known.fixed.LAGS, known.months, indicators), (known.fixed.TARGETS, known.quarters, targets)]
    rows = [(uid, day, float(v)) for ids, days, block in parts for uid, row in zip(ids, block, strict=True)
            for day, v in zip(days, row, strict=False) if np.isfinite(v)]  # fmt: skip
    return pl.DataFrame(rows, schema=["unique_id", "ds", "y"], orient="row")


def ours(panel: pl.DataFrame, targets: tuple[str, ...]) -> tuple[np.ndarray, float]:
    """((m,) logarithms of the last quarter without intervals, CPU seconds)."""
    from leye.forecast.nowcast.mixed import read_mixed
    from leye.forecast.nowcast.model import fit
    from leye.forecast.nowcast.run import central

    start = time.process_time()
    mixed = read_mixed(panel, targets, ahead=0)
    fitted = fit(mixed)
    said = np.array([central(mixed, fitted, j)[0][-1] for j in range(len(targets))])
    return said, time.process_time() - start


def covered(known: Any, quarters: tuple[date, ...]) -> tuple[dict[int, float], float, int]:
    """(share of truths inside by level, CPU seconds, count) of the product's own intervals."""
    from leye.forecast.nowcast import nowcast

    inside: dict[int, list[bool]] = {80: [], 95: []}
    start = time.process_time()
    for quarter in quarters:
        table = nowcast(long(known, *known.as_of(quarter, BANDS_AT)), known.fixed.TARGETS, ahead=0).table.filter(pl.col("ds") == quarter)
        truth = dict(zip(known.fixed.TARGETS, known.truth(quarter), strict=True))
        for row in table.iter_rows(named=True):
            for level, hits in inside.items():
                hits.append(row[f"lo-{level}"] <= truth[row["unique_id"]] <= row[f"hi-{level}"])
    return {level: float(np.mean(hits)) for level, hits in inside.items()}, time.process_time() - start, len(inside[80])


def main(*, development: bool, quick: bool) -> None:
    """Measure and print; the report writes README.md too."""
    fixed, peers = load("origins"), load("peers")
    vintages = load("vintages")
    known = vintages.read(FILE, fixed)
    quarters = fixed.DEVELOPMENT if development else fixed.REPORT
    peer = peers.DynamicFactor(fixed.TARGETS)
    errors: dict[tuple[str, int], list[np.ndarray]] = {}
    cpu = 0.0
    ours(long(known, *known.as_of(quarters[0], 0)), fixed.TARGETS)  # imports are no part of the cost
    for quarter in quarters:
        sys.stderr.write(f"{quarter}\n")
        for weeks in fixed.WEEKS:
            indicators, targets = known.as_of(quarter, weeks)
            said, used = ours(long(known, indicators, targets), fixed.TARGETS)
            cpu += used
            logs = np.log(targets)
            made = {"leye": said, "ar": peers.autoregression(logs), "same": peers.no_change(logs)}
            if not quick:
                made["dfmq"] = peer.nowcast(vintages.logs(indicators), logs, known.months[0], quarter)
            for name, value in made.items():
                errors.setdefault((name, weeks), []).append(value - np.log(known.truth(quarter)))
    bands = covered(known, quarters)
    costs = {"leye": cpu, "fit": peer.fit_s, "update": peer.update_s, "fits": float(peer.fits)}
    text = report(fixed, {k: np.stack(v) for k, v in errors.items()}, quarters, costs, bands, development=development)
    print(text)
    if not development and not quick:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def rmse(errors: np.ndarray) -> float:
    """In percent of the level."""
    return float(100 * np.sqrt(np.mean(errors**2)))


def report(
    fixed: ModuleType, errors: dict[tuple[str, int], np.ndarray], quarters: tuple[date, ...], costs: dict[str, float],
    bands: tuple[dict[int, float], float, int], *, development: bool,
) -> str:  # fmt: skip
    """The whole README."""
    names = [n for n in ("leye", "dfmq", "ar", "same") if (n, fixed.WEEKS[0]) in errors]
    shown = {"leye": "Leye", "dfmq": "DynamicFactorMQ", "ar": "AR(1)", "same": "no change"}
    count = len(quarters) * len(fixed.WEEKS)
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    ratios = {n: float(np.exp(np.mean([np.log(rmse(errors["leye", w][:, j]) / rmse(errors[n, w][:, j])) for w in fixed.WEEKS
              for j in range(len(fixed.TARGETS))]))) for n in names[1:]}  # fmt: skip
    turns = [i for i, q in enumerate(quarters) if q in fixed.TURNS]
    lines = [
        f"**Nowcast of quarterly labour figures.** {len(fixed.TARGETS)} targets known as quarterly means only, {len(fixed.LAGS)} monthly indicators, "
        f"{len(quarters)} {'development ' if development else ''}quarters {quarters[0]:%Y-%m} to {quarters[-1]:%Y-%m}, each nowcast at "
        f"{len(fixed.WEEKS)} moments before its release. `leye bench nowcast`, {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, one thread.",
        "",
        "Error (root mean square, percent of the level) by weeks before the release; 0 is the day before.",
        "",
        "| target | weeks | " + " | ".join(shown[n] for n in names) + " |",
        "|---|---|" + "---|" * len(names),
    ]
    for j, target in enumerate(fixed.TARGETS):
        for w in fixed.WEEKS:
            lines.append(f"| {target} | {w} | " + " | ".join(f"{rmse(errors[n, w][:, j]):.3f}" for n in names) + " |")
    lines += [
        "",
        "Geometric mean of Leye's error over the other's, all targets and weeks: "
        + ", ".join(f"{shown[n]} {r:.3f}" for n, r in ratios.items())
        + ".",
    ]
    if turns:
        parts = [f"{shown[n]} " + " / ".join(f"{rmse(errors[n, 4][turns][:, j]):.3f}" for j in range(len(fixed.TARGETS))) for n in names]
        lines += [
            "",
            f"At the {len(turns)} quarters of 2001 and 2008–09 alone, 4 weeks before ({', '.join(fixed.TARGETS)}): " + "; ".join(parts) + ".",
        ]
    shares, used, truths = bands
    lines += [
        "",
        "| | CPU s a nowcast of all targets |",
        "|---|---|",
        f"| Leye, fitted anew each time | {costs['leye'] / count:.3f} |",
        f"| Leye with intervals (forty past quarters fitted anew) | {used / len(quarters):.2f} |",
    ]
    if "dfmq" in names:
        lines += [
            f"| DynamicFactorMQ, estimated ({costs['fits']:.0f} times, once a year) | {costs['fit'] / max(costs['fits'], 1):.2f} |",
            f"| DynamicFactorMQ, new data under old parameters | {costs['update'] / max(count - costs['fits'], 1):.3f} |",
        ]
    lines += [
        "",
        f"Leye's intervals {BANDS_AT} weeks before: 80 % held {shares[80]:.3f}, 95 % held {shares[95]:.3f} of {truths} truths.",
        "",
        "Figures are final, not as first published: revisions would hurt everybody. Lags are in origins.py, fixed before tuning; the number of "
        "factors and of lags of both were chosen on 1985–1994. None of the indicators is a part of a target.",
        f"Peer: statsmodels {metadata.version('statsmodels') if 'dfmq' in names else '—'} (requirements.txt). "
        f"Data: `fred_md/fred_md_to_2012.csv.gz`, sha256 {digest[:16]}….",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main(development="--development" in sys.argv, quick="--quick" in sys.argv)
