"""A whole night for real: 100,000 people × 1,000,000 posts with reasons, in two processes of half the people each. Takes some ten minutes.

python bench/match_rank/night.py [--people 100000] [--jobs 1000000]   (writes night.json, which run.py puts into README.md)
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import tables

HALVES = 2


def main() -> None:
    options = argparse.ArgumentParser()
    for name, n in (("people", 100_000), ("jobs", 1_000_000)):
        options.add_argument(f"--{name}", type=int, default=n)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, part = Path(made), asked.people // HALVES
        people = tables.people(asked.people, 41)
        tables.jobs(asked.jobs, 42).write_parquet(folder / "j.parquet")
        started, wall = [], time.perf_counter()
        for k in range(HALVES):
            people[k * part : (k + 1) * part].write_parquet(folder / f"p{k}.parquet")
            words = ["match", "rank", str(folder / f"p{k}.parquet"), str(folder / "j.parquet"), "--on", str(tables.ON)]
            words += ["--out", str(folder / f"m{k}.parquet"), "--json"]
            command = [sys.executable, "-m", "leye", *words]
            started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        used = [os.wait4(process.pid, 0) for process in started]
        wall = time.perf_counter() - wall
    if any(status for _pid, status, _usage in used):
        raise SystemExit("a half failed")
    cpu = sum(usage.ru_utime + usage.ru_stime for _pid, _status, usage in used)
    peak = max(usage.ru_maxrss for _pid, _status, usage in used) / 1024
    what = f"`leye match rank`, {asked.people:,} people × {asked.jobs:,} posts with reasons, {HALVES} processes of half the people each"
    row = f"| {what} | {cpu:,.0f} | {wall:,.0f} | {peak:,.0f} a process | {part * HALVES * 20:,} rows |"
    (Path(__file__).parent / "night.json").write_text(json.dumps({"rows": [row]}, ensure_ascii=False) + "\n", encoding="utf-8")
    print(row)


if __name__ == "__main__":
    main()
