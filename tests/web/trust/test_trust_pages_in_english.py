"""Pages of breakers, reviews and objections in English: nothing Chinese is left but the switch to Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from leye.office.decisions.gate import decide
from leye.office.objections.actions import ask_for_more, correct, raise_objection, take_objection
from leye.office.objections.models import Category
from leye.office.objections.reminders import remind
from leye.office.review import lot
from leye.office.review.actions import declare_misjudgement, judge, refer, take_case
from leye.office.review.breakers import order
from leye.office.review.models import ReviewCase
from tests_support.decisions import ALGO, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
NOW = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
HAN = re.compile(r"[\u4e00-\u9fff]")
ASIDE = re.compile(r'<button[^>]*lang="zh-Hans".*?</button>|<span[^>]*lang="zh-Hans".*?</span>|<head>.*?</head>', re.S)


@pytest.fixture
def people(user_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("LEYE_NOW", NOW.isoformat())
    monkeypatch.setattr(lot, "SHARES", dict.fromkeys(lot.SHARES, 1.0))
    found = {role: user_of(role, f"{role}-en", shown=role.title()) for role in ("operator", "counsellor", "auditor", "analyst", "worker")}
    found["worker"].subject = "P00000012"
    found["worker"].save()
    return found


def lines_in_chinese(user: Any, address: str) -> list[str]:
    client = Client()
    client.force_login(user)
    client.cookies["leye_lang"] = "en"
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Language"] == "en"
    return [line.strip() for line in ASIDE.sub("", answer.content.decode()).splitlines() if HAN.search(line)]


def test_breakers_in_every_state(people: dict[str, Any]) -> None:
    for region, verbs in (("440604", ["watch"]), ("440605", ["misjudged", "open"]), ("440606", ["open", "restart"])):
        for verb in verbs:
            order(ALGO, region, verb, why="red storm warning", acting_user=people["operator"], at=NOW)
    for role in ("operator", "auditor"):
        assert lines_in_chinese(people[role], "/breakers") == []


def test_reviews_waiting_taken_and_judged(people: dict[str, Any]) -> None:
    decide(an_offer())
    case, reviewer = ReviewCase.objects.get(), people["counsellor"]
    referred = refer(an_offer(), at=NOW)
    assert lines_in_chinese(reviewer, "/review") == []
    assert lines_in_chinese(reviewer, f"/review/{case.pk}") == []
    for found in (case, referred):
        take_case(found.pk, acting_user=reviewer, at=NOW)
        assert lines_in_chinese(reviewer, f"/review/{found.pk}") == []
    judge(case.pk, outcome="withheld", reason="too far away", acting_user=reviewer, at=NOW)
    assert lines_in_chinese(reviewer, f"/review/{case.pk}") == []
    declare_misjudgement(case.pk, acting_user=reviewer, at=NOW)
    for address in ("/review", f"/review/{case.pk}", f"/review/{referred.pk}"):
        assert lines_in_chinese(people["auditor"], address) == []


@pytest.mark.parametrize("category", Category.values)
def test_objections_from_raising_to_the_answer(category: str, people: dict[str, Any]) -> None:
    worker, desk = people["worker"], people["analyst"]
    decision = decide(an_offer()).decision_id
    assert [line for line in lines_in_chinese(worker, f"/my/decisions/{decision}") if "合成" not in line] == [], "the operator's name is its own"
    raised = raise_objection(decision, category=category, words="I was offline at nine", acting_user=worker, at=NOW)
    own, at_desk = f"/my/objections/{raised.pk}", f"/objections/{raised.pk}"
    for user, address in ((worker, own), (worker, "/my/objections"), (desk, "/objections"), (desk, at_desk)):
        assert lines_in_chinese(user, address) == []
    take_objection(raised.pk, acting_user=desk, at=NOW)
    assert lines_in_chinese(desk, at_desk) == []
    ask_for_more(raised.pk, question="which platform?", acting_user=desk, at=NOW)
    remind(NOW.replace(month=10, day=1))
    assert lines_in_chinese(worker, own) == []
    correct(raised.pk, outcome="withheld", reason="offline at nine", acting_user=desk, at=NOW)
    for user, address in ((worker, own), (worker, "/my/objections"), (desk, "/objections?state=corrected"), (people["auditor"], at_desk)):
        assert lines_in_chinese(user, address) == []
