"""One's kept searches with what came in since the last look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leye.office.permissions import not_found, require
from leye.office.searches.actions import opened
from leye.office.searches.bank import Bank, bank_now
from leye.office.searches.criteria import Criteria
from leye.office.searches.looking import Answer, look_in
from leye.office.searches.models import SavedSearch


@dataclass(frozen=True, slots=True)
class Kept:
    """A search as its owner sees it. new: job ids of hits that were not there at the last look · hits: all that fit now."""

    search: SavedSearch
    name: str
    criteria: Criteria
    hits: tuple[str, ...]
    new: tuple[str, ...]


def own_searches(user: Any) -> list[Kept]:
    """Newest first; those taken away today come last, so that they can be brought back."""
    require(user, "searches.own")
    bank = bank_now()
    rows = sorted(SavedSearch.objects.filter(owner=user), key=lambda s: s.deleted_at is not None)
    return [kept_of(row, bank) for row in rows]


def own_search(user: Any, search_id: UUID) -> Kept:
    """One of them. Raises NotFound."""
    require(user, "searches.own")
    found = SavedSearch.objects.filter(pk=search_id, owner=user, deleted_at=None).first()
    if found is None:
        raise not_found()
    return kept_of(found, bank_now())


def kept_of(row: SavedSearch, bank: Bank) -> Kept:
    """A search held against a bank."""
    name, criteria, seen = opened(row)
    hits = tuple(ids_of(look_in(bank, criteria)))
    return Kept(row, name, criteria, hits, tuple(i for i in hits if i not in seen))


def ids_of(answer: Answer) -> list[str]:
    """Job ids of an answer, best first; the nearest of an empty answer are no hits."""
    ids = answer.bank.jobs.jobs["job_id"]
    return [ids[hit.row] for hit in answer.hits]
