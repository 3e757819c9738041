"""From nothing to the first page: `leye --help`, `leye up` on an empty folder, and the nightly on 20,000 residents.

python bench/start/run.py [--repeat 3] [--people 20000] [--keep]   (writes README.md beside itself unless --keep)
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
LEYE = [sys.executable, "-c", "from leye.cli import main; main()"]
PORT = 8971


def timed(command: list[str]) -> tuple[float, float, float]:
    """(wall s, user and system s, peak MB of the largest process) of one whole command."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, cpu, after.ru_maxrss / 1024


def first_page(people: int, folder: str) -> float:
    """Wall seconds from the start of `leye up --json` on an empty folder to the first page that answers 200."""
    began = time.perf_counter()
    command = [*LEYE, "up", "--json", "--port", str(PORT), "--people", str(people), "--seed", "7", "--data", folder]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        with urllib.request.urlopen(url + "/") as page:
            assert page.status == 200
        return time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def row(name: str, runs: list[float], unit: str, limit: str) -> str:
    """One line of the table: median and range."""
    return f"| {name} | {statistics.median(runs):.2f} {unit} | {min(runs):.2f}–{max(runs):.2f} | {limit} |"


def main() -> None:
    """Run all, print the table, write the README."""
    options = argparse.ArgumentParser()
    options.add_argument("--repeat", type=int, default=3)
    options.add_argument("--people", type=int, default=20_000)
    options.add_argument("--keep", action="store_true", help="leave README.md as it is")
    chosen = options.parse_args()
    lines = ["| what | median | lowest–highest | limit |", "|---|---|---|---|"]
    bare = [timed([sys.executable, "-c", "import typer"])[1] for _ in range(5)]
    lines += [row("`leye --help`, CPU", [timed([*LEYE, "--help"])[1] for _ in range(5)], "s", "0.3")]
    lines += [row("peer: a bare `import typer`, CPU", bare, "s", "–")]
    nights, ups = [], []
    for _ in range(chosen.repeat):
        with tempfile.TemporaryDirectory() as folder:
            ups.append(first_page(chosen.people, folder))
            nights.append(timed([*LEYE, "run", "nightly", "--data", folder, "--json"]))
    lines += [row(f"`leye up` on an empty folder to the first page, {chosen.people:,} residents, wall", ups, "s", "60")]
    lines += [row("`leye run nightly` on that folder, wall", [n[0] for n in nights], "s", "40")]
    lines += [row("the same, CPU", [n[1] for n in nights], "s", "–"), row("the same, peak", [n[2] for n in nights], "MB", "–")]
    date, python = f"{datetime.now(UTC):%Y-%m-%d}", platform.python_version()
    said = f"`leye bench start`, {date}, Python {python}, {os.cpu_count()} cores; {chosen.repeat} runs each, seed 7."
    note = (
        "Wall times move with the machine's load. No other product makes and watches such a city, so the only peer here is the bare start of the\n"
        "command line's own library."
    )
    text = "\n".join(["# From nothing to the first page", "", said, "", *lines, "", note, ""])
    print(text)
    if not chosen.keep:
        (HERE / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
