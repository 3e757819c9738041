"""The fairness report in a real browser: made by the keyboard, read, and a table of one's own audited without scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_an_auditor_reads_the_report_and_takes_its_proof(visit: Any, tmp_path: Path) -> None:
    person = visit(role="auditor")
    page = person.go("/fairness")
    assert page.locator("h1").inner_text() == "女性得到优质单的比例只有参照组的 60%"
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/fairness/2025Q3")
    assert page.locator("article svg").count() == 3
    with page.expect_download() as got:
        page.get_by_role("link", name="report.json").click()
    figures = json.loads(Path(got.value.path()).read_text(encoding="utf-8"))
    assert figures["summary"]["rows"] == 1600
    with page.expect_download() as got:
        page.get_by_role("link", name="下载回执").click()
    assert Path(got.value.path()).read_text(encoding="utf-8").startswith("c2sp.org/tlog-proof@v1")
    assert person.errors == []


def test_asking_for_a_report_takes_two_keys(visit: Any) -> None:
    person = visit(role="auditor")
    page = person.go("/fairness")
    page.locator("#quarter").focus()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "排上队了" in page.locator("#said").inner_text()
    assert person.errors == []


def test_ones_own_table_without_scripts_on_a_phone_in_large_type(visit: Any, tmp_path: Path) -> None:
    rows = "".join(f"{'女' if i % 2 else '男'},{int(i % 10 < (2 if i % 2 else 8))},{i % 7}\n" for i in range(400))
    table = tmp_path / "own.csv"
    table.write_text("sex,selected,score\n" + rows + "其他,1,1\n", encoding="utf-8")
    person = visit(width=360, elder=True, role="auditor", scripts=False)
    page = person.go("/fairness/own")
    page.locator("#table").set_input_files(table)
    page.fill("#groups", "sex")
    page.get_by_role("button", name="看结果").click()
    page.wait_for_load_state("load")
    assert "低于五分之四" in page.locator("tbody").first.inner_text()
    person.shoot("fairness-own-result-360-elder")
