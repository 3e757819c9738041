"""The report: every figure from the snapshot with its link, on the page, in Word, and (where there is a Chromium) in PDF."""

from __future__ import annotations

import io
from typing import Any

import pytest

from leye.office.reports.compose import compose
from leye.office.reports.pdf_file import html_to_pdf
from leye.site.addresses import series_url
from published_fixture import H_ID


def test_the_page_says_the_findings_and_links_them(city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get(f"/reports/{city.run_id}")).select_one("article.report-page")
    assert page.h1.text == "就业形势辅助决策报告（2025年8月）"
    first = page.select("section")[0]
    assert first.a["href"] == series_url(H_ID) and "住宿和餐饮业" in first.a.text
    assert first.select_one("svg") is not None
    assert city.run_id in page.text and "收到 256 行 = 读入 252 + 隔离 2 + 重复 2" in page.text


def test_every_link_of_the_report_leads_to_a_page(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    links = {a["href"] for a in soup(client.get(f"/reports/{city.run_id}")).select("article a")}
    assert len(links) > 5
    for link in links:
        assert client.get(link).status_code == 200, link


def test_an_auditor_reads_the_same_report_without_links_that_are_closed_to_the_role(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("auditor")
    page = soup(client.get(f"/reports/{city.run_id}")).select_one("article.report-page")
    assert "住宿和餐饮业" in page.text
    assert [a["href"] for a in page.select("a") if client.get(a["href"]).status_code != 200] == []


def test_word_holds_the_same_texts_and_hyperlinks(city: Any, signed_in: Any) -> None:
    from docx import Document

    answer = signed_in("analyst").get(f"/reports/{city.run_id}.docx")
    document = Document(io.BytesIO(answer.content))
    text = "\n".join(p.text for p in document.paragraphs) + "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    report = compose(city)
    for section in report.sections:
        assert section.title in text
    assert "估算 186 万元（171 万元 – 204 万元），每人 1,500 元" in text
    assert "未计算，还缺：岗位补贴标准" in text and "演示数据 · 合成城市" in text
    addresses = {r.target_ref for r in document.part.rels.values() if r.is_external}
    assert f"http://testserver{series_url(H_ID)}" in addresses
    assert f"http://testserver/reports/{city.run_id}" in addresses
    assert len(document.inline_shapes) == 1
    assert city.run_id in answer["Content-Disposition"]


def test_pdf_where_there_is_a_chromium(city: Any, signed_in: Any, settings: Any) -> None:
    if not settings.CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    answer = signed_in("analyst").get(f"/reports/{city.run_id}.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert b"http://testserver/series/" in answer.content


def test_without_chromium_the_page_says_how_to_print(city: Any, signed_in: Any, settings: Any, tmp_path: Any) -> None:
    from leye.kernel.errors import NotFound

    settings.CHROMIUM = tmp_path / "none"
    client = signed_in("analyst")
    assert "要 PDF 请按 Ctrl+P 打印" in client.get(f"/reports/{city.run_id}").content.decode()
    with pytest.raises(NotFound, match="没有 Chromium"):
        html_to_pdf("<p>", chromium=settings.CHROMIUM)


def test_a_snapshot_without_alarms_still_makes_a_report(panel: Any) -> None:
    panel.__dict__["findings"] = []
    report = compose(panel)
    del panel.__dict__["findings"]
    assert "没有新的预警" in report.sections[0].blocks[0].spans[0].text
    assert not report.is_city


def test_the_job_makes_the_files(city: Any, settings: Any, tmp_path: Any) -> None:
    from leye.office.reports.job import run

    settings.CHROMIUM = tmp_path / "none"
    told: list[str] = []
    done = run({"site": "http://leye.example"}, lambda step, share: told.append(step))
    assert done == {"run_id": city.run_id, "formats": ["docx"]} and told == ["docx"]
    assert list((settings.LEYE_DATA / "reports" / city.run_id).glob("*.docx"))
