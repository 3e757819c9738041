"""The review queue on pages and over the API: blind until the verdict, one reviewer a case, identities and times for the auditor."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leye.kernel.decision import Outcome
from leye.office.decisions.erase import erase
from leye.office.decisions.gate import decide
from leye.office.privacy.models import ReadAccess
from leye.office.review import lot
from leye.office.review.actions import judge, refer, take_case
from leye.office.review.models import Breaker, Proposal, ReviewCase
from tests_support.decisions import an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
NOW = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
MACHINE = "offered_premium"
ITS_WORD = "派给优质单"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, and every decision is drawn."""
    monkeypatch.setenv("LEYE_NOW", NOW.isoformat())
    monkeypatch.setattr(lot, "SHARES", dict.fromkeys(lot.SHARES, 1.0))


@pytest.fixture
def case() -> ReviewCase:
    return ReviewCase.objects.get(decision_id=decide(an_offer(outcome=Outcome(MACHINE, -1.0))).decision_id)


@pytest.fixture
def reviewer(user_of: Callable[..., Any]) -> Any:
    return user_of("counsellor", "reviewer", region="440605", shown="陈复核")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def main_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().split("<main")[1]


def test_blind_until_the_verdict(reviewer: Any, case: ReviewCase) -> None:
    client, address = client_of(reviewer), f"/review/{case.pk}"
    assert "1 条决定等人复核" in main_of(client, "/review")
    before = main_of(client, address)
    assert "领来复核" in before and "320" not in before, "the inputs are for whoever takes it"
    assert ReadAccess.objects.count() == 0
    client.post(f"{address}/take")
    page = main_of(client, address)
    assert "320" in page and "按这些情况，您会怎么定？" in page
    assert page.count(ITS_WORD) == 1 and f'value="{MACHINE}" required' in page, "its outcome is one choice among all, and nothing marks it"
    assert " checked" not in page
    assert ReadAccess.objects.get().purpose == "decision_review"
    assert client.get(f"/api/reviews/{case.pk}").json()["machine_outcome"] is None
    assert client.get("/api/reviews").json()["items"][0]["machine_outcome"] is None
    assert MACHINE not in main_of(client, "/review") and ITS_WORD not in main_of(client, "/review")
    assert client.post(f"{address}/judge", {"outcome": "withheld", "reason": "离得太远，不该派"}).status_code == 302
    after = main_of(client, address)
    assert "两边的结论" in after and ITS_WORD in after and "未派" in after and "报误判" in after
    assert client.get(f"/api/reviews/{case.pk}").json()["machine_outcome"] == MACHINE


def test_a_second_reviewer_is_told_who_has_it(user_of: Callable[..., Any], reviewer: Any, case: ReviewCase) -> None:
    client_of(reviewer).post(f"/review/{case.pk}/take")
    late = client_of(user_of("operator", "operator2"))
    refused = late.post(f"/review/{case.pk}/take")
    assert refused.status_code == 409 and "陈复核9月1日 09:00领走了这一件" in refused.content.decode()
    assert "320" not in refused.content.decode().split("<main")[1]
    refused = late.post(f"/review/{case.pk}/judge", {"outcome": MACHINE, "reason": "抢着写结论"})
    assert refused.status_code == 409 and ReviewCase.objects.get().verdict == ""


def test_three_declared_misjudgements_open_the_breaker(reviewer: Any) -> None:
    client = client_of(reviewer)
    for n in range(3):
        assert not Breaker.objects.filter(state="open").exists(), n
        case = ReviewCase.objects.get(decision_id=decide(an_offer(f"P0000000{n}")).decision_id)
        client.post(f"/review/{case.pk}/take")
        client.post(f"/review/{case.pk}/judge", {"outcome": "", "reason": "暴雨红色预警，不该派单"})
        assert "另有结论" in main_of(client, f"/review/{case.pk}")
        client.post(f"/review/{case.pk}/misjudged")
        again = client.post(f"/review/{case.pk}/misjudged")
        assert again.status_code == 409, "once is once"
    assert Breaker.objects.get().state == "open"


def test_an_agreement_offers_no_misjudgement(reviewer: Any, case: ReviewCase) -> None:
    client = client_of(reviewer)
    client.post(f"/review/{case.pk}/take")
    client.post(f"/review/{case.pk}/judge", {"outcome": MACHINE, "reason": "达到公布线"})
    assert 'name="verb"' not in main_of(client, f"/review/{case.pk}") and "/misjudged" not in main_of(client, f"/review/{case.pk}")
    assert client.post(f"/review/{case.pk}/misjudged").status_code == 409


