"""10,000 people, 1,200 posts with capacities: the largest sum, deferred acceptance, and the way between. `leye bench match_allocate`."""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from leye.match.allocation import Edges, allocate
from leye.match.allocation.allocate import Allocation
from leye.match.allocation.wishes import Wishes

HERE = Path(__file__).resolve().parent
TUNED, REPORT = (0, 1, 2), (10, 11, 12, 13, 14)
"""Seeds that the step of the balanced mode was chosen on, and seeds that nothing was chosen on."""
PEOPLE, JOBS, EACH, MOST_PLACES = 10_000, 1_200, 30, 11
RUNS = 3


def fair(seed: int) -> Edges:
    """A made-up job fair: trades, distance and quality are shared, so wishes collide; each person has the 30 posts of highest joint chance."""
    dice = np.random.default_rng(seed)
    capacity = dice.integers(1, MOST_PLACES + 1, JOBS)
    quality, skill = dice.normal(0, 0.7, JOBS), dice.normal(0, 0.7, PEOPLE)
    home, site = dice.random((PEOPLE, 2)), dice.random((JOBS, 2))
    trades, wanted = dice.normal(size=(PEOPLE, 4)), dice.normal(size=(JOBS, 4))
    job, p_person, p_employer = [], [], []
    for i in range(PEOPLE):
        fit = wanted @ trades[i] / 2
        liked = 1 + quality + 0.8 * fit - 2 * np.hypot(*(site - home[i]).T) + dice.normal(0, 0.5, JOBS)
        suited = 1 + skill[i] + fit + dice.normal(0, 0.5, JOBS)
        a, b = 1 / (1 + np.exp(-liked)), 1 / (1 + np.exp(-suited))
        top = np.sort(np.argpartition(-a * b, EACH)[:EACH])
        job.append(top), p_person.append(a[top]), p_employer.append(b[top])
    people, jobs = tuple(f"P{i:08d}" for i in range(PEOPLE)), tuple(f"J{k:08d}" for k in range(JOBS))
    person = np.repeat(np.arange(PEOPLE), EACH)
    return Edges(people, jobs, person, np.concatenate(job), np.concatenate(p_person), np.concatenate(p_employer), capacity)


def first_come(edges: Edges) -> Allocation:
    """The way of a queue: one person after the other takes the liked best of what is free."""
    left, chosen = edges.capacity.copy(), []
    for i in range(len(edges.people)):
        mine = np.arange(i * EACH, (i + 1) * EACH)
        free = mine[left[edges.job[mine]] > 0]
        if free.size:
            best = free[np.argmax(edges.p_person[free])]
            left[edges.job[best]] -= 1
            chosen.append(best)
    taken = np.array(chosen)
    return Allocation("first come", edges, taken, int(Wishes(edges).blocking(taken).sum()))


WAYS: tuple[tuple[str, Callable[[Edges], Allocation]], ...] = (
    ("first come, first served", first_come),
    ("Gale–Shapley with capacities (`stable`)", lambda e: allocate(e, "stable")),
    ("minimum-cost flow, OR-tools (`flow`)", lambda e: allocate(e, "flow")),
    ("**between the two (`balanced`)**", lambda e: allocate(e, "balanced")),
)


def timed(way: Callable[[Edges], Allocation], edges: Edges) -> tuple[Allocation, float]:
    seconds = []
    for _ in range(RUNS):
        began = time.process_time()
        found = way(edges)
        seconds.append(time.process_time() - began)
    return found, statistics.median(seconds)


def rows(seeds: tuple[int, ...]) -> list[str]:
    fairs = [fair(s) for s in seeds]
    best = [allocate(e, "flow").value for e in fairs]
    lines = []
    for name, way in WAYS:
        made = [timed(way, e) for e in fairs]
        share = [m.value / b for (m, _), b in zip(made, best, strict=True)]
        blocks = [m.blocking_per_1000 for m, _ in made]
        placed = statistics.mean(m.chosen.size / m.edges.capacity.sum() for m, _ in made)
        cpu = statistics.median(s for _, s in made)
        lines.append(
            f"| {name} | {statistics.mean(share):.4f} ({min(share):.4f}–{max(share):.4f}) | {statistics.mean(blocks):.1f} ({max(blocks):.1f}) "
            f"| {placed:.3f} | {cpu:.2f} |"
        )
    return lines


def main() -> None:
    head = [
        "| way | share of the best sum, mean (range) | blocking pairs per 1,000 edges, mean (most) | places filled | CPU s, median |",
        "|---|---|---|---|---|",
    ]
    text = f"""# Allocation: {PEOPLE:,} people, {JOBS:,} posts with 1 to {MOST_PLACES} places, {EACH} edges a person

{datetime.now(UTC):%Y-%m-%d} · `leye bench match_allocate` · fairs made by `run.py` · all ways in the same run, {RUNS} runs each, one thread

Report seeds {", ".join(map(str, REPORT))} (nothing was chosen on them):

{chr(10).join([*head, *rows(REPORT)])}

Seeds {", ".join(map(str, TUNED))}, on which the first step of the prices was chosen:

{chr(10).join([*head, *rows(TUNED)])}

The best sum leaves many pairs who would rather be together; the stable outcome has none and gives up some percent of the
sum. `balanced` puts prices on the conditions of stability and stops at the first outcome with at most ten blocking pairs
per 1,000 edges. Fairs are made up; real ones differ.
"""
    (HERE / "README.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
