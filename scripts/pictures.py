"""Takes the README's pictures from a running server, so that they are of this build.

    .venv/bin/leye up --json > /tmp/leye.json &
    .venv/bin/python scripts/pictures.py /tmp/leye.json docs/images [--real]

Needs Debian's Chromium. The first line of the file is what `leye up --json` printed. With `--real` only the pages of a panel of one's own are taken.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

SHOTS = [
    ("analyst", "/cockpit", "cockpit.png", 1280, False),
    ("analyst", "/alerts", "alerts.png", 1280, False),
    ("analyst", "/series/" + quote("postings/440600/H/all/all", safe=""), "series.png", 1280, False),
    ("admin", "/data", "data.png", 1280, False),
    ("counsellor", "/alerts", "alerts-phone-elder.png", 390, True),
    ("counsellor", "/today", "today.png", 1280, False),
    ("seeker", "/my/policies", "my-policies.png", 390, False),
    ("analyst", "/simulate?policy=ss_quarter&region=CN > #rule .button", "simulate.png", 1280, False),
    ("worker", "/my/decisions > tbody a", "my-decision.png", 1280, False),
    ("auditor", "/fairness > tbody a", "fairness.png", 1280, False),
    ("analyst", "/reports > tbody a", "bulletin.png", 1280, False),
    ("analyst", "/cube", "cube.png", 1280, False),
    ("analyst", "/forecasts/record", "record.png", 1280, False),
    ("seeker", "/jobs?q=" + quote("会计 五年 想做白天 五千以上"), "jobs.png", 1280, False),
    ("seeker", "/my/matches", "matches.png", 1280, False),
    ("seeker", "/moves?job=" + quote("会计"), "moves.png", 1280, False),
    ("analyst", "/impact", "impact.png", 1280, False),
]
"""Role, address (what stands after `>` is clicked there first), file, width, large type. The auditor's report has to be made before (`/fairness`),
and the seeker's résumé of an accountant handed in and confirmed (`/my/resume`)."""


FILLED = {"simulate.png": [("#p-share_pct", "15")]}
"""What is typed on a page before the click."""

REAL = [("analyst", "/cockpit", "real-cockpit.png", 1280, False), ("analyst", "/series/Total", "real-series.png", 1280, False)]


def main() -> None:
    """Log in once per role and save each page's first screen and a half."""
    up = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()[0])
    out = Path(sys.argv[2])
    shots = REAL if "--real" in sys.argv else SHOTS
    logins = {login["role"]: login for login in up["logins"]}
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"])
        for role, path, name, width, elder in shots:
            context = browser.new_context(viewport={"width": width, "height": 860 if width > 600 else 844}, locale="zh-CN")
            page = context.new_page()
            _log_in(page, up["url"], logins[role])
            if elder:
                context.add_cookies([{"name": "leye_elder", "value": "1", "url": up["url"]}])
            address, _, follow = path.partition(" > ")
            page.goto(up["url"] + address)
            for field, value in FILLED.get(name, ()):
                page.fill(field, value)
            if follow:
                page.click(f"main {follow} >> nth=0")
                page.wait_for_load_state()
            page.wait_for_timeout(1200)
            page.screenshot(path=out / name, clip={"x": 0, "y": 0, "width": width, "height": 1500 if width > 600 else 1300}, full_page=True)
            print(out / name)
            context.close()
        browser.close()


def _log_in(page: Page, url: str, login: dict[str, str]) -> None:
    page.goto(url + "/login")
    page.fill("input[name=username]", login["username"])
    page.fill("input[name=password]", login["password"])
    page.click("main button[type=submit], main form button")
    page.wait_for_load_state()


if __name__ == "__main__":
    main()
