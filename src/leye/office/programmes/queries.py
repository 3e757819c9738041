"""Plans as pages and API read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import QuerySet

from leye.lake.snapshots import file_sha256
from leye.office.outbox.journal import audit
from leye.office.permissions import can, not_found, require
from leye.office.programmes import refusals
from leye.office.programmes.computing import outcomes_file
from leye.office.programmes.models import ProgrammePlan, State

PLACEMENTS = ("person_id", "programme", "region", "effect", "cost_fen", "reasons")


def plans(user: Any) -> QuerySet[ProgrammePlan]:
    """All plans, newest first; none for an account of one district."""
    require(user, "programmes.view")
    found = ProgrammePlan.objects.select_related("made_by", "signed_by", "withdrawn_by")
    return found.none() if user.region else found


def plan_called(user: Any, plan_id: UUID | str) -> ProgrammePlan:
    """One of them. Raises NotFound, also for text that is no id."""
    try:
        found = plans(user).filter(pk=UUID(str(plan_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise not_found()
    return found


def next_steps(user: Any, plan: ProgrammePlan) -> list[str]:
    """What this person can do now: sign, withdraw, rule, placements."""
    found = []
    placed = bool((plan.body["allocation"] or {}).get("placed"))
    if plan.state == State.DRAFT and placed and can(user, "programmes.sign") and plan.made_by_id != user.pk:
        found.append("sign")
    if plan.state != State.WITHDRAWN and plan.sealed_at is None and can(user, "programmes.edit"):
        found.append("withdraw")
    if plan.drafts and can(user, "programmes.edit") and can(user, "policy.rules.edit"):
        found.append("rule")
    if plan.sealed_at is not None and can(user, "programmes.placements"):
        found.append("placements")
    return found


def placements(user: Any, plan_id: UUID | str, *, at: datetime) -> Iterator[tuple[Any, ...]]:
    """Who has which place, columns PLACEMENTS, of a sealed plan only; the look is audited. Raises NotAllowed, NotFound, Conflict."""
    require(user, "programmes.placements")
    plan = plan_called(user, plan_id)
    if plan.sealed_at is None:
        raise refusals.step_refused(plan, "下载名单：签署并逐人留痕以后才有")
    file = outcomes_file(plan.outcomes_sha256)
    if not file.exists() or file_sha256(file) != plan.outcomes_sha256:
        raise refusals.changed_since("逐人结果的文件", "the file of outcomes")
    rows = pl.read_parquet(file).filter(pl.col("programme").is_not_null()).with_columns(pl.col("reasons").list.join(";"))
    audit("programmes.placements_read", on=plan, by=user, at=at, rows=rows.height)
    return rows.select(PLACEMENTS).iter_rows()
