"""The nightly step of matches (岗位推荐) on a city of 20,000 residents, in a process of its own, part by part.

python bench/match_nightly/run.py [--repeat 3] [--people 20000] [--data FOLDER] [--keep]   (writes README.md beside itself unless --keep)
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEYE = [sys.executable, "-c", "from leye.cli import main; main()"]
GOAL_CPU_S = 8.0
"""Goal of the step at 20,000 residents, without the start of a process."""
PARTS = {
    "people": "people as the step sees them",
    "jobs": "open jobs, each ad parsed",
    "lists": "lists with their reasons",
    "audit": "audit: rates, flips, probe",
}


def one_night(data: Path) -> dict[str, Any]:
    """CPU seconds of each part of the step on a folder, and how much it matched."""
    os.environ |= {"LEYE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "leye.office.settings"}
    import django

    django.setup()
    import polars as pl

    from leye.office.matches.auditing import audit_tables
    from leye.office.matches.people import people_frame
    from leye.office.nightly.matches_step import jobs_frame, matched

    told: dict[str, Any] = {"setup": time.process_time()}

    def part(name: str, make: Callable[[], Any]) -> Any:
        began = time.process_time()
        made = make()
        told[name] = time.process_time() - began
        return made

    on = pl.read_parquet(data / "city" / "jobs.parquet")["posted_on"].max()
    people, jobs = part("people", lambda: people_frame(data, on)), part("jobs", lambda: jobs_frame(data, on))
    found = part("lists", lambda: matched(people, jobs, on))
    part("audit", lambda: audit_tables(data, people, jobs, found, on))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told | {"seekers": people.height, "open_jobs": jobs.height, "rows": found.height, "peak_mb": peak_mb}


def page(runs: list[dict[str, Any]], people: int) -> str:
    """The README of the runs."""
    first = runs[0]
    head = [
        "# The nightly step of matches", "",
        f"`leye bench match_nightly`, {datetime.now(UTC).date()}, Python {platform.python_version()}; {len(runs)} runs in fresh processes, seed 7.",
        f"{people:,} residents: {first['seekers']} seekers × {first['open_jobs']} open jobs, {first['rows']:,} rows with reasons.", "",
        "| CPU s | median | lowest–highest |", "|---|---|---|",
    ]  # fmt: skip
    lines = [_row(text, [r[name] for r in runs]) for name, text in PARTS.items()]
    lines.append(_row("**all of them**", [sum(r[name] for name in PARTS) for r in runs]))
    lines.append(_row("start of a process of its own (Django, polars)", [r["setup"] for r in runs]))
    foot = [
        "", f"Goal {GOAL_CPU_S:.0f} s for all of them. Peak {max(r['peak_mb'] for r in runs):.0f} MB. CPU, not wall: the machine was shared.",
        "No peer makes such a table every night; `bench/match_rank` holds the ranking itself against others.", "",
    ]  # fmt: skip
    return "\n".join([*head, *lines, *foot])


def _row(name: str, seconds: list[float]) -> str:
    return f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f}–{max(seconds):.2f} |"


def main() -> None:
    """Run all, print the table, write the README."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--data", type=Path, help="a folder that `leye demo` made; else one is made")
    options.add_argument("--keep", action="store_true")
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one is not None:
        print(json.dumps(one_night(asked.one)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = asked.data or Path(made) / "city"
        if asked.data is None:
            subprocess.run([*LEYE, "demo", "--people", str(asked.people), "--seed", "7", "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, __file__, "--one", str(folder)]
        runs = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(asked.repeat)]
    text = page(runs, asked.people)
    print(text)
    if not asked.keep:
        (HERE / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
