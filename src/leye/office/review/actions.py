"""Dual track."""

from __future__ import annotations

from leye.kernel.decision import Decision
from leye.office.decisions.ledger import Sealed


def take_sample(sealed: Sealed, decision: Decision, *, state: str) -> None:
    """Put a share of what was sealed into the review queue, inside the gate's transaction."""
