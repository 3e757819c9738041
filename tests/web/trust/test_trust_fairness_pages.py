"""The quarterly report: made, sealed, shown, downloaded, and refused where it has to be."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leye.kernel.errors import CheckFailed, NotAllowed, NotFound
from leye.kernel.period import Quarter
from tests_support.fairness import write_tables

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)
QUARTER = Quarter(2025, 3)


@pytest.fixture
def tables(settings: Any, own_data_folder: None, db: None) -> Path:
    write_tables(settings.LEYE_DATA)
    return Path(settings.LEYE_DATA)


@pytest.fixture
def made(tables: Path, user_of: Any) -> Any:
    from leye.office.fairness.actions import make_report

    return make_report(QUARTER, acting_user=user_of("auditor"), at=AT)


@pytest.fixture
def soup() -> Any:
    from bs4 import BeautifulSoup

    return lambda response: BeautifulSoup(response.content.decode(), "html.parser")


def test_row_audit_event_and_leaf_are_one(made: Any) -> None:
    from leye.office.decisions.models import SealedEvent
    from leye.office.outbox.models import AuditEntry, OutboxEvent

    sealed = SealedEvent.objects.get(pk=made.sealed_id)
    assert (sealed.kind, sealed.leaf_index, sealed.payload["sha256"], sealed.payload["quarter"]) == (
        "fairness.report", made.leaf_index, made.sha256, "2025Q3",
    )  # fmt: skip
    assert AuditEntry.objects.get(verb="fairness.made").detail["read"] == ["people.sex", "people.birth"]
    assert OutboxEvent.objects.get(name="fairness.made").payload["leaf_index"] == made.leaf_index


def test_nothing_stays_when_the_leaf_fails(tables: Path, user_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from leye.office.fairness import actions
    from leye.office.fairness.models import FairnessReport
    from leye.office.outbox.models import AuditEntry

    def broken(*_: Any, **__: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(actions, "seal_event", broken)
    with pytest.raises(OSError, match="disk full"):
        actions.make_report(QUARTER, acting_user=user_of("auditor"), at=AT)
    assert not FairnessReport.objects.exists() and not AuditEntry.objects.filter(verb="fairness.made").exists()


def test_equal_data_are_sealed_once_and_late_data_make_a_second_report(made: Any, tables: Path, user_of: Any) -> None:
    from leye.office.fairness.actions import make_report
    from leye.office.fairness.queries import newest_reports, report_of

    assert make_report(QUARTER, acting_user=user_of("auditor"), at=AT + timedelta(days=1)).pk == made.pk
    write_tables(tables, women_premium=5)
    second = make_report(QUARTER, acting_user=user_of("auditor"), at=AT + timedelta(days=2))
    assert second.pk != made.pk and [r.pk for r in newest_reports()] == [second.pk]
    assert report_of("2025Q3").row == second and report_of("2025Q3", made.sha256).row.pk == made.pk, "the first stays readable"
    assert (made.flagged, second.flagged) == (2, 0), "women, and women of 25 to 44; the one of 45 stands alone and is shielded"


def test_the_page_says_the_finding_and_its_size(made: Any, signed_in: Any, soup: Any) -> None:
    answer = signed_in("auditor").get("/fairness/2025Q3")
    article = soup(answer).select_one("article.report-page")
    text = article.get_text(" ", strip=True)
    assert "女性的单里优质单占 30.0%，男性占 50.0%，比值 0.60（" in text and "区间全部在五分之四以下" in text
    assert "女性平均等 125 秒才有单，男性等 100 秒，长 25%（" in text
    assert f"留痕第 {made.leaf_index} 号" in text and made.sha256 in text
    assert len(article.select("svg")) == 3 and article.select_one(".lamp-red") is not None
    assert not soup(answer).select("[style]:not(svg *)") and not soup(answer).select("script:not([src])")


def test_the_receipt_proves_the_hash_of_the_figures(made: Any, signed_in: Any) -> None:
    import hashlib

    from leye.trust.receipts import check_receipt

    client = signed_in("analyst")
    figures = client.get("/fairness/2025Q3.json").content
    receipt = client.get("/fairness/2025Q3.tlog-proof").content.decode()
    assert hashlib.sha256(figures).hexdigest() == made.sha256
    assert receipt.startswith("c2sp.org/tlog-proof@v1\n")
    assert callable(check_receipt)
    assert json.loads(figures)["summary"]["rows"] == 1600


def test_tables_are_downloads_with_the_figures_of_the_page(made: Any, signed_in: Any) -> None:
    text = signed_in("operator").get("/fairness/2025Q3/rates.csv").content.decode("utf-8-sig")
    frame = pl.read_csv(io.StringIO(text))
    assert frame.columns[:5] == ["grouping", "group", "n", "selected", "selection_rate"]
    assert frame.filter(pl.col("group") == "女")["impact_ratio"].to_list() == [0.6]
    assert signed_in("operator").get("/fairness/2025Q3/people.csv").status_code == 404


def test_word_holds_the_same_texts_and_pictures(made: Any, signed_in: Any) -> None:
    from docx import Document

    document = Document(io.BytesIO(signed_in("auditor").get("/fairness/2025Q3.docx").content))
    text = "\n".join(p.text for p in document.paragraphs) + "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    assert "女性的单里优质单占 30.0%" in text and "低于五分之四" in text and f"留痕第 {made.leaf_index} 号" in text
    assert len(document.inline_shapes) == 3


def test_pdf_where_there_is_a_chromium(made: Any, signed_in: Any, settings: Any) -> None:
    if not settings.CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    answer = signed_in("auditor").get("/fairness/2025Q3.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")


def test_a_changed_file_is_named_and_not_shown(made: Any, tables: Path, signed_in: Any) -> None:
    from leye.office.fairness.queries import report_of

    (file,) = (tables / "reports" / "fairness").glob("*/report.json")
    file.write_text(file.read_text(encoding="utf-8").replace('"selected": 240', '"selected": 400'), encoding="utf-8")
    with pytest.raises(CheckFailed, match="封存时不一样"):
        report_of("2025Q3")
    answer = signed_in("auditor").get("/fairness/2025Q3")
    assert answer.status_code == 422 and "封存时不一样" in answer.content.decode()
    assert "封存时不一样" in signed_in("auditor").get("/fairness").content.decode(), "the list stays usable"


def test_who_may_make_and_who_may_look(tables: Path, user_of: Any, signed_in: Any) -> None:
    from leye.office.fairness.actions import ask_for_report, make_report

    for role in ("analyst", "operator", "worker"):
        with pytest.raises(NotAllowed):
            make_report(QUARTER, acting_user=user_of(role), at=AT)
        assert signed_in(role).post("/fairness/make", {"quarter": "2025Q3"}).status_code == 403
    with pytest.raises(NotFound):
        ask_for_report(Quarter(2024, 1), acting_user=user_of("auditor"), at=AT)
    assert signed_in("counsellor").get("/fairness").status_code == 403
    for address in ("/fairness/2025Q3", "/fairness/2025Q9", "/fairness/'%20OR%201=1", "/fairness/2025Q3/rates.csv"):
        assert signed_in("auditor").get(address).status_code == 404


def test_the_button_asks_the_worker_and_the_worker_makes_it(tables: Path, signed_in: Any, soup: Any, settings: Any) -> None:
    from leye.office.fairness.models import FairnessReport
    from leye.office.jobs.models import JobRun
    from leye.office.jobs.perform import perform

    client = signed_in("auditor")
    assert "还没有公平性报告" in client.get("/fairness").content.decode()
    assert client.post("/fairness/make", {"quarter": "2025Q3"}).status_code == 302
    job = JobRun.objects.get(kind="fairness")
    assert "2025Q3" in client.get("/fairness").content.decode()
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert FairnessReport.objects.get().sha256 == job.result["sha256"]
    page = soup(client.get("/fairness"))
    assert page.h1.text == "女性得到优质单的比例只有参照组的 60%"
    assert list((settings.LEYE_DATA / "charts").glob("fairness-2025Q3-*/*.svg")), "pictures are drawn by the job"


@pytest.mark.parametrize("quarter", ["", "2025", "2025Q5", "0000Q1", "２０２５Q3", "2024Q1"])
def test_a_quarter_that_is_none_is_refused_in_words(quarter: str, tables: Path, signed_in: Any) -> None:
    answer = signed_in("auditor").post("/fairness/make", {"quarter": quarter})
    assert answer.status_code in (400, 404) and 'role="alert"' in answer.content.decode()


def test_before_there_are_orders_the_page_says_what_to_do(own_data_folder: None, signed_in: Any) -> None:
    assert "还没有订单数据" in signed_in("auditor").get("/fairness").content.decode()
    assert "请审计员生成第一份" in signed_in("analyst").get("/fairness").content.decode()


CSV = "sex,selected,score\n" + "".join(f"{'女' if i % 2 else '男'},{int(i % 10 < (2 if i % 2 else 8))},{i % 7}\n" for i in range(400))


def test_own_data_are_audited_and_not_kept(own_data_folder: None, db: None, signed_in: Any, settings: Any, soup: Any) -> None:
    answer = signed_in("operator").post("/fairness/own", {"table": SimpleUploadedFile("d.csv", CSV.encode()), "groups": "sex", "bootstrap": "1"})
    page = soup(answer)
    assert answer.status_code == 200 and [r.th.contents[0].strip() for r in page.select("tbody tr")] == ["女", "男"]
    assert page.select_one(".lamp-red") is not None and "参照组" in page.text
    assert not list(Path(settings.LEYE_DATA).rglob("*d.csv*")), "nothing is kept"


def test_own_data_as_csv(own_data_folder: None, db: None, signed_in: Any) -> None:
    answer = signed_in("auditor").post("/fairness/own", {"table": SimpleUploadedFile("d.csv", CSV.encode()), "groups": "sex", "answer": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    assert answer.content.decode("utf-8-sig").startswith("grouping,group,n,selected,selection_rate")


REFUSED = [
    (None, "sex", "还没有选文件"),
    ("sex,selected\n女,1\n", "sex", "缺少列“score”"),
    ("sex,selected,score\n女,3,1\n", "sex", "不是 0 或 1"),
    ("sex,selected,score\n女,1,1\n", "", "没有写按哪几列分组"),
    ("n,selected,score\n" + "".join(f"{i},1,1\n" for i in range(600)), "n", "太多了"),
    ("x" * (5 * 1024 * 1024 + 1), "sex", "最多 5 MB"),
]


@pytest.mark.parametrize(("text", "groups", "words"), REFUSED, ids=[r[-1] for r in REFUSED])
def test_own_data_that_cannot_be_audited(text: str | None, groups: str, words: str, own_data_folder: None, db: None, signed_in: Any) -> None:
    form: dict[str, Any] = {"groups": groups} | ({} if text is None else {"table": SimpleUploadedFile("d.csv", text.encode())})
    answer = signed_in("auditor").post("/fairness/own", form)
    assert answer.status_code == 400 and words in answer.content.decode()


def test_a_label_with_markup_is_text(own_data_folder: None, db: None, signed_in: Any) -> None:
    bad = "sex,selected,score\n<script>alert(1)</script>,1,1\n=1+1,0,2\n"
    form = {"table": SimpleUploadedFile("d.csv", bad.encode()), "groups": "sex"}
    assert "<script>alert" not in signed_in("auditor").post("/fairness/own", form).content.decode()
    form = {"table": SimpleUploadedFile("d.csv", bad.encode()), "groups": "sex", "answer": "csv"}
    assert "\nsex,'=1+1," in signed_in("auditor").post("/fairness/own", form).content.decode("utf-8-sig")


def test_english_readers_get_the_frame_in_english(made: Any, signed_in: Any) -> None:
    from leye.site.build import compile_catalogues

    compile_catalogues()
    client = signed_in("auditor")
    client.post("/preferences", {"language": "en", "next": "/"})
    assert "Reports by quarter" in client.get("/fairness").content.decode()
    assert "Proof and data" in client.get("/fairness/2025Q3").content.decode()
    tiny = CSV + "其他,1,3\n" * 3
    form = {"table": SimpleUploadedFile("d.csv", tiny.encode()), "groups": "sex"}
    answer = client.post("/fairness/own", form).content.decode()
    assert "under two per cent, not a reference" in answer and "Scoring impact ratio" in answer


def test_the_api_says_the_same(made: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    listed = client.get("/api/fairness").json()
    assert listed["total"] == 1 and listed["items"][0]["sha256"] == made.sha256
    detail = client.get("/api/fairness/2025Q3").json()
    assert detail["figures"]["quarter"] == "2025Q3" and detail["report"]["sealed_id"] == str(made.sealed_id)
    assert client.post("/api/fairness/2025Q3").status_code == 403
    own = client.post("/api/fairness-audit", {"csv": CSV, "groups": ["sex"]}, content_type="application/json")
    assert own.status_code == 200 and [r["group"] for r in own.json()["rates"]] == ["女", "男"]
    bad = client.post("/api/fairness-audit", {"csv": "a,b\n1,2\n", "groups": ["a"]}, content_type="application/json")
    assert bad.status_code == 400 and bad.json()["code"] == "E_AUDIT_COLUMN"
    asked = signed_in("auditor").post("/api/fairness/2025Q3")
    assert asked.status_code == 200 and asked.json()["kind"] == "fairness"
