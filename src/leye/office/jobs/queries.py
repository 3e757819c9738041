"""What pages and API read of jobs."""

from __future__ import annotations

from uuid import UUID

from leye.office.jobs.models import JobRun
from leye.office.permissions import not_found


def job_called(job_id: str | UUID) -> JobRun:
    """One job. Raises NotFound, also for text that is no id."""
    try:
        found = JobRun.objects.select_related("by").filter(pk=UUID(str(job_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise not_found()
    return found


def newest_jobs(*, kind: str = "", count: int = 20) -> list[JobRun]:
    """Jobs by the time they were asked for, newest first."""
    jobs = JobRun.objects.select_related("by")
    return list((jobs.filter(kind=kind) if kind else jobs)[:count])
