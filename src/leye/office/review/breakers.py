"""Every change of a breaker: lock, advance, keep the event, seal it, tell the others – inside one transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.errors import BadInput
from leye.office.grounds import account_of
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require
from leye.office.registry.sealed import text_hash
from leye.office.review.models import Breaker, BreakerEvent
from leye.trust.breaker import JUDGEMENTS, STEPS, Event, Standing, advance

ORDERS = (*STEPS, "misjudged")
"""What an operator can order by hand: the steps, and declaring a misjudgement."""

FIELDS = ("state", "since", "cause", "misjudged", "agreed", "counts_from")


def order(algo: str, region: str, verb: str, *, why: str, acting_user: Any, at: datetime, decision: str = "") -> BreakerEvent:
    """A person's order: watch, unwatch, open, restart, or `misjudged` (perhaps about a decision, by its number).

    region: six digits, empty for everywhere. Raises NotAllowed, BadInput without a reason, NotFound on an unknown algorithm or decision, Conflict
    (E_BREAKER_STEP) when the breaker stands elsewhere.
    """
    require(acting_user, "breaker.act")
    if verb not in ORDERS:
        raise BadInput(f"没有这一步：{verb[:20]}", en="no such step", remedy_zh="从页面上选", remedy_en="choose from the page", code="E_BREAKER_VERB")
    reason = account_of(why)
    _check_place(algo, region)
    name, decided_at = _decision(decision, algo) if decision.strip() else (None, None)
    with transaction.atomic():
        return record(algo, region, _event(verb, at, acting_user, name, decided_at), by=acting_user, why=reason)


def record(algo: str, region: str, event: Event, *, by: Any, why: str = "", detail: dict[str, Any] | None = None) -> BreakerEvent:
    """Keep one event, inside the caller's transaction. Raises Conflict (E_BREAKER_STEP); then nothing is kept."""
    breaker = _locked(algo, region)
    before = standing_of(breaker)
    after = advance(before, event)
    number = breaker.events.count() + 1
    for name in FIELDS:
        setattr(breaker, name, getattr(after, name))
    breaker.counted = list(after.counted)
    breaker.save()
    leaf = _sealed(breaker, event, before, after, number=number, why=why, detail=detail or {})
    kept = BreakerEvent.objects.create(
        breaker=breaker,
        number=number,
        verb=event.verb,
        at=event.at,
        by=by,
        why=why,
        decision=UUID(event.decision) if event.decision else None,
        decided_at=event.decided_at,
        detail=detail or {},
        from_state=before.state,
        to_state=after.state,
        leaf_index=leaf,
    )
    audit(f"breaker.{event.verb}", on=breaker, by=by, at=event.at, from_state=before.state, to_state=after.state)
    if before.state != after.state:
        emit("breaker.changed", permission="breaker.view", at=event.at, algo=algo, place=region, state=after.state, cause=event.verb)
    return kept


def judged(algo: str, region: str, verb: str, *, by: Any, at: datetime, decision: UUID | None, decided_at: datetime | None) -> BreakerEvent:
    """Keep a person's word about one decision: agreed, disagreed or misjudged, inside the caller's transaction.

    It counts at the narrowest breaker that is not closed, else at the region's own: a city-wide trial counts the reviews of its districts.
    """
    from leye.office.review.queries import places_of

    if verb not in JUDGEMENTS:
        raise ValueError(verb)
    awake = set(Breaker.objects.filter(algo=algo, region__in=places_of(region)).exclude(state="closed").values_list("region", flat=True))
    place = next((p for p in reversed(places_of(region)) if p in awake), region)
    return record(algo, place, _event(verb, at, by, decision, decided_at), by=by)


def standing_of(breaker: Breaker) -> Standing:
    """The row as the pure value it repeats."""
    return Standing(**{name: getattr(breaker, name) for name in FIELDS}, counted=tuple(breaker.counted))


def _event(verb: str, at: datetime, by: Any, decision: UUID | None, decided_at: datetime | None) -> Event:
    return Event(verb, at, by.pk if by is not None else None, str(decision) if decision is not None else "", decided_at)


def _locked(algo: str, region: str) -> Breaker:
    """The row, made when missing: two that declare at once come one after the other, and neither overlooks the other's misjudgement."""
    Breaker.objects.get_or_create(algo=algo, region=region)
    return Breaker.objects.select_for_update().get(algo=algo, region=region)


def _sealed(breaker: Breaker, event: Event, before: Standing, after: Standing, *, number: int, why: str, detail: dict[str, Any]) -> int:
    """The leaf: the event as it can be replayed, and the state before and after; of the reason only its hash, because people write names into it."""
    from leye.office.decisions.ledger import seal_event

    told = {k: v for k, v in asdict(event).items() if k != "at" and v not in (None, "")}
    kind = "breaker.changed" if before.state != after.state else "breaker.counted"
    sealed = seal_event(
        kind,
        at=event.at,
        algo=breaker.algo,
        region=breaker.region,
        number=number,
        from_state=before.state,
        to_state=after.state,
        why=text_hash(why) if why else None,
        detail=detail or None,
        **told,
    )
    return sealed.leaf_index


def _check_place(algo: str, region: str) -> None:
    """A breaker of an algorithm that nobody registered would protect nobody. Raises NotFound, BadInput."""
    from leye.office.registry.models import Version

    if region and not (len(region) == 6 and region.isascii() and region.isdecimal()):
        raise BadInput("地区写六位代码", en="a region has six digits", remedy_zh="例如 440605；全市留空", remedy_en="such as 440605", code="E_REGION")
    if not Version.objects.filter(algo=algo).exists():
        raise not_found()


def _decision(number: str, algo: str) -> tuple[UUID, datetime]:
    """Id and instant of a decision of that algorithm by its number. Raises NotFound."""
    from leye.office.decisions.queries import decision_called

    found = decision_called(number.strip())
    if found.algo != algo:
        raise not_found()
    return found.pk, found.sealed_at
