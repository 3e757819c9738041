"""Measures in reserve and chosen ones, with the figures of their simulations; nothing is computed anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from leye.office.alerts.models import Alert
from leye.office.alerts.queries import task_of
from leye.office.measures.models import Chosen, Reserved
from leye.office.permissions import can
from leye.office.reforms.models import Scenario, State

Range = dict[str, float]
"""`centre`, `low`, `high`: 90 % interval of the simulation."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. cost_added: fen a year · winners: people who will take it up · heads: people who become entitled to more · on: day of the rules ·
    may_choose: whether it is signed still and not chosen yet.
    """

    reserved_id: UUID | None
    scenario_id: UUID
    name: str
    changes: tuple[str, ...]
    changes_en: tuple[str, ...]
    cost_added: Range
    winners: Range
    heads: int
    losers: int
    on: date
    state: str
    signed_by: str
    signed_at: datetime | None
    may_choose: bool
    chosen: Chosen | None


def plan_of(alert: Alert) -> str:
    """The plan that answers an alert: that of its task, else the first that fits."""
    task = task_of(alert)
    return (task.plan_id if task else "") or alert.plan_id


def reserve_of(user: Any, plan_id: str) -> list[Measure]:
    """What a plan keeps ready, newest first; nothing for who may not see simulations."""
    return [_measure(r.scenario, r.pk, None) for r in _reserved(user, plan_id)]


def measures_for(user: Any, alert: Alert) -> list[Measure]:
    """What the alert's plan keeps ready and what was chosen for it, chosen ones first."""
    if not _may_see(user):
        return []
    chosen = {c.scenario_id: c for c in alert.measures.select_related("scenario__signed_by", "chosen_by")}
    ready = {r.scenario_id: r for r in _reserved(user, plan_of(alert))}
    done = [_measure(c.scenario, None, c) for c in chosen.values()]
    return done + [_measure(r.scenario, r.pk, None) for s, r in ready.items() if s not in chosen]


def _reserved(user: Any, plan_id: str) -> list[Reserved]:
    found = Reserved.objects.filter(plan_id=plan_id).select_related("scenario__signed_by")
    return list(found) if _may_see(user) else []


def _may_see(user: Any) -> bool:
    return can(user, "reforms.view") and not user.region


def _measure(s: Scenario, reserved_id: UUID | None, chosen: Chosen | None) -> Measure:
    whole = s.body["expected_whole"]
    return Measure(
        reserved_id=reserved_id, scenario_id=s.pk, name=s.name, changes=tuple(s.body["changes"]), changes_en=tuple(s.body["changes_en"]),
        cost_added=whole["cost_added"], winners=whole["winners"], heads=int(s.body["winners"]), losers=int(s.body["losers"]), on=s.on,
        state=s.state, signed_by=str(s.signed_by or ""), signed_at=s.signed_at, may_choose=s.state == State.SIGNED and chosen is None, chosen=chosen,
    )  # fmt: skip
