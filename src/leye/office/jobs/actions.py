"""Asking for a job, beginning it, and writing down how it went. The row is written first; the queue is only told afterwards."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from leye.kernel.errors import BadInput, LeyeError
from leye.kernel.ids import uuid7
from leye.office.clock import now
from leye.office.jobs.models import JobRun, JobState
from leye.office.outbox.journal import audit, emit

log = logging.getLogger("leye.jobs")
MOST_ATTEMPTS = 3  # chosen by us: a job that took the worker down twice is not begun a fourth time


def ask_for(kind: str, params: dict[str, Any] | None = None, *, by: Any = None, at: datetime | None = None) -> JobRun:
    """Write the job down and wake the worker after commit. An equal job that still waits is returned instead of a second one.

    Raises BadInput on an unknown kind. When the queue cannot be reached the row stays waiting and the worker finds it within a minute.
    """
    if kind not in settings.JOB_HANDLERS:
        raise BadInput(f"没有这种任务：{kind}", en=f"no such kind of job: {kind!r}", remedy_zh=f"可选：{'、'.join(settings.JOB_HANDLERS)}")
    when, wanted = at or now(), params or {}
    with transaction.atomic():
        waiting = JobRun.objects.filter(kind=kind, params=wanted, state=JobState.WAITING).first()
        if waiting is not None:
            return waiting
        job = JobRun.objects.create(id=uuid7(when, random.SystemRandom()), kind=kind, params=wanted, by=by, asked_at=when)
        audit("job.asked", on=job, by=by, at=when, kind=kind)
        emit("job.changed", permission="jobs.view", at=when, job_id=job.pk, state=job.state)
        transaction.on_commit(lambda: wake(job.pk))
    return job


def wake(job_id: UUID) -> None:
    """Tell the queue. A queue that cannot be written to loses nothing: the row is the truth."""
    from leye.office.jobs.queue import tell_worker

    try:
        tell_worker(job_id)
    except Exception:
        log.exception("job.not_queued job_id=%s", job_id)


def begin(job_id: UUID, *, at: datetime) -> JobRun | None:
    """Take a waiting job; None when somebody else has it or it is over."""
    taken = JobRun.objects.filter(pk=job_id, state=JobState.WAITING).update(
        state=JobState.RUNNING, started_at=at, attempts=F("attempts") + 1, step="", share=0.0
    )
    return JobRun.objects.get(pk=job_id) if taken else None


def report(job: JobRun, step: str, share: float) -> None:
    """Progress for people; not audited, not an event."""
    JobRun.objects.filter(pk=job.pk).update(step=step[:80], share=max(0.0, min(1.0, share)))


def finish(job: JobRun, *, at: datetime, result: dict[str, Any] | None = None, error: LeyeError | None = None) -> None:
    """Done, or failed with an error that says what to do."""
    with transaction.atomic():
        job.state = JobState.FAILED if error else JobState.DONE
        job.ended_at, job.result, job.error = at, result or {}, error.as_dict() if error else {}
        job.save(update_fields=["state", "ended_at", "result", "error"])
        audit(f"job.{job.state}", on=job, by=job.by, at=at, kind=job.kind)
        emit("job.changed", permission="jobs.view", at=at, job_id=job.pk, state=job.state)


def take_up_interrupted(*, at: datetime) -> int:
    """At the start of the worker: jobs that a dead worker was doing wait again, or fail after too many attempts."""
    running = JobRun.objects.filter(state=JobState.RUNNING)
    for job in running.filter(attempts__gte=MOST_ATTEMPTS):
        error = LeyeError(
            f"做了 {job.attempts} 次都中断了", en=f"interrupted {job.attempts} times", remedy_zh="看日志找原因，再重新发起", code="E_JOB_INTERRUPTED"
        )
        finish(job, at=at, error=error)
    return running.update(state=JobState.WAITING)


def forgotten(*, at: datetime, after: timedelta = timedelta(seconds=30)) -> list[UUID]:
    """Waiting jobs that the queue seems to have lost."""
    return list(JobRun.objects.filter(state=JobState.WAITING, asked_at__lt=at - after).order_by("asked_at").values_list("id", flat=True))
