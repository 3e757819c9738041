"""The office's rows held against the log: every decision and event has its leaf, every such leaf its row, and the two say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from leye.office.decisions.gate import shared_fields
from leye.office.decisions.models import Decision, SealedEvent
from leye.trust.record import instant_text

STEP = 5_000  # leaves compared at a time; chosen by us: a few megabytes


def first_mismatch() -> dict[str, Any] | None:
    """The first leaf whose row differs, is missing, or the first row without a leaf: `{"index", "kind", "reason"}`; None when all agree."""
    size = _one("SELECT count(*) FROM trust_leaf")
    for start in range(0, size, STEP):
        rows = {row.leaf_index: row for row in _rows(start, start + STEP)}
        for index, record in _leaves(start, start + STEP):
            if (said := _difference(rows.pop(index, None), record)) is not None:
                return {"index": index, "kind": "decision_row", "reason": said}
        if rows:
            return {"index": min(rows), "kind": "decision_row", "reason": "两行指向同一条留痕，或留痕缺失 (a row without a leaf of its own)"}
    beyond = [model.objects.filter(leaf_index__gte=size).values_list("leaf_index", flat=True).first() for model in (Decision, SealedEvent)]
    found = [index for index in beyond if index is not None]
    return {"index": min(found), "kind": "decision_row", "reason": "有决定没有留痕 (a decision without a leaf)"} if found else None


def _rows(start: int, stop: int) -> Iterator[Decision | SealedEvent]:
    for model in (Decision, SealedEvent):
        yield from model.objects.filter(leaf_index__gte=start, leaf_index__lt=stop).iterator()


def _leaves(start: int, stop: int) -> Iterator[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, record FROM trust_leaf WHERE idx >= %s AND idx < %s ORDER BY idx", [start, stop])
        for index, record in cursor.fetchall():
            yield index, bytes(record)


def _difference(row: Decision | SealedEvent | None, record: bytes) -> str | None:
    """What differs, None when nothing does. Leaves of other programs, which are no JSON of ours, have no row to differ from."""
    said = _ours(record)
    if said is None:
        return None if row is None else "留痕不是这条决定的 (the leaf is another's)"
    if row is None:
        return "留痕没有对应的决定 (the leaf has no row)"
    kept = event_fields(row) if isinstance(row, SealedEvent) else shared_fields(row)
    wrong = [name for name, value in kept.items() if said.get(name) != (value if value not in (None, "", [], {}) else None)]
    return f"和留痕不一致：{'、'.join(wrong)} (differs from its leaf)" if wrong else None


def event_fields(row: SealedEvent) -> dict[str, object]:
    """The record of an event, as sealed."""
    return {"type": "event", "id": str(row.id), "kind": row.kind, "at": instant_text(row.at), "payload": row.payload}


def _ours(record: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(record)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("type") in {"decision", "marks", "event"} else None


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
