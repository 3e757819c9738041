"""`audit` and `emit`: called inside the transaction of the change they speak of, so that all three happen or none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models

from leye.office.clock import now
from leye.office.outbox.models import AuditEntry, OutboxEvent

_ORDER_LOCK = 0x1E7E  # one lock for all events: on PostgreSQL ids must become visible in order, or a cursor skips one


def audit(verb: str, *, on: models.Model, by: Any, at: datetime, **detail: object) -> AuditEntry:
    """Record that `by` (None: the nightly) did `verb` to `on`. Raises RuntimeError outside a transaction."""
    _inside_transaction()
    return AuditEntry.objects.create(at=at, by=by, verb=verb, object_kind=on._meta.model_name, object_id=str(on.pk), detail=detail)


def emit(name: str, *, permission: str = "", region: str = "", at: datetime | None = None, **payload: object) -> OutboxEvent:
    """Add an event; readers see it after commit. `permission` empty: not for browsers. Raises RuntimeError outside a transaction."""
    _inside_transaction()
    hold_order()
    return OutboxEvent.objects.create(at=at or now(), name=name, payload=payload, permission=permission, region=region)


def hold_order() -> None:
    """Take the events' turn until the transaction ends. On SQLite the transaction itself is the turn."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ORDER_LOCK])


def _inside_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("audit and emit belong inside the transaction of the change")
