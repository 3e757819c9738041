"""Bulletins over HTTP: list, make, read with all numbers and sources, publish, withdraw. The same actions as the pages'."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.reports import actions, queries
from leye.office.reports.models import Issue
from leye.office.reports.stored import as_json

router = Router(tags=["reports"])
VIEW, MAKE, PUBLISH = Needs("reports.view"), Needs("reports.make"), Needs("reports.publish")


class Asked(Schema):
    """Which bulletin."""

    kind: Literal["weekly", "quarterly"]


class Filter(Paging):
    """kind: empty for all."""

    kind: str = Field("", max_length=10)


class Language(Schema):
    """lang: of the text."""

    lang: Literal["zh", "en"] = "zh"


class Why(Schema):
    """Why."""

    reason: str = Field(..., max_length=500)


class IssueRow(Schema):
    """An issue. state: draft, published or withdrawn · made_by: empty for the nightly · leaf_index: of its publication in the log."""

    id: UUID
    kind: str
    number: int
    starts: date
    ends: date
    state: str
    run_id: str
    before_run: str
    made_by: str
    made_at: datetime
    published_by: str
    published_at: datetime | None
    leaf_index: int | None
    reason: str
    body_sha256: str

    @staticmethod
    def resolve_made_by(found: Any) -> str:
        """Shown name."""
        return str(found.made_by or "")

    @staticmethod
    def resolve_published_by(found: Any) -> str:
        """Shown name."""
        return str(found.published_by or "")


class IssueDetail(Schema):
    """report: its text as parts; every number with value, form, unit, run and source."""

    issue: IssueRow
    report: dict[str, Any]


class SourcedNumber(Schema):
    """A number of an issue. source: table, rows and column in words · page: where a reader finds it."""

    number: str
    section: str
    text: str
    value: Any
    form: str
    unit: str
    run_id: str
    source: str
    page: str


@router.get("/reports/issues", response=answers(Page[IssueRow], 400), auth=VIEW, summary="周报和季报各期 · issues of bulletins")
def list_issues(request: HttpRequest, asked: Query[Filter]) -> dict[str, object]:
    """Newest first."""
    return page(queries.issues(request.user, kind=asked.kind), asked)


@router.post("/reports/issues", response=answers(IssueRow, 400, 404, 409), auth=MAKE, summary="写一期草案 · make an issue")
def make(request: HttpRequest, asked: Asked) -> Issue:
    """Over the published run; a draft of the same period is written anew, 409 E_REPORT_PUBLISHED when it is published."""
    return actions.draft(asked.kind, acting_user=request.user, at=now())


@router.get("/reports/issues/{issue_id}", response=answers(IssueDetail, 404), auth=VIEW, summary="一期的正文 · one issue")
def issue(request: HttpRequest, issue_id: UUID, asked: Query[Language]) -> dict[str, object]:
    """With its text."""
    found = queries.issue_called(request.user, issue_id)
    return {"issue": found, "report": as_json(queries.report_in(found, asked.lang))}


@router.get("/reports/issues/{issue_id}/numbers", response=answers(list[SourcedNumber], 404), auth=VIEW, summary="全部数字和出处 · its numbers")
def numbers(request: HttpRequest, issue_id: UUID, asked: Query[Language]) -> list[dict[str, Any]]:
    """In reading order."""
    found = queries.issue_called(request.user, issue_id)
    return [dict(zip(queries.NUMBERS_HEADER, row, strict=True)) for row in queries.number_rows(queries.report_in(found, asked.lang))]


@router.post("/reports/issues/{issue_id}/publish", response=answers(IssueRow, 404, 409), auth=PUBLISH, summary="发布 · publish")
def publish(request: HttpRequest, issue_id: UUID) -> Issue:
    """As the second person; 403 E_OWN_DRAFT for the maker, 409 when it is no draft or its text was touched."""
    return actions.publish(issue_id, acting_user=request.user, at=now())


@router.post("/reports/issues/{issue_id}/withdraw", response=answers(IssueRow, 400, 404, 409), auth=MAKE, summary="撤回 · withdraw")
def withdraw(request: HttpRequest, issue_id: UUID, asked: Why) -> Issue:
    """With the reason; its number is not used again."""
    return actions.withdraw(issue_id, reason=asked.reason, acting_user=request.user, at=now())
