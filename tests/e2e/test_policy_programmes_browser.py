"""Programme places in a real browser: an analyst reads a plan, a second one signs, on a desk, on a phone, in large type; all without scripts."""

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

import polars as pl
import pytest

from leye.policy.read_pack import shipped
from tests_support.policy_people import random_people
from tests_support.programmes import TEXT, history

ON = date(2025, 8, 31)
PREPARE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from leye.office.embedded import prepare
data = Path(sys.argv[1])
prepare(data)
from leye.office.accounts.models import User
from leye.office.programmes.actions import keep
from leye.office.programmes.asked import Asked
from leye.office.programmes.computing import compute
from leye.site.build import compile_catalogues
compile_catalogues()
asked = Asked(Path(sys.argv[2]).read_text(encoding="utf-8"), {"employment_fund": 6_000_000}, {"disabled": "5%", "women": "eligible"}, 1, "秋季培训")
print(keep(compute(asked), acting_user=User.objects.get(username="analyst"), at=datetime.now(UTC)).pk)
"""
LOOKS = [(1280, False), (360, False), (320, True)]


@pytest.fixture(scope="module")
def plan_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder, and in `plan.txt` the id of a computed plan."""
    data = tmp_path_factory.mktemp("programmes-e2e")
    (data / "city").mkdir(parents=True)
    people = random_people(shipped(), ON, 3_000, seed=5, nulls=0.05, regions=["CN-440605", "CN-440606"])
    people.write_parquet(data / "city" / "people.parquet")
    history(people.with_columns(pl.col("graduate").cast(pl.Boolean)), ON).write_parquet(data / "city" / "programmes.parquet")
    manifest = {"people": 3000, "seed": 5, "on": ON.isoformat(), "region": "440600", "tables": {}}
    (data / "city" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (data / "programmes.yaml").write_text(TEXT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PREPARE, str(data), str(data / "programmes.yaml")], check=True, env=environment(data), capture_output=True, text=True
    )
    (data / "plan.txt").write_text(done.stdout.split()[-1], encoding="utf-8")
    return data


def environment(data: Path) -> dict[str, str]:
    env = {**os.environ, "LEYE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "leye.office.settings", "PYTHONPATH": str(Path(__file__).parents[1])}
    env.pop("LEYE_NOW", None)
    return env


@pytest.fixture(scope="module")
def site_url(plan_path: Path) -> Iterator[str]:
    """A server of its own over that folder."""
    from tests_support.serving import serve

    with serve(environment(plan_path)) as url:
        yield url


@pytest.fixture
def plan(plan_path: Path) -> str:
    """The address of the plan."""
    return f"/policy/optimise/{(plan_path / 'plan.txt').read_text(encoding='utf-8')}"


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "elder"), LOOKS, ids=["desk", "phone", "phone-elder"])
def test_pages_fit_and_read_well(width: int, elder: bool, visit: Any, plan: str) -> None:
    analyst, problems = visit(width=width, elder=elder, role="analyst"), []
    for name, address in (("list", "/policy/optimise"), ("plan", plan)):
        page = analyst.go(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if analyst.width_of_page() > width:
            problems.append(f"{name}: {analyst.width_of_page()} px wide")
        page.evaluate(axe_source())
        violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
        problems += [f"{name}: {v['id']} {v['nodes'][0]['html'][:140]}" for v in violations if v["impact"] in {"serious", "critical"}]
        analyst.shoot(f"programmes-{name}-{width}{'-elder' if elder else ''}")
    assert problems == []
    assert analyst.errors == []


def test_who_computed_a_plan_waits_and_a_second_analyst_signs(visit: Any, plan: str) -> None:
    """Every step works without scripts."""
    analyst = visit(width=1280, role="analyst", scripts=False)
    page = analyst.go(plan)
    finding = page.locator("h1").inner_text()
    assert "预计多就业" in finding and "等另一位分析员来签" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="签署这个安排").count() == 0
    second = visit(width=360, role="analyst2", scripts=False)
    page = second.go(plan)
    assert page.locator("h1").inner_text() == finding
    page.get_by_role("button", name="签署这个安排").click()
    page.wait_for_load_state("load")
    assert "已签署" in page.locator("main").inner_text() and "正在逐人留痕" in page.locator("main").inner_text()
    assert second.width_of_page() <= 360


def test_a_form_without_a_budget_is_answered_in_place(visit: Any) -> None:
    analyst = visit(width=1280, role="analyst", scripts=False)
    page = analyst.go("/policy/optimise")
    page.fill("#name", "没有钱")
    page.get_by_role("button", name="算一算").click()
    page.wait_for_load_state("load")
    assert "没有填预算" in page.get_by_role("alert").inner_text() and page.input_value("#name") == "没有钱"
    page.fill("#budget-employment_fund", "30000")
    page.get_by_role("button", name="算一算").click()
    page.wait_for_load_state("load")
    assert "排队中" in page.locator("h1").inner_text() or "正在算" in page.locator("h1").inner_text()
    analyst.errors.clear()  # the browser's own line about the refusal
