"""技能与职业需求: the page, its table, CSV and API, out of the night's own step over the ads of a city."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.forecast.demand import LEAST_ADS, POOLED
from leye.lake import open_lake
from leye.office.nightly.panel_step import CELLS, Panels
from leye.office.nightly.skills_step import DEMAND, read_ads, skills, skills_step
from leye.office.published import published_snapshot


@pytest.fixture
def demand(settings: Any, own_data_folder: None, city_data: Path, tmp_path: Path, register: None) -> Any:
    """A snapshot with the tables of the city's night that the page reads."""
    lake = open_lake(city_data)
    names = ("panel", "panel_keys", "forecast", "skill_demand", "skill_panel", "skill_forecast")
    published_fixture.write_city(tmp_path / "data", **{n: lake.scan(n).collect() for n in names})
    settings.LEYE_DATA = tmp_path / "data"
    return published_snapshot()


def test_the_night_counts_what_ads_ask_for(city_data: Path) -> None:
    lake = open_lake(city_data)
    rows = lake.scan("skill_demand").collect()
    found = rows.filter(pl.col("kind") == "skill")
    assert set(found["id"]) <= {*skills(), POOLED} and found.filter(pl.col("id") != POOLED)["ads"].min() >= LEAST_ADS
    jobs = pl.read_parquet(city_data / "city" / "jobs.parquet")
    office = jobs.filter(pl.concat_str("title", "text").str.contains("办公软件|会用电脑|表格函数|打字每分钟")).height
    assert found.filter(pl.col("id") == "office")["ads"].to_list() == [office]
    posts = (
        lake.scan("panel")
        .collect()
        .join(lake.scan("panel_keys").collect(), on="unique_id")
        .filter(pl.col("unique_id") == "postings_occ/440600/all/all/all")
    )
    joined = lake.scan("skill_panel").collect().drop_nulls("y").join(posts.select("ds", pl.col("y").alias("all")), on="ds")
    assert joined.height > 100 and (joined["y"] <= joined["all"] + 1e-6).all(), "no skill is asked for in more posts than there are"
    bands = lake.scan("skill_forecast").collect()
    assert ((bands["lo-80"] <= bands["mean"]) & (bands["mean"] <= bands["hi-80"])).all()


def test_ads_after_the_day_and_of_older_years_are_not_read() -> None:
    jobs = pl.DataFrame({
        "posted_on": [date(2025, 8, 31), date(2025, 9, 1), date(2024, 9, 1), date(2024, 8, 31)], "occupation": ["4020202"] * 4,
        "headcount": [1, 1, None, 1], "title": ["司机"] * 4, "text": ["持C1驾照"] * 4,
    })  # fmt: skip
    ads = read_ads(jobs, date(2025, 8, 31))
    assert ads["month"].to_list() == [date(2025, 8, 1), date(2024, 9, 1)] and ads["heads"].to_list() == [1, 1]
    assert ads["skills"].to_list() == [["driving"]] * 2 and set(ads["occupation"]) == {"4020000"}


def test_a_folder_without_ads_has_no_demand(tmp_path: Path, city_data: Path) -> None:
    lake = open_lake(city_data)
    panels = Panels(lake.scan("panel").collect(), lake.scan("panel_keys").collect(), pl.DataFrame(schema=CELLS))
    assert skills_step(tmp_path, date(2025, 8, 31), panels, lake.scan("forecast").collect()) is None


@pytest.mark.parametrize("by", ["skill", "occupation"])
def test_the_page_lists_all_with_their_bands(by: str, demand: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("counsellor").get(f"/skills-demand?by={by}"))
    rows = [r for r in demand.rows("skill_demand") if r["kind"] == by]
    table = page.select(".table-box table.cards tbody tr")
    assert len(table) == len(rows) > 5 and demand.run_id in page.text and page.select_one("figure svg") is not None
    said = {tr.th.get_text(strip=True): tr.select("td")[0].text for tr in table}
    assert sum("看不出变化" in v for v in said.values()) == sum(r["verdict"] == "steady" for r in rows)
    assert (page.select_one("tbody a[href^='/series/']") is not None) == (by == "occupation")


def test_csv_and_api_hold_the_same_rows(demand: Any, signed_in: Any) -> None:
    analyst = signed_in("analyst")
    rows = list(csv.DictReader(io.StringIO(analyst.get("/skills-demand.csv").content.decode("utf-8-sig"))))
    held = demand.rows("skill_demand")
    assert [r["id"] for r in rows] == [r["id"] for r in held] and set(DEMAND) <= set(rows[0])
    body = analyst.get("/api/skills-demand?kind=skill&limit=500").json()
    assert [r["id"] for r in body["items"]] == [r["id"] for r in held if r["kind"] == "skill"]
    months = analyst.get("/api/skills-demand/office").json()
    assert len(months["history"]) >= 36 and len(months["forecast"]) == 12 and months["run_id"] == demand.run_id
    assert analyst.get("/api/skills-demand/nothing").status_code == 404
    assert signed_in("worker").get("/skills-demand").status_code == 403


def test_the_chart_is_served(demand: Any, signed_in: Any, soup: Any) -> None:
    analyst = signed_in("analyst")
    address = soup(analyst.get("/skills-demand")).select_one("figure.chart")["data-chart"]
    assert analyst.get(address).json()["width"] == "container"


def test_without_such_data_the_page_says_what_it_takes(city: Any, signed_in: Any) -> None:
    assert "要有带文字的招聘广告" in signed_in("analyst").get("/skills-demand").content.decode()
    assert signed_in("analyst").get("/api/skills-demand").json()["total"] == 0


def test_in_english(demand: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    client.cookies["leye_lang"] = "en"
    text = client.get("/skills-demand").content.decode()
    assert "Demand for skills and occupations" in text and "no detectable change" in text and "Office software" in text
