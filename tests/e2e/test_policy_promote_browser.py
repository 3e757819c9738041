"""A campaign in a real browser: drafted without scripts, signed by somebody else, readable on the smallest phone and in large type."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def drafted() -> dict[str, str]:
    """Where the campaign of this module lies."""
    return {}


def address(visit: Any, drafted: dict[str, str]) -> str:
    """Its path; drafted on first use, by a plain form."""
    if "path" not in drafted:
        analyst = visit(role="analyst", scripts=False)
        page = analyst.go("/promotion")
        page.select_option("#policy", "skill_up")
        page.check("input[value=sms]")
        page.check("input[value=bulletin]")
        page.click("button:has-text('生成文字')")
        drafted["path"] = page.url.removeprefix(analyst.url)
        analyst.shoot("promotion-draft")
    return drafted["path"]


def test_draft_and_sign_by_two_people(visit: Any, drafted: dict[str, str]) -> None:
    path = address(visit, drafted)
    analyst, admin = visit(role="analyst"), visit(role="admin")
    page = analyst.go(path)
    assert "{姓名}您好，您可能可以领技能提升补贴" in page.locator("main").inner_text()
    assert page.locator("button", has_text="签发").count() == 0
    signer = admin.go(path)
    signer.click("button:has-text('签发这些文字')")
    signer.locator("h1", has_text="已签发").wait_for()
    page = analyst.go(path)
    page.click("button:has-text('算一算')")
    page.locator("[role=alert]", has_text="还没有政策标注").wait_for()


@pytest.mark.parametrize(("width", "elder", "english"), [(320, False, False), (360, True, False), (1280, False, False), (320, True, True)])
def test_pages_fit(visit: Any, drafted: dict[str, str], width: int, elder: bool, english: bool) -> None:
    path = address(visit, drafted)
    reader = visit(width=width, elder=elder, english=english, role="analyst")
    for where in ("/promotion", path):
        reader.go(where)
        assert reader.width_of_page() <= width, where
    reader.shoot(f"promotion-{width}{'-elder' if elder else ''}")


def test_stop_by_keyboard(visit: Any, drafted: dict[str, str]) -> None:
    page = visit(role="admin").go(address(visit, drafted))
    page.focus("#reason")
    page.keyboard.type("文字要改")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="已停止").wait_for()
