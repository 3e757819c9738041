"""The ranking's speed, recall and memory; beside it what night.py, peer_faiss.py and peer_postgres.py wrote.

The peers need requirements.txt in an environment of their own.

python bench/match_rank/run.py [--people 1000] [--jobs 200000] [--big 1000000] [--seekers 1000]   (writes README.md beside itself)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
import polars as pl
import tables

from leye.match.ranking import read_jobs, read_people
from leye.match.ranking.exposure import exposure, fair_lists
from leye.match.ranking.lists import POOL, _scan
from leye.match.ranking.profile import Profile
from leye.match.ranking.told_skills import told_skills

SEED = 20251129
REPEATS = 3
"""Questions of one person, of which the median counts: on a shared machine a single one measures the neighbours."""


def cold(folder: Path, people: int, jobs: int) -> list[str]:
    """The command from a cold start, in a process of its own."""
    tables.people(people, SEED).write_parquet(folder / "p.parquet")
    tables.jobs(jobs, SEED + 1).write_parquet(folder / "j.parquet")
    words = [sys.executable, "-m", "leye", "match", "rank", str(folder / "p.parquet"), str(folder / "j.parquet"), "--on", str(tables.ON)]
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*words, "--out", str(folder / "m.parquet"), "--json"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rows = len(pl.read_parquet(folder / "m.parquet"))
    what = f"`leye match rank`, {people:,} people × {jobs:,} posts, cold start, with reasons"
    return [f"| {what} | {cpu:.1f} | {wall:.1f} | {after.ru_maxrss / 1024:,.0f} | {rows:,} rows |"]


def warm(people: int, jobs: int) -> tuple[list[str], list[str]]:
    """One person at a time over a large board; every list held against the scan that leaves nothing out."""
    persons = [Profile(row, tables.ON) for row in read_people(tables.people(people, SEED + 2)).iter_rows(named=True)]
    board_jobs = read_jobs(tables.jobs(jobs, SEED + 3))
    made = time.process_time()
    scan = _scan(board_jobs, persons, tables.ON)
    built = time.process_time() - made
    told = told_skills(persons, scan.board.skills.ids)
    waits, found = [], []
    for person, words in zip(persons, told, strict=True):
        tries = []
        for _ in range(REPEATS):
            at = time.process_time()
            list_ = scan.best(person, words, 20)
            tries.append((time.process_time() - at) * 1000)
        found.append(list_)
        waits.append(sorted(tries)[REPEATS // 2])
    some = range(0, people, max(people // 60, 1))
    same = [bool(np.array_equal(scan.best(persons[k], told[k], 20, exact=True).rows, found[k].rows)) for k in some]
    p50, p95 = np.percentile(waits, [50, 95])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"top 20 of {jobs:,} posts, one person at a time ({people} people, median of {REPEATS} each)"
    recall = f"recall {np.mean(same):.3f} of {len(same)} lists against every passing pair"
    line = f"| {what} | p50 {p50:.1f} ms, p95 {p95:.1f} ms | board {built:.0f} s | {peak:,.0f} | {recall} |"
    night = 100_000 * float(np.mean(waits)) / 1000
    told_ = [
        line,
        *by_moving(persons, waits),
        f"| 100,000 people × {jobs:,} posts, scan alone, extrapolated from these people | {night:,.0f} | | | |",
    ]
    return told_, fairness(scan, persons, told)


def by_moving(persons: list[Profile], waits: list[float]) -> list[str]:
    """The same waits for people ready to move, whose blocks are the whole country, and for the others."""
    lines = []
    for what, moves in (("ready to move", True), ("the others", False)):
        some = [w for p, w in zip(persons, waits, strict=True) if (p.row["relocate"] is True) == moves]
        if some:
            p50, p95 = np.percentile(some, [50, 95])
            lines.append(f"| of these, {what} ({len(some)} people) | p50 {p50:.1f} ms, p95 {p95:.1f} ms | | | |")
    return lines


def fairness(scan, persons, told) -> list[str]:
    pools = [scan.best(p, t, 20 * POOL) for p, t in zip(persons, told, strict=True)]
    before = [type(p)(p.rows[:20], p.person[:20], p.employer[:20], p.score[:20]) for p in pools]
    after = fair_lists(pools, scan.board.jobs["headcount"].to_numpy(), 20)
    seen = np.unique(np.concatenate([p.rows for p in pools]))
    lines = ["| lists | unseen posts | views of the top tenth | Gini | mean score |", "|---|---|---|---|---|"]
    for name, lists in (("by score", before), ("--fair-exposure", after)):
        placed = [type(f)(np.searchsorted(seen, f.rows), f.person, f.employer, f.score) for f in lists]
        e = exposure(placed, len(seen))
        mean = np.concatenate([f.score for f in lists]).mean()
        lines.append(f"| {name} | {e['unseen']:.3f} | {e['top_tenth']:.3f} | {e['gini']:.3f} | {mean:.4f} |")
    return [f"Of {len(seen):,} posts that stand in somebody's first {20 * POOL}.", "", *lines]


def beside(name: str, script: str) -> list[str]:
    """Rows that another script wrote; a line that says so where it was not run."""
    rows = Path(__file__).parent / f"{name}.json"
    if not rows.exists():
        return [f"| {name}: not run here (`{script}`) | | | | |"]
    return [str(row) for row in json.loads(rows.read_text(encoding="utf-8"))["rows"]]


def main() -> None:
    options = argparse.ArgumentParser()
    for name, n in (("people", 1000), ("jobs", 200_000), ("big", 1_000_000), ("seekers", 1000)):
        options.add_argument(f"--{name}", type=int, default=n)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        first = cold(Path(made), asked.people, asked.jobs)
        print(*first, sep="\n", flush=True)
        digest = hashlib.sha256((Path(made) / "j.parquet").read_bytes()).hexdigest()
    second, fair = warm(asked.seekers, asked.big)
    print(*second, *fair, sep="\n", flush=True)
    scripts = {"night": "night.py", "faiss": "peer_faiss.py", "postgres": "peer_postgres.py"}
    peer = [row for name, script in scripts.items() for row in beside(name, script)]
    text = "\n".join([
        "# Two-sided ranking: speed, recall, exposure", "",
        f"Command: `leye bench match_rank` ({datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores shared with other work",
        f"at a load of {os.getloadavg()[0]:.0f}: read CPU seconds). Rows of the night and of peers come from scripts of their own, run before.",
        "Posts in 330 cities of unequal size, one cell in ten unknown, three people in a hundred ready to move, one post in",
            "a hundred remote (`tables.py`, seeded;",
        f"table of posts sha256 `{digest[:16]}…`). One thread of Python and numpy; posts in order of place and occupation, and posts by skill.", "",
        "| what | CPU s | wall s | peak MiB | result |", "|---|---|---|---|---|", *first, *second, *peer, "",
        "## Exposure", "", *fair, "",
    ])  # fmt: skip
    (Path(__file__).parent / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
