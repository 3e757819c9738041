"""The open policy pages: what exists, one policy clause by clause, the self-check that keeps nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from leye.office.accounts.roles import Role
from leye.policy import shipped
from leye.policy.explain import explain
from leye.policy.explain.overview import overviews
from leye.site.build import compile_catalogues

pytestmark = pytest.mark.django_db
ON = date(2025, 8, 31)
HAN = re.compile(r"[\u4e00-\u9fff]")
DOCUMENT = re.compile(r"[\u4e00-\u9fff]*〔\d{4}〕\d+号")
"""A number of a document is its name in any language."""


@pytest.fixture(scope="module", autouse=True)
def catalogues() -> None:
    compile_catalogues()


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEYE_NOW", "2025-08-31T09:00:00+08:00")


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def test_the_list_shows_every_policy_with_for_whom_how_much_and_until_when(client: Client) -> None:
    page = soup(client.get("/policies"))
    rows = page.select("tbody tr")
    assert len(rows) == len(shipped().policies)
    assert page.h1.text == f"全国：{sum(o.is_in_force for o in overviews(shipped(), ON))} 项政策在执行"
    skill = next(r for r in rows if "技能提升补贴" in r.text)
    assert [td.text.strip() for td in skill.select("td")] == [
        "失业人员、学技能的人、在职职工",
        "1,000 元 至 2,000 元",
        "失业保险基金",
        "到 2025年12月31日",
        "已核实",
    ]
    ended = next(r for r in rows if "失业补助金" in r.text)
    assert "不在有效期" in ended.text and "2022年12月31日 已到期" in ended.text and "依据待核实" in ended.text
    assert len(page.select("h1")) == 1


SEARCHES = [
    ({"q": "社保 灵活"}, {"ss_flex_hard", "ss_flex_grad"}, "words all occur"),
    ({"group": "veterans", "fund": "tax"}, {"tax_self_veteran", "tax_hire_veteran"}, "a group and a fund"),
    ({"q": "人社部发〔2024〕76号", "now": "1"}, {"ui_older_pension"}, "by document"),
    ({"q": "失业补助金", "now": "1"}, set(), "what ended is hidden when asked"),
    ({"group": "nix", "fund": "nix", "q": "低保渐退"}, {"dibao_gradual"}, "words that mean nothing are left out"),
]


@pytest.mark.parametrize(("asked", "found", "why"), SEARCHES, ids=[s[-1] for s in SEARCHES])
def test_searching(asked: dict[str, str], found: set[str], why: str, client: Client) -> None:
    page = soup(client.get("/policies", asked))
    assert {a["href"].split("/")[-1].split("?")[0] for a in page.select("tbody th a")} >= found
    if why != "by document":
        assert len(page.select("tbody tr")) == len(found)
    if not found:
        assert "没有找到这样的政策" in page.text and page.select_one('main a[href^="/policies?region"]') is not None


def test_the_same_list_as_a_table(client: Client) -> None:
    answer = client.get("/policies/all.csv", {"group": "graduates", "region": "CN-4403"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_id = {r["policy"]: r for r in rows}
    assert {"internship", "job_seek_once", "expand_post"} <= set(by_id) and "min_wage" not in by_id
    assert (by_id["expand_post"]["amount_low_fen"], by_id["expand_post"]["to"]) == ("150000", "2025-12-31")
    assert by_id["job_seek_once"]["amount_high_fen"] == "300000", "the figure of Shenzhen"
    assert by_id["internship"]["amount_low_fen"] == "", "what is not known is empty, not 0"


@pytest.mark.parametrize("policy", sorted(shipped().policies))
@pytest.mark.parametrize("region", ["CN", "CN-440305"])
def test_every_policy_has_its_page(policy: str, region: str, client: Client) -> None:
    page = soup(client.get(f"/policies/{policy}", {"region": region}))
    assert shipped().policies[policy].name.replace("_", "：") in page.h1.text
    assert page.select(".clauses li"), "the rule is shown, also of what has ended"
    ids = [e["id"] for e in page.select("body [id]")]
    assert len(ids) == len(set(ids))
    for field in page.select("main select, main input:not([type=hidden])"):
        assert page.select_one(f'label[for="{field["id"]}"]') is not None, field


def test_clauses_stand_beside_the_law_and_figures_beside_their_day(client: Client) -> None:
    page = soup(client.get("/policies/min_wage", {"region": "CN-11"}))
    clause = next(li for li in page.select(".clauses li") if "低于当地最低工资" in li.text)
    assert "依据：劳动法 第四十八条" in clause.text
    row = page.select_one("table tbody tr")
    assert [c.text.strip() for c in row.select("th, td")] == [
        "当地最低工资",
        "2,420 元",
        "2023年9月1日 至 2025年8月31日",
        "北京市2023年调整通知（文号未见） 待核实",
    ]
    assert len(page.select("details table tbody tr")) > 20, "figures of all places"


def checked(client: Client, policy: str, answers: dict[str, str], **more: str) -> tuple[Any, BeautifulSoup]:
    answer = client.post(f"/policies/{policy}", {f"fact-{k}": v for k, v in answers.items()} | more)
    return answer, soup(answer)


FACTS = {
    "employment_status": "employed", "firm_kind": "enterprise", "ui_total_months": "10", "cert_level": "4", "cert_on": "2025-06-01",
    "cert_paid_by": "none", "cert_best_paid_level": "0", "skill_up_times_year": "0",
}  # fmt: skip


def test_the_self_check_says_what_the_command_says(client: Client) -> None:
    answer, page = checked(client, "skill_up", FACTS)
    typed = FACTS | {"ui_total_months": 10, "cert_level": 4, "cert_best_paid_level": 0, "skill_up_times_year": 0}
    told = explain(shipped(), typed, ON, policy="skill_up")[0]
    box = page.select_one("#answer")
    assert answer.status_code == 200 and "不符合" in box.h2.text and told.next in box.text
    assert "差2个月，若继续缴费，预计2025年10月满足" in box.text
    assert [li.text.split()[1] for li in box.select("li")] == [{True: "符合", False: "不符合", None: "待核实"}[line.verdict] for line in told.lines]
    assert page.select_one("#fact-ui_total_months")["value"] == "10", "answers stay in the form"


def test_unknown_is_an_answer_and_money_is_typed_in_yuan(client: Client) -> None:
    _, page = checked(client, "min_wage", {"employment_status": "employed", "full_time": "true", "monthly_wage_fen": "2,000.5"}, region="CN-440305")
    assert "符合 · 每月 519.50 元" in page.select_one("#answer h2").text
    _, page = checked(client, "min_wage", {"employment_status": "", "full_time": "true"}, region="CN-440305")
    assert "待核实" in page.select_one("#answer h2").text


BAD = [
    ({"cert_on": "2025-13-01"}, "cert_on"),
    ({"ui_total_months": "-1"}, "ui_total_months"),
    ({"ui_total_months": "十"}, "ui_total_months"),
    ({"cert_level": "9"}, "cert_level"),
    ({"employment_status": "boss"}, "employment_status"),
    ({"ui_claiming": "maybe"}, "ui_claiming"),
]


@pytest.mark.parametrize(("answers", "field"), BAD, ids=[f"{k} {v}" for b, _ in BAD for k, v in b.items()])
def test_an_answer_that_cannot_be_is_refused_at_its_field(answers: dict[str, str], field: str, client: Client) -> None:
    answer, page = checked(client, "skill_up", answers)
    assert answer.status_code == 400 and page.select_one("#answer") is None
    assert page.select_one(f"#error-fact-{field}") is not None
    link = page.select_one('[role=alert] a[href^="#fact-"]')
    assert page.select_one(link["href"]) is not None, "the summary leads to the field"


def test_nothing_of_a_self_check_is_kept(client: Client, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    """No row, no session, no file, no log line."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    before = sorted(Path(settings.LEYE_DATA).rglob("*")) if Path(settings.LEYE_DATA).exists() else []
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        caplog.at_level("DEBUG"),
    ):
        answer, _ = checked(client, "skill_up", FACTS | {"monthly_wage_fen": "7654.32"})
        client.post("/policies/check", {"fact-monthly_wage_fen": "7654.32"})
    written = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert answer.status_code == 200 and written == []
    assert "sessionid" not in answer.cookies and "7654" not in caplog.text
    after = sorted(Path(settings.LEYE_DATA).rglob("*")) if Path(settings.LEYE_DATA).exists() else []
    assert before == after


