"""The breaker board: state in shape, word and colour, the cause, and buttons that a person answers for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from leye.kernel.errors import CheckFailed
from leye.office.decisions.gate import decide
from leye.office.decisions.refusals import GateRefused
from leye.office.registry.models import Version
from leye.office.review.breakers import order, record
from leye.office.review.models import Breaker, BreakerEvent
from leye.office.review.queries import breaker_state
from leye.office.review.replay import _replayed, replayed_standing
from leye.trust.breaker import Event
from leye.trust.log import UNGUARD
from tests_support.decisions import ALGO, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
NOW = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
WHY = "暴雨红色预警，时间全算错了"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEYE_NOW", NOW.isoformat())


@pytest.fixture
def operator(user_of: Callable[..., Any]) -> Any:
    return user_of("operator", "operator2", shown="吴运营")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def main_of(client: Client, address: str = "/breakers") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1]


def press(client: Client, verb: str, region: str = "", why: str = WHY, **more: str) -> Any:
    return client.post("/breakers/act", {"algo": ALGO, "region": region, "verb": verb, "why": why, **more})


def test_every_running_algorithm_has_its_card(operator: Any) -> None:
    page = main_of(client_of(operator))
    running = Version.objects.filter(state="running").count()
    assert page.count('class="breaker"') == page.count("lamp-green") == running > 3 and "所有算法照常运行" in page
    for name in ("就业监测预警", "预案建议与费用估算", "平台派单"):
        assert name in page


def test_the_whole_way_round(operator: Any) -> None:
    client = client_of(operator)
    for n in range(2):
        assert press(client, "misjudged").status_code == 302
        assert f"已连续误判 {n + 1} 次，共 3 次就熔断" in main_of(client)
    press(client, "misjudged")
    page = main_of(client)
    assert "lamp-red" in page and "熔断" in page and WHY in page and "吴运营" in page and "1 个熔断器不在正常状态" in page
    assert page.rindex("lamp-red") < page.index("lamp-green"), "what is not in order comes first"
    with pytest.raises(GateRefused) as refused:
        decide(an_offer())
    assert refused.value.code == "E_GATE_BREAKER"
    press(client, "restart", why="雨停了，先试运行")
    page = main_of(client)
    assert "lamp-orange" in page and "已连续一致 0 次，共要 20 次" in page
    assert decide(an_offer()).leaf_index > 0, "on trial the machine decides again"
    press(client, "misjudged")
    assert breaker_state(ALGO, "440605") == "open", "on trial one is enough"


def test_a_step_that_does_not_lead_on_is_refused_beside_the_board(operator: Any) -> None:
    client = client_of(operator)
    refused = press(client, "restart")
    assert refused.status_code == 409 and "做不了这一步" in refused.content.decode() and 'class="breaker"' in refused.content.decode()
    assert press(client, "open", why="短").status_code == 400
    assert press(client, "nonsense").status_code == 400
    assert press(client, "open", region="南海").status_code == 400
    assert press(client, "misjudged", decision="999999").status_code == 404
    assert client.post("/breakers/act", {"algo": "nobody.knows", "verb": "open", "why": WHY}).status_code == 404
    assert BreakerEvent.objects.count() == 0


def test_a_district_alone_is_opened(operator: Any) -> None:
    client = client_of(operator)
    press(client, "open", region="440605")
    assert [breaker_state(ALGO, r) for r in ("440605", "440606", "")] == ["open", "closed", "closed"]
    page = main_of(client)
    assert "平台派单（演示平台，外部算法） · 南海区" in page and page.count('class="breaker"') == Version.objects.filter(state="running").count() + 1
    press(client, "open", region="440600", why="全市先停下来")
    assert breaker_state(ALGO, "440606") == "open", "the city's breaker holds for its districts"


def test_readers_see_and_press_nothing(user_of: Callable[..., Any], operator: Any) -> None:
    order(ALGO, "", "open", why=WHY, acting_user=operator, at=NOW)
    for role in ("auditor", "analyst"):
        client = client_of(user_of(role, f"{role}2"))
        page = main_of(client)
        assert "lamp-red" in page and "<form" not in page
        assert press(client, "restart").status_code == 403
    assert client_of(user_of("worker", "worker2")).get("/breakers").status_code == 403
    assert press(client_of(user_of("counsellor", "c2")), "open").status_code == 403


def test_a_row_that_was_changed_by_hand_is_told_apart(operator: Any, user_of: Callable[..., Any]) -> None:
    order(ALGO, "", "open", why=WHY, acting_user=operator, at=NOW)
    client = client_of(user_of("auditor", "auditor2"))
    assert "和留痕对不上" not in main_of(client)
    Breaker.objects.update(state="closed")
    assert "和留痕对不上" in main_of(client)
    Breaker.objects.update(state="open")
    BreakerEvent.objects.all().delete()
    assert "和留痕对不上" in main_of(client), "an event that is missing is missed"


def test_a_statistic_is_shown_with_its_figures(operator: Any) -> None:
    figures = {"psi": {"value": 0.412345, "limit": 0.0613, "level": "tripped"}, "ks": {"value": 0.2, "limit": 0.3, "level": "none"}}
    with transaction.atomic():
        record(ALGO, "440605", Event("drift_tripped", NOW), by=None, detail={"findings": figures})
    page = main_of(client_of(operator))
    assert "psi 0.412 &gt; 0.0613" in page and "ks 0." not in page and "统计" in page


def test_the_table_and_the_api_have_all_events(operator: Any) -> None:
    client = client_of(operator)
    press(client, "watch", region="440605")
    press(client, "open", region="440605")
    rows = list(csv.DictReader(io.StringIO(client.get("/breakers.csv").content.decode("utf-8-sig"))))
    assert [(r["verb"], r["from_state"], r["to_state"], r["by"]) for r in rows] == [
        ("open", "dual", "open", "吴运营"),
        ("watch", "closed", "dual", "吴运营"),
    ]
    events = client.get("/api/breakers/events", {"algo": ALGO}).json()["items"]
    assert [(e["verb"], e["by"], e["region"]) for e in events] == [("open", "operator2", "440605"), ("watch", "operator2", "440605")]
    board = client.get("/api/breakers").json()["items"]
    assert (board[0]["state"], board[0]["differs"]) == ("open", "")
    made = client.post("/api/breakers", {"algo": ALGO, "region": "440605", "verb": "restart", "why": WHY}, "application/json")
    assert made.json()["to_state"] == "half_open"
    again = client.post("/api/breakers", {"algo": ALGO, "region": "440605", "verb": "restart", "why": WHY}, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "E_BREAKER_STEP")


def test_a_damaged_leaf_is_named_and_breaks_no_page(operator: Any) -> None:
    client = client_of(operator)
    press(client, "watch")
    press(client, "open")
    first = BreakerEvent.objects.order_by("leaf_index").first()
    assert first is not None and replayed_standing(ALGO, "").state == "open"
    with connection.cursor() as cursor:
        for statement in UNGUARD[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("UPDATE trust_leaf SET record = %s WHERE idx = %s", [b"{}", first.leaf_index])
    _replayed.cache_clear()
    assert f"留痕 {first.leaf_index} 缺失或接不上" in main_of(client)
    with pytest.raises(CheckFailed) as refused:
        replayed_standing(ALGO, "")
    assert refused.value.code == "E_BREAKER_REPLAY"
