"""An objection runs its whole course in real browsers: raised by a rider on a phone, decided at the desk, corrected where the rider can see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def newest_decision(person: Any) -> Any:
    """The page of the newest decision that was not corrected and is not objected to yet."""
    page = person.go("/my/decisions")
    for address in page.locator("tbody th a").evaluate_all("links => links.map(a => a.href)"):
        page.goto(address)
        if page.locator("summary", has_text="我要申诉").count() and not page.locator(".notice", has_text="已经更正").count():
            return page
    raise AssertionError("no decision is left to object to")


def test_two_clicks_then_another_person_decides_and_the_rider_sees_the_new_decision(visit: Any, tmp_path: Path) -> None:
    rider = visit(width=360, role="worker")
    page = newest_decision(rider)
    old = page.url
    page.locator("summary", has_text="我要申诉").click()  # first click
    page.fill("#words", "那天九点我已经下线了")
    page.get_by_role("button", name="交上去").click()  # second click
    page.wait_for_url("**/my/objections/*")
    mine = page.url
    assert "30 天" in page.locator("main").inner_text() or "还有" in page.locator("main").inner_text()
    assert rider.width_of_page() <= 360
    rider.shoot("objection-raised-360")

    desk = visit(role="counsellor")
    at_desk = desk.go("/objections")
    at_desk.locator(f"a[href$='{mine.rsplit('/', 1)[1]}']").click()
    at_desk.get_by_role("button", name="受理").click()
    at_desk.wait_for_load_state("load")
    assert "那天九点我已经下线了" in at_desk.locator("main").inner_text()
    at_desk.locator("summary", has_text="请本人补充").click()
    at_desk.fill("#ask-words", "请说说是哪个平台的下线记录")
    at_desk.get_by_role("button", name="发给本人").click()
    at_desk.wait_for_load_state("load")

    page.goto(mine)
    assert "请说说是哪个平台的下线记录" in page.locator("main").inner_text()
    page.locator("main textarea").first.fill("佛运达骑手端，九点零五分")
    page.locator("main form:has(textarea) button").first.click()
    page.wait_for_load_state("load")

    at_desk.reload()
    assert "佛运达骑手端，九点零五分" in at_desk.locator("main").inner_text()
    at_desk.select_option("#outcome", "withheld")
    at_desk.fill("#correct-words", "核实到您九点已经下线，这一单不该派给您")
    at_desk.get_by_role("button", name="更正", exact=True).click()
    at_desk.wait_for_load_state("load")
    assert "已更正" in at_desk.locator("h1").inner_text()
    desk.shoot("objection-corrected-desk")

    page.goto(mine)
    assert "核实到您九点已经下线" in page.locator("main").inner_text()
    page.goto(old)
    page.get_by_role("link", name="看新的决定").click()
    page.wait_for_load_state("load")
    assert page.url != old and "未派" in page.locator("h1").inner_text()
    page.get_by_role("link", name="原来的决定").click()
    page.wait_for_load_state("load")
    assert page.url == old
    page.goto(mine)
    with page.expect_download() as got:
        page.get_by_role("link", name=re.compile("回执")).first.click()
    assert Path(got.value.path()).read_text(encoding="utf-8").startswith("c2sp.org/tlog-proof@v1")
    assert rider.errors == [] and desk.errors == []


def test_a_colleague_elsewhere_sees_neither_the_case_nor_the_words(visit: Any) -> None:
    rider = visit(role="worker")
    page = newest_decision(rider)
    page.locator("summary", has_text="我要申诉").click()
    page.select_option("#category", "human_wanted")
    page.get_by_role("button", name="交上去").click()
    page.wait_for_url("**/my/objections/*")
    name = page.url.rsplit("/", 1)[1]
    elsewhere = visit(role="counsellor2")
    listed = elsewhere.go("/objections")
    assert listed.locator(f"a[href$='{name}']").count() == 0
    assert elsewhere.page.goto(f"{elsewhere.url}/objections/{name}").status == 404


def test_the_desk_decides_by_keyboard_without_scripts_in_large_type(visit: Any) -> None:
    rider = visit(role="worker", scripts=False)
    page = newest_decision(rider)
    page.locator("summary", has_text="我要申诉").click()
    page.select_option("#category", "unexplained")
    page.fill("#words", "看不懂为什么是我")
    page.get_by_role("button", name="交上去").click()
    page.wait_for_url("**/my/objections/*")
    name = page.url.rsplit("/", 1)[1]
    desk = visit(width=360, elder=True, role="analyst", scripts=False)
    at_desk = desk.go(f"/objections/{name}")
    at_desk.get_by_role("button", name="受理").focus()
    with at_desk.expect_navigation():
        at_desk.keyboard.press("Enter")
    at_desk.locator("summary", has_text="维持").focus()
    at_desk.keyboard.press("Enter")
    at_desk.fill("#uphold-words", "您离取货点最近，320 米")
    at_desk.get_by_role("button", name="维持", exact=True).focus()
    with at_desk.expect_navigation():
        at_desk.keyboard.press("Enter")
    assert "维持原决定" in at_desk.locator("h1").inner_text()
    desk.shoot("objection-upheld-360-elder")
    page.reload()
    assert "您离取货点最近，320 米" in page.locator("main").inner_text()
