"""An issue made: the desk written down, the text in both languages, every number looked up once more. Nothing is stored here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leye.kernel.errors import NotFound
from leye.office.published import Snapshot, snapshot_of
from leye.office.reports.bulletin.compose import bulletin
from leye.office.reports.checking import check
from leye.office.reports.content import Report
from leye.office.reports.desk_tables import OwnTables, desk_tables
from leye.office.reports.models import Issue, State
from leye.office.reports.pen import Pen
from leye.office.reports.periods import Span, period_of
from leye.office.reports.sources import Tables
from leye.office.reports.stored import as_json, report_of

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Made:
    """number: of the issue, as it will be or is · body: by language."""

    kind: str
    number: int
    period: Span
    run_id: str
    before_run: str
    own: OwnTables
    body: dict[str, Any]

    def report(self, lang: str) -> Report:
        """The report in a language."""
        return report_of(self.body[lang])


def make(kind: str, snapshot: Snapshot, *, at: datetime) -> Made:
    """The issue of a kind over a run. Raises BadInput for an unknown kind or no whole quarter, CheckFailed when a number does not hold."""
    period = period_of(kind, snapshot)
    number, before = _place(kind, period)
    before_snapshot = _snapshot_before(before, snapshot)
    before_run = before_snapshot.run_id if before_snapshot else ""
    issue = {
        "kind": kind, "number": number, "starts": period.starts.isoformat(), "ends": period.ends.isoformat(), "run_id": snapshot.run_id,
        "before_run": before_run,
    }  # fmt: skip
    own: OwnTables = json.loads(json.dumps(desk_tables(snapshot, at=at) | {"issue": [issue]}))  # as it will be stored
    body = {}
    for lang in LANGUAGES:
        report = bulletin(kind, snapshot, before_snapshot, own, lang)
        check(report, Pen(snapshot, before_snapshot, own, lang).tables)
        body[lang] = json.loads(json.dumps(as_json(report)))
    return Made(kind, number, period, snapshot.run_id, before_run, own, body)


def tables_of(issue: Issue) -> Tables:
    """What the numbers of a stored issue are looked up in. Raises NotFound when its runs were swept away."""
    before = snapshot_of(issue.before_run) if issue.before_run else None
    return Pen(snapshot_of(issue.run_id), before, issue.own, "zh").tables


def sha256_of(body: dict[str, Any]) -> str:
    """Hash of a stored text."""
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _place(kind: str, period: Span) -> tuple[int, Issue | None]:
    """The issue's number (that of the draft of the same period, else the next) and the issue before it."""
    issues = Issue.objects.filter(kind=kind)
    draft = issues.filter(starts=period.starts).exclude(state=State.WITHDRAWN).first()
    before = issues.filter(starts__lt=period.starts, state=State.PUBLISHED).order_by("-starts", "-number").first()
    if draft is not None:
        return draft.number, before
    newest = issues.order_by("-number").values_list("number", flat=True).first() or 0
    return newest + 1, before


def _snapshot_before(before: Issue | None, snapshot: Snapshot) -> Snapshot | None:
    """The run of the issue before, unless it is the same run or was swept away."""
    if before is None or before.run_id == snapshot.run_id:
        return None
    try:
        return snapshot_of(before.run_id)
    except NotFound:
        return None
