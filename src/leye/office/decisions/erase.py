"""Lawful erasure: inputs, reasons in words, salt and protected attributes go; the leaf stays, and tells nothing any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from leye.kernel.errors import BadInput
from leye.office.accounts.models import User
from leye.office.decisions.ledger import Sealed, seal_event
from leye.office.decisions.models import Decision, Evidence, Protected
from leye.office.decisions.queries import decision_called
from leye.office.grounds import says_too_little
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import require

LEAST_YEARS = 3
"""Years that evidence is kept at least (PIPL art. 56 for processing records, secondary source). A card's class is `years_N`."""

DAYS_A_YEAR = 366  # a day too long in most years rather than a day too short in one


def erase(name: str, *, ground: str, acting_user: User, at: datetime) -> Sealed:
    """Erase the evidence of a decision on a legal ground that is sealed with it. Raises NotFound, NotAllowed, BadInput without a ground."""
    require(acting_user, "decisions.erase")
    if says_too_little(ground):
        raise BadInput(
            "没有写删除的法律依据", en="the legal ground is missing", remedy_zh="写明条款或本人申请编号", remedy_en="name the clause or the request"
        )
    row = decision_called(name)
    with transaction.atomic():
        done = _erase([row], ground.strip()[:200], at)
        audit("decision.erased", on=row, by=acting_user, at=at, ground=ground.strip()[:200])
        emit("decision.erased", at=at, decision_id=row.pk)
        return done


def erase_expired(at: datetime, *, limit: int = 10_000) -> int:
    """Erase evidence whose retention is over, oldest first, at most `limit`; returns how many. The nightly calls it."""
    done = 0
    for name in Evidence.objects.values_list("decision__retention", flat=True).distinct().order_by("decision__retention"):
        before = at - timedelta(days=DAYS_A_YEAR * years_of(name))
        old = list(Decision.objects.filter(retention=name, sealed_at__lt=before, evidence__isnull=False)[: limit - done])
        if old:
            with transaction.atomic():
                _erase(old, f"retention:{name}", at)
            done += len(old)
    return done


def years_of(retention: str) -> int:
    """Years of a class such as `years_5`; never fewer than three, also for a class that cannot be read.

    >>> years_of("years_5"), years_of("forever")
    (5, 3)
    """
    digits = retention.removeprefix("years_")
    return max(LEAST_YEARS, int(digits)) if digits.isascii() and digits.isdecimal() else LEAST_YEARS


def _erase(rows: list[Decision], ground: str, at: datetime) -> Sealed:
    ids = [row.pk for row in rows]
    Evidence.objects.filter(pk__in=ids).delete()
    Protected.objects.filter(pk__in=ids).delete()
    Decision.objects.filter(pk__in=ids).update(subject_key="")
    return seal_event(
        "evidence.erased", at=at, ground=ground, first=rows[0].leaf_index, count=len(rows), decision=rows[0].pk if len(rows) == 1 else None
    )
