"""What came in: loads by file, rows that were held back, warnings, and reading a source again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.api.snapshot import current
from leye.kernel.errors import NotFound
from leye.office.jobs.actions import ask_for
from leye.office.jobs.queries import job_called
from leye.office.nightly.intake_step import specs

router = Router(tags=["data"])


class LoadRow(Schema):
    """One file: rows_in = loaded + quarantined + duplicates."""

    source: str
    file: str
    sha256: str
    encoding: str | None
    rows_in: int
    loaded: int
    quarantined: int
    duplicates: int
    skipped: int
    warnings: int
    new: int
    unchanged: int
    superseded: int
    refused: str | None = None


class QuarantinedCell(Schema):
    """One bad cell, where it stands, and how to mend it."""

    source: str
    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    raw: str | None
    code: str
    reason: str
    suggestion: str | None


class BySource(Paging):
    """Of one source, or of all."""

    source: str = Field("", max_length=60)


class ByReason(BySource):
    """Of one source and one reason."""

    code: str = Field("", max_length=60)


class JobRow(Schema):
    """A job and how far it is."""

    id: str
    kind: str
    state: str
    step: str
    share: float
    attempts: int
    result: dict[str, Any]
    error: dict[str, Any]

    @staticmethod
    def resolve_id(job: Any) -> str:
        """UUID as text."""
        return str(job.id)


@router.get("/loads", response=answers(Page[LoadRow], 404), auth=Needs("data.view"), summary="装载 · loads")
def loads(request: HttpRequest, asked: Query[BySource]) -> dict[str, object]:
    """Every file of the published run with its balance."""
    return page([row for row in current().rows("loads") if asked.source in ("", row["source"])], asked)


@router.get("/quarantine", response=answers(Page[QuarantinedCell], 404), auth=Needs("data.view"), summary="隔离区 · quarantine")
def quarantine(request: HttpRequest, asked: Query[ByReason]) -> dict[str, object]:
    """Every bad cell of the published run."""
    rows = [r for r in current().rows("quarantine") if asked.source in ("", r["source"]) and asked.code in ("", r["code"])]
    return page(rows, asked)


@router.get("/load-warnings", response=answers(Page[dict[str, Any]], 404), auth=Needs("data.view"), summary="装载提醒 · load warnings")
def load_warnings(request: HttpRequest, asked: Query[BySource]) -> dict[str, object]:
    """Totals that do not add up, new columns and the like."""
    return page([row for row in current().rows("load_warnings") if asked.source in ("", row["source"])], asked)


@router.post("/sources/{source}/replay", response=answers(JobRow, 404), auth=Needs("data.replay"), summary="重读一个来源 · replay")
def replay(request: HttpRequest, source: str) -> object:
    """Reads the source's files again with the corrections made, then publishes anew. Answers with the job."""
    if source not in specs():
        raise NotFound(f"没有来源“{source}”", en=f"no source {source!r}", remedy_zh=f"可选：{'、'.join(specs())}")
    return ask_for("replay", {"source": source}, by=request.user)


@router.get("/jobs/{job_id}", response=answers(JobRow, 404), auth=Needs("jobs.view"), summary="任务进度 · a job")
def job(request: HttpRequest, job_id: str) -> object:
    """How far a job is."""
    return job_called(job_id)
