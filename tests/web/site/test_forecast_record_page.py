"""The record of forecasts: who may see it, what it shows, its empty states, its refusals, and the same figures in download, API and command."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.test import Client

import published_fixture
from leye.forecast.drift import SCHEMA
from leye.forecast.record import record
from leye.lake import open_lake

pytestmark = pytest.mark.django_db
PAGE = "/forecasts/record"


def give_record(data: Any) -> pl.DataFrame:
    """The small published city once more, with a record of its back-test; nothing published has met a value yet."""
    from leye.office.nightly.record_step import PUBLISHED

    published_fixture.write_city(data)
    lake = open_lake(data)
    tables = {t: lake.scan(t).collect() for t in ("panel", "panel_keys", "forecast", "forecast_models", "backtest", "backtest_summary", "alerts")}
    tables["backtest"] = tables["backtest"].with_columns(scale=pl.lit(10.0))
    rows = record(tables["backtest"], tables["panel_keys"].select("unique_id", group="indicator"))
    tables["forecast_record"] = rows.select(pl.lit("backtest").alias("kind"), pl.all())
    tables["forecast_drift"] = pl.DataFrame(
        [
            ("postings", date(2025, 8, 1), 9, 0.0, 0.8, 300.0, 240.0, "high", True),
            ("claims", date(2025, 8, 1), 1, 0.0, 0.0, 3.0, 240.0, "low", False),
        ],
        schema=SCHEMA,
        orient="row",
    )
    tables["forecast_published"] = pl.DataFrame(schema=PUBLISHED)
    with lake.begin("20250901T000000-00000001", at=published_fixture.AT, on="2025-08-31", code_hash="0" * 16) as run:
        run.notes["kind"] = "city"
        for name, table in tables.items():
            run.write(name, table, step="test")
        run.publish(published_fixture.AT)
    return tables["forecast_record"]


@pytest.mark.parametrize(("role", "status"), [("analyst", 200), ("auditor", 200), ("admin", 200), ("counsellor", 403), ("seeker", 403)])
def test_who_may_see_it(role: str, status: int, settings: Any, signed_in: Any) -> None:
    give_record(settings.LEYE_DATA)
    for address in (PAGE, "/forecasts/record.csv", "/forecasts/series.csv", "/api/forecasts/record"):
        assert signed_in(role).get(address).status_code == status
    assert Client().get(PAGE).status_code == 302


def test_before_the_first_run(signed_in: Any) -> None:
    client = signed_in("analyst")
    assert "还没有跑过数据" in client.get(PAGE).content.decode()
    assert client.get("/forecasts/record.csv").status_code == 200
    assert client.get("/forecasts/nothing.csv").status_code == 404


def test_a_run_from_before_the_record_was_kept(settings: Any, signed_in: Any) -> None:
    published_fixture.write_city(settings.LEYE_DATA)
    client = signed_in("analyst")
    assert "序列太短，还做不了回测" in client.get(PAGE).content.decode()
    assert client.get("/api/forecasts/record").json()["items"] == []
    assert len(client.get("/forecasts/series.csv").content.decode().splitlines()) == 1


def test_only_one_run_says_so_and_points_to_the_back_test(settings: Any, signed_in: Any) -> None:
    give_record(settings.LEYE_DATA)
    said = signed_in("analyst").get(PAGE + "?kind=published").content.decode()
    assert "还没有公布过的预测等到实际数" in said and "?kind=backtest" in said


def test_the_page_says_what_the_table_says(settings: Any, signed_in: Any, soup: Any) -> None:
    table = give_record(settings.LEYE_DATA)
    shown = soup(signed_in("analyst").get(PAGE + "?indicator=postings&h=1"))
    whole = table.filter((pl.col("model") == "leye") & (pl.col("group") == "postings") & (pl.col("h") == 1) & pl.col("origin").is_null()).to_dicts()[
        0
    ]
    assert f"{whole['coverage_80']:.0%}" in shown.h1.text
    cells = [cell.text for cell in shown.find("section", {"aria-labelledby": "calibration"}).tbody.find_all("td")]
    assert f"{whole['coverage_80']:.1%}" in cells and "起点太少，不给区间" in cells
    drift = shown.find("section", {"aria-labelledby": "drift"}).tbody.find_all("tr")
    assert "本期报警" in drift[0].text and "实际比预测高" in drift[0].text and "没有" in drift[1].text
    assert len(shown.find("section", {"aria-labelledby": "origins"}).tbody.find_all("tr")) == 2, "both origins, the bad one too"


def test_an_unknown_kind_is_refused_and_odd_filters_mean_all(settings: Any, signed_in: Any) -> None:
    give_record(settings.LEYE_DATA)
    client = signed_in("analyst")
    refused = client.get(PAGE + "?kind=<x>")
    assert refused.status_code == 400 and "没有“&lt;x&gt;”这一种记录" in refused.content.decode()
    assert client.get(PAGE + "?h=99999999999999999999&indicator=nothing").status_code == 200
    assert client.get("/api/forecasts/record?kind=x").json()["code"] == "E_RECORD_KIND"


def test_download_api_and_command_hold_the_same_rows(settings: Any, signed_in: Any) -> None:
    from typer.testing import CliRunner

    from leye.cli.app import build

    table = give_record(settings.LEYE_DATA)
    client = signed_in("analyst")
    rows = list(csv.DictReader(io.StringIO(client.get("/forecasts/record.csv").content.decode("utf-8-sig"))))
    assert len(rows) == table.height and rows[0]["run_id"].startswith("2025")
    items = client.get("/api/forecasts/record?model=leye&group=all&h=0").json()["items"]
    assert [i["points"] for i in items] == table.filter(pl.col("model") == "leye", pl.col("group") == "all", pl.col("h") == 0)["points"].to_list()
    said = CliRunner().invoke(build(), ["forecast", "record", "--data", str(settings.LEYE_DATA), "--kind", "backtest", "--json"])
    assert said.exit_code == 0 and '"mase"' in said.stdout


def test_english(settings: Any, signed_in: Any) -> None:
    give_record(settings.LEYE_DATA)
    client = signed_in("analyst")
    client.cookies["leye_lang"] = "en"
    assert "Do the intervals hold" in client.get(PAGE).content.decode()
