"""What every step of an objection leaves: a row with the words encrypted, a leaf without them, an audit entry, an event."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from leye.kernel.ids import uuid7
from leye.office.decisions.ledger import seal_event
from leye.office.objections.models import Objection, Step
from leye.office.outbox.journal import audit, emit
from leye.office.privacy.keyring import keyring

PURPOSE = "objections"
_DICE = random.SystemRandom()


def take_step(objection: Objection, verb: str, *, by: Any, at: datetime, words: str = "", **detail: object) -> Step:
    """Record a step inside the caller's transaction.

    words: what is said; never in the leaf, not even hashed: short words are few enough to be found by trying.
    """
    name = uuid7(at, _DICE)
    told = {"objection": objection.pk, "decision": objection.decision_id, "algo": objection.algo, "state": objection.state, **detail}
    sealed = seal_event(f"objection.{verb}", at=at, by=by.pk if by is not None else None, role=by.role if by is not None else None, **told)
    step = Step.objects.create(
        id=name,
        objection=objection,
        at=at,
        by=by,
        verb=verb,
        words_sealed=keyring(PURPOSE).encrypt(words.encode(), name.bytes),
        sealed_id=sealed.decision_id,
        leaf_index=sealed.leaf_index,
    )
    audit(f"objection.{verb}", on=objection, by=by, at=at, state=objection.state)
    emit(f"objection.{verb}", permission="objections.view", region=objection.region, at=at, objection_id=objection.pk, state=objection.state)
    return step


def words_of(step: Step) -> str:
    """What was said, in clear; empty when nothing was."""
    return keyring(PURPOSE).decrypt(bytes(step.words_sealed), step.pk.bytes).decode()
