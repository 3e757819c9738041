"""Making a report: measure, keep the files, then row, audit, event and leaf in one transaction."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from leye.kernel.period import Quarter
from leye.office.accounts.models import User
from leye.office.decisions.ledger import seal_event
from leye.office.fairness import keep
from leye.office.fairness.measure import measure
from leye.office.fairness.models import FairnessReport
from leye.office.fairness.orders import decisions_of, hashes_of, is_made_up, quarters_with_orders
from leye.office.jobs.actions import ask_for
from leye.office.jobs.models import JobRun
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import require
from leye.office.registry.cards import running_version
from leye.trust.audit.comparison import FLAGGED, OPEN

ALGO = "platform.dispatch"


def ask_for_report(quarter: Quarter, *, acting_user: User, at: datetime) -> JobRun:
    """Have the worker make the report. Raises NotAllowed, NotFound without orders in the quarter."""
    require(acting_user, "fairness.make")
    if quarter not in quarters_with_orders(Path(settings.LEYE_DATA)):
        decisions_of(Path(settings.LEYE_DATA), quarter)  # raises, with the words for it
    return ask_for("fairness", {"quarter": str(quarter), "by": acting_user.pk}, by=acting_user, at=at)


def make_report(quarter: Quarter, *, acting_user: User, at: datetime) -> FairnessReport:
    """Make and seal the report of a quarter. Equal data give an equal report, which is sealed once: then the one there is comes back.

    Raises NotAllowed, NotFound without orders in the quarter.
    """
    require(acting_user, "fairness.make")
    data = Path(settings.LEYE_DATA)
    orders = decisions_of(data, quarter)
    measured, version = measure(orders), running_version(ALGO)
    text = keep.content_of(measured, quarter=quarter, algo=ALGO, version=version, tables=hashes_of(data), is_city=is_made_up(data))
    sha256, name = keep.sha256_of(text), str(quarter)
    keep.write(data, name, text, measured)  # before the row: a row always has its files, files without a row are never shown
    with transaction.atomic():
        there = FairnessReport.objects.select_for_update().filter(quarter=name, algo=ALGO, sha256=sha256).first()
        if there is not None:
            return there
        verdicts = measured.rates["verdict"]
        sealed = seal_event("fairness.report", at=at, quarter=name, algo=ALGO, version=version, sha256=sha256, rows=orders.height)
        report = FairnessReport.objects.create(
            quarter=name, algo=ALGO, version=version, made_at=at, made_by=acting_user, rows=orders.height, sha256=sha256,
            flagged=int((verdicts == FLAGGED).sum()), open=int((verdicts == OPEN).sum()),
            sealed_id=sealed.decision_id, leaf_index=sealed.leaf_index,
        )  # fmt: skip
        # the people table was read to group by: which columns, of how many, belongs in the audit
        audit("fairness.made", on=report, by=acting_user, at=at, quarter=name, sha256=sha256, read=["people.sex", "people.birth"], rows=orders.height)
        emit("fairness.made", permission="fairness.view", at=at, quarter=name, leaf_index=sealed.leaf_index)
    return report


def made(report: FairnessReport) -> dict[str, Any]:
    """What a job answers with."""
    return {"quarter": report.quarter, "sha256": report.sha256, "leaf_index": report.leaf_index, "decision_id": str(report.sealed_id)}
