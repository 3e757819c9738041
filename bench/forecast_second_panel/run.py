"""Leye's default forecast against statsforecast's models on 107 US macro series, adjusted for the season. `leye bench forecast_second_panel`.

No hierarchy, 1959 to each origin, seen alike by all. The peers are told that there is no season (season_length 1), which is the better setting
for adjusted series; Leye is told nothing. What the peers gave is kept in bench/.cache by data hash and version; `--fresh` measures it again.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import gzip
import hashlib
import importlib.metadata as metadata
import importlib.util
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
FILE = SHARED / "data" / "forecast" / "fred_md" / "fred_md_to_2012.csv.gz"


def load(name: str, file: Path) -> ModuleType:
    """A module by its path (a bench folder is not a package)."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def read_panel(first: date, last: date) -> pl.DataFrame:
    """`unique_id, ds, y` of the series that are there and positive in every month; the file's second line holds transformation codes."""
    raw = pl.read_csv(gzip.decompress(FILE.read_bytes()), infer_schema_length=10_000)[1:]
    days = pl.Series("ds", [date(int(y), int(m), 1) for m, _, y in (text.split("/") for text in raw["sasdate"].to_list())])
    table = raw.drop("sasdate").cast(pl.Float64).with_columns(days).filter(pl.col("ds").is_between(first, last))
    whole = sorted(c for c in table.columns if c != "ds" and table[c].null_count() == 0 and bool((table[c] > 0).all()))
    return table.select("ds", *whole).unpivot(index="ds", variable_name="unique_id", value_name="y")


def main(*, which: str = "report", fresh: bool = False) -> None:
    """Print the table; with the report origins write README.md too."""
    fixed = load("second_panel_origins", HERE / "origins.py")
    us = load("us_employment_run", HERE.parent / "forecast_us_employment" / "run.py")
    peers = us.beside("peers")
    panel = read_panel(fixed.FIRST, fixed.LAST)
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    days = fixed.REPORT if which == "report" else fixed.DEVELOPMENT
    y, dates = us.wide(panel)
    ends = [dates.index(d) for d in days]
    theirs = {n: peers.measure(n, y, days, ends, season=1, horizon=fixed.HORIZON, digest=digest, fresh=fresh) for n in peers.QUICK}
    us.leye_forecast(panel.filter(pl.col("ds") <= date(1970, 1, 1)), None, fixed.HORIZON, None)
    rows = []
    for origin in days:
        sys.stderr.write(f"leye {origin}\n")
        start = time.process_time()
        ours = us.leye_forecast(panel.filter(pl.col("ds") <= origin), None, fixed.HORIZON, None)
        cpu = time.process_time() - start
        truth, scale = us.truth_and_scale(panel, origin, fixed.HORIZON)
        others = {n: us.score(m[origin].bands, truth, scale, 0) for n, m in theirs.items()}
        rows.append((origin, us.score(ours, truth, scale, 0), cpu, others))
    costs = {n: (sum(m[d].cpu_s for d in days), max(m[d].day for d in days)) for n, m in theirs.items()}
    text = report(rows, fixed.TURNS, digest, which, costs, len(y))
    print(text)
    if which == "report":
        (HERE / "README.md").write_text(text, encoding="utf-8")


def report(rows: list, turns: frozenset[date], digest: str, which: str, costs: dict, count: int) -> str:
    """The README, from the measured rows alone."""
    keys = ("mase", "near", "smape", "winkler80", "winkler95", "cover80", "cover95")
    ours = {k: float(np.mean([r[1][k] for r in rows])) for k in keys}
    means = {n: {k: float(np.mean([r[3][n][k] for r in rows])) for k in keys} for n in costs}
    best = min(means, key=lambda n: means[n]["mase"])
    ratio = ours["mase"] / means[best]["mase"]
    calm = [r[1] for r in rows if r[0] not in turns]
    lines = [
        f"# Forecasts of {count} adjusted US macro series, 12 months ahead",
        "",
        "FRED-MD to 2012: output, labour, housing, orders, money, prices, rates. Origins and series were fixed and committed before the first run",
        f"(`origins.py`); {'these are the report origins' if which == 'report' else 'THESE ARE THE DEVELOPMENT ORIGINS'}.",
        "The report table has been seen before: with seasonal forms (.579, .996 of AutoETS), and with these left out, before the factor and the",
        "learned pooling came (.578, .995; interval score 1.05 of AutoETS), and before the robust form's clip grew with the lag (.554, .954; 1.01).",
        "Each change was decided on the development origins alone, the clip and the intervals on `EARLY` too.",
        "",
        f"**MASE {ours['mase']:.3f} against {means[best]['mase']:.3f} of {best}, the best single model: {ratio:.3f}** (goal .95). "
        "Interval score of 80 %: "
        f"{ours['winkler80'] / means['AutoETS']['winkler80']:.3f} of AutoETS (goal .95).",
        "",
        "| model | MASE | Leye's over it | months 1–3 | sMAPE % | 80 % covers | 95 % | interval score 80 | CPU s |",
        "|---|---|---|---|---|---|---|---|---|",
        _line("Leye", ours, None, sum(r[2] for r in rows)),
        *(_line(n, means[n], ours["mase"], costs[n][0]) for n in costs),
        "",
        "| origin | Leye | " + " | ".join(costs) + " | our 80 % covers | 95 % | our score 80 | AutoETS |",
        "|---|---|" + "---|" * (len(costs) + 4),
        *(
            f"| {d:%Y-%m}{' (turn)' if d in turns else ''} | {a['mase']:.3f} | "
            + " | ".join(f"{o[n]['mase']:.3f}" for n in costs)
            + f" | {a['cover80']:.2f} | {a['cover95']:.2f} | {a['winkler80']:.2f} | {o['AutoETS']['winkler80']:.2f} |"
            for d, a, _, o in rows
        ),
        "",
        f"Over the {len(calm)} calm origins our 80 % intervals cover {np.mean([c['cover80'] for c in calm]):.3f} and our 95 % ones "
        f"{np.mean([c['cover95'] for c in calm]):.3f}. MASE: scale is the seasonal-naive error (12 months) of the last 180 months before the origin.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} with `leye bench forecast_second_panel`, one thread, Python {platform.python_version()}, "
        f"numpy {metadata.version('numpy')}, statsforecast {metadata.version('statsforecast')} (peers: {min(day for _, day in costs.values())} on "
        f"the same machine). Data: `fred_md/fred_md_to_2012.csv.gz`, sha256 {digest[:16]}….",
        "",
    ]
    return "\n".join(lines)


def _line(name: str, mean: dict[str, float], ours: float | None, cpu: float) -> str:
    over = "" if ours is None else f"{ours / mean['mase']:.2f}"
    keys = ("cover80", "cover95", "winkler80")
    bands = [f"{mean[k]:.3f}" for k in keys] if np.isfinite(mean["winkler80"]) else ["–"] * 3  # MFLES gives no intervals
    return "| " + " | ".join([name, f"{mean['mase']:.3f}", over, f"{mean['near']:.3f}", f"{mean['smape']:.2f}", *bands, f"{cpu:.1f}"]) + " |"


if __name__ == "__main__":
    main(which="development" if "--development" in sys.argv else "report", fresh="--fresh" in sys.argv)
