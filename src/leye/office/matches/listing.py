"""The ranking itself, as the night does it for everybody and a person's own request for one: open jobs, people, the best of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings

from leye.match.columns import JOBS, MATCHES, PEOPLE

TOP = 20
"""Jobs a person. # chosen by us: a week of reading"""


def jobs_frame(data: Path, on: date) -> pl.DataFrame:
    """Open jobs without signs of fraud, in order of job_id. A job without coordinates keeps none: the middle of a district would make a distance of a
    person's reasons that nobody measured, and an unknown way is asked about instead."""
    from leye.office.vacancies.feed import feed_jobs
    from leye.office.vacancies.queries import bank_jobs

    jobs = pl.concat([bank_jobs(on), feed_jobs(data, on)]).sort("job_id")
    return jobs.filter(pl.col("flags").fill_null([]).list.len() == 0, pl.col("closes_on").is_null() | (pl.col("closes_on") >= on))


def matched(people: pl.DataFrame, jobs: pl.DataFrame, on: date, *, alone: bool = False) -> pl.DataFrame:
    """MATCHES with `region` of the person, in order of person and rank.

    alone: for one person between two nights, whom no other list can be weighed against: exposure is evened out again by the next night.
    """
    from leye.match.ranking import rank

    is_fair = not alone and bool(getattr(settings, "MATCH_FAIR_EXPOSURE", False))
    found = rank(people.select(list(PEOPLE)), jobs.select(list(JOBS)), on=on, top=TOP, fair_exposure=is_fair)
    return found.select(list(MATCHES)).join(people.select("person_id", "region"), on="person_id", how="left", maintain_order="left")
