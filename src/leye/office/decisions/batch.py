"""The gate for a whole city: one leaf a person and run, with a Merkle subtree over that person's outcomes.

A run over a million people makes tens of millions of outcomes; a leaf each would bury the log, and no person asks for fewer than all of theirs.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from leye.kernel.decision import InputValue, Subject
from leye.kernel.ids import RUN_ID_LONGEST
from leye.office.clock import now
from leye.office.decisions import refusals
from leye.office.decisions.admit import admitted, check_sandbox, check_subject, check_words
from leye.office.decisions.evidence import APART, PURPOSE
from leye.office.decisions.gate import shared_fields
from leye.office.decisions.ledger import append, new_id
from leye.office.decisions.models import Decision as Row
from leye.office.decisions.refusals import BREAKER, GateRefused
from leye.office.decisions.rows import insert
from leye.office.decisions.subjects import subject_key
from leye.office.outbox.journal import emit
from leye.office.privacy.keyring import keyring
from leye.office.registry.queries import Admission
from leye.office.review.queries import breaker_state
from leye.trust.commitments import SALT_BYTES, commit
from leye.trust.record import canonical_json, record_bytes
from leye.trust.subtree import Mark, mark_bytes, marks_json, marks_root

log = logging.getLogger("leye.nightly")

CHUNK = 2_000  # people; chosen by us: some megabytes in memory, and the log's work is linear from 256 on


@dataclass(frozen=True, slots=True)
class BatchRun:
    """One run: the version, its purpose, the features it looked at, the snapshot it belongs to, when it decided and for which region."""

    algo: str
    version: str
    purpose: str
    features: tuple[str, ...]
    run_id: str
    at: datetime
    region: str = ""

    def __post_init__(self) -> None:
        if len(self.run_id) > RUN_ID_LONGEST:  # SQLite keeps any length, and only a city on PostgreSQL would learn of it
            raise ValueError(f"a run id has at most {RUN_ID_LONGEST} characters, got {self.run_id!r}")


@dataclass(frozen=True, slots=True)
class PersonMarks:
    """All outcomes of one subject in a run. inputs: what was seen of them; one commitment covers them together."""

    subject: Subject
    marks: tuple[Mark, ...]
    inputs: Mapping[str, InputValue]
    protected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchSealed:
    """What was sealed: leaves `first` to `first + people - 1`."""

    first: int | None
    people: int
    outcomes: int


def decide_batch(run: BatchRun, people: Iterable[PersonMarks]) -> BatchSealed:
    """All outcomes of a run, all or none. Raises GateRefused, BadInput; then nothing is kept."""
    with transaction.atomic():
        card = admitted(run.algo, run.version)
        breaker = breaker_state(run.algo, run.region)
        if breaker == "open":
            raise refusals.broken(run.algo, run.region)
        first, n, outcomes = None, 0, 0
        rest = iter(people)
        while chunk := list(islice(rest, CHUNK)):
            _check(run, card, chunk)
            places = _write(run, card, breaker, chunk)
            first = places[0] if first is None else first
            n, outcomes = n + len(chunk), outcomes + sum(len(p.marks) for p in chunk)
        if n:
            emit("decisions.sealed", at=now(), first=first, count=n)
        return BatchSealed(first, n, outcomes)


def decide_unless_broken(run: BatchRun, people: Iterable[PersonMarks]) -> BatchSealed | None:
    """As `decide_batch`; None while the region's breaker is open: people stopped the machine there, which is no failure of the run."""
    try:
        return decide_batch(run, people)
    except GateRefused as refused:
        if refused.code != BREAKER:
            raise
        log.warning("decisions.held_by_breaker algo=%s region=%s", run.algo, run.region)
        return None


def _check(run: BatchRun, card: Admission, chunk: list[PersonMarks]) -> None:
    """The words of a chunk against the card, once for all of them; an outcome without a reason is refused."""
    for person in chunk:
        check_subject(card, person.subject)
    explained = [m.reasons for p in chunk for m in p.marks]
    if not all(explained):
        raise refusals.unexplained()
    check_words(card, purpose=run.purpose, features=run.features, codes=set().union(*explained))
    if card.sandbox is not None:
        check_sandbox(card, [subject_key(p.subject) for p in chunk])


def _write(run: BatchRun, card: Admission, breaker: str, chunk: list[PersonMarks]) -> range:
    sealed_at, evidence_key, apart = now(), keyring(PURPOSE), keyring(APART)
    rows, records, evidence, protected = [], [], [], []
    for person in chunk:
        name, salt = new_id(sealed_at), secrets.token_bytes(SALT_BYTES)
        row = Row(
            id=name, kind="marks", algo=run.algo, version=run.version, config=card.config_hash, purpose=run.purpose,
            subject_kind=person.subject.kind, subject_key=subject_key(person.subject), region=run.region, breaker=breaker,
            retention=card.retention_class, run_id=run.run_id, marks=len(person.marks), at=run.at, sealed_at=sealed_at,
        )  # fmt: skip
        marks = [mark_bytes(m) for m in person.marks]
        inputs = canonical_json(dict(person.inputs))
        records.append(
            record_bytes(
                {
                    **shared_fields(row),
                    "subject": commit(salt, "subject", person.subject.id),
                    "inputs": commit(salt, "inputs", dict(person.inputs)),
                    "features": sorted(run.features),
                    "root": marks_root(marks).hex(),
                }
            )
        )
        clear = b'{"inputs":%b,"marks":%b,"salt":"%b","subject":%b}' % (
            inputs, marks_json(marks), salt.hex().encode(), canonical_json([person.subject.kind, person.subject.id]),
        )  # fmt: skip
        rows.append(row)
        evidence.append((name, evidence_key.encrypt(clear, name.bytes)))
        if person.protected:
            protected.append((name, apart.encrypt(canonical_json(dict(person.protected)), name.bytes)))
    places = append(records)
    for row, place in zip(rows, places, strict=True):
        row.leaf_index = place
    insert(rows, evidence, protected)
    return places
