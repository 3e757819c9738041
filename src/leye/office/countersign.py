"""A paper from draft to a second person's signature and withdrawal: the step that reports, reforms, programmes and impact reviews share.

A paper has `state`, `made_by_id`, `leaf_index`, `reason`, `withdrawn_by`, `withdrawn_at` and, under the name of its signature (`signed`,
`published`), `…_by` and `…_at`. Who may, and whether the paper is still what was seen, is asked by the action that calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leye.office.decisions.ledger import seal_event


def countersign(paper: Any, event: str, parts: Mapping[str, object], *, by: Any, at: datetime, name: str = "signed") -> None:
    """Put the second person's name under a paper and seal it, inside the caller's transaction. event: `reform.signed` and the like."""
    leaf = seal_event(event, at=at, **parts, **{f"{name}_by": by.pk}).leaf_index
    fields = {"state": name, f"{name}_by": by, f"{name}_at": at, "leaf_index": leaf}
    _keep(paper, fields)


def take_back(paper: Any, event: str, parts: Mapping[str, object], *, reason: str, by: Any, at: datetime) -> None:
    """Withdraw a paper with its reason; a signature in the log is answered by a withdrawal in the log."""
    was_sealed = paper.leaf_index is not None
    _keep(paper, {"state": "withdrawn", "withdrawn_by": by, "withdrawn_at": at, "reason": reason})
    if was_sealed:
        seal_event(event, at=at, **parts, withdrawn_by=by.pk)


def _keep(paper: Any, fields: Mapping[str, object]) -> None:
    for field, value in fields.items():
        setattr(paper, field, value)
    paper.save(update_fields=list(fields))
