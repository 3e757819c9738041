"""Job search for strangers: one line, filters, reasons, the nearest instead of nothing, scripts escaped, fraud left out, nothing kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from leye.office.searches import bank as bank_room
from leye.office.searches.bank import bank_of
from leye.office.vacancies.feed import COLUMNS

pytestmark = pytest.mark.django_db
ON = date(2025, 8, 31)


def job(job_id: str, title: str, text: str = "", **more: Any) -> dict[str, Any]:
    row = dict.fromkeys(COLUMNS) | {
        "job_id": job_id, "title": title, "text": text, "city": "440600", "region": "440604", "pay_period": "month", "flags": [], "source": "feed",
        "posted_on": date(2025, 8, 20), "closes_on": date(2025, 9, 30), "firm_id": "F00000001", "firm_name": "示例市明远商行", "headcount": 2,
    }  # fmt: skip
    return row | more


ADS = [
    job("J1", "会计", "做账报税，五险一金，长白班。", pay_min_fen=600_000, pay_max_fen=800_000, shift="day", relevant_years_min=3.0),
    job("J2", "出纳", "协助会计对账。", pay_min_fen=450_000, pay_max_fen=480_000),
    job("J3", "仓库管理员", "收发货物。", region="440608", pay_min_fen=500_000, pay_max_fen=600_000, form="full_time"),
    job("J4", "<script>alert(1)</script>厨师", "炒菜<img src=x onerror=alert(1)>", pay_min_fen=700_000, pay_max_fen=900_000),
    job("J5", "高薪刷单", "先交押金。", flags=["deposit"], pay_min_fen=2_000_000, pay_max_fen=3_000_000),
    job("J6", "会计", "昨天截止。", closes_on=date(2025, 8, 30)),
    job("J7", "保安", "", pay_min_fen=18_000, pay_max_fen=20_000, pay_period="day", region="440605"),
]


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = bank_of(pl.DataFrame([tuple(a[c] for c in COLUMNS) for a in ADS], schema=COLUMNS, orient="row"), ON, "run-1")
    for module in ("leye.office.searches.looking", "leye.office.searches.queries", "leye.site.open.jobs", "leye.site.me.searches"):
        monkeypatch.setattr(f"{module}.bank_now", lambda: made)
    monkeypatch.setattr("leye.office.searches.telling.bank_now", lambda: made)
    monkeypatch.setattr("leye.office.searches.looking.job_called", lambda i, _s, _on: next((a for a in ADS if a["job_id"] == i), None))
    monkeypatch.setattr("leye.office.vacancies.queries.why_closed", lambda i, *_a: ("已经关闭", "is closed") if i == "J6" else None)
    return made


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [h.text.strip() for h in BeautifulSoup(answer.content, "html.parser").select(".card h3")]


LINES = [
    ("禅城 会计 五年 想做白天 五千以上", ["会计"], "pay, place, shift and words; the bookkeeper's desk pays too little"),
    ("会计", ["会计", "出纳"], "the title counts more than the text"),
    ("高明 仓管", ["仓库管理员"], "words part by part"),
    ("日结180", ["保安", "仓库管理员", "会计", "<script>alert(1)</script>厨师", "出纳"], "pay by the day is held in months"),
]


@pytest.mark.parametrize(("line", "expected", "why"), LINES, ids=[case[-1] for case in LINES])
def test_one_line_is_read_and_answered(line: str, expected: list[str], why: str, bank: Any, client: Client) -> None:
    found = titles(client.get("/jobs", {"q": line}))
    assert found[: len(expected)] == expected if line != "日结180" else set(found) <= set(expected) and "保安" in found


def test_reasons_cite_facts_of_the_advert(bank: Any, client: Client) -> None:
    card = BeautifulSoup(client.get("/jobs", {"q": "禅城 会计 五年 五千以上"}).content, "html.parser").select_one(".card")
    assert card is not None
    said = [li.text for li in card.select("ul li")]
    assert said == ["岗位名称里有“会计”", "6000–8000元/月，够得上您要的每月5000元", "就在禅城区"]


def test_filters_win_over_the_line(bank: Any, client: Client) -> None:
    assert titles(client.get("/jobs", {"q": "仓库 二万以上", "pay": "5000"})) == ["仓库管理员"]
    assert "没有完全合适的" in client.get("/jobs", {"q": "仓库", "pay": "8000"}).content.decode()
    assert titles(client.get("/jobs", {"place": "高明区"})) == ["仓库管理员"]


def test_a_way_to_work_is_counted_from_a_named_place(bank: Any, client: Client) -> None:
    near = titles(client.get("/jobs", {"origin": "桂塘街", "within": "10km"}))
    assert "会计" in near and "仓库管理员" not in near
    assert "仓库管理员" not in titles(client.get("/jobs", {"q": "桂塘 公交60分钟内"}))


def test_no_hit_names_the_nearest_in_words_and_in_place(bank: Any, client: Client) -> None:
    page = BeautifulSoup(client.get("/jobs", {"q": "高明 会计 三万以上"}).content, "html.parser")
    assert [h.text for h in page.select("h2") if "最接近" in h.text or "最近" in h.text] == ["内容最接近的", "离得最近的"]
    by_skill = [h.text for h in page.select("section[aria-labelledby=near-skill] h3")]
    assert by_skill[0] == "会计"
    assert {t.text for t in page.select("section[aria-labelledby=near-skill] .card")[0].select(".tag")} == {"不在您选的地方", "工资低于您要的"}


def test_words_that_mean_nothing_still_show_something(bank: Any, client: Client) -> None:
    assert len(titles(client.get("/jobs", {"q": "zzzzqqqq"}))) == 5


def test_scripts_in_adverts_are_text(bank: Any, client: Client) -> None:
    for answer in (client.get("/jobs", {"q": "厨师"}), client.get("/jobs/J4"), client.get("/jobs", {"q": "<script>alert(2)</script>"})):
        text = answer.content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text


def test_signs_of_fraud_are_not_shown_and_counted(bank: Any, client: Client) -> None:
    page = client.get("/jobs").content.decode()
    assert "刷单" not in page and "有 1 条有诈骗迹象" in page
    assert client.get("/jobs/J5").status_code == 404


def test_a_closed_job_says_so_and_offers_no_application(bank: Any, client: Client) -> None:
    page = client.get("/jobs/J6").content.decode()
    assert "这个岗位已经关闭" in page and "登录后申请" not in page
    assert "登录后申请" in client.get("/jobs/J1").content.decode()


def test_the_table_holds_the_same(bank: Any, client: Client) -> None:
    rows = client.get("/jobs/all.csv", {"q": "会计"}).content.decode("utf-8-sig").splitlines()
    assert [r.split(",")[0] for r in rows] == ["job_id", "J1", "J2"]


def test_a_stranger_leaves_nothing_behind(bank: Any, client: Client, django_assert_num_queries: Any) -> None:
    from leye.office.outbox.models import AuditEntry, OutboxEvent
    from leye.office.searches.models import SavedSearch

    client.get("/jobs", {"q": "禅城 会计"})
    client.get("/jobs/J1")
    assert not client.cookies.get("sessionid")
    assert (SavedSearch.objects.count(), AuditEntry.objects.count(), OutboxEvent.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "query", [{"page": "999"}, {"page": "x"}, {"place": "火星", "pay": "-1", "form": "x", "within": "9999km"}, {"q": "会计" * 500}, {"q": "\x00\x07"}]
)
def test_bad_input_is_left_out(query: dict[str, str], bank: Any, client: Client) -> None:
    assert client.get("/jobs", query).status_code == 200


def test_an_empty_bank_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.LEYE_DATA = tmp_path / "nothing"
    assert "现在没有开放的岗位" in client.get("/jobs").content.decode()
    assert client.get("/jobs/nix").status_code == 404


def test_the_bank_of_a_city_is_made_once(city_data: Path, settings: Any) -> None:
    settings.LEYE_DATA = city_data
    first = bank_room.bank_now()
    assert first.jobs.jobs.height > 20 and first.city == "440600" and bank_room.bank_now() is first