def test_the_check_of_all_policies_asks_a_few_questions_at_a_time(client: Client) -> None:
    first = soup(client.get("/policies/check", {"region": "CN-440305"}))
    asked = [f["name"] for f in first.select("form.stacked fieldset input, form.stacked fieldset select")]
    assert set(asked) == {"fact-employment_status", "fact-registered_unemployed", "fact-sex", "fact-birth"}, "what most rules look at comes first"
    answers = {"fact-registered_unemployed": "true", "fact-employment_status": "unemployed", "fact-sex": "M", "fact-birth": "1980-05-01"}
    more = {"fact-job_search_willing": "true", "fact-left_job_reason": "contract_end", "fact-ui_contribution_months": "40"}
    more |= {"fact-ui_unused_months": "0", "fact-ui_claimed_months": "2"}
    second = soup(client.post("/policies/check", answers | more | {"region": "CN-440305"}))
    hidden = {i["name"]: i["value"] for i in second.select("input[type=hidden]") if i["name"].startswith("fact-")}
    assert hidden == answers | more, "what was answered travels on"
    yes = [li.h3.text for li in second.select("div[role=status] > ul.advice:first-of-type > li")]
    assert any("失业保险金" in name and "还可领 1 个月" in name for name in yes), "3 months by the table of Guangdong, 2 drawn"


