"""The page of a series: forecast, parts, record, and the way back to the cell."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import published_fixture
from leye.site.addresses import series_url
from published_fixture import H_ID, LAST, ROOT_ID


def test_next_month_is_said_with_its_interval(city: Any, signed_in: Any) -> None:
    row = city.of_series("forecast", H_ID)[0]
    text = signed_in("analyst").get(series_url(H_ID)).content.decode()
    assert f"2025年9月大约 {row['mean']:,.0f} 个，八成把握在 {row['lo-80']:,.0f} 到 {row['hi-80']:,.0f} 之间" in text


def test_the_page_holds_the_drawn_fan_and_its_table(city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get(series_url(H_ID)))
    fan, parts = page.select("figure.chart")
    assert fan.select_one("svg") is not None and "住宿和餐饮业" in fan.figcaption.text
    assert fan.select_one("[role=img]")["aria-label"] == fan.figcaption.text
    assert len(fan.select("tbody tr")) == 12 + len(city.of_series("forecast", H_ID))
    assert "去年同期水平" in parts.figcaption.text


def test_parts_sum_to_the_forecast(city: Any, signed_in: Any, soup: Any) -> None:
    rows = soup(signed_in("analyst").get(series_url(H_ID))).select("figure.chart")[1].select("tbody tr")
    values = [float(r.td.text.replace(",", "").replace("−", "-")) for r in rows]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=len(values))


def test_the_interactive_chart_is_served_to_those_who_may_see_it(city: Any, signed_in: Any, soup: Any, client: Any) -> None:
    analyst = signed_in("analyst")
    address = soup(analyst.get(series_url(H_ID))).select_one("figure.chart")["data-chart"]
    spec = json.loads(analyst.get(address).content)
    assert spec["width"] == "container" and "autosize" in spec
    assert signed_in("worker").get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert analyst.get(address.replace("kind=fan&id=", "kind=fan&id=..%2F..%2F")).status_code == 404


def test_the_record_ranks_models_by_their_error(city: Any, signed_in: Any, soup: Any) -> None:
    rows = soup(signed_in("analyst").get(series_url("postings/440604/C/all/all"))).select("section[aria-labelledby=record] tbody tr")
    assert {r.th.text for r in rows} == {"乐业模型", "去年同期"}
    errors = [float(r.select("td")[2].text) for r in rows]
    assert errors == sorted(errors)


def test_a_sum_names_its_parts_and_they_add_up(city: Any, signed_in: Any, soup: Any) -> None:
    table = soup(signed_in("analyst").get(series_url(ROOT_ID))).select_one("section[aria-labelledby=origin] details table")
    values = [int(r.td.text.replace(",", "")) for r in table.select("tbody tr")]
    assert sum(values[:-1]) == values[-1] == city.history[ROOT_ID][-1][1]


def test_a_sum_lists_the_cells_of_its_leaves_each_with_its_part(city: Any, signed_in: Any, soup: Any) -> None:
    origin = soup(signed_in("analyst").get(series_url(ROOT_ID))).select_one("section[aria-labelledby=origin]")
    assert "来自 6 个单元格" in origin.text
    used_in = [tr.select("td")[-1].text for tr in origin.select("div.table-box tbody tr")]
    assert len(used_in) == len(set(used_in)) == 6 and "南海区住宿和餐饮业招聘岗位数" in used_in


def test_a_leaf_leads_to_the_cell_of_its_file(tmp_path: Path, settings: Any, signed_in: Any, own_data_folder: None, db: None) -> None:
    """A real load of a real little file, and a snapshot whose cells point into it."""
    uid, row_id = _city_with_one_loaded_cell(tmp_path / "own")
    settings.LEYE_DATA = tmp_path / "own"
    page = signed_in("analyst").get(series_url(uid)).content.decode()
    assert "<code>1,234</code>" in page and "岗位.csv" in page and row_id not in page


def test_an_unreadable_origin_is_said_not_hidden(city: Any, signed_in: Any) -> None:
    text = signed_in("analyst").get(series_url("postings/440604/C/all/all")).content.decode()
    assert "读入记录里没有这一行了" in text


@pytest.mark.parametrize("month", ["2025-02", "1999-01", "nonsense", "2025-13"])
def test_any_month_may_be_asked_for(month: str, city: Any, signed_in: Any) -> None:
    answer = signed_in("analyst").get(series_url(H_ID, month=month))
    assert answer.status_code == 200
    assert ("2025年2月：" in answer.content.decode()) == (month == "2025-02")


def test_missing_values_are_unknown_not_zero(city: Any, signed_in: Any) -> None:
    text = signed_in("analyst").get(series_url("jobless_rate/440600/all/all/all", month="2023-02")).content.decode()
    assert "2023年2月：未知" in text


def test_the_index_filters_by_words_and_indicator(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    titles = [a.text for a in soup(client.get("/series", {"q": "住宿 南海"})).select("tbody a")]
    assert titles == ["南海区住宿和餐饮业招聘岗位数"]
    titles = [a.text for a in soup(client.get("/series", {"indicator": "claims"})).select("tbody a")]
    assert titles == ["示例市失业金申领人数"]
    assert "没有名称里带" in client.get("/series", {"q": "<script>"}).content.decode()
    assert "<script>没" not in client.get("/series", {"q": "<script>"}).content.decode()


def test_csv_holds_history_then_forecast(city: Any, signed_in: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(signed_in("analyst").get(series_url(H_ID) + ".csv").content.decode("utf-8-sig"))))
    assert len(rows) == 36 + 6
    assert rows[0]["y"] and not rows[0]["mean"] and rows[-1]["mean"] and not rows[-1]["y"]


def _city_with_one_loaded_cell(folder: Path) -> tuple[str, str]:
    """Publish the city with the newest Nanhai hotel value hanging on a cell that the intake really loaded."""
    from leye.intake import load

    folder.mkdir()
    source = folder / "岗位.csv"
    source.write_text('月份,岗位数\n2025-08,"1,234"\n', encoding="utf-8")
    spec = folder / "tiny.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    load(spec, [source], folder / "loads" / "tiny", recorded_at=datetime(2025, 8, 31, tzinfo=UTC))
    loaded = pl.read_parquet(folder / "loads" / "tiny" / "loaded.parquet")
    uid = "postings/440605/H/all/all"
    cells = pl.DataFrame([{"unique_id": uid, "ds": LAST.first, "source": "tiny", "row_id": loaded["_row_id"][0], "column": "posts"}])
    published_fixture.write_city(folder, panel_cells=cells)
    return uid, str(loaded["_row_id"][0])


SPEC = """
spec: 1
source: {id: tiny, owner: 测试, legal_basis: 测试, licence: internal, contains_personal: false, freshness: P40D}
home: "440600"
read: {format: csv}
key: [month]
fields:
  month: {type: period, from: ["月份"], required: true, kind: [month]}
  posts: {type: count, unit: 个, from: ["岗位数"], required: true, range: [0, 100000]}
contract: {new_column: accept, missing_column: reject_file}
"""
