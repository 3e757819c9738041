"""政策储备: a signed simulation in a plan's reserve, shown at the alert with cost, heads and interval, chosen with a reason and on record."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse as url

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.alerts.models import Alert, State
from leye.office.measures import actions
from leye.office.measures.models import Chosen, Reserved
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.reforms.models import Scenario
from leye.office.reforms.models import State as Of
from published_fixture import H_ID
from tests_support.scenarios import scenario

PLAN = "hotel_catering"


@pytest.fixture
def alert(city: Any) -> Alert:
    Alert.objects.filter(unique_id=H_ID).update(plan_id=PLAN)
    return Alert.objects.get(unique_id=H_ID)


@pytest.fixture
def signed(user_of: Any, at: Any) -> Scenario:
    return scenario(user_of("analyst", username="lin"), at, signed_by=user_of("analyst", username="wu"))


def test_an_empty_reserve_leads_to_the_simulations(alert: Alert, signed_in: Any, soup: Any) -> None:
    for page in (f"/plans/{PLAN}", f"/alerts/{alert.pk}"):
        shown = soup(signed_in("analyst").get(page))
        assert "还没有储备措施" in shown.text and shown.select_one('a[href="/simulate"]') is not None


def test_named_shown_with_its_interval_and_chosen_with_a_reason(alert: Alert, signed: Scenario, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    told = client.post(url("measure-reserve", args=[PLAN]), {"scenario": signed.pk}, follow=True)
    assert "已列入这个预案的储备" in told.content.decode() and Reserved.objects.get().plan_id == PLAN
    shown = soup(client.get(f"/alerts/{alert.pk}")).select_one("#measures")
    for words in ("稳岗补贴加码", "12 万元", "9 万元", "15.5 万元", "192", "144", "240", "320"):
        assert words in shown.text, words
    assert shown.select_one("h3 a")["href"] == f"/simulate/{signed.pk}"
    form = shown.select_one("form")
    refused = client.post(form["action"], {"why": "嗯"})
    assert refused.status_code == 400 and "至少写 4 个字" in refused.content.decode() and not Chosen.objects.exists()
    client.post(form["action"], {"why": "住宿餐饮岗位连续下滑"}, follow=True)
    made = Chosen.objects.get()
    assert (made.alert_id, made.scenario_id, made.why) == (alert.pk, signed.pk, "住宿餐饮岗位连续下滑")
    assert AuditEntry.objects.filter(verb="alert.measure_chosen", object_id=str(alert.pk)).count() == 1
    assert OutboxEvent.objects.filter(name="alert.measure_chosen").count() == 1
    after = soup(client.get(f"/alerts/{alert.pk}")).select_one("#measures")
    assert "选定：住宿餐饮岗位连续下滑" in after.text and after.select_one("form") is None


def test_the_fragment_that_htmx_gets_shows_the_choice(alert: Alert, signed: Scenario, signed_in: Any, user_of: Any, at: Any) -> None:
    actions.reserve(PLAN, signed.pk, acting_user=user_of("analyst"), at=at)
    answer = signed_in("analyst").post(url("measure-choose", args=[alert.pk, signed.pk]), {"why": "先稳住岗位"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert 'id="panel"' in text and "选定：先稳住岗位" in text and "<html" not in text


def test_what_was_chosen_stays_when_the_plan_drops_it(alert: Alert, signed: Scenario, user_of: Any, at: Any, signed_in: Any) -> None:
    asked = {"acting_user": user_of("analyst"), "at": at}
    kept = actions.reserve(PLAN, signed.pk, **asked)
    actions.choose(alert.pk, signed.pk, why="先稳住岗位", **asked)
    signed_in("analyst").post(url("measure-drop", args=[PLAN, kept.pk]))
    assert not Reserved.objects.exists() and AuditEntry.objects.filter(verb="measure.dropped").count() == 1
    assert "先稳住岗位" in signed_in("analyst").get(f"/alerts/{alert.pk}").content.decode()


def test_refusals(alert: Alert, signed: Scenario, user_of: Any, at: Any) -> None:
    asked = {"acting_user": user_of("analyst"), "at": at}
    draft = scenario(user_of("analyst"), at, state=Of.DRAFT)
    with pytest.raises(Conflict) as unsigned:
        actions.reserve(PLAN, draft.pk, **asked)
    assert unsigned.value.code == "E_NOT_SIGNED"
    with pytest.raises(NotFound):
        actions.reserve("no_such_plan", signed.pk, **asked)
    with pytest.raises(NotFound):
        actions.choose(alert.pk, signed.pk, why="不在储备里", **asked)
    actions.reserve(PLAN, signed.pk, **asked)
    with pytest.raises(Conflict) as twice:
        actions.reserve(PLAN, signed.pk, **asked)
    assert twice.value.code == "E_RESERVED"
    with pytest.raises(BadInput):
        actions.choose(alert.pk, signed.pk, why=" ", **asked)
    actions.choose(alert.pk, signed.pk, why="先稳住岗位", **asked)
    with pytest.raises(Conflict) as again:
        actions.choose(alert.pk, signed.pk, why="先稳住岗位", **asked)
    assert again.value.code == "E_CHOSEN"
    Alert.objects.filter(pk=alert.pk).update(state=State.CLOSED)
    with pytest.raises(Conflict) as closed:
        actions.choose(alert.pk, signed.pk, why="先稳住岗位", **asked)
    assert closed.value.code == "E_CLOSED"
    with pytest.raises(NotAllowed):
        actions.reserve(PLAN, signed.pk, acting_user=user_of("counsellor"), at=at)


def test_a_withdrawn_simulation_can_be_chosen_no_more(alert: Alert, signed: Scenario, user_of: Any, at: Any) -> None:
    asked = {"acting_user": user_of("analyst"), "at": at}
    actions.reserve(PLAN, signed.pk, **asked)
    Scenario.objects.filter(pk=signed.pk).update(state=Of.WITHDRAWN)
    with pytest.raises(Conflict):
        actions.choose(alert.pk, signed.pk, why="先稳住岗位", **asked)


def test_who_may_not_see_simulations_sees_no_reserve(alert: Alert, signed: Scenario, signed_in: Any, user_of: Any, at: Any) -> None:
    actions.reserve(PLAN, signed.pk, acting_user=user_of("analyst"), at=at)
    for client in (signed_in("counsellor"), signed_in("analyst", region="440605")):
        for page in (f"/plans/{PLAN}", f"/alerts/{alert.pk}"):
            answer = client.get(page)
            assert "稳岗补贴加码" not in answer.content.decode(), page
    district = user_of("analyst", region="440605")
    with pytest.raises(NotFound):
        actions.choose(alert.pk, signed.pk, why="先稳住岗位", acting_user=district, at=at)


def test_the_desk_shows_the_realised_rate_with_its_years_and_interval(alert: Alert, signed_in: Any) -> None:
    alert.evidence = alert.evidence | {"calm_fa": 0.28, "calm_low": 0.17, "calm_high": 0.44, "calm_years": 151.0}
    alert.save()
    text = signed_in("analyst").get(f"/alerts/{alert.pk}").content.decode()
    assert "每年 0.28 次，九成五把握 0.17 至 0.44，依据 151 个平静的序列年" in text and "这一级承诺 0.25 次" in text
