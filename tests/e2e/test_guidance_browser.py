"""Moves, skills, courses, occupation codes and AI impact in a real browser: a phone, large type, English; and one review made by hand."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pytest

PAGES = {
    "": ("/courses", "/courses?skill=开飞船", "/insight/impact"),
    "seeker": ("/moves", "/moves?job=会计&skills=数据标注", "/moves?job=超市收银大姐", "/skills-radar"),
    "analyst": ("/occupations?title=电焊工&words=骑手", "/occupations/queue", "/occupations/new", "/impact?q=会计", "/impact/reviews"),
}
LOOKS = [(1280, False, False), (360, False, False), (320, True, True)]


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def faults(person: Any, path: str, width: int) -> list[str]:
    """What is wider than the screen, serious for axe, or a heading without a word."""
    page = person.page
    page.evaluate(axe_source())
    found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    told = [f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found["violations"] if v["impact"] in ("serious", "critical")]
    if (wide := person.width_of_page()) > width:
        told.append(f"{path}: {wide} px wide")
    told += [f"{path}: an empty heading" for words in page.locator("main :is(h1, h2, h3)").all_inner_texts() if not words.strip()]
    return told + ([] if page.locator("main h1").count() == 1 else [f"{path}: not one h1"])


@pytest.mark.parametrize(("width", "elder", "english"), LOOKS, ids=["desk", "phone", "smallest-large-english"])
def test_pages_fit_and_speak(visit: Any, width: int, elder: bool, english: bool) -> None:
    found: list[str] = []
    for role, paths in PAGES.items():
        person = visit(width=width, elder=elder, english=english, role=role)
        for path in paths:
            person.go(path)
            found += faults(person, path, width)
    assert found == []


def test_a_review_is_drafted_by_an_analyst(visit: Any) -> None:
    analyst = visit(role="analyst", scripts=False)
    page = analyst.go("/impact/reviews")
    for field, value in {
        "name": "示例仓储自动化", "firm": "示例物流有限公司", "starts": "2025-10-01", "created": "2060300 12", "created_by": "2026-03-31",
        "displaced": "4010204 5", "displaced_from": "2025-11-01", "displaced_to": "2026-02-01", "retrained": "3",
    }.items():  # fmt: skip
        page.fill(f"#{field}", value)
    if page.locator("input#region").count():
        page.fill("#region", "440604")
    page.get_by_role("button", name="评估并存成草案").click()
    page.wait_for_load_state("load")
    assert "示例仓储自动化" in page.locator("h1").inner_text() and "岗位净变化" in page.locator("h1").inner_text()
    assert page.get_by_text("等另一位分析员来签").count() == 1
    small = visit(role="analyst", width=320, elder=True, english=True)
    path = page.url.removeprefix(analyst.url)
    small.go(path)
    assert faults(small, path, 320) == []
