"""Objections to a decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID


def objections_about(user: Any, decision_id: UUID) -> list[Any]:
    """Objections of the user to one decision, newest first."""
    return []
