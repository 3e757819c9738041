"""A plan from asking to signing and withdrawal. Each action: may they, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.lake.snapshots import file_sha256
from leye.office.countersign import countersign, take_back
from leye.office.decisions.ledger import new_id
from leye.office.entitlements.files import packs_here
from leye.office.grounds import reason_of
from leye.office.jobs.actions import ask_for
from leye.office.jobs.models import JobRun
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.programmes import refusals
from leye.office.programmes.asked import Asked, checked
from leye.office.programmes.computing import Computed, content_sha256, outcomes_file, table
from leye.office.programmes.models import ProgrammePlan, State
from leye.office.rules.actions import save_draft
from leye.office.rules.models import RuleDraft


def ask(asked: Asked, *, acting_user: Any, at: datetime) -> JobRun:
    """Have the worker compute a plan. What cannot be read is said now. Raises NotAllowed, BadInput with the line of the text."""
    from leye.policy.located import parse_located
    from leye.policy.optimise.programmes import Rule, read_plan, share_of

    require(acting_user, "programmes.edit")
    wanted = checked(asked)
    plan = read_plan(parse_located(wanted.text, file="项目表"), packs_here())
    plan.with_rules(Rule("floor_share", group, share_of(share)) for group, share in wanted.floors.items())
    for name in ("people", "programmes"):
        table(name)
    return ask_for("programmes", {"asked": wanted.as_dict(), "by": acting_user.pk}, by=acting_user, at=at)


def keep(computed: Computed, *, acting_user: Any, at: datetime) -> ProgrammePlan:
    """Keep a computed plan as a draft; the same one of the same person is kept once."""
    require(acting_user, "programmes.edit")
    asked = computed.asked.as_dict()
    sha256 = content_sha256(asked, computed.body, computed.sources, computed.outcomes_sha256)
    with transaction.atomic():
        there = ProgrammePlan.objects.filter(made_by=acting_user, state=State.DRAFT, content_sha256=sha256).first()
        if there is not None:
            return there
        plan = ProgrammePlan.objects.create(
            id=new_id(at),
            name=computed.asked.name or "、".join(p["name"] for p in computed.body["programmes"])[:120],
            on=computed.on,
            asked=asked,
            body=computed.body,
            report=computed.report,
            drafts=computed.drafts,
            sources=computed.sources,
            content_sha256=sha256,
            outcomes_sha256=computed.outcomes_sha256,
            made_by=acting_user,
            made_at=at,
        )
        # the people table was read for covariates and groups: which columns, of how many, belongs in the audit
        read = ["people.sex", "people.birth", "people.hukou_type", "people.disability_grade"]
        audit("programmes.computed", on=plan, by=acting_user, at=at, content_sha256=sha256, read=read, rows=computed.body["people"])
        emit("programmes.changed", permission="programmes.view", at=at, plan_id=plan.pk, state=plan.state)
    return plan


def sign(plan_id: UUID, *, acting_user: Any, at: datetime) -> ProgrammePlan:
    """A second person signs a plan as it was computed; the worker then seals what it means for each person.

    Raises NotAllowed (E_OWN_PLAN), Conflict (E_PLAN_STATE, E_PLAN_STALE), CheckFailed (E_PLAN_EMPTY).
    """
    require(acting_user, "programmes.sign")
    with transaction.atomic():
        plan = _locked(plan_id, acting_user)
        if plan.state != State.DRAFT:
            raise refusals.step_refused(plan, "签署")
        if plan.made_by_id == acting_user.pk:
            raise refusals.own_plan()
        if not (plan.body["allocation"] or {}).get("placed"):
            raise refusals.nobody_placed()
        _check_unchanged(plan)
        countersign(plan, "programmes.signed", sealed_parts(plan), by=acting_user, at=at)
        _told(plan, "programmes.signed", acting_user, at)
        ask_for("placements", {"plan_id": str(plan.pk)}, by=acting_user, at=at)
    return plan


def withdraw(plan_id: UUID, *, reason: str, acting_user: Any, at: datetime) -> ProgrammePlan:
    """Take a plan back, with the reason, as long as its outcomes are not sealed. Raises BadInput (E_REASON), Conflict, NotAllowed."""
    require(acting_user, "programmes.edit")
    said = reason_of(reason)
    with transaction.atomic():
        plan = _locked(plan_id, acting_user)
        if plan.state == State.WITHDRAWN:
            raise refusals.step_refused(plan, "撤回")
        if plan.sealed_at is not None:
            raise refusals.sealed_already()
        take_back(plan, "programmes.withdrawn", sealed_parts(plan), reason=said, by=acting_user, at=at)
        _told(plan, "programmes.withdrawn", acting_user, at)
    return plan


def draft_rule(plan_id: UUID, programme: str, *, region: str, acting_user: Any, at: datetime) -> RuleDraft:
    """Hand the tree of a programme to the bureau's own rules as a draft, to be changed and signed there. Raises NotFound, BadInput, NotAllowed."""
    require(acting_user, "programmes.edit")
    plan = ProgrammePlan.objects.filter(pk=plan_id).first()
    if plan is None or not plan.is_visible_to(acting_user) or programme not in plan.drafts:
        raise not_found()
    text = plan.drafts[programme].replace("region: CN\n", f"region: {region}\n").replace("CN:\n", f"{region}:\n")
    return save_draft(text, acting_user=acting_user, at=at, region=region, reason=f"来自项目资金安排 {plan.pk}")


def sealed_parts(plan: ProgrammePlan) -> dict[str, Any]:
    """What a leaf says of a plan: everything by hash, how many it places, who computed it."""
    return {
        "plan_id": str(plan.pk),
        "content": plan.content_sha256,
        "outcomes": plan.outcomes_sha256,
        "placed": plan.body["allocation"]["placed"] if plan.body["allocation"] else 0,
        "on": plan.on.isoformat(),
        "made_by": plan.made_by_id,
    }


def _locked(plan_id: UUID, user: Any) -> ProgrammePlan:
    found: ProgrammePlan | None = ProgrammePlan.objects.select_for_update(of=("self",)).filter(pk=plan_id).first()
    if found is None or not found.is_visible_to(user):
        raise not_found()
    return found


def _check_unchanged(plan: ProgrammePlan) -> None:
    """Figures, outcomes and tables as they were: nobody signs a plan for other people."""
    if content_sha256(plan.asked, plan.body, plan.sources, plan.outcomes_sha256) != plan.content_sha256:
        raise refusals.changed_since("方案或结果", "the plan or its figures")
    file = outcomes_file(plan.outcomes_sha256)
    if not file.exists() or file_sha256(file) != plan.outcomes_sha256:
        raise refusals.changed_since("逐人结果的文件", "the file of outcomes")
    for name, sha256 in plan.sources.items():
        if file_sha256(table(name)) != sha256:
            raise refusals.changed_since("居民或历史数据", "the data of residents or of the history")


def _told(plan: ProgrammePlan, verb: str, by: Any, at: datetime) -> None:
    audit(verb, on=plan, by=by, at=at, content_sha256=plan.content_sha256)
    emit("programmes.changed", permission="programmes.view", at=at, plan_id=plan.pk, state=plan.state)
