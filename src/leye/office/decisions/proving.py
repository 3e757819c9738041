"""Receipt and opening together, for the terminal; on the pages the person takes them one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leye.office.decisions.models import Decision
from leye.office.decisions.queries import opening_of
from leye.office.decisions.receipts import receipt_of
from leye.office.outbox.journal import audit


def receipt_and_opening(name: str, *, at: datetime) -> tuple[str, dict[str, Any] | None]:
    """By decision id or leaf index. The opening is None for events and erased evidence; it is personal, so taking it is written into the audit.

    Raises NotFound, CheckFailed (E_UNCOVERED).
    """
    receipt, opening = receipt_of(name), opening_of(name)
    if opening is not None:
        with transaction.atomic():
            audit("decision.opened", on=Decision.objects.get(pk=opening["id"]), by=None, at=at, fields=sorted(opening["fields"]))
    return receipt, opening
