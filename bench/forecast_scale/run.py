"""One forecast of very many monthly series, with intervals: CPU seconds, memory, and where they go. `leye bench forecast_scale`.

The series are drawn here from a seed (`series`), so nobody's data is needed and anybody gets the same. Each size runs in a process of its own, so
that its highest memory is its own; a CPU second is the process's, from a cold start, imports and the reading of the frame included.
AutoETS is measured on an even sample of the same series and multiplied up.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(_name, "1")

import importlib.metadata as metadata
import json
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
SEED, HORIZON, MONTHS = 7, 12, 120
SIZES = (20_000, 100_000)
PEER_SAMPLE = 40
GOAL_CPU_S, GOAL_GIB = 60.0, 3.0


def series(count: int) -> np.ndarray:
    """(count, MONTHS) counts: a level from 5 to 50 000, a shared and an own course, a season of its own strength, noise that grows as counts
    get small; one in ten begins late, one in fifty has zeros, one in a hundred ends, one in a hundred never changes, 1 in 20 lacks a month."""
    dice = np.random.default_rng(SEED)
    months = np.arange(MONTHS)
    level = np.exp(dice.uniform(np.log(5), np.log(50_000), count))[:, None]
    shared = np.cumsum(dice.normal(0, 0.004, MONTHS))
    own = np.cumsum(dice.normal(0, 0.01, (count, MONTHS)), axis=1)
    wave = np.cos(2 * np.pi * (months[None] / 12 + dice.random(count)[:, None])) * dice.choice([0.0, 0.03, 0.1, 0.25], count)[:, None]
    y = dice.poisson(level * np.exp(dice.uniform(0.3, 1.5, count)[:, None] * shared + own + wave)).astype(np.float64)
    kind = dice.random(count)
    start = dice.integers(12, 72, count)
    y[(kind < 0.10)[:, None] & (months[None] < start[:, None])] = np.nan
    y[((kind >= 0.10) & (kind < 0.12))[:, None] & (dice.random((count, MONTHS)) < 0.3)] = 0.0
    y[((kind >= 0.12) & (kind < 0.13))[:, None] & (months[None] > start[:, None])] = 0.0
    still = (kind >= 0.13) & (kind < 0.14)
    y[still] = np.round(level[still])
    holed = np.flatnonzero((kind >= 0.14) & (kind < 0.19))
    y[holed, dice.integers(0, MONTHS, len(holed))] = np.nan
    return y


def frame(y: np.ndarray) -> pl.DataFrame:
    """`unique_id, ds, y`, a missing month without a row."""
    days = pl.date_range(date(2015, 1, 1), date(2015 + MONTHS // 12, 1, 1), "1mo", eager=True, closed="left")
    ids = pl.Series([f"s{i:06d}" for i in range(len(y))])
    table = pl.DataFrame({"unique_id": ids.gather(np.repeat(np.arange(len(y)), MONTHS)), "ds": pl.concat([days] * len(y)), "y": y.ravel()})
    return table.filter(pl.col("y").is_not_nan())


def measure(count: int, file: Path) -> dict[str, float]:
    """In this process: read the frame, forecast, count. Peak memory is that of the whole process."""
    from leye.forecast import run

    panel = pl.read_parquet(file)
    start = time.perf_counter()
    made = run(panel, horizon=HORIZON, explain=False)
    wall = time.perf_counter() - start
    assert made.forecast.height == count * HORIZON and made.forecast["mean"].null_count() == 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    fell = made.models["fallback"].is_not_null().sum()
    return {"series": count, "cpu_s": used.ru_utime + used.ru_stime, "wall_s": wall, "gib": used.ru_maxrss / 2**20, "fallbacks": int(fell)}


def peer_seconds(y: np.ndarray) -> float:
    """CPU seconds of AutoETS with intervals for one series, mean over an even sample."""
    from statsforecast.models import AutoETS

    rows = [row[np.isfinite(row)] for row in y[:: len(y) // PEER_SAMPLE][:PEER_SAMPLE]]
    AutoETS(season_length=12).forecast(y=rows[0], h=HORIZON, level=[80, 95])
    start = time.process_time()
    for row in rows:
        try:
            AutoETS(season_length=12).forecast(y=np.ascontiguousarray(row), h=HORIZON, level=[80, 95])
        except Exception:
            sys.stderr.write("AutoETS raised on one series\n")
    return (time.process_time() - start) / len(rows)


def main() -> None:
    """Measure every size and write README.md from what was measured."""
    rows = []
    for count in SIZES:
        file = HERE.parent / ".cache" / f"scale-{count}.parquet"
        file.parent.mkdir(exist_ok=True)
        frame(series(count)).write_parquet(file)
        sys.stderr.write(f"{count} series\n")
        ran = subprocess.run([sys.executable, __file__, "--one", str(count), str(file)], check=True, stdout=subprocess.PIPE, text=True)
        rows.append(json.loads(ran.stdout))
        file.unlink()
    each = peer_seconds(series(SIZES[0]))
    text = report(rows, each)
    print(text)
    (HERE / "README.md").write_text(text, encoding="utf-8")


def report(rows: list[dict[str, float]], each: float) -> str:
    """The README, from the measured figures alone."""
    first = rows[0]
    met = "met" if first["cpu_s"] <= GOAL_CPU_S and first["gib"] <= GOAL_GIB else "NOT met"
    lines = [
        "# Forecasts of very many monthly series at once",
        "",
        f"`leye.forecast.run(…, explain=False)` on {MONTHS} months of counts, {HORIZON} months ahead, 80 and 95 % intervals from seven past origins,",
        f"no hierarchy. Goal for {SIZES[0]:,} series: {GOAL_CPU_S:.0f} CPU s and {GOAL_GIB:.0f} GiB: **{met}**.",
        "",
        "| series | CPU s, cold start | wall s | highest memory, GiB | ms a series | named fallbacks | AutoETS, CPU s (estimated) | ratio |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {r['series']:,} | {r['cpu_s']:.1f} | {r['wall_s']:.0f} | {r['gib']:.2f} | {1000 * r['cpu_s'] / r['series']:.2f} | {r['fallbacks']:,} "
            f"| {each * r['series']:,.0f} | 1/{each * r['series'] / r['cpu_s']:.0f} |"
            for r in rows
        ),
        "",
        f"AutoETS: {1000 * each:.0f} ms for one series, mean over {PEER_SAMPLE} of the same series, with intervals, on bare arrays.",
        "What limits: the lag regressions, each fitted at the origin and at every past origin (their inputs are 27 numbers a month and series, in",
        "single precision above 2 000 series); memory is held by the sums of the regressions, the shape of the season at twelve horizons and the",
        "errors at past origins. With explanations (`explain=True`) or a hierarchy the same panel needs more of both.",
        "Wall time was taken on a machine that other work shares.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} with `leye bench forecast_scale`, one thread, Python {platform.python_version()}, "
        f"numpy {metadata.version('numpy')}, statsforecast {metadata.version('statsforecast')}. Data: drawn in `run.py`, seed {SEED}.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(measure(int(sys.argv[-2]), Path(sys.argv[-1]))))
    else:
        main()
