"""Evidence of a decision: what was seen, why in words, and the salt of its commitments, encrypted; read for a purpose, erased by law."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from leye.kernel.decision import Decision, InputValue, Subject
from leye.office.decisions.models import Evidence, Protected
from leye.office.privacy.keyring import keyring
from leye.trust.record import canonical_json

PURPOSE, APART = "decision_evidence", "protected"


@dataclass(frozen=True, slots=True)
class Opened:
    """Evidence in clear. reasons: rows of code, zh, en, basis · marks: of a batch, rows as sealed · None where there is none."""

    subject: Subject
    inputs: Mapping[str, InputValue]
    reasons: list[dict[str, str]]
    salt: bytes
    marks: list[list[object]] | None = None


def sealed_evidence(name: UUID, decision: Decision, salt: bytes) -> bytes:
    """The encrypted evidence of a single outcome, bound to its id: moved to another row it does not open."""
    return seal(
        name,
        decision.subject,
        inputs=dict(decision.inputs),
        reasons=[{"code": r.code, "zh": r.zh, "en": r.en, "basis": r.basis} for r in decision.reasons],
        salt=salt,
    )


def seal(name: UUID, subject: Subject, *, salt: bytes, **parts: object) -> bytes:
    """The same for any parts."""
    clear = canonical_json({"subject": [subject.kind, subject.id], "salt": salt.hex(), **parts})
    return keyring(PURPOSE).encrypt(clear, name.bytes)


def sealed_protected(name: UUID, values: Mapping[str, str]) -> bytes:
    """Protected attributes under a key of their own."""
    return keyring(APART).encrypt(canonical_json(dict(values)), name.bytes)


def opened(name: UUID) -> Opened | None:
    """Evidence in clear; None when it was erased. Whoever calls this logs the read."""
    row = Evidence.objects.filter(pk=name).first()
    if row is None:
        return None
    said = json.loads(keyring(PURPOSE).decrypt(bytes(row.sealed), name.bytes))
    return Opened(Subject(*said["subject"]), said.get("inputs", {}), said.get("reasons", []), bytes.fromhex(said["salt"]), said.get("marks"))


def opened_protected(name: UUID) -> dict[str, str]:
    """Protected attributes of one decision in clear; empty when there are none. Whoever calls this logs the read."""
    row = Protected.objects.filter(pk=name).first()
    return json.loads(keyring(APART).decrypt(bytes(row.sealed), name.bytes)) if row is not None else {}
