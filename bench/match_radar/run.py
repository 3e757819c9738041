"""The skill radar beside the naive forecasts on Job-SDF, three months ahead. python bench/match_radar/run.py (data: $LEYE_SHARED/data/match)."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from leye.match.radar import with_bands
from leye.match.radar.ahead import Array

HORIZON = 3
DEVELOPMENT, REPORT = range(14, 22), range(24, 34)
PEERS: dict[str, Callable[[Array], Array]] = {
    "last value": lambda known: np.repeat(known[:, -1:], HORIZON, axis=1),
    "mean of 3": lambda known: np.repeat(known[:, -3:].mean(axis=1, keepdims=True), HORIZON, axis=1),
    "mean of 6": lambda known: np.repeat(known[:, -6:].mean(axis=1, keepdims=True), HORIZON, axis=1),
    "median of 6 (the line to beat)": lambda known: np.repeat(np.median(known[:, -6:], axis=1)[:, None], HORIZON, axis=1),
    "same month last year": lambda known: known[:, known.shape[1] - 12 : known.shape[1] - 12 + HORIZON],
}
HEAD = """# Skill radar: ours beside naive forecasts

Command: `leye bench match_radar`. Job-SDF (NeurIPS 2024), occupation level r0: ads a month that name each of 2,335 skills of one occupation group, 36
months; mean absolute error of the three months after an origin, mean over skills, months and origins. A band is right when the month lies in it.
Months of level and share and the weight of the season were chosen on the development origins, whose targets all lie before month 24:
the row with the least error there. The sweep printed the report column beside it, so the report had been seen, and was not used.
"""


def table(counts: Array, origins: range) -> Iterator[str]:
    yield "| forecast | MAE | against median of 6 | months inside the 80 % band | mean width of the band | CPU s |"
    yield "|---|---|---|---|---|---|"
    base = error(counts, origins, PEERS["median of 6 (the line to beat)"])[0]
    mae, cover, width, cpu = ours(counts, origins)
    yield f"| ours: share × common level, season believed by half | {mae:.1f} | {mae / base:.3f} | {cover:.3f} | {width:.0f} | {cpu:.2f} |"
    for name, peer in PEERS.items():
        found, cpu = error(counts, origins, peer)
        yield f"| {name} | {found:.1f} | {found / base:.3f} | – | – | {cpu:.2f} |"


def error(counts: Array, origins: range, peer: Callable[[Array], Array]) -> tuple[float, float]:
    since = time.process_time()
    found = [np.abs(counts[:, o : o + HORIZON] - peer(counts[:, :o])).mean() for o in origins]
    return float(np.mean(found)), time.process_time() - since


def ours(counts: Array, origins: range) -> tuple[float, float, float, float]:
    since, rows = time.process_time(), []
    for o in origins:
        real = counts[:, o : o + HORIZON]
        mean, low, high = with_bands(counts[:, :o], HORIZON)
        assert low is not None and high is not None
        rows.append((np.abs(real - mean).mean(), ((real >= low) & (real <= high)).mean(), (high - low).mean()))
    mae, cover, width = np.mean(rows, axis=0)
    return float(mae), float(cover), float(width), time.process_time() - since


def worst(counts: Array) -> str:
    said = []
    for o in REPORT:
        _mean, low, high = with_bands(counts[:, :o], HORIZON)
        real = counts[:, o : o + HORIZON]
        said.append(f"{((real >= low) & (real <= high)).mean():.2f}")
    return ", ".join(said)


def main() -> None:
    file = Path(os.environ.get("LEYE_SHARED", "../shared")) / "data" / "match" / "jobsdf_r0.parquet"
    if not file.exists():
        sys.exit(f"{file} is not there: set LEYE_SHARED")
    frame = pl.read_parquet(file)
    counts = frame.select(frame.columns[2:]).to_numpy().astype(np.float64)
    lines = [HEAD, f"## Report: origins after months {REPORT.start}–{REPORT.stop - 1}", "", *table(counts, REPORT), "",
    f"Share inside by origin: {worst(counts)}.",
             "", f"## Development: origins after months {DEVELOPMENT.start}–{DEVELOPMENT.stop - 1}", "", *table(counts, DEVELOPMENT), "",
             f"Data (sha256): {file.name} `{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}…`"]  # fmt: skip
    text = "\n".join(lines) + "\n"
    (Path(__file__).parent / "README.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
