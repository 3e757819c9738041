"""职业编码: search and code by hand, correct and take back, the queue of the city's adverts, candidates, CSV and API."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from leye.cli.titles_file import read_overrides
from leye.match.occupations.table import table_of
from leye.office.occupations.models import Correction, NewcomerDecision
from leye.office.occupations.queries import overrides
from leye.office.outbox.models import AuditEntry, OutboxEvent

NEW = "星舟驯化师"


@pytest.fixture
def adverts(settings: Any, own_data_folder: None) -> None:
    months = [(6, 1), (7, 2), (8, 5)]
    rows = [(NEW, f"F{k % 3}", date(2025, m, 1 + k)) for m, n in months for k in range(n)] + [("电焊工", "F9", date(2025, 8, 2))] * 3
    folder = Path(settings.LEYE_DATA) / "city"
    folder.mkdir(parents=True)
    pl.DataFrame(rows, schema=["title", "firm_id", "posted_on"], orient="row").write_parquet(folder / "jobs.parquet")


def said(page: Any) -> str:
    return str(page.content.decode())


def test_the_page_codes_a_title_and_searches_the_table_of_a_month(signed_in: Any) -> None:
    client = signed_in("analyst")
    page = said(client.get("/occupations", {"title": "電焊工", "month": "2024-08"}))
    assert "焊工" in page and "6180204" in page and "2024-08" in page and "拟公示" in page
    assert "4100801" in said(client.get("/occupations", {"words": "骑手"})) and "4100801" in said(client.get("/occupations", {"words": "4-10-08"}))
    assert "这张表里没有" in said(client.get("/occupations", {"words": "不存在的职业名"}))
    assert "没有可读的职位名称" in said(client.get("/occupations", {"title": "<script>alert(1)</script>"}))
    refused = client.get("/occupations", {"month": "1999-01"})
    assert refused.status_code == 400 and "没有 1999-01 的职业表" in said(refused)


def test_a_correction_holds_at_once_leaves_its_traces_and_can_be_taken_back(signed_in: Any) -> None:
    client = signed_in("analyst")
    form = {"title": "电焊工", "code": "6180204", "other": "4-03-02-01", "reason": "其实在食堂炒菜", "month": "2025-01"}
    assert client.post("/occupations/correct", form).status_code == 302
    made = Correction.objects.get()
    assert (made.clean, made.from_code, made.to_code, made.by.role) == ("电焊工", "6180204", "4030201", "analyst")
    assert AuditEntry.objects.filter(verb="occupation.corrected").exists() and OutboxEvent.objects.filter(name="occupation.corrected").exists()
    assert "人工更正" in said(client.get("/occupations", {"title": "电焊工"})) and len(overrides()) == 1
    again = client.post("/occupations/correct", form)
    assert again.status_code == 409 and "已经更正过" in said(again)
    assert client.post(f"/occupations/corrections/{made.pk}/undo").status_code == 302
    assert overrides() == () and client.post(f"/occupations/corrections/{made.pk}/undo").status_code == 409


def test_a_correction_helps_near_equal_titles_at_once(signed_in: Any) -> None:
    client = signed_in("analyst")
    form = {"title": "手工铜锣烧师傅", "code": "6020101", "reason": "做的是点心", "month": "2025-01"}
    assert "近似" not in said(client.get("/occupations", {"title": "手工铜锣烧师傅长"}))
    assert client.post("/occupations/correct", {**form, "other": "4-03-02-04"}).status_code == 302
    near = said(client.get("/occupations", {"title": "手工铜锣烧师傅长"}))
    assert "近似“手工铜锣烧师傅”的人工更正" in near and "4030204" in near


def test_the_download_of_corrections_is_read_as_overrides(signed_in: Any, tmp_path: Path) -> None:
    client = signed_in("analyst")
    for title, code in (("电焊工", "4-03-02-01"), ("搬砖的", "4-03-02-01")):
        client.post("/occupations/correct", {"title": title, "code": "6180204", "other": code, "reason": "其实在食堂炒菜", "month": "2025-01"})
    client.post(f"/occupations/corrections/{Correction.objects.get(clean='搬砖的').pk}/undo")
    (tmp_path / "c.csv").write_bytes(client.get("/occupations-corrections.csv").content)
    read = read_overrides(tmp_path / "c.csv", table_of("2025-03"))
    assert [(o.clean, o.code, o.valid_from) for o in read] == [("电焊工", "4030201", "2025-01")], "what was taken back does not count"


BAD = [
    ({"title": "！！", "code": "6180204", "reason": "写错了职业"}, 400, "没有可读的职位名称"),
    ({"title": "电焊工", "code": "4030201", "reason": "好"}, 400, "没有写理由"),
    ({"title": "电焊工", "code": "9999999", "reason": "写错了职业"}, 404, "没有代码"),
    ({"title": "电焊工", "code": "6180204", "reason": "写错了职业"}, 409, "已经是这个编码"),
]


@pytest.mark.parametrize(("form", "status", "words"), BAD, ids=[b[-1] for b in BAD])
def test_what_cannot_be_corrected_is_refused(signed_in: Any, form: dict[str, str], status: int, words: str) -> None:
    page = signed_in("analyst").post("/occupations/correct", form)
    assert page.status_code == status and words in said(page) and not Correction.objects.exists()


def test_the_queue_and_the_candidates_come_from_the_adverts(signed_in: Any, adverts: None) -> None:
    client = signed_in("analyst")
    queue = said(client.get("/occupations/queue"))
    assert NEW in queue and "电焊工" not in queue and "平时主要做的是哪一种" in queue
    assert NEW in said(client.get("/occupations/new"))
    form = {"name": NEW, "verdict": "yes", "reason": "三家单位都在招"}
    assert client.post("/occupations/new/decide", form).status_code == 302
    assert NewcomerDecision.objects.get().is_approved and client.post("/occupations/new/decide", form).status_code == 409
    assert "现在没有新职业候选" in said(client.get("/occupations/new")) and "可以上报" in said(client.get("/occupations/new"))


def test_empty_states(signed_in: Any) -> None:
    client = signed_in("analyst")
    assert "没有职位名称等人来定" in said(client.get("/occupations/queue")) and "现在没有新职业候选" in said(client.get("/occupations/new"))
    assert "还没有人工更正过" in said(client.get("/occupations"))


@pytest.mark.parametrize("table", ["table", "queue", "corrections", "calendar", "newcomers"])
def test_tables_come_as_csv(signed_in: Any, adverts: None, table: str) -> None:
    answer = signed_in("analyst").get(f"/occupations-{table}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.status_code == 200 and len(rows) == {"table": len(rows), "queue": 1, "corrections": 0, "calendar": len(rows), "newcomers": 1}[table]
    assert signed_in("analyst").get("/occupations-other.csv").status_code == 404


def test_the_api_says_the_same(signed_in: Any, adverts: None) -> None:
    client = signed_in("analyst")
    assert client.get("/api/occupations/code", {"title": "电焊工"}).json()["answers"][0]["code"] == "6180204"
    assert client.get("/api/occupations", {"words": "焊工"}).json()["total"] > 0
    assert client.get("/api/occupations/queue").json()["items"][0]["title"] == NEW
    assert client.get("/api/occupations/newcomers").json()["items"][0]["counts"] == [1, 2, 5]
    body = {"title": "电焊工", "code": "4030201", "reason": "其实在食堂炒菜"}
    made = client.post("/api/occupations/corrections", body, content_type="application/json")
    assert made.status_code == 200 and client.get("/api/occupations/corrections").json()["total"] == 1
    assert client.post(f"/api/occupations/corrections/{made.json()['id']}/undo").status_code == 200
    decided = client.post(
        "/api/occupations/newcomers", {"name": NEW, "is_approved": False, "reason": "只是一家的叫法"}, content_type="application/json"
    )
    assert decided.status_code == 200 and not decided.json()["is_approved"]


def test_others_have_no_way_in(signed_in: Any) -> None:
    assert signed_in("seeker").get("/occupations").status_code in (403, 404)
    assert signed_in("counsellor").post("/occupations/correct", {"title": "焊工"}).status_code in (403, 404)
