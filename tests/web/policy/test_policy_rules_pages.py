"""The pages of rule packs: what they show equals the packs, a bureau's rule goes all the way without a program, refusals keep what was typed."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from leye.office.rules import active_packs
from leye.office.rules.models import RuleDraft, State
from leye.policy import shipped
from tests_support.own_rules import GOOD, REGION

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    return signed_in("analyst")


@pytest.fixture
def auditor(signed_in: Callable[..., Client]) -> Client:
    return signed_in("auditor")


def soup(answer: Any, status: int = 200) -> BeautifulSoup:
    assert answer.status_code == status, answer.content[-2000:].decode()
    return BeautifulSoup(answer.content, "html.parser")


def words(answer: Any, status: int = 200) -> str:
    return soup(answer, status).get_text(" ", strip=True)


def handed_in(client: Client, text: str = GOOD, region: str = REGION) -> str:
    """Address of a draft made from a pasted file."""
    answer = client.post(reverse("rule-new"), {"press": "file", "text": text, "region": region})
    assert answer.status_code == 302, words(answer, answer.status_code)
    return str(answer["Location"])


def test_the_list_counts_what_the_packs_hold(analyst: Client) -> None:
    page = soup(analyst.get(reverse("rules")))
    heading = page.h1
    assert heading is not None and "36 项政策" in heading.text
    links = {a["href"] for a in page.select("table a")}
    assert {reverse("rule", args=[p]) for p in shipped().policies} <= links
    assert "还没有" in page.get_text() or "这里还没有" in page.get_text()
    rows = list(csv.DictReader(io.StringIO(analyst.get(reverse("rules-csv")).content.decode("utf-8-sig"))))
    assert [r["policy"] for r in rows] == list(shipped().policies)
    assert all(int(r["cases"]) >= 3 for r in rows)


@pytest.mark.parametrize("policy", ["skill_up", "ui_older_pension", "gig_injury", "min_wage", "statutory_retirement"])
def test_a_policy_shows_every_sentence_number_and_case(policy: str, analyst: Client) -> None:
    from leye.policy.pack import leaves

    text = words(analyst.get(reverse("rule", args=[policy])))
    known = shipped().policies[policy]
    for version in known.versions:
        for clause in leaves(version.who):
            assert clause.say in text and " ".join(clause.text.split()) in " ".join(text.split())
        for parameter in version.parameters.values():
            assert parameter.name in text
    assert all(" ".join(c.name.split()) in text for c in known.cases)
    assert "个案例都对" in text


def test_a_stranger_policy_is_not_found(analyst: Client) -> None:
    assert analyst.get(reverse("rule", args=["nobody"])).status_code == 404
    assert analyst.get(reverse("rules-check", args=["nobody"])).status_code == 404


def test_a_pack_is_checked_on_press(analyst: Client) -> None:
    text = words(analyst.get(reverse("rules-check", args=["cn-44"])))
    assert "没有错误" in text


def test_facts_are_listed_with_what_reads_them(analyst: Client) -> None:
    text = words(analyst.get(reverse("rules-facts")))
    assert "96 个事实" in text and "周岁年龄" in text
    rows = list(csv.DictReader(io.StringIO(analyst.get(reverse("rules-facts-csv")).content.decode("utf-8-sig"))))
    assert len([r for r in rows if r["is_derived"] == "False"]) == 96


def test_a_file_with_faults_comes_back_with_its_lines(analyst: Client) -> None:
    draft = handed_in(analyst, GOOD.replace("say: 高校毕业生}", "}").replace(", }", "}").replace("amount_fen: 80000}", "amount_fen: 1}"))
    text = words(analyst.get(draft))
    assert "第 16 行" in text and "没有写 say" in text and "when: graduate" in text
    assert "1 处错误" in text


def test_from_pasted_file_to_force_by_two_people(analyst: Client, auditor: Client, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    draft = handed_in(analyst)
    own = words(analyst.get(draft))
    assert "检查通过，3 个案例都对" in own and "请另一位分析员或审计员签字" in own
    assert "我看过了，签字" not in own
    seen = soup(auditor.get(draft)).find("input", {"name": "seen"})
    assert seen is not None
    assert auditor.post(f"{draft}/sign", {"seen": seen["value"]}).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        assert analyst.post(f"{draft}/publish").status_code == 302
    assert "own_grant" in active_packs(Path(settings.LEYE_DATA)).policies
    assert "求职交通补贴" in words(analyst.get(reverse("rules")))
    assert "低保家庭800元" in words(analyst.get(reverse("rule", args=["own_grant"])))
    history = words(auditor.get(draft))
    assert "公布" in history and "留痕第" in history
    with django_capture_on_commit_callbacks(execute=True):
        assert analyst.post(f"{draft}/withdraw", {"reason": "文件废止了"}).status_code == 302
    assert "own_grant" not in active_packs(Path(settings.LEYE_DATA)).policies


def test_a_refused_step_keeps_what_was_typed(analyst: Client, user_of: Callable[..., Any], at: Any) -> None:
    draft = handed_in(analyst)
    assert analyst.post(f"{draft}/save", {"text": GOOD + "# 甲\n", "revision": "1"}).status_code == 302
    answer = analyst.post(f"{draft}/save", {"text": GOOD + "# 我打的字\n", "revision": "1"})
    text = words(answer, 409)
    assert "又改过了" in text and "我打的字" in text


def test_reasons_are_asked_for(analyst: Client, auditor: Client) -> None:
    draft = handed_in(analyst)
    assert "没有写清楚" in words(auditor.post(f"{draft}/back", {"reason": ""}), 400)
    assert auditor.post(f"{draft}/back", {"reason": "第三条应为18岁"}).status_code == 302
    assert "第三条应为18岁" in words(analyst.get(draft))
    assert "没有写清楚" in words(analyst.post(f"{draft}/withdraw", {"reason": " "}), 400)


def condition(number: int, fact: str, way: str, value: str, say: str, group: str = "all") -> dict[str, str]:
    """The fields of one row."""
    fields = {"fact": fact, "comparison": way, "value": value, "say": say, "group": group}
    return {f"{key}-{number}": text for key, text in fields.items()}


FORM = {
    "press": "form",
    "rows": "6",
    "name": "求职交通补贴",
    "policy": "fs_travel",
    "benefit": "一次性发",
    "region": "CN-4406",
    "source_doc": "佛人社〔2025〕1号",
    "source_article": "三",
    "start": "2025-01-01",
    "end": "2025-12-31",
    "about": "person",
    "pays": "employment_fund",
    "status": "verified",
    "unit": "once",
    "amount": "500",
    **condition(1, "已登记失业", "is", "", "已登记失业"),
    **condition(2, "周岁年龄", "at_least", "16", "年满16周岁"),
    **condition(4, "高校毕业生", "is", "", "高校毕业生", "any"),
    **condition(5, "就业状态", "one_of", "失业、灵活就业", "失业或灵活就业", "any"),
}


def test_a_form_becomes_a_sound_file_with_examples(analyst: Client) -> None:
    answer = analyst.post(reverse("rule-new"), FORM)
    assert answer.status_code == 302, words(answer, answer.status_code)
    text = words(analyst.get(answer["Location"]))
    assert "检查通过" in text and "系统列出，请核对" in text
    made = RuleDraft.objects.get()
    assert (made.policy, made.name, made.region, made.state) == ("fs_travel", "求职交通补贴", "CN-4406", State.DRAFT)
    assert "age_min" in made.text and "benefit_fen: {unit: fen, values: {CN-4406: {2025-01-01: 50000}}}" in made.text


WRONG = [
    ({"name": ""}, "名称没有写", "no name"),
    ({"policy": "求职"}, "编号不能写", "a Chinese id"),
    ({"region": "CN"}, "地区不能写", "the whole country"),
    ({"end": "", "sunset": ""}, "终止没有写清楚", "no end"),
    ({"end": "2025-02-30"}, "不是日期", "no such day"),
    ({"amount": ""}, "金额没有写", "no amount and no reason"),
    ({"amount": "五百"}, "金额不能写", "an amount in words"),
    ({"unit": "weekly"}, "单位没有选", "a unit that is none"),
    ({"say-2": ""}, "第 2 个条件没有写法条的话", "a condition without its sentence"),
    ({"fact-2": "周岁"}, "没有“周岁”这个事实", "a fact that is none"),
    ({"value-5": "待业"}, "第 5 个条件", "an option that is none"),
]


@pytest.mark.parametrize(("change", "word", "why"), WRONG, ids=[w[-1] for w in WRONG])
def test_a_form_that_cannot_be_written_says_where_and_keeps_the_rest(change: dict[str, str], word: str, why: str, analyst: Client) -> None:
    page = soup(analyst.post(reverse("rule-new"), {**FORM, **change}), 400)
    alert = page.find(attrs={"role": "alert"})
    assert alert is not None and word in alert.get_text()
    kept = page.find("input", {"id": "say-1"})
    assert kept is not None and kept["value"] == "已登记失业"
    assert not RuleDraft.objects.exists()


def test_more_rows_keep_what_was_typed(analyst: Client) -> None:
    page = soup(analyst.post(reverse("rule-new"), {**FORM, "press": "more"}))
    assert page.find("input", {"id": "fact-10"}) is not None
    kept = page.find("input", {"id": "fact-5"})
    assert kept is not None and kept["value"] == "就业状态"


def test_an_upload_that_is_no_text_is_refused(analyst: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("x.yaml", "政策".encode("gbk"))
    assert "不是 UTF-8" in words(analyst.post(reverse("rule-new"), {"press": "file", "region": REGION, "file": file}), 400)
    big = SimpleUploadedFile("x.yaml", b"#" * 500_000)
    assert "文件太大" in words(analyst.post(reverse("rule-new"), {"press": "file", "region": REGION, "file": big}), 400)


def test_a_national_version_with_another_number_becomes_local(analyst: Client) -> None:
    known = shipped().policies["skill_up"]
    number = next(n for n, v in enumerate(known.versions) if v.start == date(2025, 1, 1))
    form = {"version": str(number), "region": "CN-4406", "source_doc": "佛人社〔2025〕2号", "start": "2025-01-01", "end": "2025-12-31",
            "value-level5_fen": "900"}  # fmt: skip
    answer = analyst.post(reverse("rule-localise", args=["skill_up"]), form)
    assert answer.status_code == 302, words(answer, answer.status_code)
    assert "检查通过" in words(analyst.get(answer["Location"]))
    above = analyst.post(reverse("rule-localise", args=["skill_up"]), {**form, "value-level5_fen": "1001"})
    assert "E_PARAM_RANGE" in words(analyst.get(above["Location"]))
    bad = soup(analyst.post(reverse("rule-localise", args=["skill_up"]), {**form, "value-level5_fen": "九百"}), 400)
    kept = bad.find("input", {"id": f"value-{number}-level5_fen"})
    assert kept is not None and kept["value"] == "九百"


def test_the_trial_counts_what_the_marks_would_say_and_hides_small_counts(analyst: Client, settings: Any, city_data: Path) -> None:
    import polars as pl

    from leye.policy.marks import mark_table

    shutil.copytree(city_data / "city", Path(settings.LEYE_DATA) / "city")
    answer = analyst.post(reverse("rule-new"), FORM)
    text = words(analyst.get(answer["Location"] + "?try_on=2025-08-31"))
    made = RuleDraft.objects.get()
    from leye.office.rules.checking import load_beside

    packs = load_beside(made.text, made.policy, made.region, Path(settings.LEYE_DATA))
    people = pl.read_parquet(city_data / "city" / "people.parquet")
    marks = mark_table(people, packs, date(2025, 8, 31), only=["fs_travel"])
    yes = marks.filter(pl.col("verdict") == "yes").height
    assert yes >= 10 and f"符合 {yes:,} " in text
    assert f"{yes * 500:,} 元" in text
    one = people.filter(pl.col("birth").is_not_null()).row(0, named=True)
    born = str(one["birth"])
    single = {
        **FORM,
        "policy": "fs_one",
        **condition(3, "出生日期", "on_or_after", born, "甲"),
        **condition(6, "出生日期", "on_or_before", born, "乙"),
    }
    answer = analyst.post(reverse("rule-new"), single)
    hidden = words(analyst.get(answer["Location"] + "?try_on=2025-08-31"))
    assert re.search(r"符合 (不到 10|0) ", hidden), "a rule written for one person does not read that person's facts"


def test_others_read_but_do_not_write(analyst: Client, auditor: Client, signed_in: Callable[..., Client]) -> None:
    draft = handed_in(analyst)
    assert auditor.get(draft).status_code == 200
    assert auditor.post(f"{draft}/save", {"text": "x"}).status_code in (403, 404)
    assert auditor.get(reverse("rule-new")).status_code in (403, 404)
    assert signed_in("counsellor").get(draft).status_code in (403, 404)


def test_pages_are_in_english_too(analyst: Client) -> None:
    from leye.site.build import compile_catalogues

    compile_catalogues()
    analyst.cookies["leye_lang"] = "en"
    draft = handed_in(analyst)
    for address in (reverse("rules"), reverse("rule", args=["skill_up"]), reverse("rule-new"), reverse("rules-facts"), draft):
        page = soup(analyst.get(address))
        for tag in page.select('[lang="zh-Hans"], code, textarea, datalist, pre'):
            tag.decompose()
        heading = page.h1
        assert heading is not None
        told = " ".join(t.get_text() for t in page.select("main label, main legend, main button, main th[scope=col]"))
        assert re.search(r"[\u4e00-\u9fff]", told) is None
