"""A real server over the fixture snapshot, and a real Chromium in front of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import published_fixture
from tests_support.fairness import write_tables
from tests_support.serving import serving

SHOTS = Path(__file__).parent / "shots"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PASSWORD = "leye-demo-2025"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def site_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, in a process of its own, with demo accounts and the alerts taken up."""
    data = tmp_path_factory.mktemp("e2e")
    published = published_fixture.write_city(data)
    write_tables(data)
    prepare = (
        "from leye.office.embedded import prepare; from pathlib import Path; from datetime import datetime, UTC;"
        f"d = Path({str(data)!r}); prepare(d);"
        "from leye.office.alerts.take_up import take_up_alerts; from leye.lake import open_lake;"
        f"take_up_alerts(open_lake(d), {published.run_id!r}, at=datetime.now(UTC));"
        "from leye.office.fairness.actions import make_report; from leye.office.accounts.models import User; from leye.kernel.period import Quarter;"
        "make_report(Quarter(2025, 3), acting_user=User.objects.get(username='auditor'), at=datetime.now(UTC));"
        "from tests_support.decisions import offer_to_the_demo_worker, refer_to_people; offer_to_the_demo_worker(8); refer_to_people(4);"
        "from leye.site.build import compile_catalogues; compile_catalogues()"
    )
    with serving(data, prepare) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; without it these tests are skipped, and say so.

    One a module: while Playwright runs, this thread has an event loop, and Django's synchronous tests in the same process would be refused.
    """
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """One person's browser. `errors` is what the console complained of; it must stay empty."""

    page: Any
    url: str
    errors: list[str]

    def go(self, path: str) -> Any:
        """Open a path and wait until the charts stand."""
        self.page.goto(self.url + path)
        self.page.wait_for_load_state("load")
        return self.page

    def sign_in(self, role: str) -> None:
        """By the form, as people do."""
        self.go("/login")
        self.page.fill("#username", role)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/login" not in address)

    def width_of_page(self) -> int:
        """How wide the content wants to be."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def shoot(self, name: str) -> None:
        """A picture for people to look at."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def visit(browser: Any, site_url: str) -> Iterator[Callable[..., Visit]]:
    """`visit(width=360, elder=True, role="analyst")`."""
    opened, made = [], []

    def make(*, width: int = 1280, elder: bool = False, role: str = "", scripts: bool = True, english: bool = False) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=scripts)
        context.set_default_timeout(90_000)  # a machine with other work on it needs longer; only a failure waits so long
        opened.append(context)
        if elder:
            context.add_cookies([{"name": "leye_elder", "value": "1", "url": site_url}])
        if english:
            context.add_cookies([{"name": "leye_lang", "value": "en", "url": site_url}])
        page = context.new_page()
        visit = Visit(page, site_url, [])
        page.on("console", lambda m: visit.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: visit.errors.append(str(e)))
        if role:
            visit.sign_in(role)
        made.append(visit)
        return visit

    yield make
    complaints = [e for v in made for e in v.errors if "status of 40" not in e]
    for context in opened:
        context.close()
    assert complaints == []
