"""Keep a signed simulation ready for a plan, drop it, choose it for an alert. Each: may they, change, audit, event – in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.errors import Conflict
from leye.office.alerts.models import Alert
from leye.office.alerts.plans import shipped_plans
from leye.office.decisions.ledger import new_id
from leye.office.grounds import reason_of
from leye.office.measures.models import Chosen, Reserved
from leye.office.measures.queries import plan_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.reforms.models import Scenario, State


def reserve(plan_id: str, scenario_id: UUID, *, acting_user: Any, at: datetime) -> Reserved:
    """Name a signed simulation as a measure of a plan. Raises NotFound, Conflict (E_NOT_SIGNED, E_RESERVED)."""
    require(acting_user, "reforms.edit")
    if plan_id not in shipped_plans():
        raise not_found()
    with transaction.atomic():
        found = _signed(scenario_id, acting_user)
        if Reserved.objects.filter(plan_id=plan_id, scenario=found).exists():
            raise Conflict(
                "这项措施已经在这个预案的储备里",
                en="this plan keeps it already",
                remedy_zh="换一个方案",
                remedy_en="choose another",
                code="E_RESERVED",
            )
        kept = Reserved.objects.create(id=new_id(at), plan_id=plan_id, scenario=found, named_by=acting_user, named_at=at)
        audit("measure.reserved", on=kept, by=acting_user, at=at, plan_id=plan_id, scenario_id=found.pk)
        emit("measure.changed", permission="reforms.view", at=at, plan_id=plan_id)
    return kept


def drop(reserved_id: UUID, *, acting_user: Any, at: datetime) -> None:
    """Take a measure out of a plan's reserve; what was chosen before stays on record. Raises NotFound."""
    require(acting_user, "reforms.edit")
    with transaction.atomic():
        kept = Reserved.objects.select_for_update(of=("self",)).select_related("scenario").filter(pk=reserved_id).first()
        if kept is None or not kept.is_visible_to(acting_user):
            raise not_found()
        audit("measure.dropped", on=kept, by=acting_user, at=at, plan_id=kept.plan_id, scenario_id=kept.scenario_id)
        emit("measure.changed", permission="reforms.view", at=at, plan_id=kept.plan_id)
        kept.delete()


def choose(alert_id: UUID, scenario_id: UUID, *, why: str, acting_user: Any, at: datetime) -> Chosen:
    """Choose a measure of the reserve of the alert's plan. Nothing is paid and no rule changes by it.

    Raises NotFound (also for a measure that the plan does not keep), Conflict (E_CLOSED, E_NOT_SIGNED, E_CHOSEN), BadInput without a reason.
    """
    require(acting_user, "reforms.edit")
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None:
            raise not_found()
        require(acting_user, "alerts.act", alert)
        if not Reserved.objects.filter(plan_id=plan_of(alert), scenario_id=scenario_id).exists():
            raise not_found()
        if alert.is_closed:
            raise Conflict(
                "这条预警已经办结", en="the alert is closed", remedy_zh="需要时先重新打开", remedy_en="open it again first", code="E_CLOSED"
            )
        found = _signed(scenario_id, acting_user)
        said = reason_of(why, "为什么选这项", "the reason")
        if Chosen.objects.filter(alert=alert, scenario=found).exists():
            raise Conflict("已经选过这项措施", en="it is chosen already", remedy_zh="刷新后看记录", remedy_en="reload", code="E_CHOSEN")
        made = Chosen.objects.create(id=new_id(at), alert=alert, scenario=found, why=said, chosen_by=acting_user, chosen_at=at)
        audit("alert.measure_chosen", on=alert, by=acting_user, at=at, scenario_id=found.pk, text_sha256=found.text_sha256)
        emit("alert.measure_chosen", permission="alerts.view", region=alert.region, at=at, alert_id=alert.pk)
    return made


def _signed(scenario_id: UUID, user: Any) -> Scenario:
    found = Scenario.objects.select_for_update(of=("self",)).filter(pk=scenario_id).first()
    if found is None or not found.is_visible_to(user):
        raise not_found()
    if found.state != State.SIGNED:
        raise Conflict(
            "这个方案没有签署，或已经撤回", en="the scenario is not signed, or withdrawn", remedy_zh="请第二人签署后再列入储备",
            remedy_en="have a second person sign it first", code="E_NOT_SIGNED",
        )  # fmt: skip
    return found
