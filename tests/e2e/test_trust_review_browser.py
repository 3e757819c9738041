"""Breakers, reviews and objections in a real browser: on a phone, by keyboard, in large type, without scripts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pytest

PAGES = {
    "admin": ["/breakers"],
    "operator": ["/breakers", "/review", "review-case"],
    "auditor": ["/breakers", "/review", "/objections"],
    "analyst": ["/breakers", "/objections"],
    "worker": ["/my/objections", "my-decision"],
}
LOOKS = [(1280, False), (360, False), (360, True)]


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def opened(person: Any, path: str) -> Any:
    if path == "review-case":
        page = person.go("/review")
        page.locator("tbody th a").first.click()
    elif path == "my-decision":
        page = person.go("/my/decisions")
        page.locator("tbody th a").first.click()
    else:
        page = person.go(path)
    page.wait_for_load_state("load")
    for summary in page.locator("main details > summary").all():
        summary.click()  # what is folded must fit too
    return page


@pytest.mark.parametrize(("width", "elder"), LOOKS, ids=["desk", "phone", "phone-elder"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_fit_and_read_well(role: str, width: int, elder: bool, visit: Any) -> None:
    person, problems = visit(width=width, elder=elder, role=role), []
    for path in PAGES[role]:
        page = opened(person, path)
        if person.width_of_page() > width:
            problems.append(f"{path}: {person.width_of_page()} px wide")
        page.evaluate(axe_source())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
        problems += [f"{path}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in {"serious", "critical"}]
        person.shoot(f"{role}-{path.strip('/').replace('/', '-')}-{width}{'-elder' if elder else ''}")
    assert problems == []


def test_a_case_is_judged_blind_on_a_phone_without_scripts(visit: Any) -> None:
    reviewer, late = visit(width=360, role="counsellor", scripts=False), visit(role="operator")
    page = reviewer.go("/review")
    page.locator("tbody th a").first.click()
    address = page.url
    assert "320" not in page.locator("main").inner_text()
    page.get_by_role("button", name="领来复核").click()
    assert page.locator("dl.facts").first.inner_text().count("320") == 1
    late.page.goto(address)
    assert "正在复核这一件" in late.page.locator("h1").inner_text()
    page.get_by_label("未派").check()
    page.select_option("#code", "another_nearer")
    page.fill("#reason", "雨太大，这单缓派")
    page.get_by_role("button", name="记下结论").click()
    shown = page.locator("main").inner_text()
    assert "两边的结论" in shown and "不一致" in page.locator("h1").inner_text() and "陈专员" in shown
    late.page.goto(address)
    assert "陈专员" in late.page.locator("h1").inner_text(), "who and when stand there for everybody who may see it"


def test_the_operator_stops_an_algorithm_by_keyboard_and_restarts_it(visit: Any) -> None:
    operator, auditor, watcher = visit(role="operator"), visit(width=360, elder=True, role="auditor"), visit(role="admin")
    watching = watcher.go("/breakers")
    half = watching.locator("section.breaker textarea").last
    watching.locator("section.breaker summary").last.click()
    half.fill("写到一半的理由")
    page = operator.go("/breakers")
    card = page.locator("section.breaker", has_text="平台派单")
    card.locator("summary", has_text="报误判、改状态").press("Enter")
    card.locator("textarea").focus()
    page.keyboard.type("暴雨红色预警，时间全算错了")
    with page.expect_navigation():
        card.get_by_role("button", name="断开").press("Enter")
    first = page.locator("section.breaker").first
    assert "熔断" in first.locator("h2").inner_text() and "▲" in first.locator("h2").inner_text()
    assert "暴雨红色预警" in first.inner_text() and "吴运营" in first.inner_text()
    operator.shoot("breaker-open")
    watching.locator("#board-state .lamp-red").wait_for()
    assert half.input_value() == "写到一半的理由", "the headline changes by itself, what one writes stays"
    seen = auditor.go("/breakers").locator("section.breaker").first
    assert "熔断" in seen.locator("h2").inner_text() and seen.locator("form").count() == 0
    first.locator("summary", has_text="报误判、改状态").click()
    first.locator("textarea").fill("雨停了，先试运行")
    first.get_by_role("button", name="恢复试运行").click()
    page.wait_for_load_state("load")
    assert "试运行" in page.locator("section.breaker").first.locator("h2").inner_text()
    card = page.locator("section.breaker").first
    card.locator("summary", has_text="经过").click()
    assert card.locator("ul.history li").count() >= 2
