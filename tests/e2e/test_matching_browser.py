"""The chain of matching in a real browser: a résumé read and confirmed, three explained jobs, a post, an invitation, the counsellor's two sides."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from conftest import serving

LOOKS = [(1280, False, False), (360, False, False), (320, True, True)]
"""Width, large type, English."""
RESUME = (
    "求职意向：会计",
    "学历：大专，会计专业",
    "工作经验：5年",
    "技能：账务处理、纳税申报、财务软件、办公软件",
    "证书：初级会计证",
    "期望薪资：5000-7000元/月",
)
POST = {
    "title": "会计",
    "place": "禅城区汾水街190号",
    "pay": "6000-8000元/月",
    "headcount": "1",
    "description": "负责账务处理和纳税申报。要求大专以上学历，三年以上财务经验，限女性。",
}
PREPARE = (
    "from datetime import date; from pathlib import Path;"
    "from leye.office.embedded import prepare; d = Path({data!r}); prepare(d);"
    "from leye.lake import open_lake; lake = open_lake(d); run = lake.published().run_id;"
    "from leye.office.nightly.demo_platform import link_demo_accounts; from leye.office.matches.sealing import seal_matches;"
    "link_demo_accounts(d, date.fromisoformat(lake.manifest(run)['on'])); seal_matches(lake, run);"
    "from leye.site.build import compile_catalogues; compile_catalogues()"
)


@pytest.fixture(scope="module")
def site_url(city_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the demo city, its lists sealed and its demo accounts linked."""
    data = tmp_path_factory.mktemp("matching") / "city"
    shutil.copytree(city_data, data)
    with serving(data, PREPARE.format(data=str(data))) as url:
        yield url


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def serious(page: Any) -> list[str]:
    page.evaluate(axe_source())
    found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"] if v["impact"] in ("serious", "critical")]


def resume() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    for line in RESUME:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def fits(visit: Any, places: list[tuple[str, str]]) -> None:
    """Each (role, path) at each look: no wider than the screen, nothing serious of axe."""
    for width, elder, english in LOOKS:
        readers: dict[str, Any] = {}
        for role, path in places:
            reader = readers.setdefault(role, visit(width=width, elder=elder, english=english, role=role) if role not in readers else None)
            page = reader.go(path)
            assert reader.width_of_page() <= width, (path, width, reader.width_of_page())
            assert serious(page) == [], (path, width)


def test_the_whole_chain(visit: Any) -> None:
    seeker, employer, counsellor = visit(role="seeker"), visit(role="employer"), visit(role="counsellor")

    page = seeker.go("/my/resume")
    page.set_input_files("#file", {"name": "简历.docx", "mimeType": "application/octet-stream", "buffer": resume()})
    page.get_by_role("button", name="读一读").click()
    page.wait_for_url(re.compile(r"/my/resume/[0-9a-f-]{36}$"))
    assert re.fullmatch(r"读出 \d+ 项，请您核对", page.locator("h1").inner_text())
    assert page.locator("pre.record mark").count() >= 3, "what was read is marked in the text"
    read_at = page.url.removeprefix(seeker.url)
    page.fill("#f-cities", "佛山")
    page.get_by_label("同意用这些内容给我匹配岗位").check()
    page.get_by_role("button", name="核对好了，存").click()
    page.wait_for_url("**/my/profile")
    assert "佛山" in page.locator("main table").first.inner_text()

    page = seeker.go("/my/matches")
    assert page.get_by_text("今晚重算").is_visible(), "when the new list comes is said"
    cards = page.locator("ul.cards-list > li.card")
    assert cards.count() == 3
    assert all(cards.nth(n).get_by_role("heading", level=3).count() and cards.nth(n).locator("ul li").count() for n in range(3))
    assert cards.get_by_role("heading", name="还差一样").count() >= 1
    course = cards.get_by_role("link", name="看课程").first.get_attribute("href")
    receipt = cards.first.get_by_role("link", name="看依据和回执").get_attribute("href")
    assert seeker.page.request.get(seeker.url + receipt + "/receipt").ok
    page = seeker.go(course)
    assert page.locator("h1").count() == 1

    page = employer.go("/post")
    for name, words in POST.items():
        page.fill(f"#{name}", words)
    page.get_by_role("button", name="先看看").click()
    page.wait_for_load_state("load")
    assert page.locator("#preview").get_by_text("限女性").first.is_visible(), "unlawful wording is shown"
    page.fill("#description", POST["description"].replace("，限女性", ""))
    page.get_by_role("button", name="发布", exact=True).click()
    page.wait_for_url("**/candidates")
    candidates_at = page.url.removeprefix(employer.url)
    assert page.locator("li.card").first.locator("ul li").count() >= 1, "each candidate is explained"
    assert page.locator("li.card").count() == page.locator("li.card code").count(), "each has its receipt"
    page.get_by_role("button", name="邀请候选人 1", exact=True).click()
    page.wait_for_load_state("load")
    assert page.get_by_text("邀请发出了").is_visible()

    page = seeker.go("/my/applications")
    assert page.locator("main").get_by_text("会计").count() >= 1, "the best candidate is whose résumé says so, and sees the invitation"

    person = counsellor.go("/thin-vacancies").locator("h1").count()
    assert person == 1

    fits(visit, [("seeker", read_at), ("seeker", "/my/matches"), ("seeker", "/my/profile"), ("", "/jobs?q=禅城 会计 五年 白天 五千以上"),
                 ("employer", "/post"), ("employer", candidates_at), ("counsellor", "/thin-vacancies")])  # fmt: skip
