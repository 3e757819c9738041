"""预警回放: what the command left is read in, a lamp is rehearsed, and the rehearsal counts nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse as url

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.alerts.models import Alert, Task
from leye.office.drills import actions
from leye.office.drills.models import Drill, DrillStep, Replay

pytestmark = pytest.mark.django_db

ROW = {"unique_id": "postings/440600/H/all/all", "peak": "2024-12-01", "trough": "2025-06-01", "fall": -0.3, "first": "2025-03-01", "lead_months": 3,
       "blue": "2025-03-01", "yellow": "2025-03-01", "orange": "2025-04-01", "red": None, "rows": 3, "plan_id": "general_review",
       "plan_title": "综合研判处置预案", "evidence_zh": "低于预期", "evidence_en": "below"}  # fmt: skip
DARK = ROW | dict.fromkeys(("peak", "trough", "fall", "first", "lead_months", "blue", "yellow", "orange", "red", "plan_id", "plan_title")) | {
    "unique_id": "=dark", "rows": 0}  # fmt: skip
SUMMARY = {"shock": "2025-01-01", "calibrate_before": "2023-07-01", "from": "2023-07-01", "to": "2025-08-01", "nominal": 0.25, "fdr": 0.2,
           "realised": {"down": 0.2}, "series": 2, "not_watched": 0, "fell": 1, "lit_of_fallen": 1, "lit_without_fall": 0,
           "median_lead_months": 3.0, "lit_by_level": {}}  # fmt: skip
BODY = {"summary": SUMMARY, "rows": [ROW, DARK]}


def left_by_command(name: str = "2025", text: str = "") -> None:
    folder = Path(settings.LEYE_DATA) / "replays" / name
    folder.mkdir(parents=True)
    (folder / "replay.json").write_text(text or json.dumps(BODY), encoding="utf-8")


@pytest.fixture
def kept(user_of: Any, at: Any) -> Replay:
    return actions.keep_replay(BODY, source="run-1", acting_user=user_of("analyst"), at=at)


def test_an_empty_list_says_how_to_begin(signed_in: Any) -> None:
    assert "还没有回放过" in signed_in("analyst").get(url("alert-replays")).content.decode()


def test_what_the_command_left_is_read_in(signed_in: Any) -> None:
    left_by_command()
    client = signed_in("analyst")
    assert "读入" in client.get(url("alert-replays")).content.decode()
    answer = client.post(url("alert-replay-take-in"), {"name": "2025"}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200 and "2025-03" in text and "综合研判处置预案" in text and "+3" in text and "<svg" in text
    assert Replay.objects.get().source == "command:2025"
    assert client.post(url("alert-replay-take-in"), {"name": "../../keys"}).status_code == 404


def test_a_file_of_somebody_else_is_refused(signed_in: Any) -> None:
    left_by_command("odd", '{"rows": 3}')
    answer = signed_in("analyst").post(url("alert-replay-take-in"), {"name": "odd"})
    assert answer.status_code == 400 or "不是回放命令写的" in answer.content.decode()
    assert not Replay.objects.exists()


def test_the_table_as_csv_cannot_start_a_formula(signed_in: Any, kept: Replay) -> None:
    text = signed_in("analyst").get(url("alert-replay-csv", args=[kept.pk])).content.decode()
    assert "postings/440600/H/all/all,2024-12-01" in text and "'=dark" in text


def test_a_rehearsal_is_marked_and_counts_nowhere(signed_in: Any, kept: Replay) -> None:
    client = signed_in("analyst")
    text = client.post(url("alert-drill", args=[kept.pk]), {"unique_id": ROW["unique_id"]}, follow=True).content.decode()
    drill = Drill.objects.get()
    assert "【演练】" in text and drill.lamp == "orange" and drill.steps.count() >= 3
    assert not Alert.objects.exists() and not Task.objects.exists()
    client.post(url("alert-drill-step", args=[kept.pk, drill.pk, 1]), {"note": "联系不上数据科"})
    step = DrillStep.objects.get(drill=drill, number=1)
    assert step.note == "联系不上数据科" and step.done_at is not None


def test_refusals(user_of: Any, kept: Replay, at: Any) -> None:
    analyst = user_of("analyst")
    asked = {"acting_user": analyst, "at": at}
    with pytest.raises(Conflict):
        actions.open_drill(kept.pk, unique_id="=dark", **asked)
    drill = actions.open_drill(kept.pk, unique_id=ROW["unique_id"], **asked)
    with pytest.raises(Conflict):
        actions.open_drill(kept.pk, unique_id=ROW["unique_id"], **asked)
    with pytest.raises(BadInput):
        actions.tick_step(drill.pk, number=1, note=" ", **asked)
    with pytest.raises(NotFound):
        actions.tick_step(drill.pk, number=99, note="没有这一步", **asked)
    with pytest.raises(NotAllowed):
        actions.open_drill(kept.pk, unique_id="x", acting_user=user_of("counsellor"), at=at)
    with pytest.raises(NotFound):
        actions.open_drill(kept.pk, unique_id="x", acting_user=user_of("analyst", region="440604"), at=at)
    assert actions.keep_replay(BODY, source="run-1", **asked).pk == kept.pk, "kept once"


def test_a_shock_that_is_no_date_is_said_at_once(signed_in: Any) -> None:
    answer = signed_in("analyst").post(url("alert-replay-run"), {"shock": "明天"})
    assert "不是冲击的年份或日期" in answer.content.decode()


def test_another_role_finds_nothing(signed_in: Any, kept: Replay) -> None:
    assert signed_in("counsellor").get(url("alert-replays")).status_code in (403, 404)
    assert signed_in("analyst", region="440604").get(url("alert-replay", args=[kept.pk])).status_code == 404
