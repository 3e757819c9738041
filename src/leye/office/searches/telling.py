"""After the night: kept searches whose turn it is are held against the adverts of now; what is new is told once, what was deleted is erased."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from leye.kernel.clock import beijing_day
from leye.office.outbox.journal import audit, emit
from leye.office.searches.bank import bank_now
from leye.office.searches.models import EVERY_DAYS, Notify, SavedSearch
from leye.office.searches.queries import kept_of

log = logging.getLogger("leye.nightly")


def tell_searches(at: datetime) -> int:
    """Mark how many new hits each search has whose day it is; returns how many searches have some. An event for each, none without new hits.

    Asking twice in a night tells once. Searches that were deleted before today are erased for good.
    """
    SavedSearch.objects.filter(deleted_at__lt=at - timedelta(days=1)).delete()
    due = [s for s in SavedSearch.objects.filter(deleted_at=None).exclude(notify=Notify.NONE).order_by("id") if _is_due(s, at)]
    if not due:
        return 0
    bank, told = bank_now(), 0
    for row in due:
        new = len(kept_of(row, bank).new)
        with transaction.atomic():
            found = SavedSearch.objects.select_for_update().filter(pk=row.pk, deleted_at=None).first()
            if found is None or not _is_due(found, at):
                continue
            found.told_at, found.told = at, new
            found.save(update_fields=["told_at", "told"])
            if new:
                told += 1
                audit("search.told", on=found, by=None, at=at, new=new)
                emit("search.told", at=at, search_id=found.pk, owner_id=found.owner_id, new=new)
    log.info("searches.told due=%s with_new=%s", len(due), told)
    return told


def _is_due(search: SavedSearch, at: datetime) -> bool:
    last = search.told_at or search.made_at
    return (beijing_day(at) - beijing_day(last)).days >= EVERY_DAYS[Notify(search.notify)]
