"""What every step of an application leaves: a row with the words encrypted, a leaf without them, an audit entry, an event."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from leye.office.applications.models import Application, State, Step
from leye.office.decisions.ledger import new_id, seal_event
from leye.office.outbox.journal import audit, emit
from leye.office.privacy.keyring import keyring

PURPOSE = "applications"
LONGEST_WORDS = 1000


def sealed(name: UUID, **said: object) -> bytes:
    """JSON, encrypted and bound to its row."""
    return keyring(PURPOSE).encrypt(json.dumps(said, ensure_ascii=False, default=str).encode(), name.bytes)


def opened(name: UUID, column: bytes | memoryview) -> dict[str, Any]:
    """What `sealed` closed. Whoever shows it to staff records the read."""
    said: dict[str, Any] = json.loads(keyring(PURPOSE).decrypt(bytes(column), name.bytes))
    return said


def person_of(application: Application) -> str:
    """Id of the person."""
    return str(opened(application.pk, application.sealed)["person"])


def words_of(step: Step) -> str:
    """What was said, in clear; empty when nothing was."""
    return str(opened(step.pk, step.sealed)["words"])


def take_step(application: Application, verb: str, to: State, *, by: Any, side: str, at: datetime, words: str = "", reason: str = "") -> Step:
    """Move an application inside the caller's transaction. words: never in the leaf, not even hashed: short words are found by trying."""
    was, application.state, application.changed_at = application.state, to, at
    application.save()
    name = new_id(at)
    told = {"application": application.pk, "job": application.job_id, "state": str(to), "reason": reason or None}
    leaf = seal_event(f"application.{verb}", at=at, by=by.pk if by is not None else None, side=side, **told).leaf_index
    step = Step.objects.create(
        id=name, application=application, at=at, by=by, side=side, verb=verb, from_state=was if verb not in {"sent", "invited"} else "",
        to_state=to, reason=reason, sealed=sealed(name, words=words.strip()[:LONGEST_WORDS]), leaf_index=leaf,
    )  # fmt: skip
    audit(f"application.{verb}", on=application, by=by, at=at, state=str(to), side=side)
    emit(
        f"application.{verb}", permission="applications.desk", region=application.region, at=at,
        application_id=application.pk, job_id=application.job_id, state=str(to),
    )  # fmt: skip
    return step
