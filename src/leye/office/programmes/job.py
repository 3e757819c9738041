"""A plan computed, and its outcomes sealed, as background jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from leye.kernel.errors import NotFound
from leye.office.accounts.models import User
from leye.office.clock import now
from leye.office.programmes.actions import keep
from leye.office.programmes.asked import of_dict
from leye.office.programmes.computing import compute
from leye.office.programmes.sealing import seal_placements

Progress = Callable[[str, float], None]


def run(params: dict[str, Any], report_progress: Progress) -> dict[str, Any]:
    """params: `asked`, `by` (id of who asked). Returns the plan's id. Raises as `compute` and `keep`."""
    user = User.objects.filter(pk=params.get("by"), is_active=True).first()
    if user is None:
        raise NotFound("发起的人已经不在了", en="who asked is no longer here", remedy_zh="请在岗的分析员重新发起", remedy_en="an analyst asks again")
    plan = keep(compute(of_dict(params["asked"]), report_progress), acting_user=user, at=now())
    return {"plan_id": str(plan.pk)}


def seal(params: dict[str, Any], report_progress: Progress) -> dict[str, Any]:
    """params: `plan_id`. Returns how many people's outcomes are sealed."""
    report_progress("逐人留痕", 0.1)
    plan = seal_placements(UUID(params["plan_id"]), at=now())
    return {"plan_id": str(plan.pk), "people": plan.sealed_people}
