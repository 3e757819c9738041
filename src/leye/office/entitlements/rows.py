"""What rows of this room share: whom they are about, sealed; and the steps of a claim."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from leye.kernel.decision import Subject
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.decisions.subjects import subject_key
from leye.office.entitlements.known import PURPOSE
from leye.office.entitlements.models import Claim, ClaimStep, State
from leye.office.outbox.journal import audit, emit
from leye.office.privacy.keyring import keyring


def sealed(name: UUID, **said: object) -> bytes:
    """JSON, encrypted and bound to its row."""
    return keyring(PURPOSE).encrypt(json.dumps(said, ensure_ascii=False, default=str).encode(), name.bytes)


def about(subject: Subject) -> dict[str, str]:
    """Columns by which a row's subject is found."""
    return {"subject_kind": subject.kind, "subject_key": subject_key(subject)}


def take_step(claim: Claim, to: State, *, by: Any, at: datetime, note: str = "", receipt: str = "", verb: str = "") -> ClaimStep:
    """Move a claim inside the caller's transaction: row, step, leaf, audit entry, event."""
    was = claim.state
    claim.state, claim.changed_at = to, at
    claim.save()
    step = ClaimStep.objects.create(
        claim=claim, at=at, by=by, from_state=was if was != to else "", to_state=to, note=note[:500], receipt=receipt[:60]
    )
    name = f"claim.{verb or to}"
    seal_event(name, at=at, claim=claim.pk, policy=claim.policy, state=str(to), by=by.pk, role=by.role, receipt=receipt or None)
    audit(name, on=claim, by=by, at=at, policy=claim.policy, from_state=was, receipt=receipt)
    emit(name, permission="claims.view", region=claim.region, at=at, claim_id=claim.pk, policy=claim.policy, state=str(to))
    return step


def fresh_id(at: datetime) -> UUID:
    """A time-ordered id."""
    return new_id(at)
