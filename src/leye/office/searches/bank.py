"""Everything that stands open, indexed: made once for a state of the adverts and kept in memory; a change of any advert makes the next look new."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db.models import Count, Max

from leye.match.search import JobBank
from leye.office.published import Snapshot, published_snapshot
from leye.office.vacancies.models import Vacancy
from leye.office.vacancies.queries import open_jobs


@dataclass(frozen=True)
class Bank:
    """jobs: what may be found · city: six digits of the place that most adverts are for, empty when there are none · on: the day of it · run_id: of
    the snapshot, empty before the first · left_out: adverts with signs of fraud, which are not shown."""

    jobs: JobBank
    city: str
    on: date
    run_id: str
    left_out: int


_lock = threading.Lock()
_held: dict[Path, tuple[tuple[object, ...], Bank]] = {}


def bank_now() -> Bank:
    """The bank of this moment."""
    from leye.office.policies.queries import rules_day

    data, snapshot, on = Path(settings.LEYE_DATA), published_snapshot(), rules_day()
    stamp = _stamp(data, snapshot, on)
    with _lock:
        held = _held.get(data)
        if held is None or held[0] != stamp:
            held = _held[data] = (stamp, _bank(open_jobs(snapshot, on), on, snapshot.run_id if snapshot else ""))
        return held[1]


def bank_of(jobs: pl.DataFrame, on: date, run_id: str = "") -> Bank:
    """A bank of any table of jobs, unkept."""
    return _bank(jobs, on, run_id)


def _bank(jobs: pl.DataFrame, on: date, run_id: str) -> Bank:
    is_open = pl.col("closes_on").is_null() | (pl.col("closes_on") >= on)
    is_honest = pl.col("flags").fill_null([]).list.len() == 0
    shown = jobs.filter(is_open & is_honest)
    cities = shown["city"].drop_nulls().value_counts(sort=False).sort(["count", "city"], descending=[True, False])
    return Bank(JobBank(shown), cities["city"][0] if cities.height else "", on, run_id, jobs.filter(is_open & ~is_honest).height)


def _stamp(data: Path, snapshot: Snapshot | None, on: date) -> tuple[object, ...]:
    posted = Vacancy.objects.aggregate(n=Count("pk"), at=Max("changed_at"))
    file = data / "city" / "jobs.parquet"
    ads = (file.stat().st_mtime_ns, file.stat().st_size) if file.exists() else ()
    return snapshot.run_id if snapshot else "", on, posted["n"], posted["at"], ads
