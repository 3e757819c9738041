"""Alarms of a run become alerts once, follow what newer runs say, and leave people's work alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.kernel.ids import run_id
from leye.lake import open_lake
from leye.office.alerts import actions
from leye.office.alerts.models import Alert, State
from leye.office.alerts.take_up import TakenUp, take_up_alerts
from leye.office.outbox.models import OutboxEvent

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 1, 1, 0, tzinfo=UTC)
SERIES = "postings/440605/H/all/all"
RowLike = tuple[str, str, str]  # day, level, kind


def publish(data: Path, rows: list[RowLike], lit: str | None, *, nonce: str = "a", series: str = SERIES) -> str:
    """A run with alarms of one series; `lit` is the day since which its lamp burns."""
    alerts = [
        (series, date.fromisoformat(d), level, 8.0, json.dumps({"kind": kind, "direction": "down", "zh": f"{d}{level}"})) for d, level, kind in rows
    ]
    lamps = [(series, date.fromisoformat(lit))] if lit else []
    keys = {"unique_id": [series], "indicator": ["postings"], "region": [series.split("/")[1]], "title_zh": ["南海区岗位"], "title_en": ["Postings"]}
    advice = {"unique_id": [series], "ds": [date(2025, 8, 1)], "plan_id": ["hotel_catering"], "cost_fen": [100]}
    lake = open_lake(data, engine="polars")
    with lake.begin(run_id(AT, nonce), at=AT, on="2025-08-31", code_hash="0") as run:
        schema = {"unique_id": pl.String, "ds": pl.Date, "level": pl.String, "score": pl.Float64, "evidence": pl.String}
        run.write("alerts", pl.DataFrame(alerts, schema=schema, orient="row"), step="watch")
        run.write("lamps", pl.DataFrame(lamps, schema={"unique_id": pl.String, "since": pl.Date}, orient="row"), step="watch")
        run.write("panel_keys", pl.DataFrame(keys), step="panels")
        run.write("advice", pl.DataFrame(advice), step="advice")
        return run.publish(AT).run_id


def take_up(data: Path, run: str) -> TakenUp:
    return take_up_alerts(open_lake(data, engine="polars"), run, at=AT)


ONSET: RowLike = ("2025-05-01", "blue", "onset")
RISE: RowLike = ("2025-06-01", "red", "rise")


def test_a_spell_is_one_alert_at_its_newest_level(tmp_path: Path) -> None:
    assert take_up(tmp_path, publish(tmp_path, [ONSET, RISE], "2025-05-01")) == TakenUp(opened=1)
    alert = Alert.objects.get()
    assert (alert.ds, alert.last_ds, alert.level, alert.rank) == (date(2025, 5, 1), date(2025, 6, 1), "red", 4)
    assert (alert.region, alert.series_zh, alert.plan_id, alert.finding) == ("440605", "南海区岗位", "hotel_catering", "2025-06-01red")
    assert alert.advice[0]["cost_fen"] == 100
    assert list(OutboxEvent.objects.values_list("name", "region")) == [("alert.opened", "440605"), ("snapshot.published", "")]


def test_the_same_run_twice_changes_nothing(tmp_path: Path) -> None:
    run = publish(tmp_path, [ONSET], "2025-05-01")
    take_up(tmp_path, run)
    before = Alert.objects.values().get()
    assert take_up(tmp_path, run) == TakenUp(same=1)
    assert Alert.objects.values().get() == before


def test_a_rise_in_a_newer_run_lifts_the_alert_and_keeps_its_owner(tmp_path: Path, user_of: Callable[..., Any]) -> None:
    analyst = user_of("analyst")
    take_up(tmp_path, publish(tmp_path, [ONSET], "2025-05-01"))
    actions.assign_alert(Alert.objects.get().pk, to=analyst.pk, acting_user=analyst, at=AT)
    assert take_up(tmp_path, publish(tmp_path, [ONSET, RISE], "2025-05-01", nonce="b")) == TakenUp(changed=1)
    alert = Alert.objects.get()
    assert (alert.level, alert.state, alert.owner) == ("red", State.ASSIGNED, analyst)


def test_a_closed_alert_stays_closed_until_the_lamp_speaks_again(tmp_path: Path, user_of: Callable[..., Any]) -> None:
    take_up(tmp_path, publish(tmp_path, [ONSET], "2025-05-01"))
    closed = actions.mark_false_alarm(Alert.objects.get().pk, reason="统计口径变了", acting_user=user_of("analyst"), at=AT)
    assert take_up(tmp_path, publish(tmp_path, [ONSET], "2025-05-01", nonce="b")) == TakenUp(same=1)
    assert take_up(tmp_path, publish(tmp_path, [ONSET, ("2025-08-01", "orange", "still")], "2025-05-01", nonce="c")) == TakenUp(opened=1)
    again = Alert.objects.exclude(pk=closed.pk).get()
    assert (again.ds, again.level, again.state) == (date(2025, 8, 1), "orange", State.OPEN)
    assert take_up(tmp_path, publish(tmp_path, [ONSET, ("2025-08-01", "orange", "still")], "2025-05-01", nonce="d")) == TakenUp(same=1)


def test_a_lamp_that_went_out_is_said_so(tmp_path: Path) -> None:
    take_up(tmp_path, publish(tmp_path, [("2025-07-01", "blue", "onset")], "2025-07-01"))
    take_up(tmp_path, publish(tmp_path, [("2025-07-01", "blue", "onset")], None, nonce="b"))
    assert not Alert.objects.get().is_lit


def test_spells_that_ended_long_ago_stay_off_the_desk(tmp_path: Path) -> None:
    assert take_up(tmp_path, publish(tmp_path, [("2024-05-01", "red", "onset")], None)) == TakenUp()
    assert not Alert.objects.exists()


def test_a_series_without_a_region_belongs_to_the_whole_city(tmp_path: Path) -> None:
    take_up(tmp_path, publish(tmp_path, [ONSET], "2025-05-01", series="Total/x"))
    assert Alert.objects.get().region == ""
