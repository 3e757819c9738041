"""The cockpit: what it says equals the snapshot, the shock comes first, and htmx gets the part that the page holds."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from leye.office.reports.surprise import surprises
from published_fixture import H_ID


def test_the_shock_is_the_first_finding_with_lamp_and_link(city: Any, signed_in: Any, soup: Any) -> None:
    from leye.office.alerts.models import Alert

    page = soup(signed_in("analyst").get("/cockpit"))
    findings = page.select(".findings > li")
    assert len(findings) == 3
    assert "住宿和餐饮业" in findings[0].select_one(".finding-text").text
    assert findings[0].select_one(".lamp-red").text.split() == ["▲", "红"]
    assert findings[0].select_one(".finding-text")["href"] == f"/alerts/{Alert.objects.get(unique_id=H_ID).pk}"


def test_every_number_of_the_table_equals_the_snapshot(city: Any, signed_in: Any, soup: Any) -> None:
    by_title = {s.series.title_zh: s for s in surprises(city).values()}
    rows = soup(signed_in("analyst").get("/cockpit")).select("section[aria-labelledby=surprises] tbody tr")
    assert len(rows) == 9
    for row in rows:
        s = by_title[row.th.text.strip()]
        y, mean, change, z = (td.text.strip() for td in row.select("td"))
        assert (y, mean) == (f"{s.y:,.0f}", f"{s.mean:,.0f}")
        assert abs(float(z.replace("−", "-")) - s.z) < 0.051
        assert change.startswith("−" if s.y < s.mean else "+")
        assert s.y == city.history[s.series.unique_id][-1][1]


def test_findings_carry_the_observed_value_of_the_snapshot(city: Any, signed_in: Any, soup: Any) -> None:
    first = soup(signed_in("analyst").get("/cockpit")).select_one(".finding p").text
    assert re.search(r"实际 ([\d,]+)", first)[1] == f"{city.history[H_ID][-1][1]:,.0f}"


def test_vintage_and_run_stand_on_the_page(city: Any, signed_in: Any) -> None:
    text = signed_in("analyst").get("/cockpit").content.decode()
    assert city.run_id in text and "数据到 2025年8月" in text and "演示数据 · 合成城市" in text


def test_the_fragment_equals_the_part_of_the_page(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    page = client.get("/cockpit")
    fragment = client.get("/cockpit", headers={"HX-Request": "true"})
    assert str(soup(fragment).select_one("#findings")) == str(soup(page).select_one("#findings"))
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in page["Vary"]


def test_csv_holds_all_series_with_their_run(city: Any, signed_in: Any) -> None:
    answer = signed_in("analyst").get("/cockpit.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {r["unique_id"] for r in rows} == set(surprises(city))
    assert {r["run_id"] for r in rows} == {city.run_id}
    assert answer["Content-Type"].startswith("text/csv")


def test_a_panel_of_ones_own_shows_without_regions(panel: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    text = client.get("/cockpit").content.decode()
    assert "休闲与住宿餐饮" in text and "演示数据" not in text and "None" not in text
    for address in ("/series", "/series/Total", "/alerts", "/data", f"/reports/{panel.run_id}"):
        answer = client.get(address)
        assert answer.status_code == 200 and ">None<" not in answer.content.decode(), address


def test_when_nothing_burns_earlier_lamps_are_told(city: Any, signed_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(city.__dict__, "findings", [])
    text = signed_in("analyst").get("/cockpit").content.decode()
    assert "这个月没有异常变化" in text and "以前亮过的灯" in text


def test_advice_is_labelled_estimate_or_not_computed_with_what_is_missing(city: Any, signed_in: Any) -> None:
    text = signed_in("analyst").get("/cockpit").content.decode()
    assert "估算" in text and "186 万元" in text and "1,240" in text
    assert "未计算" in text and "还缺：岗位补贴标准" in text


def test_the_forecasts_reasons_add_up_on_the_page(city: Any, signed_in: Any, soup: Any) -> None:
    trend = soup(signed_in("analyst").get("/cockpit")).select_one("section[aria-labelledby=trend]")
    assert "为什么这样预测" in trend.text
    *parts, total = [float(td.text.replace("−", "-").replace(",", "")) for td in trend.select("details table.plain")[-1].select("td.number")]
    assert abs(sum(parts) - total) < 0.06 * (len(parts) + 1), "each figure is rounded to a tenth"
    first = min(r["ds"] for r in city.of_series("contributions", H_ID))
    assert abs(total - next(r["mean"] for r in city.of_series("forecast", H_ID) if r["ds"] == first)) < 1


def test_the_worst_alert_stands_with_its_plan_before_and_after_somebody_has_it(city: Any, signed_in: Any, soup: Any, user_of: Any) -> None:
    from leye.office.alerts.models import Alert, TaskStep

    client = signed_in("analyst")
    alert = Alert.objects.get(unique_id=H_ID)
    before = soup(client.get("/cockpit")).select_one("section[aria-labelledby=response]")
    assert before.select_one(".lamp-red") and before.select_one(f"a[href='/alerts/{alert.pk}']") and "去派单" in before.text
    assert before.select("ol.steps li") and "派单后" in before.select_one("ol.steps li").text
    client.post(f"/alerts/{alert.pk}/assign", {"to": user_of("counsellor", region="440605").pk, "seen": "open"})
    after = soup(client.get("/cockpit")).select_one("section[aria-labelledby=response]")
    steps = TaskStep.objects.filter(task__alert=alert)
    assert len(after.select("ol.steps li")) == len(steps) > 0 and "去派单" not in after.text
    assert "还有" in after.select_one("ol.steps li").text or "过期" in after.select_one("ol.steps li").text


def test_without_a_waiting_alert_and_without_a_cube_it_says_so(city: Any, signed_in: Any, soup: Any) -> None:
    from leye.office.alerts.models import Alert

    Alert.objects.update(state="closed")
    page = soup(signed_in("analyst").get("/cockpit"))
    assert "没有待处置的预警" in page.select_one("section[aria-labelledby=response]").text
    assert "没有亮着的格" in page.select_one("section[aria-labelledby=cells]").text
