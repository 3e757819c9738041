"""The door to the matching room: people who look for work, ranked for one job, with reasons both sides may read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import polars as pl

from leye.match.columns import JOBS, PEOPLE
from leye.office.published import Snapshot


def seekers_of(snapshot: Snapshot, on: date) -> pl.DataFrame:
    """People who look for work as PEOPLE, with what they let matching use: the same table from which the night's lists are made."""
    from leye.office.matches.people import people_frame

    return people_frame(snapshot.lake.data, on).select(list(PEOPLE))


def ranked(people: pl.DataFrame, job: dict[str, Any], on: date, top: int) -> list[dict[str, Any]]:
    """At most `top` people who pass the hard conditions of a job, best first, as MATCHES with `reasons` read; nobody sees who did not pass."""
    from leye.match.ranking import rank_for_jobs

    jobs = pl.DataFrame([tuple(job.get(name) for name in JOBS)], schema=JOBS, orient="row")
    rows = rank_for_jobs(people, jobs, on=on, top=top).to_dicts() if people.height else []
    return [row | {"reasons": json.loads(row["reasons"])} for row in rows]


def sentences(reasons: dict[str, Any], lang: str) -> list[str]:
    """What an explanation says, in `zh` or `en`."""
    from leye.match.ranking import told

    return told(reasons, "en" if lang == "en" else "zh")


def excluded_by(people: pl.DataFrame, job: dict[str, Any], on: date) -> list[tuple[str, int]]:
    """(hard condition, people whom it excludes) of a job, the most excluding first; one person can stand under several."""
    from leye.match.ranking.gate import conditions
    from leye.match.ranking.profile import Advert, Profile
    from leye.match.ranking.tables import read_jobs, read_people

    advert = Advert(read_jobs(pl.DataFrame([tuple(job.get(n) for n in JOBS)], schema=JOBS, orient="row")).row(0, named=True))
    failed: Counter[str] = Counter()
    for row in read_people(people).iter_rows(named=True):
        failed.update(c.name for c in conditions(Profile(row, on), advert) if c.verdict == "fail")
    return sorted(failed.items(), key=lambda item: (-item[1], item[0]))
