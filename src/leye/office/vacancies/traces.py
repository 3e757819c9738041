"""What every step with a vacancy leaves: an audit entry and an event, inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leye.office.outbox.journal import audit, emit
from leye.office.vacancies.models import Vacancy


def trace(vacancy: Vacancy, verb: str, *, by: Any, at: datetime, **detail: object) -> None:
    """Record a step. by: None for the clock."""
    audit(f"vacancy.{verb}", on=vacancy, by=by, at=at, state=vacancy.state, version=vacancy.version, **detail)
    emit(f"vacancy.{verb}", permission="vacancies.view", region=vacancy.region, at=at, vacancy_id=vacancy.pk, state=vacancy.state)
