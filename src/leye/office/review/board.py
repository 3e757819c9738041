"""The breaker board: every running algorithm everywhere, and each region that has a breaker of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from leye.office.accounts.models import User
from leye.office.permissions import require
from leye.office.registry.models import Version
from leye.office.review.models import Breaker, BreakerEvent
from leye.office.review.queries import _STRICTER, events_of
from leye.office.review.replay import first_difference

SHOWN = 8
"""Events on a card; the table has all."""


@dataclass(frozen=True, slots=True)
class Card:
    """One algorithm in one region. breaker: None while nothing ever happened to it · differs: what the log says otherwise, empty when it agrees."""

    algo: str
    region: str
    breaker: Breaker | None = None
    events: list[BreakerEvent] = field(default_factory=list)
    differs: str = ""

    @property
    def state(self) -> str:
        """Closed until something happens."""
        return self.breaker.state if self.breaker is not None else "closed"

    @property
    def changed_by(self) -> BreakerEvent | None:
        """The event that brought it where it stands."""
        return next((e for e in self.events if e.from_state != e.to_state), None)

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return anchor_of(self.algo, self.region)


def anchor_of(algo: str, region: str) -> str:
    """Fragment of an address."""
    return f"{algo.replace('.', '-')}-{region or 'all'}"


def known_regions() -> list[str]:
    """Districts that have a desk here, for the form of a district's own breaker."""
    return list(User.objects.exclude(region="").values_list("region", flat=True).distinct().order_by("region"))


def board(user: Any) -> list[Card]:
    """Cards, those that are not closed first, then by name."""
    require(user, "breaker.view")
    found = {(b.algo, b.region): b for b in Breaker.objects.all()}
    running = Version.objects.filter(state="running").values_list("algo", flat=True).distinct()
    places = sorted({*found, *((algo, "") for algo in running)}, key=lambda p: (-_rank(found.get(p)), *p))
    return [_card(user, algo, region, found.get((algo, region))) for algo, region in places]


def _card(user: Any, algo: str, region: str, breaker: Breaker | None) -> Card:
    if breaker is None:
        return Card(algo, region)
    return Card(algo, region, breaker, events_of(user, breaker, limit=SHOWN), first_difference(breaker))


def _rank(breaker: Breaker | None) -> int:
    return _STRICTER.index(breaker.state) if breaker is not None else 0
