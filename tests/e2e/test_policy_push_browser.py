"""In a real browser: a counsellor works three cards by keyboard, a seeker's answer turns an unknown, presses wait while there is no line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests_support.push_city import ASKED, FLEXIBLE, JOBLESS, SKILLED, STORIES, write_push_city

PREPARE = (
    "import sys; from pathlib import Path; from leye.office.embedded import prepare; d = Path(sys.argv[1]); prepare(d);"
    "from leye.office.accounts.models import User;"
    "[User.objects.filter(username=u).update(subject=s, region='440605') for u, s in"
    " (('counsellor', 'C00000000'), ('seeker', 'P00000002'), ('worker', 'P00000004'), ('employer', 'F00000000'))];"
    "from leye.lake import open_lake; from leye.office.entitlements.sealing import seal_marks;"
    "lake = open_lake(d); seal_marks(lake, lake.published().run_id, d);"
    "from leye.site.build import compile_catalogues; compile_catalogues()"
)


@pytest.fixture(scope="module")
def site_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own over the little city, in place of the panel's."""
    from tests_support.serving import serve

    data = tmp_path_factory.mktemp("push-e2e")
    write_push_city(data)
    env = {**os.environ, "LEYE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "leye.office.settings", "PYTHONPATH": str(Path(__file__).parents[1])}
    env.pop("LEYE_NOW", None)
    subprocess.run([sys.executable, "-c", PREPARE, str(data)], check=True, env=env)
    with serve(env) as url:
        yield url


def tab_to(page: Any, selector: str, most: int = 60) -> int:
    """Tab until the focus is on what the selector finds; how many presses it took."""
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return presses
    raise AssertionError(f"the keyboard never reaches {selector}")


def first_card(page: Any) -> str:
    return str(page.locator(".card h2 a").first.inner_text())


def test_a_counsellor_works_three_cards_by_keyboard(visit: Callable[..., Any]) -> None:
    counsellor = visit(width=360, role="counsellor")
    page = counsellor.go("/today")
    assert "还有 4 位要联系" in page.locator("h1").inner_text()
    counsellor.shoot("policy-today-360")
    assert first_card(page) == STORIES[JOBLESS]["name"]
    tab_to(page, f"#card-{JOBLESS} button[value=done]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today?done=*")
    assert page.evaluate("document.activeElement.id") == f"card-{FLEXIBLE}", "the next card has the focus"
    for person, button, after in ((FLEXIBLE, "applied", ASKED), (ASKED, "later", SKILLED)):
        presses = tab_to(page, f"#card-{person} button[value={button}]")
        assert presses <= 6, "name, call and the buttons: nothing else lies between"
        page.keyboard.press("Enter")
        page.wait_for_function("p => document.activeElement?.id === p", arg=f"card-{after}")
    assert "还有 1 位要联系" in page.locator("h1").inner_text()
    tab_to(page, "form[action$='/undo'] button, form[action*='/today/undo/'] button", most=80)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today?next=1")
    assert "还有 2 位要联系" in page.locator("h1").inner_text()


def test_a_seeker_answers_one_question_and_the_unknown_turns(visit: Callable[..., Any]) -> None:
    seeker = visit(width=360, elder=True, role="seeker")
    page = seeker.go("/my/policies")
    assert page.locator("#unknown").inner_text().startswith("还不知道（1）")
    seeker.shoot("policy-mine-360-elder")
    assert seeker.width_of_page() <= 360
    tab_to(page, "select[name='fact-left_job_reason']")
    for _ in range(2):  # contract ended, then dismissed
        page.keyboard.press("ArrowDown")
    assert page.locator("select[name='fact-left_job_reason']").input_value() == "dismissed"
    tab_to(page, "form[action='/my/policies/answer'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .notice-good")
    assert page.locator("#yes").inner_text().startswith("符合（1）")
    assert "失业保险金" in page.locator("section[aria-labelledby=yes]").inner_text()
    assert page.locator("#unknown").inner_text().startswith("还不知道（0）")


def test_presses_wait_on_the_phone_while_there_is_no_line(visit: Callable[..., Any]) -> None:
    counsellor = visit(width=360, role="counsellor")
    page = counsellor.go("/today")
    card = page.locator(".card").first.get_attribute("id")
    page.context.set_offline(True)
    page.locator(".card").first.locator("button[value=no_answer]").click()
    page.wait_for_selector("#unsent:not([hidden])")
    assert page.locator("#unsent b").inner_text() == "1"
    assert page.locator(f"#{card}").count() == 0
    kept = page.evaluate("localStorage.getItem('leye.today.drafts')")
    assert not any(str(s["name"]) in kept for s in STORIES.values())
    assert "13800000000" not in kept
    page.context.set_offline(False)
    page.wait_for_url("**/today?next=1")
    assert page.evaluate("localStorage.getItem('leye.today.drafts')") == "[]"
    assert "没接" in page.locator("section[aria-labelledby=handled]").inner_text()


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("elder", [False, True], ids=["plain", "elder"])
def test_every_page_fits(visit: Callable[..., Any], width: int, elder: bool) -> None:
    pages = {
        "counsellor": ["/today", f"/people/{SKILLED}", "/claims"],
        "seeker": ["/my/policies"],
        "employer": ["/firm/policies"],
        "analyst": ["/payments/conflicts", "/claims"],
    }
    for role, paths in pages.items():
        somebody = visit(width=width, elder=elder, role=role)
        for path in paths:
            page = somebody.go(path)
            page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
            assert somebody.width_of_page() <= width, f"{path} is wider than {width}"
            if width == 360 and elder:
                somebody.shoot(f"policy{path.replace('/', '-')}-360-elder")


def test_the_pages_work_without_scripts(visit: Callable[..., Any]) -> None:
    counsellor = visit(role="counsellor", scripts=False)
    page = counsellor.go("/today")
    before = page.locator("h1").inner_text()
    page.locator(".card").first.locator("button[value=unwilling]").click()
    deadline = time.monotonic() + 20
    while page.locator("h1").inner_text() == before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "记下了：不愿意" in page.locator("main").inner_text()
