"""Runs: what is published, what was before, and from what each table was made."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.lake import open_lake
from leye.office.nightly.status import read_status

router = Router(tags=["runs"])


class PublishedRun(Schema):
    """The run that pages show: when it was published, the day it speaks of, hash and rows of every table."""

    run_id: str
    at: str
    on: str
    code_hash: str
    hashes: dict[str, str]
    rows: dict[str, int]


class Status(Schema):
    """`published` is null before the first run."""

    published: PublishedRun | None


class TableOfRun(Schema):
    """One table: by which step, from which tables and files."""

    name: str
    rows: int
    columns: list[str]
    sha256: str
    step: str
    inputs: list[str]


class RunDetail(Schema):
    """A finished run."""

    run_id: str
    on: str
    started_at: str
    code_hash: str
    notes: dict[str, Any]
    tables: list[TableOfRun]


@router.get("/published", response=answers(Status), auth=Needs("runs.view"), summary="已发布的快照 · the published run")
def published(request: HttpRequest) -> dict[str, object]:
    """What every page shows at this moment."""
    return {"published": read_status(settings.LEYE_DATA)["published"]}


@router.get("/runs", response=answers(Page[str]), auth=Needs("runs.view"), summary="全部运行 · all finished runs")
def runs(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Run ids, newest first."""
    return page(open_lake(settings.LEYE_DATA).runs()[::-1], paging)


@router.get("/runs/{run_id}", response=answers(RunDetail, 404), auth=Needs("runs.view"), summary="一次运行 · one run")
def run(request: HttpRequest, run_id: str = Path(..., max_length=40)) -> dict[str, object]:
    """Manifest of a run: tables, hashes, lineage."""
    return open_lake(settings.LEYE_DATA).manifest(run_id)
