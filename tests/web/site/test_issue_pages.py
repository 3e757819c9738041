"""Bulletins on their pages: made by one, published by another, every number linked, Word and CSV, the same words in English."""

from __future__ import annotations

import io
import re
from typing import Any

from leye.office.reports.models import Issue, State
from leye.office.reports.pen import NUMERAL

PARTS = ["part-finding", "part-evidence", "part-uncertainty", "part-action"]


def made(client: Any, kind: str = "weekly") -> Issue:
    answer = client.post("/reports/issues/make", {"kind": kind})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Issue.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def test_the_list_is_empty_until_one_is_made(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    assert "还没有出过" in client.get("/reports").content.decode()
    issue = made(client)
    page = soup(client.get("/reports"))
    assert page.find("a", href=f"/reports/issues/{issue.pk}").text == "就业监测周报第 1 期"
    assert "草案" in page.text and "2025年8月25日" in page.text


def test_every_section_has_its_four_parts(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    for kind, least in (("weekly", 11), ("quarterly", 15)):
        sections = soup(client.get(f"/reports/issues/{made(client, kind).pk}")).select("article.report-page section")
        assert len(sections) == least
        for section in sections:
            labels = section.select("h3.part")
            assert [h["class"][1] for h in labels] == PARTS, section.h2.text
            for h in labels:
                following = h.find_next_sibling()
                assert following is not None and following.name != "h3" and following.get_text(strip=True), (section.h2.text, h.text)


def test_no_numeral_stands_without_its_link(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    for kind in ("weekly", "quarterly"):
        page = soup(client.get(f"/reports/issues/{made(client, kind).pk}"))
        assert unlinked(page.select_one("article.report-page")) == []


def unlinked(article: Any) -> list[str]:
    """Texts with a numeral after all numbers and pictures are taken out."""
    for gone in article.select("a[data-number], svg"):
        gone.decompose()
    return [text for text in article.stripped_strings if NUMERAL.search(text)]


def test_the_search_for_numerals_finds_what_it_should(soup: Any) -> None:
    from bs4 import BeautifulSoup

    def of(html: str) -> list[str]:
        return unlinked(BeautifulSoup(f"<article>{html}</article>", "html.parser").article)

    assert of("<p>少了<a data-number='n1'>45%</a>。</p>") == []
    assert of("<p>少了45%。</p><p>约七成</p><p>２０人</p><p>第三季度</p>") == ["少了45%。", "约七成", "２０人", "第三季度"]
    assert of("<p>一致、统一、唯一，第一次，同一个</p>") == []


def test_every_link_leads_to_a_page(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    page = soup(client.get(f"/reports/issues/{made(client, 'quarterly').pk}"))
    links = {a["href"].split("#")[0] for a in page.select("article a")}
    assert len(links) > 15
    for link in links:
        assert client.get(link).status_code == 200, link


def test_an_auditor_is_led_to_the_table_of_numbers(city: Any, signed_in: Any, soup: Any) -> None:
    issue = made(signed_in("analyst"))
    client = signed_in("auditor")
    article = soup(client.get(f"/reports/issues/{issue.pk}")).select_one("article.report-page")
    first = article.select_one("section a[data-number]")
    place, _, anchor = first["href"].partition("#")
    row = soup(client.get(place)).find("tr", id=anchor)
    assert row is not None and row.td.a.text == first.text
    assert client.post(f"/reports/issues/{issue.pk}/publish").status_code == 403


def test_another_person_publishes_and_nobody_their_own(city: Any, signed_in: Any, user_of: Any) -> None:
    from django.test import Client

    client = signed_in("analyst")
    issue = made(client)
    own = client.post(f"/reports/issues/{issue.pk}/publish")
    assert own.status_code == 403 and "自己生成的报告不能自己发布" in own.content.decode()
    other = Client()
    other.force_login(user_of("analyst", "second"))
    assert "发布这一期" in other.get(f"/reports/issues/{issue.pk}").content.decode()
    assert other.post(f"/reports/issues/{issue.pk}/publish").status_code == 302
    issue.refresh_from_db()
    assert issue.state == State.PUBLISHED and issue.leaf_index is not None
    again = client.post("/reports/issues/make", {"kind": "weekly"})
    assert again.status_code == 409 and "这一期已经发布" in again.content.decode()
    short = client.post(f"/reports/issues/{issue.pk}/withdraw", {"reason": "错"})
    assert short.status_code == 400 and "至少写 4 个字" in short.content.decode()
    assert client.post(f"/reports/issues/{issue.pk}/withdraw", {"reason": "数据更正"}).status_code == 302
    assert made(client).number == 2, "the number of a withdrawn issue is not used again"


def test_a_draft_is_written_anew_under_its_number(city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    first, second = made(client), made(client)
    assert (first.pk, first.number) == (second.pk, second.number) and Issue.objects.count() == 1


def test_an_unknown_kind_is_refused_on_the_page(city: Any, signed_in: Any) -> None:
    answer = signed_in("analyst").post("/reports/issues/make", {"kind": "yearly"})
    assert answer.status_code == 400 and "没有“yearly”这种报告" in answer.content.decode()


def test_word_has_the_same_numbers_each_with_its_link(city: Any, signed_in: Any) -> None:
    from docx import Document
    from docx.oxml.ns import qn

    client = signed_in("analyst")
    issue = made(client)
    document = Document(io.BytesIO(client.get(f"/reports/issues/{issue.pk}.docx").content))
    body = document.element.body
    told = {link.get(qn("w:tooltip")).split()[0]: "".join(t.text for t in link.iter(qn("w:t"))) for link in linked(body, qn)}
    lines = client.get(f"/reports/issues/{issue.pk}/numbers.csv").content.decode("utf-8-sig").splitlines()
    assert len(told) == len(lines) - 1 > 150
    for link in linked(body, qn):
        address = document.part.rels[link.get(qn("r:id"))].target_ref
        assert address.startswith("http://testserver/")
        link.getparent().remove(link)
    left = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    assert [t for t in left if NUMERAL.search(t)] == []


def linked(body: Any, qn: Any) -> list[Any]:
    return [link for link in list(body.iter(qn("w:hyperlink"))) if link.get(qn("w:tooltip"))]


def test_in_english_the_text_is_english_and_the_numbers_are_the_same(city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst")
    issue = made(client)
    zh = soup(client.get(f"/reports/issues/{issue.pk}")).select("article a[data-number]")
    client.post("/preferences", {"language": "en", "next": "/"})
    page = soup(client.get(f"/reports/issues/{issue.pk}"))
    article = page.select_one("article.report-page")
    assert article.h1.text == "Weekly Employment Bulletin"
    en = article.select("a[data-number]")
    assert sorted(a["href"] for a in en) == sorted(a["href"] for a in zh)
    assert unlinked(article) == []
    left = re.findall("[\u4e00-\u9fff]+", " ".join(article.stripped_strings))
    assert set(left) <= {"禅城区", "南海区", "示例市", "制造业", "批发和零售业", "住宿和餐饮业"}, "names of places and trades are Chinese only"


def test_the_numbers_as_csv_and_the_issues_as_csv(city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    issue = made(client)
    lines = client.get(f"/reports/issues/{issue.pk}/numbers.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "number,section,text,value,form,unit,run_id,source,page"
    assert any("lamps" in line and city.run_id in line for line in lines)
    listed = client.get("/reports.csv").content.decode("utf-8-sig").splitlines()
    assert len(listed) == 2 and f"{issue.pk},weekly,1,2025-08-25,2025-08-31,draft,{city.run_id}" in listed[1]


def test_the_same_over_http(city: Any, signed_in: Any, user_of: Any) -> None:
    from django.test import Client

    client = signed_in("analyst")
    made_over_http = client.post("/api/reports/issues", {"kind": "quarterly"}, content_type="application/json").json()
    assert (made_over_http["kind"], made_over_http["starts"], made_over_http["state"]) == ("quarterly", "2025-04-01", "draft")
    assert client.post("/api/reports/issues", {"kind": "yearly"}, content_type="application/json").status_code == 422
    address = f"/api/reports/issues/{made_over_http['id']}"
    assert client.get("/api/reports/issues?kind=weekly").json()["total"] == 0
    assert client.get("/api/reports/issues?kind=nix").status_code == 400
    report, numbers = client.get(address + "?lang=en").json()["report"], client.get(address + "/numbers").json()
    assert report["title"] == "Quarterly Employment Report" and numbers[0]["number"] == "n1" and "issue[" in numbers[0]["source"]
    own = client.post(address + "/publish", {}, content_type="application/json")
    assert own.status_code == 403 and own.json()["code"] == "E_OWN_DRAFT"
    other = Client()
    other.force_login(user_of("analyst", "second"))
    assert other.post(address + "/publish", {}, content_type="application/json").json()["state"] == "published"
    gone = client.post(address + "/withdraw", {"reason": "口径更正"}, content_type="application/json").json()
    assert (gone["state"], gone["reason"]) == ("withdrawn", "口径更正")


def test_the_nightly_drafts_on_its_weekday_and_leaves_peoples_drafts_alone(city: Any, signed_in: Any, settings: Any) -> None:
    from leye.office.nightly.telling import draft_bulletin
    from published_fixture import AT, today

    settings.BULLETIN_WEEKDAY = 1
    draft_bulletin(settings.LEYE_DATA, today(), AT)
    assert not Issue.objects.exists(), "the city's today is a Sunday"
    settings.BULLETIN_WEEKDAY = 7
    draft_bulletin(settings.LEYE_DATA, today(), AT)
    assert Issue.objects.get().made_by is None
    draft_bulletin(settings.LEYE_DATA, today(), AT)
    mine = made(signed_in("analyst"))
    draft_bulletin(settings.LEYE_DATA, today(), AT)
    issue = Issue.objects.get()
    assert issue.pk == mine.pk and issue.made_by_id is not None and issue.number == 1
