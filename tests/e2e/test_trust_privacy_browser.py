"""Releases, one's own data and the record of reads in a real browser: on a phone, in large type, without scripts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pytest

PAGES = {
    "analyst": ["/releases", "/data-requests"],
    "auditor": ["/releases", "/reads"],
    "admin": ["/reads"],
    "worker": ["/my/data", "/my/reads"],
}
LOOKS = [(1280, False), (360, False), (360, True)]


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def release(page: Any, *, by: tuple[str, ...], epsilon: str) -> None:
    """Fill the form as an analyst does."""
    for place, name in enumerate(by):
        page.select_option(f"#by-{place}", name)
    page.select_option("#epsilon", epsilon)
    page.get_by_role("button", name="加噪并发布").click()
    page.wait_for_load_state("load")


def test_an_analyst_releases_on_a_phone_without_scripts_and_pays_once(visit: Any) -> None:
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    analyst = visit(width=360, role="analyst", scripts=False)
    page = analyst.go("/releases")
    assert "还剩 ε 2" in page.locator("h1").inner_text()
    release(page, by=("sex", "region"), epsilon="0.5")
    first = page.url
    assert "每格误差 12 人以内" in page.locator("h1").inner_text()
    assert page.locator("tbody tr").count() == 3 * 6
    assert analyst.width_of_page() <= 360
    page = analyst.go("/releases")
    assert "还剩 ε 1.5" in page.locator("h1").inner_text()
    release(page, by=("region", "sex"), epsilon="0.2")
    assert page.url == first and "没有再花预算" in page.locator("main").inner_text()
    page = analyst.go("/releases")
    release(page, by=("age_band",), epsilon="1")
    page = analyst.go("/releases")
    release(page, by=("hukou_local",), epsilon="1")
    assert "只剩 0.5" in page.get_by_role("alert").inner_text()
    assert page.locator("#by-0").input_value() == "hukou_local", "what was chosen stays"
    assert [e for e in analyst.errors if "422" not in e] == []
    analyst.errors.clear()  # the browser's own line about the refusal


@pytest.mark.parametrize(("width", "elder"), LOOKS, ids=["desk", "phone", "phone-elder"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_of_privacy_fit_and_read_well(role: str, width: int, elder: bool, visit: Any) -> None:
    person, problems = visit(width=width, elder=elder, role=role), []
    for path in PAGES[role]:
        page = person.go(path)
        if path == "/releases" and page.locator("section:last-of-type tbody th a").count():
            page.locator("section:last-of-type tbody th a").first.click()
            page.wait_for_load_state("load")
            problems += _problems(person, page, f"{path}/one", width)
            page = person.go(path)
        problems += _problems(person, page, path, width)
    assert problems == []


def _problems(person: Any, page: Any, path: str, width: int) -> list[str]:
    found = [f"{path}: {person.width_of_page()} px wide"] if person.width_of_page() > width else []
    page.evaluate(axe_source())
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    person.shoot(f"privacy-{path.strip('/').replace('/', '-')}-{width}")
    return found + [f"{path}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in violations if v["impact"] in {"serious", "critical"}]