def test_what_is_missing_is_said_on_the_page(reviewer: Any, case: ReviewCase) -> None:
    client = client_of(reviewer)
    assert client.post(f"/review/{case.pk}/judge", {"outcome": MACHINE, "reason": "没有先领"}).status_code == 409
    client.post(f"/review/{case.pk}/take")
    for form in ({"outcome": MACHINE, "reason": "短"}, {"outcome": "nonsense", "reason": "没有这样的结果"}):
        refused = client.post(f"/review/{case.pk}/judge", form)
        assert refused.status_code == 400 and 'role="alert"' in refused.content.decode()
    assert ReviewCase.objects.get().verdict == ""


def test_a_referred_case_becomes_a_decision_of_a_person(reviewer: Any) -> None:
    case = refer(an_offer(), at=NOW)
    client = client_of(reviewer)
    client.post(f"/review/{case.pk}/take")
    page = main_of(client, f"/review/{case.pk}")
    assert "320" in page and "理由类别" in page and "都不合适" not in page, "somebody has to decide"
    client.post(f"/review/{case.pk}/judge", {"outcome": "withheld", "code": "another_nearer", "reason": "雨太大，这单缓派"})
    case.refresh_from_db()
    assert case.decision is not None and case.decision.outcome == "withheld" and case.verdict == "disagree"
    assert not Proposal.objects.exists(), "the evidence has it now, and erasure there leaves no copy here"
    assert "/misjudged" not in main_of(client, f"/review/{case.pk}")


def test_erased_inputs_are_said_to_be_gone(reviewer: Any, case: ReviewCase, user_of: Callable[..., Any]) -> None:
    erase(str(case.decision_id), ground="本人申请第 7 号", acting_user=user_of("admin", "admin2"), at=NOW)
    client = client_of(reviewer)
    client.post(f"/review/{case.pk}/take")
    assert "已经依法删除" in main_of(client, f"/review/{case.pk}")
    client.post(f"/review/{case.pk}/release")
    assert ReviewCase.objects.get().reviewer is None


def test_another_districts_case_is_not_found(user_of: Callable[..., Any], case: ReviewCase) -> None:
    far = client_of(user_of("counsellor", "far", region="440606"))
    assert "没有等着复核的决定" in main_of(far, "/review")
    assert far.get(f"/review/{case.pk}").status_code == 404
    for step in ("take", "release", "judge", "misjudged"):
        assert far.post(f"/review/{case.pk}/{step}", {"reason": "别的片区的人"}).status_code == 404


def test_the_auditor_sees_who_when_how_long_and_the_rate(user_of: Callable[..., Any], reviewer: Any, case: ReviewCase) -> None:
    take_case(case.pk, acting_user=reviewer, at=NOW)
    judge(case.pk, outcome="withheld", reason="离得太远，不该派", acting_user=reviewer, at=NOW + timedelta(seconds=200))
    auditor = client_of(user_of("auditor", "auditor2"))
    page = main_of(auditor, "/review")
    assert "陈复核" in page and "3 分 20 秒" in page and "2025年9月1日" in page
    assert "100%" in page and "21%–100%" in page, "Wilson of 1 of 1 begins at .2065"
    assert auditor.post(f"/review/{case.pk}/take").status_code == 403
    rows = list(csv.DictReader(io.StringIO(auditor.get("/review.csv").content.decode("utf-8-sig"))))
    assert [(r["reviewer"], r["seconds"], r["verdict"], r["machine_outcome"]) for r in rows] == [("陈复核", "200", "disagree", MACHINE)]
    week = auditor.get("/api/reviews/disagreement").json()["items"][0]
    assert (week["monday"], week["reviews"], week["disagreed"], round(week["lo"], 4)) == ("2025-09-01", 1, 1, 0.2065)


def test_nothing_to_review_is_said(user_of: Callable[..., Any]) -> None:
    page = main_of(client_of(user_of("operator", "operator2")), "/review")
    assert "没有等着复核的决定" in page and "还没有复核过，算不出比例" in page


def test_nobody_reviews_a_decision_about_themselves(user_of: Callable[..., Any], case: ReviewCase) -> None:
    both = user_of("operator", "operator2")
    both.subject = "P00000012"
    both.save()
    referred = refer(an_offer(), at=NOW)
    for name in (case.pk, referred.pk):
        refused = client_of(both).post(f"/review/{name}/take")
        assert refused.status_code == 403 and "关于您本人" in refused.content.decode()
