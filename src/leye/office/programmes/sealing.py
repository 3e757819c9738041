"""Outcomes of a signed plan through the gate: one leaf for everyone who may have one of its programmes, whether placed or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction

from leye.kernel.decision import InputValue, Outcome
from leye.kernel.ids import run_of
from leye.lake.snapshots import file_sha256
from leye.office.decisions.batch import BatchRun, PersonMarks, decide_batch
from leye.office.decisions.subjects import subject_of
from leye.office.outbox.journal import audit, emit
from leye.office.programmes import refusals
from leye.office.programmes.computing import outcomes_file
from leye.office.programmes.groups import audit_groups
from leye.office.programmes.models import ProgrammePlan, State
from leye.office.registry.cards import running_version
from leye.trust.subtree import Mark

ALGO, PURPOSE = "policy.placement", "programme_places"
FEATURES = ("expected_effect", "cost_fen", "programme_conditions", "floor_groups", "lot")
NOT_PLACED = "not_placed"


def seal_placements(plan_id: UUID, *, at: datetime) -> ProgrammePlan:
    """Seal once; a second call changes nothing. Raises GateRefused (an open breaker, a card that does not run), Conflict when the file changed."""
    with transaction.atomic():
        plan: ProgrammePlan = ProgrammePlan.objects.select_for_update(of=("self",)).get(pk=plan_id)
        if plan.sealed_at is not None:
            return plan
        if plan.state != State.SIGNED:
            raise refusals.step_refused(plan, "逐人留痕")
        file = outcomes_file(plan.outcomes_sha256)
        if not file.exists() or file_sha256(file) != plan.outcomes_sha256:
            raise refusals.changed_since("逐人结果的文件", "the file of outcomes")
        run = BatchRun(ALGO, running_version(ALGO), PURPOSE, FEATURES, run_of("plan", plan.pk), at)
        sealed = decide_batch(run, people_marks(pl.read_parquet(file), plan))
        plan.sealed_people, plan.sealed_at = sealed.people, at
        plan.save(update_fields=["sealed_people", "sealed_at"])
        audit("programmes.sealed", on=plan, by=plan.signed_by, at=at, people=sealed.people, first=sealed.first)
        emit("programmes.changed", permission="programmes.view", at=at, plan_id=plan.pk, state=plan.state)
    return plan


def people_marks(outcomes: pl.DataFrame, plan: ProgrammePlan) -> Iterator[PersonMarks]:
    """One mark a person: the programme's id, or that none was given, with the codes of the plan and what was seen."""
    groups = audit_groups(outcomes["person_id"], plan.on)
    for row in outcomes.iter_rows(named=True):
        yield PersonMarks(subject_of(row["person_id"]), (_mark(row),), _inputs(row, plan), groups.get(row["person_id"], {}))


def _mark(row: dict[str, Any]) -> Mark:
    value = "placed" if row["programme"] else NOT_PLACED
    return Mark(row["programme"] or NOT_PLACED, Outcome(value, row["effect"], row["cost_fen"]), tuple(row["reasons"]))


def _inputs(row: dict[str, Any], plan: ProgrammePlan) -> dict[str, InputValue]:
    return {
        "plan": str(plan.pk),
        "content": plan.content_sha256,
        "on": plan.on.isoformat(),
        "seed": plan.asked["seed"],
        "programme": row["programme"],
        "expected_effect": row["effect"],
        "cost_fen": row["cost_fen"],
    }
