"""The queue: huey on `jobs.sqlite3` in the data folder. It carries ids only; what they mean stands in `JobRun`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from huey import SqliteHuey, crontab

NIGHTLY_AT = ("30", "2")  # chosen by us: half past two in the morning, Beijing time, when departments have sent their day


@lru_cache(maxsize=4)
def open_queue(file: Path) -> SqliteHuey:
    """The queue of a data folder, with its tasks: one job by id, the nightly by the clock, and a look for forgotten jobs each minute."""
    file.parent.mkdir(parents=True, exist_ok=True)
    queue = SqliteHuey("leye", filename=str(file), results=False, utc=False, timeout=5)

    @queue.task(name="perform")
    def perform_job(job_id: str) -> None:
        from leye.office.jobs.perform import perform

        perform(UUID(job_id))

    @queue.periodic_task(crontab(minute=NIGHTLY_AT[0], hour=NIGHTLY_AT[1]), name="nightly")
    def nightly() -> None:
        from leye.office.jobs.actions import ask_for

        ask_for("nightly")

    @queue.periodic_task(crontab(minute="*"), name="look_for_forgotten")
    def look_for_forgotten() -> None:
        from leye.office.clock import now
        from leye.office.jobs.actions import forgotten
        from leye.office.jobs.perform import perform

        for job_id in forgotten(at=now()):
            perform(job_id)

    queue.perform_job = perform_job
    return queue


def tell_worker(job_id: UUID) -> None:
    """Put a job's id into the queue. Raises whatever SQLite raises."""
    open_queue(settings.LEYE_DATA / "jobs.sqlite3").perform_job(str(job_id))
