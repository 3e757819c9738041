"""Issues as pages, API and command line read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leye.office.permissions import can, not_found, require
from leye.office.reports import refusals
from leye.office.reports.content import Report, numbers_of
from leye.office.reports.models import Issue, Kind, State
from leye.office.reports.stored import report_of

NUMBERS_HEADER = ("number", "section", "text", "value", "form", "unit", "run_id", "source", "page")
LIST_HEADER = ("issue_id", "kind", "number", "starts", "ends", "state", "run_id", "made_by", "made_at", "published_by", "published_at", "reason")


def issues(user: Any, *, kind: str = "") -> QuerySet[Issue]:
    """All issues, newest first. Raises BadInput for a kind that there is not."""
    require(user, "reports.view")
    if kind and kind not in Kind.values:
        raise refusals.unknown_kind(kind)
    found = Issue.objects.select_related("made_by", "published_by", "withdrawn_by").defer("own", "body")
    return found.filter(kind=kind) if kind else found


def issue_called(user: Any, issue_id: UUID) -> Issue:
    """One of them with its text. Raises NotFound."""
    require(user, "reports.view")
    found: Issue | None = Issue.objects.select_related("made_by", "published_by", "withdrawn_by").filter(pk=issue_id).first()
    if found is None:
        raise not_found()
    return found


def report_in(issue: Issue, lang: str) -> Report:
    """Its text, in Chinese unless English is asked for."""
    return report_of(issue.body["en" if lang == "en" else "zh"])


def number_rows(report: Report) -> list[tuple[Any, ...]]:
    """NUMBERS_HEADER: every number of a report with where it was read and where it is shown."""
    return [(n.id, section, text, _plain(n.value), n.form, n.unit, n.run_id, n.source.text(), n.href) for section, n, text in numbers_of(report)]


def list_rows(found: Sequence[Issue]) -> list[tuple[Any, ...]]:
    """LIST_HEADER."""
    return [
        (i.pk, i.kind, i.number, i.starts, i.ends, i.state, i.run_id, i.made_by or "", i.made_at, i.published_by or "", i.published_at, i.reason)
        for i in found
    ]


def next_steps(user: Any, issue: Issue) -> list[str]:
    """What this person can do now: publish, withdraw."""
    found = []
    if issue.state == State.DRAFT and can(user, "reports.publish") and issue.made_by_id != user.pk:
        found.append("publish")
    if issue.state != State.WITHDRAWN and can(user, "reports.make"):
        found.append("withdraw")
    return found


def _plain(value: Any) -> Any:
    """Both ends of an interval as one text."""
    return " – ".join(str(v) for v in value) if isinstance(value, list | tuple) else value
