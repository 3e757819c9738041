"""Weights learned from outcomes that are drawn from the true chances of made-up markets. `python bench/match_worlds/learning.py` prints the tables.

Fitted on the markets 0, 1 and 2, reported on 101 and 102 against the true chances of every open pair, which no learner sees.
"""

# ruff: noqa: E402  the number of threads must be set before numpy loads
from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run import by_score, ndcg
from world import ON, World, world

from leye.match.learning import learn
from leye.match.learning.contributions import Pairs, chances
from leye.match.learning.events import EVENTS
from leye.match.learning.pack import Pack, hand_pack
from leye.match.ranking.profile import Advert, Profile
from leye.match.ranking.tables import read_jobs, read_people
from leye.match.ranking.weights import made_weights

FIT, REPORT = (0, 1, 2), (101, 102)
PEOPLE, JOBS, SHOWN, SPELL_DAYS = 1_500, 2_000, 20, 30
FIRST, DAYS, UNTIL = datetime(2024, 9, 1, tzinfo=UTC), 355, date(2025, 10, 10)
Tables = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def undated(jobs: pl.DataFrame) -> pl.DataFrame:
    """Showings are spread over a year and the adverts of a market over a month: freshness and end are left out, on both sides of the comparison."""
    return jobs.drop("posted_on", "closes_on")


def outcomes(made: World, seed: int) -> Tables:
    """Every person looks for SPELL_DAYS from any day of the year on and is shown SHOWN open posts by chance; both answers are drawn from the true
    chances."""
    dice = np.random.default_rng(1_000 + seed)
    rows: list[tuple[Any, ...]] = []
    for person, open_ in enumerate(made.open):
        begins = FIRST + timedelta(days=float(dice.uniform(0, DAYS - SPELL_DAYS)))
        for job in dice.permutation(np.flatnonzero(open_))[:SHOWN].tolist():
            shown = begins + timedelta(days=float(dice.uniform(0, SPELL_DAYS)))
            applies = dice.random() < made.wants[person, job]
            hired = applies and dice.random() < made.hires[person, job]
            rows.append((
                f"{seed}-P{person:08d}", f"{seed}-J{job:08d}", shown, shown + timedelta(days=2) if applies else None,
                shown + timedelta(days=9) if applies else None, shown + timedelta(days=10) if hired else None, None,
            ))  # fmt: skip
    people, jobs = (t.with_columns((f"{seed}-" + pl.col(key)).alias(key)) for t, key in ((made.people, "person_id"), (undated(made.jobs), "job_id")))
    return pl.DataFrame(rows, schema=EVENTS, orient="row"), people, jobs


def scored(made: World, packs: dict[str, Pack]) -> dict[str, float]:
    """NDCG@10 of the true mutual chance under each pack, over every open pair."""
    rows, columns = np.nonzero(made.open)
    people = [Profile(r, ON) for r in read_people(made.people).iter_rows(named=True)]
    jobs = [Advert(r) for r in read_jobs(undated(made.jobs)).iter_rows(named=True)]
    pairs = Pairs(np.arange(len(rows)), [people[i] for i in rows], [jobs[j] for j in columns], 0)
    found = {}
    for name, pack in packs.items():
        score = np.zeros(made.open.shape)
        p, e = chances(pairs, made_weights(pack | {"verdict": {"holds": True}}, name))
        score[rows, columns] = p * e
        found[name] = ndcg(made.mutual, by_score(score))
    return found


def main() -> None:
    parts = [outcomes(world(s, PEOPLE, JOBS), s) for s in FIT]
    events, people, jobs = (pl.concat([p[k] for p in parts]) for k in range(3))
    sex = pl.Series("sex", np.random.default_rng(7).choice(["f", "m"], people.height))  # drawn by lot: an audit that must find nothing
    began = time.process_time()
    made = learn(events, people, jobs, until=UNTIL, groups=people.select("person_id").with_columns(sex))
    cpu_s = time.process_time() - began
    read = made.pack["learned"]
    print(f"{events.height:,} showings, {cpu_s:.1f} CPU s\n\n| slice | shown | applied | accepted |\n|---|---|---|---|")
    for name, n in read["rows"].items():
        print(f"| {name} | {n['shown']:,} | {n['applied']:,} | {n['accepted']:,} |")
    print("\n| gate | figure | limit | holds |\n|---|---|---|---|")
    for g in made.verdict.gates:
        print(f"| {g.name} | {'–' if g.figure is None else f'{g.figure:.4f}'} | at {g.at} {g.limit:g} | {'yes' if g.holds else 'no'} |")
    print(f"\nbefore and after on the judging slice: {read['before_and_after']}\nscales: {read['scales']}")
    print("\n| market | hand | learned |\n|---|---|---|")
    for seed in REPORT:
        found = scored(world(seed), {"hand": hand_pack(), "learned": made.pack})
        print(f"| {seed} | {found['hand']:.4f} | {found['learned']:.4f} |")


if __name__ == "__main__":
    main()
