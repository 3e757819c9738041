"""What people do, in a real browser: with the mouse, by keyboard, in large type, in English, without scripts."""

from __future__ import annotations

import re
from typing import Any

from leye.site.addresses import series_url
from published_fixture import H_ID


def test_red_lamp_to_assigned_task_in_two_clicks(visit: Any) -> None:
    desk = visit(role="analyst")
    page = desk.go("/cockpit")
    page.click("a:has-text('条预警在处置台')")  # first click: the desk
    row = page.locator("tr:has(.lamp-red)")
    row.locator("button", has_text="派单").click()  # second click: the choice is made already
    row.locator(".state-assigned").wait_for()
    assert "已派单" in row.inner_text() and "已经派给" in row.inner_text()
    assert page.url.endswith("/alerts"), "htmx spares the reload"
    desk.shoot("desk-assigned")
    row.locator("button", has_text="撤回").click()
    row.locator("button", has_text="派单").wait_for()


def test_the_same_by_keyboard_alone(visit: Any) -> None:
    desk = visit(role="analyst")
    page = desk.go("/alerts")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tr:has(.lamp-orange) form button')"):
            break
    else:
        raise AssertionError("the button is not reached by Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.locator("tr:has(.lamp-orange) .state-assigned").wait_for()


def test_two_desks_the_second_sees_who_took_it(visit: Any) -> None:
    first, second = visit(role="analyst"), visit(role="analyst")
    for desk in (first, second):
        desk.go("/alerts")
    second.page.evaluate("document.querySelector('#alert-list').removeAttribute('hx-trigger')")
    yellow = "tr:has(.lamp-yellow)"
    late = second.page.locator(yellow)
    first.page.locator(yellow).locator("button", has_text="派单").click()
    first.page.locator(f"{yellow} .state-assigned").wait_for()
    if late.locator("button", has_text="派单").count():  # the live list may have told it already, which is as well
        late.locator("button", has_text="派单").click()
        second.page.locator(f"{yellow} [role=alert], {yellow} .state-assigned").first.wait_for()
    second.page.locator(f"{yellow} .state-assigned").wait_for()
    assert "已派单" in late.inner_text()


def test_lamps_on_the_cockpit_change_by_themselves(visit: Any) -> None:
    watcher, desk = visit(role="analyst"), visit(role="analyst")
    watcher.go("/cockpit")
    before = watcher.page.locator(".lamps").inner_text()
    desk.go("/alerts")
    desk.page.locator("tr:has(.lamp-blue) th a").click()
    desk.page.locator("summary", has_text="这是误报").click()
    desk.page.fill("#reason", "统计口径变了")
    desk.page.locator("button", has_text="标为误报").click()
    desk.page.locator(".state-false_alarm").wait_for()
    watcher.page.wait_for_function("before => document.querySelector('.lamps').innerText !== before", arg=before, timeout=15_000)
    assert "蓝" not in watcher.page.locator(".lamps").inner_text()


def test_the_fan_comes_alive_and_keeps_its_months(visit: Any) -> None:
    reader = visit(role="analyst")
    page = reader.go(series_url(H_ID))
    page.locator("figure.chart .is-live svg").first.wait_for()
    page.wait_for_timeout(300)
    labels = page.locator("figure.chart").first.locator("svg text").all_text_contents()
    assert any(re.fullmatch(r"20\d\d年1月", t) for t in labels) and not any("Jan" in t for t in labels)
    assert page.locator("figure.chart").nth(1).locator("svg").count() == 1
    assert "去年同期水平" in page.locator("figure.chart figcaption").nth(1).inner_text()
    page.locator("details summary", has_text="看数字表").first.click()
    assert page.locator("figure.chart table tbody tr").first.is_visible()
    reader.shoot("series-1280")


def test_large_type_enlarges_text_and_targets(visit: Any) -> None:
    elder = visit(role="analyst")
    page = elder.go("/cockpit")
    page.locator("button", has_text="大字版").click()
    page.wait_for_load_state()
    assert page.locator("html[data-elder]").count() == 1
    assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 22
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('body *')].filter(e => e.offsetParent && !e.closest('svg, .visually-hidden')"
        " && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 16
    assert page.locator(".switch").first.bounding_box()["height"] >= 60
    assert page.locator("[data-aloud]").is_visible()
    page.locator("button", has_text="退出").click()
    page.wait_for_load_state()
    assert page.locator("html[data-elder]").count() == 1
    elder.shoot("front-elder")


def test_english_by_one_press(visit: Any) -> None:
    reader = visit(role="analyst")
    page = reader.go("/cockpit")
    page.locator("button", has_text="English").click()
    page.wait_for_load_state()
    assert page.url.endswith("/cockpit") and page.locator("html").get_attribute("lang") == "en"
    assert "to look at this month" in page.locator("h1").inner_text()
    reader.shoot("cockpit-english")


def test_without_scripts_everything_is_there(visit: Any) -> None:
    plain = visit(role="analyst", scripts=False)
    page = plain.go(series_url(H_ID))
    assert page.locator("figure.chart svg").count() == 2
    page = plain.go("/plans")
    assert page.locator("tbody tr").count() >= 5
    page = plain.go("/alerts")
    page.locator("tr:has(.lamp) th a").last.click()
    assert "依据" in page.content()


def test_a_wrong_password_is_said_and_a_right_one_leads_on(visit: Any) -> None:
    person = visit()
    page = person.go("/cockpit")
    assert "/login" in page.url
    page.fill("#username", "analyst")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()
    assert "用户名或密码不对" in page.locator("[role=alert]").inner_text()
    page.fill("#password", "leye-demo-2025")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cockpit")


def test_the_printed_report_leaves_out_what_paper_cannot_press(visit: Any) -> None:
    reader = visit(role="analyst")
    page = reader.go("/reports")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    page.emulate_media(media="print")
    assert not page.locator("nav.nav").is_visible() and not page.locator(".downloads").is_visible()
    assert page.locator("article.report-page h1").is_visible()
    reader.shoot("report-print")
