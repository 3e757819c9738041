"""A simulation over many residents as a background job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leye.kernel.errors import NotFound
from leye.office.accounts.models import User
from leye.office.reforms.simulating import Found
from leye.office.reforms.simulating import run as simulated


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """params: `text`, `notified`, `by` (id of who asked). Returns what `found_of` reads back. Raises as `simulating.run`."""
    user = User.objects.filter(pk=params.get("by"), is_active=True).first()
    if user is None:
        raise NotFound("发起的人已经不在了", en="who asked is no longer here", remedy_zh="请在岗的分析员重新发起", remedy_en="an analyst asks again")
    found = simulated(user, str(params["text"]), notified=bool(params.get("notified")), progress=report_progress)
    return {"text": found.text, "on": found.on.isoformat(), "people_sha256": found.people_sha256, "body": found.body}


def found_of(result: dict[str, Any]) -> Found:
    """The simulation that a finished job kept."""
    from datetime import date

    return Found(result["text"], date.fromisoformat(result["on"]), result["people_sha256"], result["body"])
