"""Releases held against the log: what is shown as published is what was sealed, number by number, and nothing sealed has vanished."""

from __future__ import annotations

from typing import Any

from leye.office.decisions.models import SealedEvent
from leye.office.privacy.models import Release
from leye.office.privacy.releases import EVENT, sealed_parts


def first_false_release() -> dict[str, Any] | None:
    """The first release that was changed, taken out or put in beside the log: `{"index", "kind", "reason"}`; None when all agree."""
    rows = {r.leaf_index: r for r in Release.objects.select_related("budget").iterator(chunk_size=200)}
    for event in SealedEvent.objects.filter(kind=EVENT).order_by("leaf_index").iterator():
        row = rows.pop(event.leaf_index, None)
        if row is None:
            return _false(event.leaf_index, "留痕说有一次发布，表里没有 (the leaf has no row)")
        if event.payload != sealed_parts(row):
            return _false(event.leaf_index, "发布的数字或花费和留痕不一致 (the row differs from its leaf)")
    return _false(min(rows), "这次发布没有留痕 (a row without a leaf)") if rows else None


def _false(index: int, reason: str) -> dict[str, Any]:
    return {"index": index, "kind": "release_row", "reason": reason}