def test_what_somebody_does_not_know_is_not_asked_again(client: Client) -> None:
    """Answering nothing but unknown comes to an end, with every fact asked once at most."""
    sent: dict[str, str] = {}
    asked: list[str] = []
    for _ in range(40):
        page = soup(client.post("/policies/check", sent))
        shown = page.select_one("input[name=shown]")["value"]
        if not shown:
            break
        asked += shown.split(",")
        sent = {"shown": shown, "aside": page.select_one("input[name=aside]")["value"]}
    assert len(asked) == len(set(asked)) > 20
    assert "剩下的请经办机构查一查" in page.text


def test_a_firm_is_asked_about_the_firm(client: Client) -> None:
    page = soup(client.get("/policies/check", {"who": "firm"}))
    assert page.select_one("#who option[selected]")["value"] == "firm"
    asked = {f["name"].removeprefix("fact-") for f in page.select("form.stacked fieldset input, form.stacked fieldset select")}
    assert asked and all(shipped().facts.facts[name].about in {"firm", "hire", "person"} for name in asked)
    done = soup(client.post("/policies/check", {"who": "firm", "fact-firm_ui_paid_months": "24", "region": "CN"}))
    names = [a["href"].split("/")[-1].split("?")[0] for a in done.select("ul.advice h3 a")]
    assert "ui_rate_cut" in names and "ui_benefit" not in names


def test_a_bad_answer_of_the_long_check_is_asked_again(client: Client) -> None:
    answer = client.post("/policies/check", {"fact-birth": "1880-01-01", "fact-sex": "M"})
    page = soup(answer)
    assert answer.status_code == 400
    assert page.select_one("#fact-birth")["value"] == "1880-01-01" and page.select_one("#error-fact-birth") is not None


@pytest.mark.parametrize("address", ["/policies/nix", "/policies/skill_up/x"])
def test_what_does_not_exist_is_not_found(address: str, client: Client) -> None:
    assert client.get(address).status_code in {302, 404}


@pytest.mark.parametrize("region", ["CN-9", "xx", "CN-44030", "<b>"])
def test_a_place_that_is_none_is_refused(region: str, client: Client) -> None:
    answer = client.get("/policies", {"region": region})
    assert answer.status_code == 400 and "<b>”不是地区" not in answer.content.decode()


ADDRESSES = ["/policies", "/policies/check", *(f"/policies/{p}" for p in sorted(shipped().policies))]


@pytest.mark.parametrize("address", ADDRESSES)
def test_english_pages_have_no_chinese_but_data(address: str, client: Client) -> None:
    client.cookies["leye_lang"] = "en"
    page = soup(client.get(address, {"region": "CN-440305"}))
    for data in page.select("code, option, details, [lang=zh-Hans]"):
        data.decompose()
    left = [line.strip() for line in page.body.text.splitlines() if HAN.search(DOCUMENT.sub("", line))]
    assert left == []


def test_an_english_answer_is_english(client: Client) -> None:
    client.cookies["leye_lang"] = "en"
    _, page = checked(client, "skill_up", FACTS)
    box = page.select_one("#answer")
    for data in box.select("[lang=zh-Hans]"):
        data.decompose()
    assert "2 months short" in box.text and not HAN.search(box.text)


def test_everybody_may_read_and_the_way_there_is_on_every_page(client: Client, signed_in: Callable[..., Client]) -> None:
    assert soup(client.get("/")).select_one('main a[href="/policies"]') is not None
    for role in Role:
        assert signed_in(role).get("/policies/skill_up").status_code == 200
    assert soup(client.get("/help")).select_one('footer a[href="/policies"]') is not None
