"""Outcomes of showings drawn from planted weights: random tables of people and posts, events over a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from leye.match.learning.asof import Versions
from leye.match.learning.contributions import GROUPS, Pairs, contributions, pairs_of
from leye.match.learning.events import EVENTS
from leye.match.learning.pack import hand_pack
from tests_support.ranking_world import world

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
DAYS, SHOWN = 330, 14
PLANTED: dict[str, dict[str, float]] = {
    "person": {"target_codes": 0.1, "pay": 0.2, "location": 2.0, "needs": 2.5, "cities": 0.0},
    "employer": {"skills": 0.4, "skill_levels": 0.3, "education": 2.5, "certificates": 0.2, "relevant_years": 1.8},
}
"""Scales by group; the others are 1."""
BASE = {"person": 0.3, "employer": -0.2}


def planted(side: str) -> np.ndarray[Any, Any]:
    return np.array([PLANTED[side].get(g.name, 1.0) for g in GROUPS[side]])


def tables(people: int, jobs: int, seed: int = 5) -> tuple[pl.DataFrame, pl.DataFrame]:
    """People and posts with few unknown cells; adverts without dates, for showings are spread over a year."""
    persons, posts = world(people, jobs, seed=seed, gaps=0.1)
    return persons, posts.drop("posted_on", "closes_on", "start_by")


def showings(people: pl.DataFrame, jobs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Every person is shown SHOWN posts within a month."""
    dice = np.random.default_rng(seed)
    rows = []
    for person in people["person_id"]:
        begins = dice.uniform(0, DAYS - 30)
        for job in dice.choice(jobs["job_id"].to_numpy(), SHOWN, replace=False):
            rows.append((person, str(job), FIRST + timedelta(days=float(begins + dice.uniform(0, 30)))))
    return pl.DataFrame(rows, schema=["person_id", "job_id", "shown_at"], orient="row").cast({"shown_at": EVENTS["shown_at"]})


def read(events: pl.DataFrame, people: pl.DataFrame, jobs: pl.DataFrame) -> Pairs:
    return pairs_of(events, Versions(people, "person_id", "people"), Versions(jobs, "job_id", "jobs"))


def answered(events: pl.DataFrame, pairs: Pairs, seed: int) -> pl.DataFrame:
    """EVENTS: applications two days after the showing, hires ten days after."""
    dice = np.random.default_rng(seed)
    yes = {
        side: dice.random(len(events)) < 1 / (1 + np.exp(-(BASE[side] + contributions(pairs, side) @ planted(side))))
        for side in ("person", "employer")
    }
    applied, hired = pl.Series(yes["person"]), pl.Series(yes["person"] & yes["employer"])
    none = pl.lit(None, dtype=EVENTS["shown_at"])
    return events.with_columns(
        pl.when(applied).then(pl.col("shown_at") + timedelta(days=2)).otherwise(none).alias("applied_at"), none.alias("answered_at"),
        pl.when(hired).then(pl.col("shown_at") + timedelta(days=10)).otherwise(none).alias("hired_at"), none.alias("left_at"),
    ).select(list(EVENTS))  # fmt: skip


@cache
def town() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """events, people, jobs: just large enough for three slices. Made once a test process."""
    people, jobs = tables(600, 150)
    shown = showings(people, jobs, seed=1)
    return answered(shown, read(shown, people, jobs), seed=2), people, jobs


def hand_base(side: str) -> float:
    return float(hand_pack()[side]["base"])
