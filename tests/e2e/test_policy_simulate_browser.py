"""What-if in a real browser: an analyst changes a number, sees cost and winners, saves; a second one signs; on a phone, in large type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from leye.policy.read_pack import shipped
from tests_support.policy_people import random_people

ON = date(2025, 8, 31)
PREPARE = (
    "import sys; from pathlib import Path; from leye.office.embedded import prepare; prepare(Path(sys.argv[1]));"
    "from leye.site.build import compile_catalogues; compile_catalogues()"
)
LOOKS = [(1280, False), (360, False), (360, True)]


@pytest.fixture(scope="module")
def site_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own over 3,000 residents of five districts."""
    from tests_support.serving import serve

    data = tmp_path_factory.mktemp("simulate-e2e")
    (data / "city").mkdir(parents=True)
    regions = [f"CN-44060{n}" for n in (4, 5, 6, 7, 8)]
    random_people(shipped(), ON, 3_000, seed=5, nulls=0.05, regions=regions).write_parquet(data / "city" / "people.parquet")
    manifest = {"people": 3000, "seed": 5, "on": ON.isoformat(), "region": "440600", "tables": {}}
    (data / "city" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    env = {**os.environ, "LEYE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "leye.office.settings", "PYTHONPATH": str(Path(__file__).parents[1])}
    env.pop("LEYE_NOW", None)
    subprocess.run([sys.executable, "-c", PREPARE, str(data)], check=True, env=env)
    with serve(env) as url:
        yield url


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def simulated(page: Any, *, level: str) -> None:
    """Lower the amount of level three and simulate."""
    page.fill('[name="p.level3_fen"]', level)
    page.fill('[name="p.ui_months_min"]', "6")
    page.fill("#name", f"三级{level}元")
    page.get_by_role("button", name="算一算").click()
    page.wait_for_load_state("load")


def test_change_a_number_see_cost_and_winners_save_and_a_second_analyst_signs(visit: Any) -> None:
    """Every step works without scripts."""
    analyst = visit(width=1280, role="analyst", scripts=False)
    page = analyst.go("/simulate?policy=skill_up&region=CN")
    assert "改“技能提升补贴”会怎样" in page.locator("h1").inner_text()
    simulated(page, level="1500")
    finding = page.locator("h1").inner_text()
    assert "人得益" in finding and "人受损" in finding
    assert "九成把握" in page.locator("main").inner_text()
    assert page.locator("figure.chart svg").count() == 1
    analyst.shoot("simulate-result-1280")
    page.get_by_role("button", name="存成草案").click()
    page.wait_for_load_state("load")
    address = page.url
    assert "等另一位分析员来签" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="签署这个草案").count() == 0
    second = visit(width=360, role="analyst2", scripts=False)
    page = second.go(address.removeprefix(second.url))
    assert finding in page.locator("h1").inner_text()
    page.get_by_role("button", name="签署这个草案").click()
    page.wait_for_load_state("load")
    assert "已签署" in page.locator("main").inner_text() and "留痕第" in page.locator("main").inner_text()
    assert second.width_of_page() <= 360
    second.shoot("simulate-signed-360")
    assert analyst.errors == second.errors == []


def test_a_cap_is_named_and_what_was_typed_stays(visit: Any) -> None:
    analyst = visit(width=1280, role="analyst")
    page = analyst.go("/simulate?policy=skill_up&region=CN")
    simulated(page, level="3000")
    assert "高于上限" in page.get_by_role("alert").inner_text()
    assert page.input_value('[name="p.level3_fen"]') == "3000"
    page.fill("#beyond_cap", "上位法放宽")
    page.get_by_role("button", name="算一算").click()
    page.wait_for_load_state("load")
    assert "人得益" in page.locator("h1").inner_text()
    analyst.errors.clear()  # the browser's own line about the refusal


@pytest.mark.parametrize(("width", "elder"), LOOKS, ids=["desk", "phone", "phone-elder"])
def test_pages_fit_and_read_well(width: int, elder: bool, visit: Any) -> None:
    analyst, problems = visit(width=width, elder=elder, role="analyst"), []
    tag = f"{width}{'-elder' if elder else ''}"
    page = analyst.go("/simulate?policy=skill_up&region=CN")
    problems += checked(analyst, page, f"form-{tag}", width)
    simulated(page, level="1200")
    problems += checked(analyst, page, f"figures-{tag}", width)
    page.get_by_role("button", name="存成草案").click()
    page.wait_for_load_state("load")
    one = page.url[-36:]
    problems += checked(analyst, page, f"one-{tag}", width)
    page = analyst.go("/simulate?policy=skill_up&region=CN")
    simulated(page, level="1000")
    page.get_by_role("button", name="存成草案").click()
    page.wait_for_load_state("load")
    page = analyst.go(f"/simulate/compare?id={one}&id={page.url[-36:]}")
    problems += checked(analyst, page, f"compare-{tag}", width)
    page = analyst.go("/simulate")
    problems += checked(analyst, page, f"list-{tag}", width)
    assert problems == []
    assert analyst.errors == []


def checked(person: Any, page: Any, name: str, width: int) -> list[str]:
    found = [f"{name}: {person.width_of_page()} px wide"] if person.width_of_page() > width else []
    page.evaluate(axe_source())
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    person.shoot(f"simulate-{name}")
    return found + [f"{name}: {v['id']} {v['nodes'][0]['html'][:140]}" for v in violations if v["impact"] in {"serious", "critical"}]
