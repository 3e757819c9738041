"""Why a forecast changed since the run before: two real runs a month apart, their news on the page, as CSV and over the API."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.lake import Lake, open_lake
from leye.office.nightly.model_steps import forecast_step, watch_step
from leye.office.nightly.news_step import write_news
from leye.office.nightly.panel_step import CELLS, Panels
from leye.office.published import published_snapshot
from leye.site.addresses import series_url
from published_fixture import H_ID

RATE = "jobless_rate/440600/all/all/all"


def run_over(lake: Lake, panel: pl.DataFrame, name: str, hour: int) -> None:
    """The models of a night over `panel`, and nothing else of the night."""
    made = published_fixture._tables(published_fixture._series(), with_intake=True)
    panels = Panels(panel, made["panel_keys"], pl.DataFrame(schema=CELLS))
    at = datetime(2025, 9, 1, hour, tzinfo=UTC)
    with lake.begin(name, at=at, on="2025-08-31", code_hash="0" * 16) as run:
        run.notes["kind"] = "city"
        watched = watch_step(panels)
        forecasts = forecast_step(panels, watched.alerts)
        fresh = {"panel": panel, "forecast": forecasts.forecast, "alerts": watched.alerts, "contributions": forecasts.contributions}
        for table, frame in (made | fresh).items():
            run.write(table, frame, step="test")
        write_news(lake, run, panels, forecasts.forecast)
        run.publish(at)


def panel_now() -> pl.DataFrame:
    return published_fixture._tables(published_fixture._series(), with_intake=True)["panel"].sort("unique_id", "ds")


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two-nights")
    (folder / "city").mkdir()
    (folder / "city" / "manifest.json").write_text('{"on": "2025-08-31"}')
    lake, panel = open_lake(folder), panel_now()
    run_over(lake, panel.filter(pl.col("ds") < panel["ds"].max()), "20250801T010000-aaaaaaaa", 1)
    run_over(lake, panel, "20250901T010000-bbbbbbbb", 2)
    return folder


@pytest.fixture
def snapshot(settings: Any, own_data_folder: None, two_nights: Path, register: None) -> Any:
    settings.LEYE_DATA = two_nights
    return published_snapshot()


def test_the_sentence_the_bars_and_the_table_speak_of_the_same_change(snapshot: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get(series_url(H_ID)))
    section = page.select_one("section[aria-labelledby=news]")
    news = snapshot.frame("news").filter(pl.col("unique_id") == H_ID)
    ends = news.row(0, named=True)
    assert f"由{ends['before']:,.2f}改为{ends['after']:,.2f}" in section.p.text and "2025年9月" in section.p.text
    assert "20250801T010000-aaaaaaaa" in section.text and section.select_one("svg") is not None
    rows = [[td.text for td in tr.select("td")] for tr in section.select("tbody tr")]
    values = [float(r[-1].replace("−", "-").replace(",", "")) for r in rows]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.01 * len(values))
    assert values[-1] == pytest.approx(ends["after"] - ends["before"], abs=0.005)
    assert "上次预测的 1 期已有实际值" in section.text


def test_before_is_what_the_last_run_published_and_after_is_this_one(snapshot: Any, two_nights: Path) -> None:
    lake, news = open_lake(two_nights), snapshot.frame("news")
    ends = news.group_by("unique_id", "ds").agg(pl.col("before").first(), pl.col("after").first(), pl.col("value").sum())
    for run_id, side in (("20250801T010000-aaaaaaaa", "before"), ("20250901T010000-bbbbbbbb", "after")):
        said = ends.join(lake.scan("forecast", run_id).collect(), on=["unique_id", "ds"])
        assert said.height == ends.height == len(snapshot.series) and said[side].to_list() == said["mean"].to_list()
    assert (ends["value"] - (ends["after"] - ends["before"])).abs().max() < 1e-9


def test_a_rate_is_told_in_points(snapshot: Any, signed_in: Any, soup: Any) -> None:
    section = soup(signed_in("analyst").get(series_url(RATE))).select_one("section[aria-labelledby=news]")
    ends = snapshot.frame("news").filter(pl.col("unique_id") == RATE).row(0, named=True)
    assert f"由 {ends['before'] * 100:.2f} 改为 {ends['after'] * 100:.2f}" in section.p.text


def test_csv_api_and_interactive_chart(snapshot: Any, signed_in: Any, client: Any, soup: Any) -> None:
    analyst = signed_in("analyst")
    rows = list(csv.DictReader(io.StringIO(analyst.get("/series/news.csv", {"id": H_ID}).content.decode("utf-8-sig"))))
    held = snapshot.frame("news").filter(pl.col("unique_id") == H_ID)
    assert [float(r["value"]) for r in rows] == held["value"].to_list() and {r["compared_with"] for r in rows} == {"20250801T010000-aaaaaaaa"}
    every = list(csv.DictReader(io.StringIO(analyst.get("/series/news.csv").content.decode("utf-8-sig"))))
    assert len(every) == snapshot.frame("news").height
    body = analyst.get("/api/news", {"unique_id": H_ID}).json()
    assert [r["value"] for r in body["items"]] == held["value"].to_list() and analyst.get("/api/news").json()["total"] == len(every)
    assert analyst.get("/api/news?unique_id=nothing").status_code == 404 and analyst.get("/series/news.csv?id=nothing").status_code == 404
    address = soup(analyst.get(series_url(H_ID))).select_one("section[aria-labelledby=news] figure")["data-chart"]
    assert analyst.get(address).json()["width"] == "container"
    assert signed_in("worker").get("/series/news.csv").status_code == 403


def test_a_first_run_says_that_there_is_nothing_to_compare_with(city: Any, signed_in: Any, soup: Any) -> None:
    section = soup(signed_in("analyst").get(series_url(H_ID))).select_one("section[aria-labelledby=news]")
    assert "没有可比的上一次" in section.text and section.select_one("figure") is None
    assert signed_in("analyst").get("/api/news").json()["total"] == 0
    assert signed_in("analyst").get("/series/news.csv").content.decode("utf-8-sig").strip().count("\n") == 0


def test_the_same_input_compares_with_the_same_run_and_older_data_with_none(two_nights: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(two_nights, tmp_path / "data")
    lake, panel = open_lake(tmp_path / "data"), panel_now()
    before = lake.published()
    run_over(lake, panel, "20250902T010000-cccccccc", 3)
    again = lake.published()
    assert before is not None and again is not None
    assert again.hashes["news"] == before.hashes["news"] and again.hashes["compared"] == before.hashes["compared"]
    assert lake.manifest()["notes"]["news_of"] == "20250801T010000-aaaaaaaa"  # type: ignore[index]
    run_over(lake, panel.filter(pl.col("ds") < panel["ds"].max()), "20250903T010000-dddddddd", 4)
    assert lake.manifest()["notes"]["news_of"] is None and lake.scan("news").collect().is_empty()  # type: ignore[index]
