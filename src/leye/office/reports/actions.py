"""An issue from its draft to publication and withdrawal. Each action: may they, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.office.countersign import countersign, take_back
from leye.office.decisions.ledger import new_id
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.published import Snapshot, published_snapshot
from leye.office.reports import refusals
from leye.office.reports.checking import check
from leye.office.reports.making import LANGUAGES, Made, make, sha256_of, tables_of
from leye.office.reports.models import Issue, State
from leye.office.reports.periods import period_of
from leye.office.reports.stored import report_of


def draft(kind: str, *, acting_user: Any, at: datetime) -> Issue:
    """Make the issue of a kind over the published run as a draft; a draft of the same period is written anew under its number.

    Raises NotFound before the first run, BadInput, Conflict (E_REPORT_PUBLISHED).
    """
    require(acting_user, "reports.make")
    snapshot = published_snapshot()
    if snapshot is None:
        raise refusals.nothing_published()
    return _draft(kind, snapshot, by=acting_user, at=at)


def draft_of_the_night(kind: str, snapshot: Snapshot, *, at: datetime) -> Issue | None:
    """The same by the nightly, for people to read and publish; None when the period has been published, or somebody's draft stands."""
    there = Issue.objects.filter(kind=kind, starts=period_of(kind, snapshot).starts).exclude(state=State.WITHDRAWN).first()
    if there is not None and (there.state == State.PUBLISHED or there.made_by_id is not None):
        return None
    return _draft(kind, snapshot, by=None, at=at)


def publish(issue_id: UUID, *, acting_user: Any, at: datetime) -> Issue:
    """A second person publishes a draft: the text as it was made, all its numbers looked up again.

    Raises NotAllowed (E_OWN_DRAFT), Conflict (E_REPORT_STATE, E_REPORT_CHANGED), CheckFailed (E_REPORT_NUMBERS).
    """
    require(acting_user, "reports.publish")
    with transaction.atomic():
        issue = _locked(issue_id)
        if issue.state != State.DRAFT:
            raise refusals.step_refused(issue, "发布")
        if issue.made_by_id == acting_user.pk:
            raise refusals.own_issue()
        if sha256_of(issue.body) != issue.body_sha256:
            raise refusals.changed_since()
        for lang in LANGUAGES:
            check(report_of(issue.body[lang]), tables_of(issue))
        countersign(issue, "report.published", sealed_parts(issue), by=acting_user, at=at, name="published")
        _told(issue, "report.published", acting_user, at)
    return issue


def withdraw(issue_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> Issue:
    """Take a draft or a published issue back, with the reason; its number is not used again. Raises BadInput (E_REASON), Conflict."""
    require(acting_user, "reports.make")
    said = reason_of(reason)
    with transaction.atomic():
        issue = _locked(issue_id)
        if issue.state == State.WITHDRAWN:
            raise refusals.step_refused(issue, "撤回")
        take_back(issue, "report.withdrawn", sealed_parts(issue), reason=said, by=acting_user, at=at)
        _told(issue, "report.withdrawn", acting_user, at)
    return issue


def sealed_parts(issue: Issue) -> dict[str, Any]:
    """What a leaf says of an issue: which, over which run, and its text by hash."""
    return {
        "issue_id": str(issue.pk), "report": issue.kind, "number": issue.number, "starts": issue.starts.isoformat(), "run_id": issue.run_id,
        "body_sha256": issue.body_sha256, "made_by": issue.made_by_id or 0,
    }  # fmt: skip


def _draft(kind: str, snapshot: Snapshot, *, by: Any, at: datetime) -> Issue:
    made = make(kind, snapshot, at=at)
    with transaction.atomic():
        there = Issue.objects.select_for_update().filter(kind=kind, starts=made.period.starts).exclude(state=State.WITHDRAWN).first()
        if there is not None and there.state == State.PUBLISHED:
            raise refusals.already_published(there)
        issue = there or Issue(id=new_id(at), kind=kind, number=made.number, starts=made.period.starts, ends=made.period.ends)
        _fill(issue, made, by, at)
        issue.save(force_insert=there is None)
        _told(issue, "report.drafted", by, at)
    return issue


def _fill(issue: Issue, made: Made, by: Any, at: datetime) -> None:
    issue.run_id, issue.before_run, issue.own, issue.body = made.run_id, made.before_run, made.own, made.body
    issue.body_sha256, issue.made_by, issue.made_at = sha256_of(made.body), by, at


def _locked(issue_id: UUID) -> Issue:
    found: Issue | None = Issue.objects.select_for_update(of=("self",)).filter(pk=issue_id).first()
    if found is None:
        raise not_found()
    return found


def _told(issue: Issue, verb: str, by: Any, at: datetime) -> None:
    audit(verb, on=issue, by=by, at=at, number=issue.number, body_sha256=issue.body_sha256)
    emit("report.changed", permission="reports.view", at=at, issue_id=issue.pk, state=issue.state)
