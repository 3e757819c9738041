"""The fairness report as a background job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leye.kernel.errors import NotFound
from leye.office.accounts.models import User
from leye.office.clock import now
from leye.office.fairness.actions import made, make_report
from leye.office.fairness.queries import parse_quarter


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """params: `quarter` (2025Q3), `by` (id of who asked). Returns quarter, hash and receipt. Raises as `make_report`."""
    user = User.objects.filter(pk=params.get("by"), is_active=True).first()
    if user is None:
        raise NotFound("发起的人已经不在了", en="who asked is no longer here", remedy_zh="请在岗的审计员重新发起")
    report_progress(str(params.get("quarter")), 0.1)
    return made(make_report(parse_quarter(str(params.get("quarter"))), acting_user=user, at=now()))
