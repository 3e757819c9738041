"""The published snapshot, or the error that says how to get one."""

from __future__ import annotations

from leye.kernel.errors import NotFound
from leye.office.published import Snapshot, published_snapshot


def current() -> Snapshot:
    """What is published now. Raises NotFound before the first run."""
    snapshot = published_snapshot()
    if snapshot is None:
        raise NotFound("还没有发布过快照", en="nothing is published yet", remedy_zh="先运行 leye run nightly", remedy_en="run leye run nightly first")
    return snapshot
