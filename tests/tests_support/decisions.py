"""Decisions to hand to the gate in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from leye.kernel.decision import Decision, Outcome, Subject
from leye.kernel.reason import Reason

AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
ALGO, VERSION = "platform.dispatch", "2025.8"


def reason(code: str = "nearest") -> Reason:
    return Reason("同片区空闲的人里离取货点最近，320 米", "nearest of the idle in the zone, 320 m", "statement:platform.dispatch", code)


def an_offer(person: str = "P00000012", **changes: Any) -> Decision:
    """A sound decision of the demo platform; `changes` spoil or vary it."""
    sound = Decision(
        algo=ALGO,
        version=VERSION,
        subject=Subject("person", person),
        purpose="dispatch",
        outcome=Outcome("offered", -61.0, 620),
        reasons=(reason(),),
        features=("zone", "hour", "distance_m"),
        inputs={"zone": "440605-01", "hour": 9, "distance_m": 320, "order_id": "O00000007"},
        at=AT,
        candidates=4,
        region="440605",
        protected={"sex": "F", "age_band": "25-44"},
    )
    return replace(sound, **changes)


def offer_to_the_demo_worker(count: int = 1) -> None:
    """Let the demo's worker account stand for somebody, and seal offers to them; where the real demo's nightly does both."""
    from leye.office.accounts.models import User
    from leye.office.decisions.gate import decide_many

    User.objects.filter(username="worker").update(subject="P00000012")
    decide_many([an_offer(candidates=4 + n) for n in range(count)])


def refer_to_people(count: int = 1) -> None:
    """Cases for the review queue, as an open breaker leaves them to people."""
    from leye.office.clock import now
    from leye.office.review.actions import refer

    for n in range(count):
        refer(an_offer(f"P0000010{n}", candidates=4 + n), at=now())
