"""The desk: from lamp to task in two clicks, then to the end; refusals are polite and say who was faster."""

from __future__ import annotations

from typing import Any

import pytest

from leye.office.alerts.models import Alert, State, TaskStep
from leye.office.outbox.models import AuditEntry, OutboxEvent
from published_fixture import H_ID


@pytest.fixture
def alert(city: Any) -> Alert:
    return Alert.objects.get(unique_id=H_ID)


def test_red_comes_first_and_lamps_have_shape_word_and_colour(alert: Alert, signed_in: Any, soup: Any) -> None:
    rows = soup(signed_in("analyst").get("/alerts")).select("table.alerts tbody tr")
    assert [r.select_one(".lamp")["class"][1] for r in rows] == ["lamp-red", "lamp-orange", "lamp-yellow", "lamp-blue"]
    assert [r.select_one(".state").text for r in rows] == ["待处置"] * 4
    assert [r.select_one(".lamp").text.split() for r in rows] == [["▲", "红"], ["⬟", "橙"], ["◆", "黄"], ["■", "蓝"]]


def test_assigning_from_the_list_is_one_form_with_a_choice_made(alert: Alert, signed_in: Any, soup: Any, user_of: Any) -> None:
    helper = user_of("counsellor", region="440605", shown="陈专员")
    client = signed_in("analyst")
    form = soup(client.get("/alerts")).select_one(f"#alert-{alert.pk} form")
    fields = {i["name"]: i.get("value", "") for i in form.select("input[name]")} | {"to": form.select_one("option")["value"]}
    answer = client.post(form["action"], fields, follow=True)
    assert "已经派给陈专员" in answer.content.decode()
    alert.refresh_from_db()
    assert (alert.state, alert.owner) == (State.ASSIGNED, helper)
    assert AuditEntry.objects.filter(verb="alert.assigned", object_id=str(alert.pk)).count() == 1
    assert OutboxEvent.objects.filter(name="alert.assigned").count() == 1


def test_the_row_that_htmx_gets_equals_the_row_after_a_reload(alert: Alert, signed_in: Any, soup: Any, user_of: Any) -> None:
    helper = user_of("counsellor", region="440605")
    client = signed_in("analyst")
    fields = {"to": helper.pk, "seen": "open", "from": "list"}
    fragment = soup(client.post(f"/alerts/{alert.pk}/assign", fields, headers={"HX-Request": "true"}))
    told = fragment.select_one("p[role=status]").extract()
    assert "已经派给" in told.text
    reloaded = soup(client.get("/alerts")).select_one(f"#alert-{alert.pk}")
    assert _words(fragment.select_one("tr")) == _words(reloaded)


def test_the_second_desk_sees_who_took_it(alert: Alert, signed_in: Any, user_of: Any) -> None:
    first, second = user_of("counsellor", region="440605", shown="陈专员"), user_of("counsellor", username="b", shown="罗专员")
    analyst = signed_in("analyst")
    analyst.post(f"/alerts/{alert.pk}/assign", {"to": first.pk, "seen": "open"})
    late = analyst.post(f"/alerts/{alert.pk}/assign", {"to": second.pk, "seen": "open"})
    assert late.status_code == 409
    assert "陈专员" in late.content.decode() and "刷新看最新情况" in late.content.decode()
    quietly = analyst.post(f"/alerts/{alert.pk}/assign", {"to": second.pk, "seen": "open"}, headers={"HX-Request": "true"})
    assert "陈专员" in quietly.content.decode() and 'id="panel"' in quietly.content.decode()
    alert.refresh_from_db()
    assert alert.owner == first


def test_the_whole_way_to_the_end(alert: Alert, signed_in: Any, user_of: Any) -> None:
    owner = user_of("counsellor", region="440605")
    signed_in("analyst").post(f"/alerts/{alert.pk}/assign", {"to": owner.pk, "seen": "open"})
    client = signed_in("counsellor", region="440605")
    assert "开始处置" in client.get(f"/alerts/{alert.pk}").content.decode()
    client.post(f"/alerts/{alert.pk}/start")
    steps = TaskStep.objects.filter(task__alert=alert)
    assert steps.count() > 0
    too_early = client.post(f"/alerts/{alert.pk}/close", {"result": "都办好了"})
    assert too_early.status_code == 409 and "没办" in too_early.content.decode()
    short = client.post(f"/alerts/{alert.pk}/steps/1", {"evidence": "ok"})
    assert short.status_code == 400 and "没有写清楚" in short.content.decode()
    for step in steps:
        done = client.post(f"/alerts/{alert.pk}/steps/{step.number}", {"evidence": "走访记录 3 份"}, follow=True)
        assert f"第 {step.number} 步办完了" in done.content.decode()
    assert "已经留痕" in client.post(f"/alerts/{alert.pk}/close", {"result": "企业已恢复招聘"}, follow=True).content.decode()
    alert.refresh_from_db()
    assert alert.state == State.CLOSED
    page = client.get(f"/alerts/{alert.pk}").content.decode()
    assert "走访记录 3 份" in page and "企业已恢复招聘" in page


def test_undo_and_false_alarm(alert: Alert, signed_in: Any, user_of: Any) -> None:
    owner, analyst = user_of("counsellor", region="440605"), signed_in("analyst")
    analyst.post(f"/alerts/{alert.pk}/assign", {"to": owner.pk, "seen": "open"})
    assert "派单撤回了" in analyst.post(f"/alerts/{alert.pk}/undo", follow=True).content.decode()
    alert.refresh_from_db()
    assert (alert.state, alert.owner) == (State.OPEN, None)
    assert "标为误报了" in analyst.post(f"/alerts/{alert.pk}/false-alarm", {"reason": "统计口径变了"}, follow=True).content.decode()
    assert signed_in("counsellor").post(f"/alerts/{alert.pk}/false-alarm", {"reason": "统计口径变了"}).status_code == 403


def test_nobody_chosen_is_said_beside_the_form(alert: Alert, signed_in: Any) -> None:
    answer = signed_in("analyst").post(f"/alerts/{alert.pk}/assign", {"to": "", "seen": "open"})
    assert answer.status_code == 400 and "还没选交给谁" in answer.content.decode()


def test_a_form_from_elsewhere_is_refused(alert: Alert, signed_in: Any) -> None:
    answer = signed_in("analyst", csrf=True).post(f"/alerts/{alert.pk}/false-alarm", {"reason": "统计口径变了"})
    assert answer.status_code == 403 and "没存上" in answer.content.decode()


def test_evidence_names_threshold_and_false_alarm_rate(alert: Alert, signed_in: Any) -> None:
    page = signed_in("analyst").get(f"/alerts/{alert.pk}").content.decode()
    assert "9.6 个标准差" in page and "4.2 个标准差" in page and "校准期每条序列每年 0.02 次" in page


def test_the_empty_desk_shows_what_was_closed_last(alert: Alert, signed_in: Any) -> None:
    analyst = signed_in("analyst")
    for a in Alert.objects.all():
        analyst.post(f"/alerts/{a.pk}/false-alarm", {"reason": "统计口径变了"})
    page = analyst.get("/alerts").content.decode()
    assert "没有待处置的预警" in page and "最近办结的" in page and "住宿和餐饮业" in page


def _words(row: Any) -> list[str]:
    """Texts and addresses of a row, without the token that is new on every page."""
    return [" ".join(row.text.split()), *(e.get("href") or e.get("action") or "" for e in row.select("a, form"))]
