"""The API's answers equal the published tables, and its writes are the desk's own actions."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

import published_fixture
from leye.lake import open_lake
from leye.office.alerts.models import Alert, State
from leye.office.jobs.models import JobRun
from leye.office.outbox.models import AuditEntry

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def published(settings: Any) -> Path:
    published_fixture.write_city(settings.LEYE_DATA)
    return settings.LEYE_DATA


OWN = [
    "account.self", "applications.own", "claims.apply", "decisions.own", "entitlements.own", "matches.own", "moves.own", "moves.view",
    "objections.raise", "profiles.own", "prospects.own", "reads.own", "searches.own",
]  # fmt: skip
"""What a job seeker may."""


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(path, {} if body is None else body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("path", ["/api/series", "/api/advice", "/api/series/x", "/api/loads"])
def test_before_the_first_run_it_says_so(signed_in: Make, path: str) -> None:
    answer = signed_in("analyst").get(path)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "先运行 leye run nightly"


def test_public_totals_before_the_first_run_are_empty(client: Client) -> None:
    assert client.get("/api/public/indicators").json()["indicators"] == []


def test_status_and_lineage_are_the_manifests(signed_in: Make, published: Path) -> None:
    client, run = signed_in("auditor"), open_lake(published).published()
    assert run is not None
    assert client.get("/api/published").json()["published"]["hashes"] == run.hashes
    assert client.get("/api/runs").json()["items"] == [run.run_id]
    detail = client.get(f"/api/runs/{run.run_id}").json()
    assert {t["name"]: t["sha256"] for t in detail["tables"]} == run.hashes
    for wrong in ("nix", "../../etc", "20250831T000000-00000000"):
        assert client.get(f"/api/runs/{wrong}").status_code in {404, 422}


def test_a_series_is_the_tables_rows(signed_in: Make, published: Path) -> None:
    uid = published_fixture.H_ID
    body = signed_in("analyst").get(f"/api/series/{uid}").json()
    lake = open_lake(published)
    panel = lake.scan("panel").filter(pl.col("unique_id") == uid).sort("ds").collect()
    ahead = lake.scan("forecast").filter(pl.col("unique_id") == uid).sort("ds").collect()
    assert [(p["ds"], p["y"]) for p in body["history"]] == [(ds.isoformat(), y) for ds, y in panel.select("ds", "y").iter_rows()]
    assert [(p["mean"], p["lo_80"]) for p in body["forecast"]] == ahead.select("mean", "lo-80").rows()
    assert signed_in("analyst").get(f"/api/series/{uid.replace('/', '%2F')}").json() == body, "quoted or not"


def test_series_are_filtered_and_cut(signed_in: Make, published: Path) -> None:
    client = signed_in("analyst")
    every = client.get("/api/series?limit=500").json()
    assert every["total"] == len(every["items"]) > 5
    hotel = client.get("/api/series?industry=H").json()["items"]
    assert {s["industry"] for s in hotel} == {"H"}
    assert client.get("/api/series?limit=2&offset=3").json()["items"] == every["items"][3:5]
    assert client.get("/api/series?q=住宿").json()["items"] == hotel
    for wrong in ("limit=0", "limit=501", "offset=-1", "limit=x"):
        answer = client.get(f"/api/series?{wrong}")
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert answer.json()["fields"]


def test_public_totals_hold_no_district(client: Client, published: Path) -> None:
    shown = client.get("/api/public/indicators").json()["indicators"]
    parents = dict(open_lake(published).scan("panel_keys").select("unique_id", "parent").collect().iter_rows())
    assert shown
    assert all(parents[i["unique_id"]] is None for i in shown)


def test_an_alert_from_lamp_to_closed_over_the_api(signed_in: Make, alert_of: Make, user_of: Make) -> None:
    alert, user_ = alert_of(), user_of("counsellor", region="440605")
    desk, counsellor = signed_in("analyst"), signed_in("counsellor", region="440605")
    at = f"/api/alerts/{alert.pk}"
    assert desk.get("/api/alerts").json()["total"] == 1
    given = post(desk, f"{at}/assign", {"to": user_.username}).json()
    assert (given["state"], given["owner"], given["may"]) == ("assigned", user_.username, ["reassign", "undo", "false_alarm"])
    assert post(counsellor, f"{at}/act").json()["state"] == "acting"
    for step in given["steps"]:
        assert post(counsellor, f"{at}/steps/{step['number']}", {"text": "台账已存"}).status_code == 200
    closed = post(counsellor, f"{at}/close", {"text": "已联系全部企业"}).json()
    assert (closed["state"], [t["verb"] for t in closed["transitions"]]) == ("closed", ["assigned", "acting", "closed"])
    assert AuditEntry.objects.filter(object_id=str(alert.pk)).count() == 3 + len(given["steps"])
    assert post(desk, f"{at}/reopen", {"text": "又下降了一个月"}).json()["state"] == "open"


def test_the_second_caller_hears_who_was_faster(signed_in: Make, alert_of: Make, user_of: Make) -> None:
    alert, one = alert_of(), user_of("analyst", shown="林分析")
    body = {"to": one.username}
    client = signed_in("analyst")
    post(client, f"/api/alerts/{alert.pk}/assign", body)
    answer = post(client, f"/api/alerts/{alert.pk}/assign", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "E_TAKEN")
    assert "林分析" in answer.json()["title"]


def test_someone_elses_alert_and_no_alert_answer_alike(signed_in: Make, alert_of: Make) -> None:
    alert, client = alert_of(region="440605"), signed_in("counsellor", region="440606")
    for verb, body in (
        ("", None),
        ("/assign", {"to": "x"}),
        ("/undo", None),
        ("/act", None),
        ("/steps/1", {"text": "台账已存"}),
        ("/close", {"text": "都办完了"}),
    ):
        answers = []
        for alert_id in (alert.pk, uuid.uuid4()):
            path = f"/api/alerts/{alert_id}{verb}"
            answers.append(post(client, path, body) if verb else client.get(path))
        assert [a.status_code for a in answers] == [404, 404], verb
        assert answers[0].content == answers[1].content
    assert client.get("/api/alerts").json()["total"] == 0
    assert Alert.objects.get().state == State.OPEN


def test_writes_need_the_token_and_the_session_gives_it(signed_in: Make, alert_of: Make) -> None:
    alert, client = alert_of(), signed_in("analyst", csrf=True)
    body = {"to": "analyst-"}
    refused = post(client, f"/api/alerts/{alert.pk}/assign", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "E_CSRF")
    token = client.get("/api/session").json()["csrf_token"]
    assert post(client, f"/api/alerts/{alert.pk}/assign", body, **{"X-CSRFToken": token}).status_code == 200


def test_replay_makes_a_job_and_the_job_can_be_watched(signed_in: Make) -> None:
    client = signed_in("analyst")
    asked = post(client, "/api/sources/hotline/replay").json()
    assert (asked["kind"], asked["state"]) == ("replay", "waiting")
    assert client.get(f"/api/jobs/{asked['id']}").json() == asked
    assert JobRun.objects.get().params == {"source": "hotline"}
    assert post(client, "/api/sources/nix/replay").status_code == 404
    assert client.get("/api/jobs/nix").status_code == 404


def test_the_session_names_what_the_role_may(signed_in: Make) -> None:
    body = signed_in("seeker").get("/api/session").json()
    assert (body["role"], body["permissions"]) == ("seeker", OWN)


def test_health(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.post("/healthz").status_code in {403, 405}


def test_quarantine_and_loads_are_the_tables(signed_in: Make, published: Path) -> None:
    client, lake = signed_in("admin"), open_lake(published)
    for name in ("loads", "quarantine"):
        body = client.get(f"/api/{name}?limit=500").json()
        assert body["total"] == lake.scan(name).collect().height
    source = lake.scan("quarantine").collect()["source"][0]
    assert {r["source"] for r in client.get(f"/api/quarantine?source={source}").json()["items"]} == {source}


def test_the_page_of_the_api_lists_every_operation_without_scripts(client: Client) -> None:
    from leye.api.root import api

    text = client.get("/api/docs").content.decode()
    assert "<script" not in text and "style=" not in text
    for path in api.get_openapi_schema(path_prefix="/api/")["paths"]:
        assert f"<code>{path}</code>" in text
