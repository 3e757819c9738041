"""Ranking in made-up markets with known chances: how good the first ten are, and how long a vacancy waits. `leye bench match_worlds`."""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from bm25 import scores
from filling import waiting
from world import ON, Floats, World, world

from leye.match.ranking import rank

DEVELOPMENT, REPORT = (0, 1, 2), (101, 102, 103, 104, 105)
"""Seeds on which weights were looked at, and seeds that nothing was chosen on."""
TOP = 20
SHORT, TIGHT = (200, 2_000), (600, 400)
"""People and vacancies of the markets in which filling is watched; lists are as long as the board there."""
Lists = list[list[int]]


def by_score(score: Floats, top: int = TOP) -> Lists:
    """The best `top` of each person; those of no score at all are left out."""
    order = np.argsort(-score, axis=1, kind="stable")[:, :top]
    return [[int(j) for j in row if score[i, j] > 0] for i, row in enumerate(order)]


def newest_first(made: World, top: int = TOP) -> Lists:
    """What a board with filters shows: everything that passes, the newest first."""
    age = np.array([(ON - day).days for day in made.jobs["posted_on"]])
    return by_score(made.open * (100.0 - age), top)


def leye(made: World, top: int = TOP) -> Lists:
    found = rank(made.people, made.jobs, on=ON, top=top)
    lists: Lists = [[] for _ in range(made.people.height)]
    for person, job in found.select("person_id", "job_id").iter_rows():
        lists[int(person[1:])].append(int(job[1:]))
    return lists


WAYS: tuple[tuple[str, Callable[[World, int], Lists]], ...] = (
    ("filters alone, newest first", newest_first),
    ("BM25 on character bigrams alone", lambda m, top: by_score(scores(m.people, m.jobs), top)),
    ("filters + BM25", lambda m, top: by_score(np.where(m.open, scores(m.people, m.jobs) + 1e-6, 0.0), top)),
    ("filters + the true chance of the person's side alone", lambda m, top: by_score(m.wants * m.open, top)),
    ("**Leye, two-sided**", leye),
    ("ceiling: the true mutual chance", lambda m, top: by_score(m.mutual, top)),
)


def ndcg(mutual: Floats, lists: Lists, k: int = 10) -> float:
    """Mean NDCG@k with the true mutual chance as gain (Järvelin & Kekäläinen 2002, ACM TOIS 20:422)."""
    discount = 1 / np.log2(np.arange(2, k + 2))
    found = []
    for own, chosen in zip(mutual, lists, strict=True):
        best = np.sort(own)[::-1][:k]
        gains = own[chosen[:k]]
        found.append(float(gains @ discount[: gains.size]) / float(best @ discount[: best.size]))
    return statistics.mean(found)


def rows(seeds: tuple[int, ...]) -> list[str]:
    worlds = [world(s) for s in seeds]
    lines = []
    for name, way in WAYS:
        began = time.process_time()
        lists = [way(w, TOP) for w in worlds]
        cpu = (time.process_time() - began) / len(seeds)
        quality = [ndcg(w.mutual, found) for w, found in zip(worlds, lists, strict=True)]
        broken = sum(not w.open[i, j] for w, found in zip(worlds, lists, strict=True) for i, chosen in enumerate(found) for j in chosen)
        lines.append(f"| {name} | {statistics.mean(quality):.3f} ({min(quality):.3f}–{max(quality):.3f}) | {broken} | {cpu:.1f} |")
    return lines


def waits(seeds: tuple[int, ...], people: int, jobs: int) -> list[str]:
    worlds = [world(s, people, jobs) for s in seeds]
    lines, first = [], (0.0, 0.0)
    for name, way in WAYS:
        found = [waiting(w, way(w, jobs), seed) for w, seed in zip(worlds, seeds, strict=True)]
        taken, every = (statistics.mean(f[k] for f in found) for k in (0, 1))
        first = first if any(first) else (taken, every)
        lines.append(f"| {name} | {taken:.1f} | {1 - taken / first[0]:.0%} | {every:.1f} | {1 - every / first[1]:.0%} |")
    return lines


def main() -> None:
    quality = ["| way | NDCG@10 of the true mutual chance, mean (range) | broken conditions in lists | CPU s a world |", "|---|---|---|---|"]
    filling = [
        "| way | days until a place is filled, over seekers | shorter than filters alone | days until filled, over all vacancies | shorter |",
        "|---|---|---|---|---|",
    ]
    text = f"""# Two-sided ranking where the truth is known

{datetime.now(UTC):%Y-%m-%d} · `leye bench match_worlds` · worlds of 200 people and 2,000 adverts by `world.py` · all ways in the same run

Report seeds {", ".join(map(str, REPORT))} (nothing was chosen on them):

{chr(10).join([*quality, *rows(REPORT)])}

Seeds {", ".join(map(str, DEVELOPMENT))}, on which weights were looked at:

{chr(10).join([*quality, *rows(DEVELOPMENT)])}

How long places wait, report seeds. Every seeker follows up one advert a day in the order of the list; whoever or whatever waits 60 days counts as 60.

Labour is short ({SHORT[0]} people, {SHORT[1]:,} vacancies):

{chr(10).join([*filling, *waits(REPORT, *SHORT)])}

Vacancies are short ({TIGHT[0]} people, {TIGHT[1]} vacancies); people then meet at the same posts, whatever the order, and `leye match allocate`
is the tool:

{chr(10).join([*filling, *waits(REPORT, *TIGHT)])}

True chances saturate, multiply and hold luck of each pair that no column tells; a quarter of a person's skills is not in the profile. The worlds are
ours: they show that the two sides, the conditions and the skills are put together soundly, not what a real city will gain.
"""
    (HERE / "README.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
