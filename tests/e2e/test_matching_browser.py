"""The chain of matching in a real browser, over the demo city: a résumé read and confirmed, three explained jobs and a missing skill with its path, a
post and an invitation, the counsellor's two sides; a campaign; a review of a project; and every page of it at two looks."""

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

from tests_support.serving import serving

LOOKS = {"desk": (1280, False, False), "smallest-large-english": (320, True, True)}
"""Width, large type, English: the second is the tightest."""
PAGES = {
    "": ("/jobs?q=禅城 会计 五年 白天 五千以上", "/jobs?q=没有这种工作", "/courses", "/courses?skill=开飞船", "/insight/impact"),
    "seeker": (
        "/my/resume", "/my/profile", "/my/matches", "/my/applications", "/my/searches", "/moves?job=会计&skills=数据标注", "/moves?job=超市收银大姐",
        "/skills-radar",
    ),
    "employer": ("/post", "/vacancies", "/firm/applications"),
    "counsellor": ("/applications", "/thin-vacancies", "/campaigns", "/campaigns/new"),
    "analyst": ("/occupations?title=电焊工&words=骑手", "/occupations/queue", "/occupations/new", "/impact?q=会计", "/impact/reviews"),
    "auditor": ("/fairness/matches",),
}  # fmt: skip
RESUME = ("求职意向：会计", "学历：大专，会计专业", "工作经验：5年", "技能：账务处理、办公软件", "证书：会计证书", "期望薪资：5000-7000元/月")
POST = {
    "title": "会计",
    "place": "禅城区汾水街190号",
    "pay": "6000-8000元/月",
    "headcount": "1",
    "description": "负责账务处理和纳税申报。要求大专以上学历，限女性。",
}
REVIEW = {
    "name": "示例仓储自动化", "firm": "示例物流有限公司", "starts": "2025-10-01", "created": "2060300 12", "created_by": "2026-03-31",
    "displaced": "4010204 5", "displaced_from": "2025-11-01", "displaced_to": "2026-02-01", "retrained": "3",
}  # fmt: skip
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
    """A server over a copy of the demo city, its lists sealed and its demo accounts linked: the small folder of the other tests holds nobody."""
    data = tmp_path_factory.mktemp("matching") / "city"
    shutil.copytree(city_data, data)
    with serving(data, PREPARE.format(data=str(data))) as url:
        yield url


def test_the_whole_chain(visit: Any) -> None:
    seeker, employer, counsellor = visit(role="seeker"), visit(role="employer"), visit(role="counsellor")
    _hand_in_and_confirm(seeker)
    _three_jobs_with_reasons(seeker)
    _show(seeker)
    found = _post_and_invite(employer)
    page = seeker.go("/my/applications")
    assert page.locator("main").get_by_text("会计").count() >= 1, "the seeker whose résumé says so sees the invitation"
    both = _both_sides(counsellor)
    for width, elder, english in LOOKS.values():
        assert _faults(visit(width=width, elder=elder, english=english, role="employer"), found, width) == []
        assert _faults(visit(width=width, elder=elder, english=english, role="counsellor"), both, width) == []


def _hand_in_and_confirm(seeker: Any) -> None:
    page = seeker.go("/my/resume")
    page.set_input_files("#file", {"name": "简历.docx", "mimeType": "application/octet-stream", "buffer": _resume()})
    page.get_by_role("button", name="读一读").click()
    page.wait_for_url(re.compile(r"/my/resume/[0-9a-f-]{36}$"))
    assert re.fullmatch(r"读出 \d+ 项，请您核对", page.locator("h1").inner_text())
    assert page.locator("pre.record mark").count() >= 3, "what was read is marked in the text"
    assert page.locator("#f-target_codes").input_value() == "会计专业人员"
    assert _faults(seeker, page.url.removeprefix(seeker.url), 1280, opened=True) == []
    page.fill("#f-cities", "佛山")
    page.get_by_label("同意用这些内容给我匹配岗位").check()
    page.get_by_role("button", name="核对好了，存").click()
    page.wait_for_url("**/my/profile")
    assert "佛山" in page.locator("main table").first.inner_text()


def _three_jobs_with_reasons(seeker: Any) -> None:
    seeker.page.get_by_role("link", name="看适合我的岗位").click()
    page = seeker.page
    page.wait_for_url("**/my/matches")
    cards = page.locator("ul.cards-list > li.card")
    assert cards.count() == 3
    assert all(cards.nth(n).get_by_role("heading", level=3).count() and cards.nth(n).locator("ul li").count() for n in range(3))
    assert re.search("会计|财务", cards.first.locator("h2").inner_text()), "who wishes to be an accountant sees an accountant's job first"
    assert cards.get_by_role("heading", name="还差一样").count() >= 1
    course = cards.get_by_role("link", name="看课程").first.get_attribute("href")
    receipt = cards.first.get_by_role("link", name="看依据和回执").get_attribute("href")
    assert seeker.page.request.get(seeker.url + receipt + "/receipt").text().startswith("c2sp.org/tlog-proof@v1")
    assert seeker.go(course).locator("h1").count() == 1


