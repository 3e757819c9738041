"""A replay of the city's own panel as a background job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leye.kernel.errors import NotFound
from leye.office.accounts.models import User
from leye.office.clock import now
from leye.office.drills.actions import keep_replay
from leye.office.nightly.model_steps import FALSE_DISCOVERIES, NOMINAL
from leye.office.permissions import require
from leye.office.published import published_snapshot


def run(params: dict[str, Any], report_progress: Callable[[str, float], None]) -> dict[str, Any]:
    """params: `shock` (2008, 2015-03 …), `by` (id of who asked). Returns `replay_id`. Raises NotFound, and BadInput as `leye.watch.replay`."""
    from leye import watch
    from leye.watch.replay import as_json, shock_day

    user = User.objects.filter(pk=params.get("by"), is_active=True).first()
    if user is None:
        raise NotFound("发起的人已经不在了", en="who asked is no longer here", remedy_zh="请在岗的分析员重新发起", remedy_en="an analyst asks again")
    require(user, "replays.make")
    shock, at, snapshot = shock_day(str(params["shock"])), now(), published_snapshot()
    if snapshot is None:
        raise NotFound(
            "还没有发布过面板", en="no panel is published yet", remedy_zh="先运行 leye run nightly", remedy_en="run leye run nightly first"
        )
    report_progress("回放", 0.1)
    keys = snapshot.frame("panel_keys")
    result = watch.replay(
        snapshot.frame("panel").select("unique_id", "ds", "y"), shock, nominal=NOMINAL, fdr=FALSE_DISCOVERIES, keys=keys, plans_on=at.date(),
        parents=dict(keys.select("unique_id", "parent").iter_rows()), direction=dict(keys.select("unique_id", "calm_direction").iter_rows()),
    )  # fmt: skip
    return {"replay_id": str(keep_replay(as_json(result), source=snapshot.run_id, acting_user=user, at=at).pk)}
