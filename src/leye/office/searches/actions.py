"""Steps with kept searches: keep, rename, how often to tell, delete and bring back, look. Each: may they, change, leave the traces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.office.accounts.models import User
from leye.office.decisions.ledger import new_id
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.privacy.keyring import keyring
from leye.office.searches import refusals
from leye.office.searches.criteria import Criteria
from leye.office.searches.models import Notify, SavedSearch

MOST = 20
"""Searches that an account can keep. # chosen by us: more is no list to look through"""
LONGEST_NAME = 40
MOST_SEEN = 1_000
"""Job ids of the last look that are remembered. # chosen by us: beyond that an answer is not looked through"""
PURPOSE = "searches"


def keep(criteria: Criteria, *, name: str, notify: str, seen: Sequence[str], acting_user: Any, at: datetime) -> SavedSearch:
    """Keep a search. seen: job ids of its answer now, so that only later ones are new. Raises NotAllowed, BadInput (E_SEARCH_EMPTY, E_SEARCH_NOTIFY),
    Conflict (E_SEARCH_MANY)."""
    require(acting_user, "searches.own")
    if criteria.is_empty:
        raise refusals.nothing_asked()
    if notify not in Notify.values:
        raise refusals.unknown_notify()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=acting_user.pk)  # two clicks at once are counted one after the other
        if SavedSearch.objects.filter(owner=acting_user, deleted_at=None).count() >= MOST:
            raise refusals.too_many(MOST)
        made = SavedSearch(id=new_id(at), owner=acting_user, notify=notify, made_at=at, looked_at=at)
        made.sealed = _sealed(made, (name.strip() or criteria.q or criteria.place or "搜索")[:LONGEST_NAME], criteria, seen)
        made.save(force_insert=True)
        _trace("search.kept", made, acting_user, at)
    return made


def change(search_id: UUID, *, name: str, notify: str, acting_user: Any, at: datetime) -> SavedSearch:
    """Another name, another rhythm. Raises NotFound, BadInput (E_SEARCH_NAME, E_SEARCH_NOTIFY)."""
    if notify not in Notify.values:
        raise refusals.unknown_notify()
    if not name.strip():
        raise refusals.no_name()
    with _own(search_id, acting_user) as found:
        _old, criteria, seen = opened(found)
        found.sealed, found.notify = _sealed(found, name.strip()[:LONGEST_NAME], criteria, seen), notify
        found.save(update_fields=["sealed", "notify"])
        _trace("search.changed", found, acting_user, at, notify=notify)
        return found


def looked(search_id: UUID, seen: Sequence[str], *, acting_user: Any, at: datetime) -> SavedSearch:
    """The owner looked: what is there now is no longer new. Raises NotFound."""
    with _own(search_id, acting_user) as found:
        name, criteria, _seen = opened(found)
        found.sealed, found.looked_at, found.told = _sealed(found, name, criteria, seen), at, 0
        found.save(update_fields=["sealed", "looked_at", "told"])
        return found


def delete(search_id: UUID, *, acting_user: Any, at: datetime) -> SavedSearch:
    """Take it away; it can be brought back until the night. Twice is once. Raises NotFound."""
    return _mark(search_id, at, acting_user, at, "search.deleted")


def bring_back(search_id: UUID, *, acting_user: Any, at: datetime) -> SavedSearch:
    """Undo the deletion. Raises NotFound once the night has erased it."""
    return _mark(search_id, None, acting_user, at, "search.restored")


def _mark(search_id: UUID, deleted_at: datetime | None, user: Any, at: datetime, verb: str) -> SavedSearch:
    with _own(search_id, user) as found:
        if (found.deleted_at is None) != (deleted_at is None):
            found.deleted_at = deleted_at
            found.save(update_fields=["deleted_at"])
            _trace(verb, found, user, at)
        return found


def opened(search: SavedSearch) -> tuple[str, Criteria, frozenset[str]]:
    """(name, what is asked, job ids of the last look) of a search."""
    kept = json.loads(keyring(PURPOSE).decrypt(bytes(search.sealed), search.pk.bytes))
    return kept["name"], Criteria(**kept["criteria"]), frozenset(kept["seen"])


def _sealed(search: SavedSearch, name: str, criteria: Criteria, seen: Sequence[str] | frozenset[str]) -> bytes:
    kept = {"name": name, "criteria": criteria.as_dict(), "seen": sorted(seen)[:MOST_SEEN]}
    return keyring(PURPOSE).encrypt(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode(), search.pk.bytes)


@contextmanager
def _own(search_id: UUID, user: Any) -> Iterator[SavedSearch]:
    require(user, "searches.own")
    with transaction.atomic():
        found = SavedSearch.objects.select_for_update(of=("self",)).filter(pk=search_id, owner=user).first()
        if found is None:
            raise not_found()
        yield found


def _trace(verb: str, search: SavedSearch, user: Any, at: datetime, **detail: object) -> None:
    audit(verb, on=search, by=user, at=at, **detail)
    emit(verb, at=at, search_id=search.pk)
