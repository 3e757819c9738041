"""The lamp of a series of the panel as the night lit it."""

from __future__ import annotations

from leye.office.published import Snapshot


def level_of(snapshot: Snapshot, unique_id: str) -> str | None:
    """Level of the lamp; None when it is dark."""
    kept: dict[str, str] = snapshot.__dict__.setdefault("_levels", {})
    if not kept:
        kept.update({r["unique_id"]: r["level"] for r in reversed(snapshot.rows("lamps"))})
    return kept.get(unique_id)
