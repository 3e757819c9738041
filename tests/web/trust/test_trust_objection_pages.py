"""Pages of breakers, reviews and objections: each role sees its own, each form works without scripts, each refusal says what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from leye.office.decisions.gate import decide
from leye.office.decisions.models import Decision
from leye.office.objections.actions import raise_objection, take_objection
from leye.office.objections.models import Objection
from leye.office.review import lot
from leye.office.review.models import Breaker, ReviewCase
from tests_support.decisions import ALGO, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
PERSON = "P00000012"


@pytest.fixture
def worker(user_of: Callable[..., Any]) -> Any:
    found = user_of("worker", "worker")
    found.subject = PERSON
    found.save()
    return found


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def decision(worker: Any) -> Decision:
    return Decision.objects.get(pk=decide(an_offer(PERSON)).decision_id)


def test_two_clicks_from_the_outcome(worker: Any, decision: Decision) -> None:
    client = client_of(worker)
    shown = client.get(f"/my/decisions/{decision.pk}").content.decode()
    assert f'action="/my/decisions/{decision.pk}/object"' in shown and "我要申诉" in shown
    answer = client.post(f"/my/decisions/{decision.pk}/object", {"category": "wrong_facts", "words": "我那天没有拒单"})
    raised = Objection.objects.get()
    assert answer["Location"] == f"/my/objections/{raised.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "等人受理" in page and "我那天没有拒单" in page and "还有 30 天" in page
    assert "正在办" in client.get(f"/my/decisions/{decision.pk}").content.decode()
    assert client.get("/my/objections").status_code == 200
    receipt = client.get(f"/my/objections/{raised.pk}/receipt")
    assert receipt.content.startswith(b"c2sp.org/tlog-proof@v1")
