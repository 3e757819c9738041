"""Over HTTP: what followed a closed alert, the reserve of a plan, a replay in the background and its rehearsal."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.utils import timezone

import published_fixture
from leye.lake import open_lake
from leye.office.alerts.models import Alert, State
from leye.office.alerts.take_up import take_up_alerts
from leye.office.drills.actions import keep_replay
from leye.office.drills.models import DrillStep, Replay
from leye.office.jobs.models import JobRun
from leye.office.measures.models import Chosen
from leye.office.reforms.models import State as Of
from tests_support.scenarios import scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(settings: Any, register: None, at: Any) -> Path:
    published_fixture.write_city(settings.LEYE_DATA)
    run = open_lake(settings.LEYE_DATA).published()
    assert run is not None
    take_up_alerts(open_lake(settings.LEYE_DATA), run.run_id, at=at)
    return settings.LEYE_DATA


def post(client: Any, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_what_followed_is_held_against_the_forecast_of_then(published: Path, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = Alert.objects.get(unique_id=published_fixture.H_ID)
    analyst, path = signed_in("analyst"), f"/api/alerts/{alert.pk}/outcome"
    assert analyst.get(path).status_code == 404, "an open alert has no outcome"
    Alert.objects.filter(pk=alert.pk).update(state=State.CLOSED)
    then = open_lake(published).scan("forecast", alert.run_id).filter(pl.col("unique_id") == alert.unique_id).sort("ds").collect()
    later = [(row["ds"], row["mean"] + (10 * (row["hi-80"] - row["mean"]) if i == 1 else 0.0)) for i, row in enumerate(then.head(4).to_dicts())]
    from leye.office.published import Snapshot, published_snapshot

    snapshot = published_snapshot()
    assert isinstance(snapshot, Snapshot)
    monkeypatch.setitem(snapshot.history, alert.unique_id, [*snapshot.history[alert.unique_id], *later])
    monkeypatch.setattr("leye.api.responses.published_snapshot", lambda: snapshot)
    body = analyst.get(path).json()
    assert body["run_id"] == alert.run_id and [m["position"] for m in body["months"]] == ["inside", "above", "inside", "inside"]
    assert [m["mean"] for m in body["months"]] == then.head(4)["mean"].to_list()
    assert "不作因果判断" in body["zh"] and "no cause" in body["en"]
    monkeypatch.setattr("leye.site.desk.alert_page.published_snapshot", lambda: snapshot)
    page = analyst.get(f"/alerts/{alert.pk}").content.decode()
    assert "后来怎样" in page and body["zh"] in page
    assert signed_in("counsellor", region="440604").get(path).status_code in {200, 404}


def test_the_reserve_of_a_plan_and_a_choice(published: Path, signed_in: Any, user_of: Any, at: Any) -> None:
    analyst = signed_in("analyst")
    alert = Alert.objects.get(unique_id=published_fixture.H_ID)
    ready = scenario(user_of("analyst", username="lin"), at, signed_by=user_of("analyst", username="wu"))
    draft = scenario(user_of("analyst"), at, state=Of.DRAFT)
    plan = f"/api/plans/{alert.plan_id}/measures"
    assert analyst.get(plan).json() == []
    refused = post(analyst, plan, scenario_id=str(draft.pk))
    assert (refused.status_code, refused.json()["code"]) == (409, "E_NOT_SIGNED")
    kept = post(analyst, plan, scenario_id=str(ready.pk)).json()
    assert [(m["name"], m["heads"], m["cost_added"]["low"], m["chosen"]) for m in kept] == [("稳岗补贴加码", 320, 9_000_000.0, None)]
    path = f"/api/alerts/{alert.pk}/measures"
    assert analyst.get(path).json() == kept
    assert post(analyst, path, scenario_id=str(ready.pk), why="好").json()["code"] == "E_REASON"
    chosen = post(analyst, path, scenario_id=str(ready.pk), why="岗位连续下滑").json()
    assert chosen[0]["chosen"]["why"] == "岗位连续下滑" and chosen[0]["may_choose"] is False and Chosen.objects.count() == 1
    assert signed_in("auditor").get(path).status_code == 403, "an auditor sees simulations but no alert"
    assert post(signed_in("counsellor"), path, scenario_id=str(ready.pk), why="岗位连续下滑").status_code == 403


def test_a_replay_is_asked_for_done_by_the_worker_and_rehearsed(published: Path, signed_in: Any, user_of: Any) -> None:
    analyst = signed_in("analyst")
    assert post(analyst, "/api/alert-replays", shock="someday").json()["code"] == "E_SHOCK"
    months = open_lake(published).scan("panel").select("ds").unique().sort("ds").collect()["ds"].to_list()
    shock = months[-4].isoformat()
    job = JobRun.objects.get(pk=post(analyst, "/api/alert-replays", shock=shock).json()["job_id"])
    assert (job.kind, job.params["shock"]) == ("watch_replay", shock)
    from leye.office.drills import job as worker

    told: list[tuple[str, float]] = []
    done = worker.run(job.params, lambda step, share: told.append((step, share)))
    assert told and [r["id"] for r in analyst.get("/api/alert-replays").json()["items"]] == [done["replay_id"]]
    body = analyst.get(f"/api/alert-replays/{done['replay_id']}").json()
    kept = Replay.objects.get()
    assert body["summary"] == kept.body["summary"] and body["rows"] == kept.body["rows"]
    series = open_lake(published).scan("panel").select("unique_id").unique().collect().height
    assert len(body["rows"]) == series and body["summary"]["shock"] == shock and body["summary"]["calm"].keys() == body["summary"]["realised"].keys()
    page = analyst.get(f"/alerts/replay/{kept.pk}")
    assert page.status_code == 200 and body["rows"][0]["unique_id"] in page.content.decode()
    assert signed_in("counsellor").get("/api/alert-replays").status_code == 403


def test_a_rehearsal_over_http(published: Path, signed_in: Any, user_of: Any) -> None:
    row = {"unique_id": "s", "peak": None, "trough": None, "fall": None, "first": "2025-03-01", "lead_months": None, "blue": "2025-03-01",
           "yellow": None, "orange": None, "red": None, "rows": 1, "plan_id": "general_review", "plan_title": "综合研判处置预案",
           "evidence_zh": "低", "evidence_en": "low"}  # fmt: skip
    body = {"summary": {"shock": "2025-03-01"}, "rows": [row]}
    kept = keep_replay(body, source="x", acting_user=user_of("analyst"), at=timezone.now() - timedelta(days=1))
    analyst, path = signed_in("analyst"), f"/api/alert-replays/{kept.pk}/drills"
    assert post(analyst, path, unique_id="nobody").json()["code"] == "E_NO_DRILL"
    drill = post(analyst, path, unique_id="s").json()["drills"][0]
    assert drill["lamp"] == "blue" and len(drill["steps"]) >= 3
    after = post(analyst, f"{path}/{drill['id']}/steps/1", text="缺一份企业名单").json()
    assert after["drills"][0]["steps"][0]["note"] == "缺一份企业名单" and DrillStep.objects.exclude(done_at=None).count() == 1
    assert post(analyst, f"{path}/{drill['id']}/steps/1", text="又演练一次").status_code == 409
