"""Reads held against the log: every recorded read equals its leaf, and every leaf of a read has its row."""

from __future__ import annotations

from typing import Any

from leye.office.decisions.models import SealedEvent
from leye.office.privacy.models import ReadAccess
from leye.office.privacy.reads import digest_of

STEP = 2_000  # leaves compared at a time; chosen by us


def first_false_read() -> dict[str, Any] | None:
    """The first read that was changed, taken out or put in beside the log: `{"index", "kind", "reason"}`; None when all agree."""
    last = -1
    while events := list(SealedEvent.objects.filter(kind="file.read", leaf_index__gt=last).order_by("leaf_index")[:STEP]):
        rows = {r.leaf_index: r for r in ReadAccess.objects.filter(leaf_index__gte=events[0].leaf_index, leaf_index__lte=events[-1].leaf_index)}
        for event in events:
            row = rows.pop(event.leaf_index, None)
            if row is None:
                return _false(event.leaf_index, "留痕说有一次读取，记录里没有 (the leaf has no row)")
            if event.payload.get("read_id") != str(row.pk) or event.payload.get("sha256") != digest_of(row):
                return _false(event.leaf_index, "读取记录和留痕不一致 (the row differs from its leaf)")
        if rows:
            return _false(min(rows), "读取记录指向别的留痕 (a row without a leaf of its own)")
        last = events[-1].leaf_index
    strange = ReadAccess.objects.exclude(leaf_index__in=SealedEvent.objects.filter(kind="file.read").values("leaf_index"))
    index = strange.order_by("leaf_index").values_list("leaf_index", flat=True).first()
    return None if index is None else _false(index, "读取记录没有留痕 (a row without a leaf)")


def _false(index: int, reason: str) -> dict[str, Any]:
    return {"index": index, "kind": "read_row", "reason": reason}
