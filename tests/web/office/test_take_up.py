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
from leye.office.decisions.models import Decision
from leye.office.decisions.refusals import GateRefused
from leye.office.outbox.models import OutboxEvent
from leye.office.registry.models import Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
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
    told = [("alert.opened", "440605"), ("decisions.sealed", ""), ("snapshot.published", "")]
    assert list(OutboxEvent.objects.exclude(name__startswith="registry.").values_list("name", "region")) == told


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


def test_every_warning_has_a_leaf_that_says_what_it_says(tmp_path: Path) -> None:
    run = publish(tmp_path, [("2025-07-01", "yellow", "onset")], "2025-07-01")
    take_up_alerts(open_lake(tmp_path), run, at=AT)
    alert = Alert.objects.get()
    sealed = Decision.objects.get(pk=alert.decision_id)
    assert (sealed.algo, sealed.outcome, sealed.subject_kind, sealed.follows_id) == ("watch.scan", "yellow", "series", None)
    take_up_alerts(open_lake(tmp_path), run, at=AT)
    assert Decision.objects.filter(algo="watch.scan").count() == 1, "the same run says nothing new"
    newer = publish(tmp_path, [("2025-07-01", "yellow", "onset"), ("2025-08-01", "red", "rise")], "2025-07-01", nonce="b")
    take_up_alerts(open_lake(tmp_path), newer, at=AT)
    corrected = Decision.objects.get(pk=Alert.objects.get().decision_id)
    assert (corrected.outcome, corrected.follows_id) == ("red", sealed.pk)


def test_a_suspended_watch_puts_nothing_on_the_desk(tmp_path: Path) -> None:
    version = Version.objects.get(algo="watch.scan")
    version.state = "suspended"
    version.save()
    run = publish(tmp_path, [("2025-07-01", "yellow", "onset")], "2025-07-01")
    with pytest.raises(GateRefused):
        take_up_alerts(open_lake(tmp_path), run, at=AT)
    assert not Alert.objects.exists()


def test_an_open_breaker_holds_the_alarms_of_its_place_and_of_no_other(tmp_path: Path, user_of: Callable[..., Any]) -> None:
    from leye.office.alerts.sealing import ALGO
    from leye.office.review import breakers

    def order(verb: str) -> None:
        breakers.order(ALGO, "440605", verb, why="口径变了，先停一停", acting_user=user_of("operator"), at=AT)

    order("open")
    held = publish(tmp_path, [ONSET, RISE], "2025-05-01")
    assert take_up(tmp_path, held) == TakenUp(held=1) and not Alert.objects.exists()
    elsewhere = publish(tmp_path, [ONSET, RISE], "2025-05-01", nonce="b", series="postings/440606/H/all/all")
    assert take_up(tmp_path, elsewhere) == TakenUp(opened=1)
    order("restart")
    assert take_up(tmp_path, held) == TakenUp(opened=1)
    assert Decision.objects.get(region="440605").breaker == "half_open"
