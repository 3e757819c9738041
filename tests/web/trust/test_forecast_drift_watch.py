"""A drifting forecast comes to people: once an alarm, on the board of breakers and on the record page, sealed in the log."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.forecast.drift import SCHEMA
from leye.lake import Lake, open_lake
from leye.office.decisions.models import Decision
from leye.office.review.breakers import order
from leye.office.review.forecast_drift import ALGO, new_alarms, watch_forecast_drift
from leye.office.review.models import Breaker, BreakerEvent

pytestmark = pytest.mark.django_db
MONTHS = [date(2025, m, 1) for m in range(1, 9)]


def table(alarms: dict[str, list[int]], months: int = 8) -> pl.DataFrame:
    """Rows of the drift table: group -> months (1 to 8) that alarm."""
    rows = [
        (g, d, 5, 0.1, 0.9 if d.month in at else 0.1, 300.0 if d.month in at else 2.0, 240.0, "high", d.month in at)
        for g, at in alarms.items()
        for d in MONTHS[:months]
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def publish(data: Any, drift: pl.DataFrame, number: int) -> tuple[Lake, str]:
    """The small city with a drift table."""
    if number == 1:
        published_fixture.write_city(data)
    lake, name = open_lake(data), f"20250901T00000{number}-0000000{number}"
    tables = {t: lake.scan(t).collect() for t in ("panel", "panel_keys", "forecast", "backtest", "backtest_summary", "alerts")}
    with lake.begin(name, at=published_fixture.AT, on="2025-08-31", code_hash="0" * 16) as run:
        run.notes["kind"] = "city"
        for key, frame in {**tables, "forecast_drift": drift}.items():
            run.write(key, frame, step="test")
        run.publish(published_fixture.AT)
    return lake, name


ALARMS = [
    ({"postings": [8]}, None, {"postings"}, "the newest period"),
    ({"postings": [6, 7]}, None, {"postings"}, "the last quarter"),
    ({"postings": [5]}, None, set(), "older alarms stand in the record only"),
    ({"postings": [7], "claims": [8]}, date(2025, 7, 1), {"claims"}, "told up to July"),
    ({"postings": []}, None, set(), "calm"),
]


@pytest.mark.parametrize(("alarms", "after", "groups", "why"), ALARMS, ids=[a[-1] for a in ALARMS])
def test_which_alarms_are_news(alarms: Any, after: Any, groups: set[str], why: str) -> None:
    assert set(new_alarms(table(alarms), after=after)["group"]) == groups


def test_an_alarm_moves_the_breaker_once(settings: Any, register: None, at: Any) -> None:
    lake, name = publish(settings.LEYE_DATA, table({"postings": [8], "claims": []}), 1)
    event = watch_forecast_drift(lake, name, at)
    assert event is not None and event.to_state == "dual" and event.leaf_index is not None
    assert event.detail["findings"]["postings"] == {"value": 300.0, "limit": 240.0, "level": "seen", "kind": "high", "ds": "2025-08-01"}
    assert watch_forecast_drift(lake, name, at) is None, "the same alarm is told once"
    assert BreakerEvent.objects.count() == 1 and Decision.objects.count() == 0, "nobody is decided about"


def test_what_people_ended_stays_ended_until_a_new_alarm(settings: Any, register: None, user_of: Any, at: Any) -> None:
    lake, name = publish(settings.LEYE_DATA, table({"postings": [7]}, months=7), 1)
    watch_forecast_drift(lake, name, at)
    order(ALGO, "", "unwatch", why="查过了，是口径变了", acting_user=user_of("admin"), at=at)
    assert watch_forecast_drift(lake, name, at) is None
    assert Breaker.objects.get(algo=ALGO, region="").state == "closed"
    lake, name = publish(settings.LEYE_DATA, table({"postings": [7], "claims": [8]}), 2)
    event = watch_forecast_drift(lake, name, at)
    assert event is not None and set(event.detail["findings"]) == {"claims"} and event.to_state == "dual"


def test_nothing_is_told_without_the_table_or_a_running_version(settings: Any, db: None, at: Any) -> None:
    lake, name = publish(settings.LEYE_DATA, table({"postings": [8]}), 1)
    assert watch_forecast_drift(lake, name, at) is None, "no version runs"
    assert watch_forecast_drift(lake, lake.runs()[0], at) is None, "a run from before errors were watched"


def test_board_and_record_page_show_it(settings: Any, register: None, signed_in: Any, at: Any) -> None:
    lake, name = publish(settings.LEYE_DATA, table({"postings": [8], "claims": [3]}), 1)
    watch_forecast_drift(lake, name, at)
    board = signed_in("admin").get("/breakers").content.decode()
    assert "postings 300 &gt; 240" in board and "结果分布有变化" in board
    rows = signed_in("analyst").get("/api/forecasts/drift?limit=500").json()
    assert rows["total"] == 16 and sum(r["is_alarm"] for r in rows["items"]) == 2
    text = signed_in("auditor").get("/forecasts/drift.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 17
