"""The nightly look at drift: what it reads, what it leaves out, and what it does to a breaker."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from leye.kernel.decision import Outcome
from leye.office.decisions.gate import decide_many
from leye.office.decisions.ledger import open_log
from leye.office.review import breakers
from leye.office.review.drift_watch import CURRENT, REFERENCE, watch_drift
from leye.office.review.models import Breaker
from leye.office.review.queries import breaker_state
from leye.office.review.replay import first_difference
from tests_support.decisions import ALGO, AT, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

TONIGHT = AT + REFERENCE + CURRENT


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`decided(n, at, score=0, withheld=0.3)`: decisions sealed at an instant, with normal scores around a mean."""
    from leye.office.decisions import gate

    def make(n: int, at: datetime, *, score: float = 0.0, withheld: float = 0.3, seed: int = 1, **changes: Any) -> None:
        monkeypatch.setattr(gate, "now", lambda: at)
        dice = np.random.default_rng(seed)
        found = []
        for mean, draw in zip(dice.normal(score, size=n).tolist(), dice.random(n).tolist(), strict=True):
            outcome = Outcome("withheld" if draw < withheld else "offered", round(mean, 6))
            found.append(replace(an_offer(), outcome=outcome, at=at, protected={}, **changes))
        decide_many(found)

    return make


@pytest.fixture
def weeks_before(decided: Callable[..., None]) -> None:
    decided(500, AT + timedelta(days=10))


def test_the_same_as_before_moves_nothing(weeks_before: None, decided: Callable[..., None]) -> None:
    decided(200, TONIGHT - timedelta(days=1), seed=2)
    assert watch_drift(TONIGHT) == [] and not Breaker.objects.exists()


def test_another_population_opens_the_breaker_once_and_the_log_replays_it(weeks_before: None, decided: Callable[..., None]) -> None:
    decided(200, TONIGHT - timedelta(days=1), score=1.5, seed=2)
    (event,) = watch_drift(TONIGHT)
    assert (event.verb, event.to_state, event.by, event.breaker.region) == ("drift_tripped", "open", None, "440605")
    assert event.detail["reference"] == 500 and event.detail["findings"]["psi"]["value"] > 0.25
    assert breaker_state(ALGO, "440605") == "open" and breaker_state(ALGO, "440606") == "closed"
    assert watch_drift(TONIGHT + timedelta(hours=1)) == [], "an open breaker is not told every night"
    leaf = json.loads(open_log().record(event.leaf_index))
    assert (leaf["kind"], leaf["payload"]["verb"]) == ("breaker.changed", "drift_tripped") and first_difference(event.breaker) == ""


def test_a_shift_of_outcomes_brings_people_beside_the_machine(weeks_before: None, decided: Callable[..., None]) -> None:
    decided(200, TONIGHT - timedelta(days=1), withheld=0.55, seed=2)
    (event,) = watch_drift(TONIGHT)
    assert (event.verb, event.to_state) == ("drift_seen", "dual")


def test_after_a_restart_the_old_week_does_not_open_it_again(weeks_before: None, decided: Callable[..., None], user_of: Callable[..., Any]) -> None:
    decided(200, TONIGHT - timedelta(days=1), score=1.5, seed=2)
    watch_drift(TONIGHT)
    breakers.order(ALGO, "440605", "restart", why="核对过了，先试运行", acting_user=user_of("operator"), at=TONIGHT + timedelta(hours=2))
    assert watch_drift(TONIGHT + timedelta(hours=3)) == []
    decided(200, TONIGHT + timedelta(hours=4), score=1.5, seed=3)
    (event,) = watch_drift(TONIGHT + timedelta(hours=5))
    assert event.to_state == "open", "what is decided on trial counts"


def test_what_people_decided_says_nothing_of_the_machine(weeks_before: None, decided: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leye.office.decisions.admit.names_a_review", lambda name: True)
    decided(200, TONIGHT - timedelta(days=1), score=1.5, seed=2, review="019a0000-0000-7000-8000-000000000001")
    assert watch_drift(TONIGHT) == []


def test_small_regions_are_looked_at_together(decided: Callable[..., None]) -> None:
    for place, region in enumerate(("440604", "440605", "440606")):
        decided(200, AT + timedelta(days=10), seed=place, region=region)
        decided(80, TONIGHT - timedelta(days=1), score=1.5, seed=place + 9, region=region)
    (event,) = watch_drift(TONIGHT)
    assert event.breaker.region == "" and breaker_state(ALGO, "440606") == "open"


def test_too_few_are_left_alone(decided: Callable[..., None]) -> None:
    decided(499, AT + timedelta(days=10))
    decided(400, TONIGHT - timedelta(days=1), score=3, seed=2)
    assert watch_drift(TONIGHT) == []
