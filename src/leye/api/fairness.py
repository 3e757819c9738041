"""Fairness reports over HTTP: the sealed ones, the order to make one, and the audit of a table of one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from leye.api.auth import Needs
from leye.api.data_quality import JobRow
from leye.api.shapes import Page, Paging, answers, page
from leye.office.clock import now
from leye.office.fairness.actions import ask_for_report
from leye.office.fairness.queries import newest_reports, parse_quarter, report_of
from leye.trust.audit import at_most, audit, parse_decisions

router = Router(tags=["fairness"])

MOST_GROUPS = 500  # as on the page
MOST_CHARACTERS = 2_000_000  # with the request's own cap of 5 MB: three bytes a Chinese character


class ReportRow(Schema):
    """A sealed report. sha256 is that of its figures; sealed_id and leaf_index name its receipt."""

    quarter: str
    algo: str
    version: str
    made_at: datetime
    rows: int
    flagged: int
    open: int
    sha256: str
    sealed_id: str
    leaf_index: int

    @staticmethod
    def resolve_sealed_id(report: Any) -> str:
        """UUID as text."""
        return str(report.sealed_id)


class ReportDetail(Schema):
    """The sealed figures as they lie in `report.json`."""

    report: ReportRow
    figures: dict[str, Any]


class OwnTable(Schema):
    """A table of decisions as CSV text, and the columns to group by."""

    csv: str = Field(..., max_length=MOST_CHARACTERS)
    groups: list[str] = Field(..., min_length=1, max_length=6)
    bootstrap: int = Field(0, ge=0, le=10_000)
    seed: int = Field(0, ge=0, le=2**32)


class OwnAudit(Schema):
    """`audit.json` and the rows of `rates.csv`."""

    summary: dict[str, Any]
    rates: list[dict[str, Any]]


@router.get("/fairness", response=answers(Page[ReportRow]), auth=Needs("fairness.view"), summary="公平性报告 · fairness reports")
def reports(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """The report that counts of each quarter, newest first."""
    return page(newest_reports(), paging)


@router.get("/fairness/{quarter}", response=answers(ReportDetail, 404), auth=Needs("fairness.view"), summary="一个季度的公平性报告 · one report")
def report(request: HttpRequest, quarter: str = Path(..., max_length=6)) -> dict[str, object]:
    """All its figures."""
    kept = report_of(quarter)
    return {"report": kept.row, "figures": kept.body}


@router.post("/fairness/{quarter}", response=answers(JobRow, 400, 404), auth=Needs("fairness.make"), summary="生成并封存 · make a report")
def make(request: HttpRequest, quarter: str = Path(..., max_length=6)) -> object:
    """Answers with the job. Equal data give the report that is there."""
    return ask_for_report(parse_quarter(quarter), acting_user=request.user, at=now())


@router.post("/fairness-audit", response=answers(OwnAudit, 400), auth=Needs("fairness.view"), summary="审自己的数据 · audit one's own table")
def own_audit(request: HttpRequest, asked: OwnTable) -> dict[str, object]:
    """Audits the table and forgets it."""
    found = audit(at_most(parse_decisions(asked.csv.encode(), asked.groups), MOST_GROUPS), draws=asked.bootstrap, seed=asked.seed)
    return {"summary": found.summary, "rates": found.rates.to_dicts()}
