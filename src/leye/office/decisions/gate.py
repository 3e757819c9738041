"""The gate: the only way by which an algorithmic outcome about somebody leaves the house.

It refuses what is not registered and running, what uses or says more than its card declares, and what explains nothing. What passes becomes, in one
transaction: a row, its encrypted evidence, a leaf of the log under a signed head, an event, and, by lot, a case for human review.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from leye.kernel.decision import Decision
from leye.office.clock import now
from leye.office.decisions.admit import check_decision, check_sandbox, registered
from leye.office.decisions.evidence import sealed_evidence, sealed_protected
from leye.office.decisions.ledger import Sealed, append, new_id
from leye.office.decisions.models import Decision as Row
from leye.office.decisions.refusals import GateRefused
from leye.office.decisions.rows import insert
from leye.office.decisions.subjects import subject_key
from leye.office.outbox.journal import emit
from leye.office.registry.queries import Admission
from leye.office.review.actions import take_sample
from leye.office.review.queries import breaker_state
from leye.trust.commitments import SALT_BYTES, commit, commit_all
from leye.trust.record import instant_text, record_bytes


def decide(decision: Decision) -> Sealed:
    """One outcome through the gate. Raises GateRefused, BadInput; then nothing is kept."""
    return decide_many([decision])[0]


def decide_many(decisions: Sequence[Decision]) -> list[Sealed]:
    """Several outcomes, all or none, one leaf each in the order given. Raises GateRefused, BadInput."""
    if not decisions:
        return []
    with transaction.atomic():
        cards: dict[tuple[str, str], Admission] = {}
        breakers: dict[tuple[str, str], str] = {}
        for place, d in enumerate(decisions):
            try:
                _admit(d, cards, breakers)
            except GateRefused as refused:
                refused.which = place
                raise
        keys = [subject_key(d.subject) for d in decisions]
        for (algo, version), card in cards.items():
            check_sandbox(card, [k for d, k in zip(decisions, keys, strict=True) if (d.algo, d.version) == (algo, version)])
        return _write(decisions, keys, cards, breakers)


def _admit(d: Decision, cards: dict[tuple[str, str], Admission], breakers: dict[tuple[str, str], str]) -> None:
    """Check one decision; card and breaker are asked once for all that share them."""
    version, place = (d.algo, d.version), (d.algo, d.region)
    if version not in cards:
        cards[version] = registered(*version)
    if place not in breakers:
        breakers[place] = breaker_state(*place)
    check_decision(d, cards[version], breakers[place])


def _write(
    decisions: Sequence[Decision], keys: Sequence[str], cards: dict[tuple[str, str], Admission], breakers: dict[tuple[str, str], str]
) -> list[Sealed]:
    sealed_at = now()
    rows, records, evidence, protected = [], [], [], []
    for d, key in zip(decisions, keys, strict=True):
        name, salt = new_id(sealed_at), secrets.token_bytes(SALT_BYTES)
        row = _row(name, d, key, cards[d.algo, d.version], breakers[d.algo, d.region])
        row.sealed_at = sealed_at
        rows.append(row)
        records.append(_record(row, d, salt))
        evidence.append((name, sealed_evidence(name, d, salt)))
        if d.protected:
            protected.append((name, sealed_protected(name, d.protected)))
    for row, place in zip(rows, append(records), strict=True):
        row.leaf_index = place
    insert(rows, evidence, protected)
    emit("decisions.sealed", at=sealed_at, first=rows[0].leaf_index, count=len(rows))
    sealed = [Sealed(row.id, row.leaf_index) for row in rows]
    for done, d in zip(sealed, decisions, strict=True):
        take_sample(done, d, state=breakers[d.algo, d.region])
    return sealed


def _row(name: UUID, d: Decision, key: str, card: Admission, breaker: str) -> Row:
    return Row(
        id=name,
        kind="decision",
        algo=d.algo,
        version=d.version,
        config=card.config_hash,
        purpose=d.purpose,
        subject_kind=d.subject.kind,
        subject_key=key,
        outcome=d.outcome.value,
        region=d.region,
        breaker=breaker,
        retention=card.retention_class,
        follows_id=UUID(d.follows) if d.follows else None,
        at=d.at,
    )


def _record(row: Row, d: Decision, salt: bytes) -> bytes:
    """What the leaf says: names, codes and commitments, nothing that tells who somebody is."""
    return record_bytes(
        {
            **shared_fields(row),
            "subject": commit(salt, "subject", d.subject.id),
            "inputs": commit_all(salt, d.inputs),
            "features": sorted(d.features),
            "score": d.outcome.score,
            "amount_fen": d.outcome.amount_fen,
            "candidates": d.candidates,
            "reasons": [r.code for r in d.reasons],
            "words": commit(salt, "reasons", [[r.code, r.zh, r.en, r.basis] for r in d.reasons]),
            "basis": d.policy_basis,
            "review": d.review,
        }
    )


def shared_fields(row: Row) -> dict[str, object]:
    """The part of a record that its row repeats; `leye trust verify` holds the two against each other."""
    return {
        "type": row.kind,
        "id": str(row.id),
        "algo": row.algo,
        "version": row.version,
        "config": row.config,
        "purpose": row.purpose,
        "kind": row.subject_kind,
        "outcome": row.outcome,
        "region": row.region,
        "breaker": row.breaker,
        "retention": row.retention,
        "follows": str(row.follows_id) if row.follows_id else None,
        "run": row.run_id,
        "marks": row.marks,
        "at": instant_text(row.at),
        "sealed_at": instant_text(row.sealed_at),
    }
