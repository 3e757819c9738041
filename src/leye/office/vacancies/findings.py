"""Live checks of an advert before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leye.office.vacancies.fields import Draft
from leye.office.vacancies.reading import Reading


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to look at. stops: the advert cannot be sent with it."""

    kind: str
    field: str
    zh: str
    en: str
    basis: str
    stops: bool


def findings_of(draft: Draft, reading: Reading, firm_id: str, vacancy_id: UUID | None, at: datetime) -> list[Finding]:
    """Everything that was found, what stops first."""
    return []
