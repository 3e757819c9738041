"""Two people at the same moment, on a database with real row locks: one gets the case, the other hears who; no misjudgement is overlooked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from leye.kernel.errors import Conflict
from leye.office.decisions.gate import decide
from leye.office.decisions.models import Decision
from leye.office.objections import actions as objections
from leye.office.objections.models import Objection, Step
from leye.office.review import actions as reviews
from leye.office.review import breakers, lot
from leye.office.review.models import Breaker, ReviewCase
from leye.office.review.replay import first_difference
from tests_support.at_once import at_once
from tests_support.decisions import ALGO, AT, an_offer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("register"),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="row locks: PostgreSQL"),
]
PERSON, WORDS = "P00000012", "那天九点我已经下线了"


def split(found: list[Any]) -> tuple[list[Any], list[Conflict]]:
    """What succeeded, and the polite refusals; anything else fails the test."""
    lost = [f for f in found if isinstance(f, Conflict)]
    won = [f for f in found if not isinstance(f, Exception)]
    assert len(won) + len(lost) == len(found), found
    return won, lost


def test_six_desks_take_one_objection(user_of: Callable[..., Any]) -> None:
    worker = user_of("worker", "rider", subject=PERSON)
    raised = objections.raise_objection(decide(an_offer()).decision_id, category="unfair", words=WORDS, acting_user=worker, at=AT)
    desks = [user_of("analyst", f"desk{i}", shown=f"{i}号台") for i in range(6)]
    won, lost = split(at_once([lambda d=d: objections.take_objection(raised.pk, acting_user=d, at=AT) for d in desks]))
    assert (len(won), len(lost), Step.objects.filter(verb="taken").count()) == (1, 5, 1)
    assert all(str(won[0].handler) in refused.zh for refused in lost)


def test_six_clicks_raise_one_objection(user_of: Callable[..., Any]) -> None:
    worker, place = user_of("worker", "rider", subject=PERSON), decide(an_offer())
    act = lambda: objections.raise_objection(place.decision_id, category="unfair", words=WORDS, acting_user=worker, at=AT)  # noqa: E731
    won, lost = split(at_once([act] * 6))
    assert (len(won), Objection.objects.count(), {e.code for e in lost}) == (1, 1, {"E_OBJECTION_OPEN"})


def test_answer_and_withdrawal_at_once_end_in_one_of_the_two(user_of: Callable[..., Any]) -> None:
    worker, desk = user_of("worker", "rider", subject=PERSON), user_of("analyst")
    raised = objections.raise_objection(decide(an_offer()).decision_id, category="unfair", words=WORDS, acting_user=worker, at=AT)
    objections.take_objection(raised.pk, acting_user=desk, at=AT)
    correct = lambda: objections.correct(  # noqa: E731
        raised.pk, outcome="withheld", reason="核实到已经下线", reason_code="another_nearer", acting_user=desk, at=AT
    )
    won, lost = split(at_once([correct, lambda: objections.withdraw(raised.pk, acting_user=worker, at=AT), correct]))
    assert (len(won), len(lost)) == (1, 2)
    assert Decision.objects.count() == (2 if Objection.objects.get().state == "corrected" else 1)


def test_six_reviewers_take_one_case(user_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lot, "SHARES", dict.fromkeys(lot.SHARES, 1.0))
    decide(an_offer())
    case = ReviewCase.objects.get()
    people = [user_of("counsellor", f"desk{i}", shown=f"{i}号台") for i in range(6)]
    won, lost = split(at_once([lambda p=p: reviews.take_case(case.pk, acting_user=p, at=AT) for p in people]))
    assert (len(won), len(lost)) == (1, 5) and all(str(won[0].reviewer) in refused.zh for refused in lost)


def test_three_misjudgements_declared_at_once_are_three(user_of: Callable[..., Any]) -> None:
    places = [decide(an_offer()) for _ in range(3)]
    people = [user_of("operator", f"op{i}") for i in range(3)]
    works = [
        lambda p=p, d=d: breakers.order(ALGO, "440605", "misjudged", why="雨天派到河对岸", acting_user=p, at=AT, decision=str(d.decision_id))
        for p, d in zip(people, places, strict=True)
    ]
    won, lost = split(at_once(works))
    breaker = Breaker.objects.get()
    assert (len(won), len(lost), breaker.state) == (3, 0, "open")
    assert sorted(breaker.events.values_list("number", flat=True)) == [1, 2, 3] and first_difference(breaker) == ""