def _show(seeker: Any) -> None:
    """Three fields to employers and to counsellors: nobody but the matching reads a word before."""
    page = seeker.go("/my/profile")
    for field in ("skills", "education", "target_codes"):
        page.locator(f"[name=share-{field}-employer]").check()
        page.locator(f"[name=share-{field}-counsellor]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="存下谁能看").click()


def _post_and_invite(employer: Any) -> str:
    page = employer.go("/post")
    for name, words in POST.items():
        page.fill(f"#{name}", words)
    with page.expect_navigation():
        page.get_by_role("button", name="先看看").click()
    assert page.locator("#preview").get_by_text("限女性").first.is_visible(), "unlawful wording is shown"
    page.fill("#description", POST["description"].replace("，限女性", ""))
    page.get_by_role("button", name="发布", exact=True).click()
    page.wait_for_url("**/candidates")
    at = str(page.url.removeprefix(employer.url))
    cards = page.locator("li.card")
    assert cards.count() == page.locator("li.card code").count() >= 1, "each has its receipt"
    told = cards.filter(has_text="您的技能").or_(cards.filter(has_text="账务处理")).or_(cards.filter(has_text="会计核算"))
    assert told.count() >= 1, "who shows their skills to employers is explained by them"
    with page.expect_navigation():
        told.first.get_by_role("button", name="邀请").click()
    assert page.get_by_text("邀请发出了").is_visible()
    return at


def _both_sides(counsellor: Any) -> str:
    page = counsellor.go("/thin-vacancies")
    assert page.locator("h1").count() == 1
    page = counsellor.go("/people/P00000036/matches")  # the demo's seeker: of the first grid of the demo's counsellor
    assert page.get_by_role("heading", name="岗位为什么适合这个人").count() >= 3
    assert page.get_by_role("heading", name="这个人为什么适合岗位").count() >= 3
    assert page.get_by_text("您想做的【会计专业人员】").count() >= 1
    assert page.get_by_text("您期望每月").count() == 0, "only what is shown to counsellors"
    return "/people/P00000036/matches"


def test_a_campaign_is_computed_chosen_signed_and_shown_to_the_desk(visit: Any) -> None:
    analyst, second = visit(role="analyst"), visit(role="analyst2")
    page = analyst.go("/campaigns/new")
    for field, value in {"#name": "秋季招聘会", "#on": "2099-01-15"}.items():
        page.fill(field, value)
    page.select_option("#region", label="南海区")
    for n in range(3):
        page.locator('input[name^="places."]').nth(n).fill("3")
    page.get_by_role("button", name="算一算").click()
    page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}$"))
    path = page.url.removeprefix(analyst.url)
    ways = page.locator(".table-box[aria-labelledby=ways] tbody tr")
    assert ways.count() == 3, "three ways with their price"
    page.select_option("#mode", label="谁也不想换")
    page.fill("#why", "谁也不想换，谈成的差得不多")
    with page.expect_navigation():
        page.get_by_role("button", name="选定").click()
    page = second.go(path)
    with page.expect_navigation():
        page.get_by_role("button", name="签署").click()
    assert page.get_by_text("人的结果已逐人留痕").count() == 1
    small = visit(role="counsellor", width=320, elder=True, english=True)
    assert _faults(small, path, 320) == []
    assert small.page.locator("#invite").count() == 1, "the counsellor asks the people of the own grid"


def test_a_review_is_drafted_by_an_analyst(visit: Any) -> None:
    analyst = visit(role="analyst", scripts=False)
    page = analyst.go("/impact/reviews")
    for field, value in REVIEW.items():
        page.fill(f"#{field}", value)
    if page.locator("input#region").count():
        page.fill("#region", "440604")
    with page.expect_navigation():
        page.get_by_role("button", name="评估并存成草案").click()
    assert "示例仓储自动化" in page.locator("h1").inner_text() and "岗位净变化" in page.locator("h1").inner_text()
    assert page.get_by_text("等另一位分析员来签").count() == 1
    path = page.url.removeprefix(analyst.url)
    assert _faults(visit(role="analyst", width=320, elder=True, english=True), path, 320) == []


@pytest.mark.parametrize(("width", "elder", "english"), LOOKS.values(), ids=LOOKS)
def test_pages_fit_and_speak(visit: Any, width: int, elder: bool, english: bool) -> None:
    found: list[str] = []
    for role, paths in PAGES.items():
        person = visit(width=width, elder=elder, english=english, role=role)
        for path in paths:
            found += _faults(person, path, width)
    assert found == []


def _faults(person: Any, path: str, width: int, *, opened: bool = False) -> list[str]:
    """What is wider than the screen, serious for axe, a heading without a word, not one main heading."""
    page = person.page if opened else person.go(path)
    page.evaluate(_axe_source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    told = [f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in {"serious", "critical"}]
    if (wide := person.width_of_page()) > width:
        told.append(f"{path}: {wide} px wide")
    told += [f"{path}: an empty heading" for words in page.locator("main :is(h1, h2, h3)").all_inner_texts() if not words.strip()]
    return told + ([] if page.locator("main h1").count() == 1 else [f"{path}: not one h1"])


@cache
def _axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def _resume() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    for line in RESUME:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()
