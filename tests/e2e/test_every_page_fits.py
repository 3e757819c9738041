"""Every page at two widths and two type sizes: nothing wider than the screen, nothing that axe calls serious."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from leye.site.addresses import series_url
from published_fixture import H_ID
from tests_support.own_rules import GOOD

PAGES = {
    "front": ("", "/"),
    "login": ("", "/login"),
    "help": ("", "/help"),
    "policies": ("", "/policies"),
    "policy": ("", "/policies/skill_up"),
    "policy-figures": ("", "/policies/min_wage?region=CN-11"),
    "policies-check": ("", "/policies/check"),
    "cockpit": ("analyst", "/cockpit"),
    "cube": ("analyst", "/cube"),
    "groups": ("analyst", "/groups"),
    "flows": ("analyst", "/flows"),
    "gaps": ("analyst", "/gaps"),
    "alert-replays": ("analyst", "/alerts/replay"),
    "alerts": ("analyst", "/alerts"),
    "alert": ("analyst", "alert"),
    "series-index": ("analyst", "/series"),
    "series": ("analyst", series_url(H_ID)),
    "plans": ("analyst", "/plans"),
    "plan": ("analyst", "/plans/hotel_catering"),
    "reports": ("analyst", "/reports"),
    "promotion": ("analyst", "/promotion"),
    "rules": ("analyst", "/policy/rules"),
    "rule": ("analyst", "/policy/rules/skill_up"),
    "rule-new": ("analyst", "/policy/rules/new"),
    "rule-draft": ("analyst", "rule-draft"),
    "rules-facts": ("analyst", "/policy/rules/facts"),
    "rules-check": ("auditor", "/policy/rules/check/cn-44"),
    "report": ("analyst", "report"),
    "fairness": ("auditor", "/fairness"),
    "fairness-report": ("auditor", "/fairness/2025Q3"),
    "fairness-own": ("auditor", "/fairness/own"),
    "data": ("admin", "/data"),
    "algorithms": ("", "/algorithms"),
    "algorithm": ("", "/algorithms/platform.dispatch"),
    "registry": ("admin", "/registry"),
    "registry-version": ("auditor", "/registry/2"),
    "registry-new": ("admin", "/registry/new"),
    "registry-models": ("admin", "/registry/models"),
    "registry-law": ("admin", "/registry/law"),
    "registry-paper": ("auditor", "/registry/2/papers/assessment"),
    "refused": ("worker", "/cockpit"),
}
LOOKS = [(1280, False, False), (360, False, False), (360, True, False), (1280, True, False), (320, True, True)]
"""Width, large type, English: the last is the tightest, for English words are the longer ones."""


@lru_cache(maxsize=1)
def axe_source() -> str:
    from importlib.resources import files

    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "elder", "english"), LOOKS, ids=[f"{w}{'-elder' if e else ''}{'-en' if en else ''}" for w, e, en in LOOKS])
@pytest.mark.parametrize("role", ["", "analyst", "auditor", "admin", "worker"])
def test_pages_of_a_role(role: str, width: int, elder: bool, english: bool, visit: Any) -> None:
    person = visit(width=width, elder=elder, role=role, english=english)
    problems = []
    for name, (needed, path) in PAGES.items():
        if needed != role:
            continue
        page = _open(person, path)
        page.wait_for_timeout(250)
        if person.width_of_page() > width:
            problems.append(f"{name}: {person.width_of_page()} px wide")
        page.evaluate(axe_source())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
        problems += [
            f"{name}: {v['id']} {v['nodes'][0]['target']} {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in {"serious", "critical"}
        ]
        person.shoot(f"{name}-{width}{'-elder' if elder else ''}{'-en' if english else ''}")
    assert problems == []


def _open(person: Any, path: str) -> Any:
    if path == "alert":
        page = person.go("/alerts")
        page.locator("table.alerts th a").first.click()
    elif path == "rule-draft":
        page = person.go("/policy/rules/new")
        page.fill("#region-file", "CN-4403")
        page.fill("#text", GOOD.replace("say: 高校毕业生}", "note: 没有写法条的话}"))
        page.click('button[value="file"]')
    elif path == "report":
        page = person.go("/reports")
        page.locator("tbody a").first.click()
    else:
        page = person.go(path)
    page.wait_for_load_state("load")
    return page
