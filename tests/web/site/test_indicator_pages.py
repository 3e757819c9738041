"""The indicator store on pages and in the API: empty, filled, revised, refused."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from leye.lake.observations import open_store
from leye.office.nightly.panel_step import Panels
from leye.office.nightly.store_step import remember
from leye.site.addresses import indicator_url
from published_fixture import ROOT_ID

KEY = "survey_unemployment/440600/all/all/all/M/nsa/statistics"
FIRST, SECOND = datetime(2025, 8, 15, 1, tzinfo=UTC), datetime(2025, 9, 15, 1, tzinfo=UTC)


def _publish(data: Any, at: datetime, values: list[tuple[date, float | None]]) -> None:
    open_store(data).append(pl.DataFrame(values, schema=["period_start", "value"], orient="row").with_columns(
        indicator=pl.lit("survey_unemployment"), region=pl.lit("440600"), freq=pl.lit("M"), unit=pl.lit("ratio"), source=pl.lit("statistics"),
        vintage_ts=pl.lit(at, dtype=pl.Datetime("us", "UTC")), quality=pl.lit("made"),
    ))  # fmt: skip


@pytest.fixture
def store(city: Any, settings: Any, tmp_path: Any) -> Any:
    settings.LEYE_DATA = tmp_path
    _publish(tmp_path, FIRST, [(date(2025, 6, 1), 0.051), (date(2025, 7, 1), 0.052)])
    _publish(tmp_path, SECOND, [(date(2025, 6, 1), 0.05), (date(2025, 7, 1), None), (date(2025, 8, 1), 0.049)])
    return open_store(tmp_path)


def test_an_empty_store_says_how_to_fill_it(city: Any, settings: Any, tmp_path: Any, signed_in: Any) -> None:
    settings.LEYE_DATA = tmp_path
    assert "leye indicators load" in signed_in("analyst").get("/indicators").content.decode()


def test_the_list_says_newest_figure_source_and_revisions(store: Any, signed_in: Any, soup: Any) -> None:
    row = soup(signed_in("analyst").get("/indicators?q=unemployment")).select("tbody tr")[0]
    said = [c.text.strip() for c in row.select("td")]
    assert said[0] == "2025年8月" and said[1].startswith("4.90") and "演示数字" in said[1] and said[2] == "statistics" and said[4] == "2"
    assert "没有名称里带" in signed_in("analyst").get("/indicators?q=nothing").content.decode()


def test_the_page_of_a_series_shows_each_revision_and_a_chart(store: Any, signed_in: Any, soup: Any) -> None:
    analyst = signed_in("analyst")
    page = soup(analyst.get(indicator_url(KEY)))
    rows = [[c.text.strip() for c in r.select("th, td")] for r in page.select("section[aria-labelledby=revisions] tbody tr")]
    assert [r[0] for r in rows] == ["2025年8月", "2025年7月", "2025年6月"]
    assert rows[1][3] == "未知" and rows[2][1] == "5.10" and rows[2][3] == "5.00" and rows[2][5] == "31"
    chart = page.select_one("figure.chart")
    assert chart.select_one("svg") is not None and "近3期里有2期修订过" in chart.figcaption.text
    assert analyst.get(chart["data-chart"]).json()["width"] == "container"


def test_tables_hold_every_period(store: Any, signed_in: Any) -> None:
    analyst = signed_in("analyst")
    rows = list(csv.DictReader(io.StringIO(analyst.get(indicator_url(KEY, csv=True)).content.decode("utf-8-sig"))))
    assert [r["period_start"] for r in rows] == ["2025-06-01", "2025-07-01", "2025-08-01"] and rows[1]["value"] == ""
    listed = list(csv.DictReader(io.StringIO(analyst.get("/indicators.csv").content.decode("utf-8-sig"))))
    assert [r["indicator"] for r in listed] == ["survey_unemployment"]


def test_the_pages_are_in_english_too(store: Any, signed_in: Any) -> None:
    analyst = signed_in("analyst")
    analyst.cookies["leye_lang"] = "en"
    text = analyst.get(indicator_url(KEY)).content.decode()
    assert "What became of each period" in text and "每一期" not in text


def test_others_are_refused_and_what_is_not_there_is_not_found(store: Any, signed_in: Any, client: Any) -> None:
    assert client.get("/indicators").status_code == 302
    assert signed_in("worker").get(indicator_url(KEY)).status_code == 403
    for unknown in ("survey", KEY.replace("440600", "110000")):
        assert signed_in("analyst").get(indicator_url(unknown)).status_code == 404


def test_the_api_answers_as_of_an_instant(store: Any, signed_in: Any) -> None:
    analyst = signed_in("analyst")
    known = analyst.get("/api/indicators/as-of", {"key": KEY, "at": "2025-09-01T00:00:00+08:00"}).json()
    assert [(r["period_start"], r["value"]) for r in known] == [("2025-06-01", 0.051), ("2025-07-01", 0.052)]
    assert analyst.get("/api/indicators/revisions", {"key": KEY}).json()[2]["change"] == pytest.approx(-0.001)
    assert [r["key"] for r in analyst.get("/api/indicators").json()] == [KEY]
    assert analyst.get("/api/indicators/as-of", {"key": KEY, "at": "2025-09-01T00:00:00"}).status_code == 400
    assert analyst.get("/api/indicators/revisions", {"key": "x"}).status_code == 404


def _panels(city: Any) -> Panels:
    return Panels(city.frame("panel"), city.frame("panel_keys"), pl.DataFrame())


def test_the_nightly_remembers_its_panel_once_and_then_what_changed(city: Any, tmp_path: Any) -> None:
    panels = _panels(city)
    first = remember(tmp_path, panels, at=FIRST)
    assert first is not None and first.added == panels.panel.drop_nulls("y").height
    again = remember(tmp_path, panels, at=SECOND)
    assert again is not None and again.added == 0
    last = panels.panel.filter(pl.col("unique_id") == ROOT_ID)["ds"].max()
    newest = (pl.col("unique_id") == ROOT_ID) & (pl.col("ds") == last)
    revised = Panels(panels.panel.with_columns(y=pl.when(newest).then(pl.col("y") + 1).otherwise("y")), panels.keys, panels.cells)
    third = remember(tmp_path, revised, at=FIRST)
    assert third is not None and third.added == 1, "a clock that stands still makes a vintage all the same"
    row = open_store(tmp_path).revisions((*ROOT_ID.split("/"), "M", "nsa", "city"), only_revised=True).row(0, named=True)
    assert (row["change"], row["versions"]) == (1.0, 2)


def test_what_department_files_no_longer_hold_is_withdrawn(city: Any, tmp_path: Any) -> None:
    panels = _panels(city)
    remember(tmp_path, panels, at=FIRST)
    fewer = panels.panel.filter(~((pl.col("unique_id") == ROOT_ID) & (pl.col("ds") == date(2025, 1, 1))))
    done = remember(tmp_path, Panels(fewer, panels.keys, panels.cells), at=SECOND)
    assert done is not None and (done.added, done.withdrawn) == (1, 1)
