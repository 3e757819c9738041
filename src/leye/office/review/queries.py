"""Where the breakers stand, what waits for review, and how often people disagreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from leye.kernel.decision import InputValue
from leye.office.permissions import not_found, require
from leye.office.review.models import Because, Breaker, BreakerEvent, ReviewCase
from leye.trust.agreement import Judgement, Week, weekly

_STRICTER = ("closed", "dual", "half_open", "open")


def breaker_state(algo: str, region: str) -> str:
    """`closed`, `dual`, `open` or `half_open`: the strictest of the region's own breaker and those of the city, the province and everywhere.

    One indexed query past Django's models, because the gate asks it for each place of every batch.
    """
    places = places_of(region)
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(places))
        cursor.execute(f"SELECT state FROM review_breaker WHERE algo = %s AND region IN ({marks})", [algo, *places])  # noqa: S608 - marks only
        found = [row[0] for row in cursor.fetchall()]
    return max(found, key=_STRICTER.index, default="closed")


def places_of(region: str) -> list[str]:
    """A region and those that it lies in, widest first (GB/T 2260: two digits each for province, city, district).

    >>> places_of("440605")
    ['', '440000', '440600', '440605']
    """
    wider = [region[:2] + "0000", region[:4] + "00", region] if len(region) == 6 else [region]
    return list(dict.fromkeys(["", *wider]))


def names_a_review(name: str) -> bool:
    """Whether `review` of a decision names something that a person has in hand: a referred case, or an objection."""
    from leye.office.objections.models import Objection

    try:
        key = UUID(name)
    except ValueError:
        return False
    return ReviewCase.objects.filter(pk=key).exists() or Objection.objects.filter(pk=key).exists()


def breakers(user: Any) -> list[Breaker]:
    """All that ever moved, those that are not closed first."""
    require(user, "breaker.view")
    return sorted(Breaker.objects.all(), key=lambda b: (-_STRICTER.index(b.state), b.algo, b.region))


def events_of(user: Any, breaker: Breaker | None = None, *, limit: int | None = None) -> list[BreakerEvent]:
    """Events with who did them, newest first; of one breaker or of all."""
    require(user, "breaker.view")
    found = BreakerEvent.objects.select_related("by", "breaker").order_by("-leaf_index")
    return list((found.filter(breaker=breaker) if breaker is not None else found)[:limit])


def visible_cases(user: Any) -> QuerySet[ReviewCase]:
    """Cases of the person's district, and those in their hands."""
    require(user, "review.view")
    found = ReviewCase.objects.select_related("reviewer", "decision")
    return found.filter(Q(region__in=["", user.region]) | Q(reviewer=user)) if user.region else found


def queue(user: Any) -> QuerySet[ReviewCase]:
    """What waits, the most urgent first."""
    return visible_cases(user).filter(verdict="").order_by("due", "id")


def judged_cases(user: Any) -> QuerySet[ReviewCase]:
    """What has its verdict, newest first: with identities and times."""
    return visible_cases(user).exclude(verdict="").order_by("-decided_at")


def case_called(user: Any, case_id: UUID) -> ReviewCase:
    """One case. Raises NotFound alike for none and for another district's."""
    found = visible_cases(user).filter(pk=case_id).first()
    if found is None:
        raise not_found()
    return found


def seen_inputs(user: Any, case: ReviewCase, at: datetime) -> Mapping[str, InputValue]:
    """What the machine saw, for the reviewer who has the case; the read is recorded. Empty when the inputs were erased since."""
    from leye.kernel.errors import NotFound
    from leye.office.decisions.queries import inputs_for_review
    from leye.office.privacy.reads import log_read
    from leye.office.review.referred import proposal_of

    if case.reviewer_id != user.pk:
        raise not_found()
    if case.because == Because.REFERRED:
        proposal = proposal_of(case)
        log_read(user, proposal.subject, "decision_review", sorted(proposal.inputs), at)
        return proposal.inputs
    try:
        return inputs_for_review(case.decision_id, user=user, at=at)
    except NotFound:
        return {}


def disagreement(user: Any) -> dict[tuple[str, str], list[Week]]:
    """Algorithm and region -> weeks, newest first: share of drawn cases in which the reviewer came to another outcome, with its interval.

    Referred cases are left out: their proposals were refused, and are not what the machine decides.
    """
    rows = judged_cases(user).exclude(because=Because.REFERRED).values_list("algo", "region", "decided_at", "verdict").order_by("algo", "region")
    by_place: dict[tuple[str, str], list[Judgement]] = {}
    for algo, region, at, verdict in rows:
        by_place.setdefault((algo, region), []).append(Judgement(at, verdict == "agree"))
    return {place: weekly(found) for place, found in by_place.items()}
