"""A scenario from saving to signing and withdrawal. Each action: may they, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.lake.snapshots import file_sha256
from leye.office.countersign import countersign, take_back
from leye.office.decisions.ledger import new_id
from leye.office.grounds import reason_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.reforms import refusals
from leye.office.reforms.models import Scenario, State
from leye.office.reforms.simulating import Found, people_table
from leye.trust.record import canonical_json


def save(found: Found, *, name: str = "", acting_user: Any, at: datetime) -> Scenario:
    """Keep a simulation as a draft. found: computed by `simulating`, never handed in by a browser. The same draft twice is kept once."""
    require(acting_user, "reforms.edit")
    body_sha256 = sha256_of(found.body)
    with transaction.atomic():
        there = Scenario.objects.filter(made_by=acting_user, state=State.DRAFT, body_sha256=body_sha256, text_sha256=_text_sha256(found.text)).first()
        if there is not None:
            return there
        scenario = Scenario.objects.create(
            id=new_id(at),
            name=(name.strip() or str(found.body["reform"]))[:120],
            text=found.text,
            text_sha256=_text_sha256(found.text),
            on=found.on,
            people_sha256=found.people_sha256,
            body=found.body,
            body_sha256=body_sha256,
            made_by=acting_user,
            made_at=at,
        )
        audit("reform.saved", on=scenario, by=acting_user, at=at, text_sha256=scenario.text_sha256)
        emit("reform.changed", permission="reforms.view", at=at, scenario_id=scenario.pk, state=scenario.state)
    return scenario


def sign(scenario_id: UUID, *, acting_user: Any, at: datetime) -> Scenario:
    """A second person signs a draft as it was saved. Raises NotAllowed (E_OWN_DRAFT), Conflict (E_REFORM_STATE, E_REFORM_STALE)."""
    require(acting_user, "reforms.sign")
    with transaction.atomic():
        scenario = _locked(scenario_id, acting_user)
        if scenario.state != State.DRAFT:
            raise refusals.step_refused(scenario, "签署")
        if scenario.made_by_id == acting_user.pk:
            raise refusals.own_draft()
        _check_unchanged(scenario)
        countersign(scenario, "reform.signed", sealed_parts(scenario), by=acting_user, at=at)
        _told(scenario, "reform.signed", acting_user, at)
    return scenario


def withdraw(scenario_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> Scenario:
    """The author or a signer takes a draft or a signed scenario back, with the reason. Raises BadInput (E_REASON), Conflict, NotAllowed."""
    require(acting_user, "reforms.edit")
    said = reason_of(reason)
    with transaction.atomic():
        scenario = _locked(scenario_id, acting_user)
        if scenario.state == State.WITHDRAWN:
            raise refusals.step_refused(scenario, "撤回")
        take_back(scenario, "reform.withdrawn", sealed_parts(scenario), reason=said, by=acting_user, at=at)
        _told(scenario, "reform.withdrawn", acting_user, at)
    return scenario


def sealed_parts(scenario: Scenario) -> dict[str, Any]:
    """What a leaf says of a scenario: its text, its figures and the people by hash, and who wrote it."""
    return {
        "scenario_id": str(scenario.pk),
        "text_sha256": scenario.text_sha256,
        "body_sha256": scenario.body_sha256,
        "people_sha256": scenario.people_sha256,
        "on": scenario.on.isoformat(),
        "made_by": scenario.made_by_id,
    }


def sha256_of(body: dict[str, Any]) -> str:
    """Hash of a simulation's JSON form. Fractions go in as text: the log's form of JSON has whole numbers only."""
    return hashlib.sha256(canonical_json(_whole(body))).hexdigest()


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(v) for v in value]
    return repr(value) if isinstance(value, float) else value


def _text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(scenario_id: UUID, user: Any) -> Scenario:
    found: Scenario | None = Scenario.objects.select_for_update(of=("self",)).filter(pk=scenario_id).first()
    if found is None or not found.is_visible_to(user):
        raise not_found()
    return found


def _check_unchanged(scenario: Scenario) -> None:
    """Text and figures as they were saved, over the residents as they are: nobody signs figures of other people."""
    if _text_sha256(scenario.text) != scenario.text_sha256 or sha256_of(scenario.body) != scenario.body_sha256:
        raise refusals.changed_since("方案或结果", "the reform or its figures")
    if file_sha256(people_table()) != scenario.people_sha256:
        raise refusals.changed_since("居民数据", "the residents' data")


def _told(scenario: Scenario, verb: str, by: Any, at: datetime) -> None:
    audit(verb, on=scenario, by=by, at=at, text_sha256=scenario.text_sha256)
    emit("reform.changed", permission="reforms.view", at=at, scenario_id=scenario.pk, state=scenario.state)
