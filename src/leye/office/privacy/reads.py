"""Reads of a person's data, each with its purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leye.kernel.decision import Subject


def log_read(user: Any, subject: Subject, purpose: str, columns: Sequence[str], at: datetime) -> None:
    """Record that a user read columns of a subject's data for a purpose."""
