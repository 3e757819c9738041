"""The log inside the office's transactions: leaves are appended, the new head is signed in the same transaction, and its note is copied to a file
outside the database once it is committed.

Signing inside means that a kill at any moment leaves a log whose every row is covered by a signed head; the copy outside shows when the database was
put back from an older one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from leye.kernel.errors import BadInput
from leye.kernel.ids import uuid7
from leye.office.clock import now
from leye.office.decisions.heads import has_key, log_key, publish_head
from leye.office.decisions.models import SealedEvent
from leye.office.outbox.journal import hold_order
from leye.trust.log import Log
from leye.trust.record import instant_text, record_bytes

_dice = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where something stands in the log."""

    decision_id: UUID
    leaf_index: int


def new_id(at: datetime) -> UUID:
    """A time-ordered id."""
    return uuid7(at, _dice)


def open_log() -> Log:
    """The log over this process's database connection."""
    connection.ensure_connection()
    return Log(connection.connection, connection.vendor)


def append(records: Sequence[bytes]) -> range:
    """Add leaves and sign the new head, inside the caller's transaction. Raises RuntimeError outside one."""
    if not connection.in_atomic_block:
        raise RuntimeError("a leaf belongs inside the transaction of the change it speaks of")
    hold_order()  # before the log's own lock, always: two transactions that take both in different orders would wait for each other
    log = open_log()
    if not has_key() and log.size():
        raise _key_gone()
    places = log.append(records)
    note = log.add_own_head([log_key()])
    transaction.on_commit(lambda: publish_head(note))
    return places


def seal_event(kind: str, *, at: datetime, **payload: object) -> Sealed:
    """Seal that something happened, inside the caller's transaction.

    payload: codes, ids and hashes that may stand in the log for ever; never personal data. None values are left out.
    """
    name = new_id(now())
    said = {key: instant_text(v) if isinstance(v, datetime) else str(v) if isinstance(v, UUID) else v for key, v in payload.items() if v is not None}
    record = record_bytes({"type": "event", "id": str(name), "kind": kind, "at": instant_text(at), "payload": said})
    index = append([record])[0]
    SealedEvent.objects.create(id=name, leaf_index=index, kind=kind, payload=said, at=at)
    return Sealed(name, index)


def _key_gone() -> BadInput:
    """A second key would sign another log of the same rows, which nobody outside could tell from a forgery."""
    return BadInput(
        "留痕里已经有记录，签名私钥 log.key 却不见了",
        en="the log has entries and its signing key log.key is gone",
        remedy_zh="从备份恢复密钥文件夹里的 log.key；实在没有了，请另建数据文件夹，并公布旧留痕到此为止",
        remedy_en="restore log.key of the key folder from a backup; where there is none, begin a new data folder and publish where the old log ends",
        code="E_KEY_GONE",
    )
