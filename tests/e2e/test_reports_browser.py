"""A bulletin in a real browser: made with one press, read on a phone and in large type, its numbers followed, downloaded and printed on A4."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

LOOKS = [(1280, False, False), (360, False, False), (360, True, False), (320, True, True)]


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def serious(page: Any) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"] if v["impact"] in ("serious", "critical")]


def make(visit: Any, kind: str, **look: Any) -> tuple[Any, str]:
    """Press the button, without scripts; the page of the issue and its path."""
    analyst = visit(role="analyst", scripts=False, **look)
    page = analyst.go("/reports")
    page.get_by_role("button", name=kind).click()
    page.wait_for_url("**/reports/issues/**")
    return page, page.url.removeprefix(analyst.url)


def test_make_one_follow_a_number_and_download_it(visit: Any) -> None:
    from docx import Document

    page, path = make(visit, "写就业监测周报")
    assert page.locator("h1").inner_text() == "就业监测周报"
    assert page.locator("article.report-page section").count() == 11
    assert page.locator("figure.chart svg").count() >= 1
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载 Word").click()
    document = Document(io.BytesIO(Path(caught.value.path()).read_bytes()))
    assert document.core_properties.title == "就业监测周报"
    page.get_by_role("link", name="全部数字和出处").click()
    first = page.locator("table tbody tr").first
    assert first.locator("th").inner_text() == "n1"
    page.go_back()
    page.locator("section a[data-number]").first.click()
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1 and not page.url.endswith(path)


def test_it_fits_phones_large_type_and_english(visit: Any) -> None:
    _, path = make(visit, "写季度就业形势报告")
    for width, elder, english in LOOKS:
        reader = visit(width=width, elder=elder, role="analyst", english=english)
        for place in (path, f"{path}/numbers", "/reports"):
            page = reader.go(place)
            assert reader.width_of_page() <= width, (place, width, elder)
            assert serious(page) == [], (place, width, elder)
        page = reader.go(path)
        assert page.locator("article h1").inner_text() == ("Quarterly Employment Report" if english else "季度就业形势报告")


def test_on_paper_there_are_no_buttons_and_no_underlines(visit: Any) -> None:
    page, _ = make(visit, "写就业监测周报")
    page.emulate_media(media="print")
    assert not page.locator(".downloads").first.is_visible() and not page.locator("nav.nav").is_visible()
    line = page.locator("section a[data-number]").first.evaluate("a => getComputedStyle(a).textDecorationLine")
    assert line == "none"
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF") and b"/series/" in paper
