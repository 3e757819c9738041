"""Open policy pages in a real browser: found by a word, checked by keyboard, on a phone and in large type, without scripts as well."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_stranger_finds_a_policy_and_checks_it_by_keyboard(scripts: bool, visit: Any) -> None:
    person = visit(width=360, scripts=scripts)
    page = person.go("/")
    page.get_by_role("link", name="政策查询").first.click()
    page.fill("#q", "技能")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.get_by_role("link", name="技能提升补贴").first.click()
    page.wait_for_load_state("load")
    page.fill("#fact-ui_total_months", "10")
    page.select_option("#fact-employment_status", "employed")
    page.select_option("#fact-firm_kind", "enterprise")
    page.focus("#fact-ui_total_months")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer")
    assert "不符合" in page.text_content("#answer h2")
    assert "差2个月" in page.text_content("#answer")
    person.shoot(f"policy-answer-360{'' if scripts else '-plain'}")
    page.fill("#fact-ui_total_months", "-5")
    page.get_by_role("button", name="对一对").click()
    page.wait_for_selector("[role=alert]")
    page.click('[role=alert] a[href="#fact-ui_total_months"]')
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "fact-ui_total_months"


def test_a_few_questions_at_a_time_lead_to_a_list(visit: Any) -> None:
    person = visit(width=360, elder=True)
    page = person.go("/policies/check")
    for _ in range(3):
        for box in page.locator("form.stacked fieldset").all():
            if box.locator("select").count():
                box.locator("select").select_option(index=1)
            elif box.locator("input[type=radio]").count():
                box.locator("label.choice").first.click()
        page.get_by_role("button", name="答好了").click()
        page.wait_for_load_state("load")
    assert page.locator("ul.advice h3 a").count() > 5
    person.shoot("policies-check-answered-360-elder")
