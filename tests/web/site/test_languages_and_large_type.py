"""One page in two languages and two type sizes: nothing Chinese on an English page but data, nothing English on a Chinese one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from leye.site.addresses import series_url
from leye.site.catalogue import extracted, translations
from published_fixture import H_ID, ROOT_ID

HAN = re.compile(r"[\u4e00-\u9fff]")
PAGES = [
    "/", "/help", "/accessibility", "/privacy", "/cockpit", "/alerts", "/series", series_url(H_ID), series_url(ROOT_ID), "/plans",
    "/plans/hotel_catering", "/data", "/reports", "/nowhere",
]  # fmt: skip
DATA = (
    "code, svg, option, .who, [lang=zh-Hans], section[aria-labelledby=quarantine] li, section[aria-labelledby=warnings] li, "
    "section[aria-labelledby=runs]"
)  # texts of files and of the policy reserve are kept as found


def test_every_message_is_translated_and_none_is_left_over() -> None:
    asked, there = set(extracted()), translations()
    assert asked - set(there) == set()
    assert set(there) - asked == set(), "nobody asks for these any more"
    assert [k for k, v in there.items() if not v or HAN.search(v)] == []


def test_translations_keep_the_figures_of_the_message() -> None:
    for message, text in translations().items():
        if message == "这个月有 %(n)s 件变化要看":
            continue  # its singular says "one"
        assert "%" not in re.sub(r"%\(\w+\)s", "", text), "templates read a bare percent sign as a format"
        assert set(re.findall(r"%\((\w+)\)s", message)) == set(re.findall(r"%\((\w+)\)s", text)), message


@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_has_no_chinese_but_data(address: str, city: Any, signed_in: Any, soup: Any) -> None:
    client = signed_in("analyst", shown="Lin")
    client.cookies["leye_lang"] = "en"
    answer = client.get(address)
    assert answer["Content-Language"] == "en"
    page = soup(answer)
    assert page.html["lang"] == "en"
    for data in page.select(DATA):
        data.decompose()
    left = [line.strip() for line in page.body.text.splitlines() if HAN.search(line)]
    assert left == []


ENGLISH_WORDS = re.compile(r"[A-Za-z]{3,}")
KNOWN = {"Theta", "CSV", "CSV：", "Word", "PDF", "English", "Chromium", "Ctrl", "Tab", "WCAG", "leye", "run", "nightly"}


@pytest.mark.parametrize("address", PAGES)
def test_a_chinese_page_has_no_stray_english(address: str, city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst", shown="林").get(address))
    assert page.html["lang"] == "zh-Hans"
    for data in page.select("code, svg, option, [lang=en]"):
        data.decompose()
    text = re.sub(r"E_[A-Z_]+|W_[A-Z_]+|hr_\w+|hotel_catering|\.(csv|xlsx)|\d{8}T\d{6}-\w{8}", "", page.body.text)
    assert set(ENGLISH_WORDS.findall(text)) - KNOWN == set()


def test_switching_keeps_the_page_and_survives_login_and_logout(city: Any, client: Any, user_of: Any) -> None:
    answer = client.post("/preferences", {"language": "en", "next": "/help"})
    assert answer["Location"] == "/help"
    client.post("/preferences", {"elder": "1", "next": "https://evil.example/"})
    assert client.get("/help").content.decode().count("data-elder") == 1
    client.force_login(user_of("analyst"))
    assert "data-elder" in client.get("/cockpit").content.decode()
    client.post("/logout")
    page = client.get("/").content.decode()
    assert 'lang="en"' in page and "data-elder" in page
    client.post("/preferences", {"elder": "0", "next": "/"})
    assert "data-elder" not in client.get("/").content.decode()


def test_preferences_lead_nowhere_outside(client: Any, db: None) -> None:
    assert client.post("/preferences", {"elder": "1", "next": "https://evil.example/"})["Location"] == "/"
    assert client.post("/preferences", {"language": "xx", "next": "//evil.example"})["Location"] == "/"
    assert client.get("/preferences").status_code == 405


def test_large_type_draws_its_own_charts(city: Any, signed_in: Any) -> None:
    client = signed_in("analyst")
    normal = client.get("/cockpit").content.decode()
    client.cookies["leye_elder"] = "1"
    large = client.get("/cockpit").content.decode()
    assert 'font-size="14px"' in normal and 'font-size="20px"' in large and 'font-size="14px"' not in large


@pytest.mark.parametrize("address", PAGES)
def test_pages_hold_nothing_inline(address: str, city: Any, signed_in: Any, soup: Any) -> None:
    answer = signed_in("analyst").get(address)
    page = soup(answer)
    assert [s for s in page.select("script") if not s.get("src")] == []
    assert page.select("style, [style], [onclick], [onload]") == []
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert len(page.select("h1")) == 1


@pytest.mark.parametrize("address", PAGES)
def test_every_field_has_a_label_and_ids_are_unique(address: str, city: Any, signed_in: Any, soup: Any) -> None:
    page = soup(signed_in("analyst").get(address))
    ids = [e["id"] for e in page.select("body [id]") if not e.find_parent("svg")]
    assert len(ids) == len(set(ids))
    for field in page.select("main select, main textarea, main input:not([type=hidden])"):
        assert page.select_one(f'label[for="{field["id"]}"]') is not None, field
