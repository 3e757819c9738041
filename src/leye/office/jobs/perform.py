"""Doing one job: find its handler, run it, write down the outcome. No job can take the worker down."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from leye.kernel.errors import LeyeError
from leye.office.clock import now
from leye.office.jobs.actions import begin, finish, report

log = logging.getLogger("leye.jobs")


def perform(job_id: UUID) -> None:
    """Run a waiting job to its end. An error of the house is kept as it is; any other is logged and named E_INTERNAL."""
    job = begin(job_id, at=now())
    if job is None:
        return
    log.info("job.begun job_id=%s kind=%s attempt=%s", job.pk, job.kind, job.attempts)
    try:
        result = import_string(settings.JOB_HANDLERS[job.kind])(job.params, lambda step, share: report(job, step, share))
    except LeyeError as error:
        finish(job, at=now(), error=error)
    except Exception:
        log.exception("job.failed job_id=%s kind=%s", job.pk, job.kind)
        finish(job, at=now(), error=LeyeError("程序出错了，没有做成", en="a fault of the program", remedy_zh="把编号告诉维护人员", code="E_INTERNAL"))
    else:
        finish(job, at=now(), result=result)
