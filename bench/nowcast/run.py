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
LEVELS = (80, 95)


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


def covered(errors: dict[tuple[str, int], list[np.ndarray]], weeks: int) -> dict[int, float]:
    """Share of truths inside by level: the product's rule (rank among the errors of the forty quarters before) on errors at the same moment.

    The product refits the same past vintages for every interval; lags do not change here, so the errors measured already are those.
    """
    from leye.forecast.nowcast.run import PAST, half_width

    sizes = np.abs(np.stack(errors["leye", weeks]))
    rows = range(PAST, len(sizes))
    return {
        level: float(np.mean([sizes[i, j] <= half_width(sizes[i - PAST : i, j], level) for i in rows for j in range(sizes.shape[1])]))
        for level in LEVELS
    }


def priced(known: Any, quarter: date) -> float:
    """CPU seconds of one nowcast of all targets with intervals, by the product's own function."""
    from leye.forecast.nowcast import nowcast

    panel = long(known, *known.as_of(quarter, 4))
    start = time.process_time()
    nowcast(panel, known.fixed.TARGETS, ahead=0)
    return time.process_time() - start


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
    bands = {weeks: covered(errors, weeks) for weeks in fixed.WEEKS} if len(quarters) > 40 else {}
    costs = {"leye": cpu, "fit": peer.fit_s, "update": peer.update_s, "fits": float(peer.fits), "bands": priced(known, quarters[-1])}
    text = report(fixed, {k: np.stack(v) for k, v in errors.items()}, quarters, costs, bands, development=development)
    print(text)
    if not development and not quick:
        (HERE / "README.md").write_text(text, encoding="utf-8")


def rmse(errors: np.ndarray) -> float:
    """In percent of the level."""
    return float(100 * np.sqrt(np.mean(errors**2)))


def report(
    fixed: ModuleType, errors: dict[tuple[str, int], np.ndarray], quarters: tuple[date, ...], costs: dict[str, float],
    bands: dict[int, dict[int, float]], *, development: bool,
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
    lines += [
        "",
        "| | CPU s a nowcast of all targets |",
        "|---|---|",
        f"| Leye, fitted anew each time | {costs['leye'] / count:.3f} |",
        f"| Leye with intervals (forty past quarters fitted anew) | {costs['bands']:.2f} |",
    ]
    if "dfmq" in names:
        lines += [
            f"| DynamicFactorMQ, estimated ({costs['fits']:.0f} times, once a year) | {costs['fit'] / max(costs['fits'], 1):.2f} |",
            f"| DynamicFactorMQ, new data under old parameters | {costs['update'] / max(count - costs['fits'], 1):.3f} |",
        ]
    lines += [
        "",
        *_covered_lines(bands, (len(quarters) - 40) * len(fixed.TARGETS), quarters[40:]),
        "",
        "Figures are final, not as first published: revisions would hurt everybody. Lags are in origins.py, fixed before tuning; the number of "
        "factors and of lags of both were chosen on 1985–1994. None of the indicators is a part of a target.",
        f"Peer: statsmodels {metadata.version('statsmodels') if 'dfmq' in names else '—'} (requirements.txt). "
        f"Data: `fred_md/fred_md_to_2012.csv.gz`, sha256 {digest[:16]}….",
        "",
    ]
    return "\n".join(lines)


def _covered_lines(bands: dict[int, dict[int, float]], truths: int, quarters: tuple[date, ...]) -> list[str]:
    if not bands:
        return []
    head = f"Leye's intervals, {quarters[0]:%Y-%m} to {quarters[-1]:%Y-%m} ({truths} truths at each moment), share inside:"
    rows = [f"| {level} % | " + " | ".join(f"{shares[level]:.3f}" for shares in bands.values()) + " |" for level in LEVELS]
    return [head, "", "| weeks before | " + " | ".join(str(w) for w in bands) + " |", "|---|" + "---|" * len(bands), *rows]


if __name__ == "__main__":
    main(development="--development" in sys.argv, quick="--quick" in sys.argv)
