"""A person's file for the counsellor, the firm's page, who may know what, the cockpit's line and the list of double payments."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.accounts.models import User
from leye.office.entitlements import claims, consents
from leye.office.entitlements.firm import hire_policies
from leye.office.entitlements.headline import relief_of
from leye.office.entitlements.models import Claim, Consent, Source, StatedFact
from leye.office.entitlements.own import own_page
from leye.office.entitlements.persons import answer_for, person_page
from leye.office.privacy.models import ReadAccess
from leye.office.published import published_snapshot
from tests_support.push_city import ASKED, FAR, FIRM, HIRED, JOBLESS, NEIGHBOUR, ODD, STORIES, write_push_city
from tests_support.push_office import AT, account, publish

pytestmark = pytest.mark.django_db
PLACES = ("leye.site.desk.people", "leye.site.firm.policies", "leye.site.me.policies", "leye.site.desk.today")


@pytest.fixture
def city(settings: Any, register: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    for place in PLACES:
        monkeypatch.setattr(f"{place}.now", lambda: AT)
    return publish(settings)


def signed(name: str) -> Client:
    client = Client()
    client.force_login(account(name))
    return client


def soup_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def test_the_file_shows_facts_with_source_marks_questions_and_who_looked(city: Path) -> None:
    page = soup_of(signed("mine").get(reverse("person", args=[ASKED])))
    assert STORIES[ASKED]["name"] in page.h1.text
    assert "待核实 1 项" in page.h1.text
    text = page.main.get_text(" ", strip=True)
    assert "失业登记系统 2025年8月31日" in text
    assert "您这次查看已经留痕" in text
    assert "mine" in page.select_one("section[aria-labelledby=looked]").text
    assert page.select_one("select[name=fact-left_job_reason]")
    assert "还没有联系过" in text


def test_each_look_is_recorded_twice_over_for_its_two_purposes(city: Path) -> None:
    for _ in range(2):
        signed("mine").get(reverse("person", args=[JOBLESS]))
    reads = ReadAccess.objects.filter(purpose__in=["case_work", "entitlement_check"])
    assert reads.count() == 4
    assert {"name", "phone", "address"} == set(reads.filter(purpose="case_work")[0].columns)


@pytest.mark.parametrize("person", [NEIGHBOUR, FAR, "P99999999", "F00000000", "x"])
def test_somebody_of_another_grid_is_not_found_and_no_look_is_recorded(city: Path, person: str) -> None:
    assert signed("mine").get(reverse("person", args=[person])).status_code == 404
    assert signed("mine").post(reverse("person-answer", args=[person]), {"fact-sex": "M", "proof": "身份证"}).status_code == 404
    assert ReadAccess.objects.count() == 0
    assert StatedFact.objects.count() == 0


def test_contradictions_stand_on_the_page(city: Path) -> None:
    assert "登记创业主体那天还不满 16 岁" in soup_of(signed("mine").get(reverse("person", args=[ODD]))).text


def test_a_fact_is_filled_after_a_paper_was_seen_and_compared_at_once(city: Path) -> None:
    client = signed("mine")
    path = reverse("person-answer", args=[ASKED])
    bare = client.post(path, {"fact-left_job_reason": "dismissed", "proof": ""})
    assert (bare.status_code, "没有写核对了什么材料" in bare.content.decode()) == (400, True)
    assert client.post(path, {"fact-left_job_reason": "dismissed", "proof": "解除劳动合同证明"}).status_code == 302
    stated = StatedFact.objects.get()
    assert (stated.source, stated.by.username) == (Source.COUNSELLOR, "mine")
    page = soup_of(client.get(reverse("person", args=[ASKED])))
    assert "符合 1 项" in page.h1.text
    assert "专员核对材料" in page.select_one("section[aria-labelledby=facts]").text
    with pytest.raises(Conflict):
        answer_for(ASKED, {"ui_total_months": "1"}, proof="参保凭证", acting_user=account("mine"), at=AT)
    with pytest.raises(BadInput):
        answer_for(ASKED, {"left_job_reason": "dismissed"}, proof="无"[:0], acting_user=account("mine"), at=AT)


def test_only_counsellors_open_files(city: Path) -> None:
    for name in ("bureau", "asked", "boss"):
        with pytest.raises(NotAllowed):
            person_page(account(name), ASKED, AT, language="zh")
        assert signed(name).get(reverse("person", args=[ASKED])).status_code in (403, 404)


def test_the_firm_sees_its_own_matters_with_names_only_where_they_may_be_known(city: Path) -> None:
    page = soup_of(signed("boss").get(reverse("firm-policies")))
    assert "示例食品有限公司" in page.h1.text
    assert "罗毕业" in page.select_one("#hire-ss_hire_grad").text, "a diploma is no secret between employer and employee"
    assert "每月 1,500 元，还可领 12 个月" in page.select_one("#hire-ss_hire_grad").text
    assert {r.purpose for r in ReadAccess.objects.all()} == {"hire_subsidy"}
    assert "陈技能" not in page.text, "what pays the person is theirs alone"
    text = signed("boss").get(reverse("firm-hires-csv")).content.decode("utf-8-sig")
    assert "ss_hire_grad" in text
    assert "罗毕业" not in text


def test_a_hardship_is_told_by_the_employee_and_nobody_else(settings: Any, register: None) -> None:
    publish(settings, **{HIRED: STORIES[HIRED] | {"hard_to_employ": True, "sex": "F"}})
    snapshot = published_snapshot()
    assert snapshot is not None
    boss, employee = account("boss"), account("hired")

    def hard() -> Any:
        found = hire_policies(boss, own_page(boss, language="zh").file, snapshot, AT)
        return next((h for h in found if h.policy.id == "ss_hire_hard"), None)

    before = hard()
    assert (before.yes, before.named, before.waits) == (None, (), None), "one employee would be known by the number alone"
    with pytest.raises(NotFound):
        claims.apply_for("ss_hire_hard", about_id=HIRED, acting_user=boss, at=AT)
    consents.consent("ss_hire_hard", give=True, acting_user=employee, at=AT)
    consents.consent("ss_hire_hard", give=True, acting_user=employee, at=AT)
    assert Consent.objects.count() == 1
    assert [e.name for e in hard().named] == ["罗毕业"]
    consents.consent("ss_hire_hard", give=False, acting_user=employee, at=AT)
    assert hard().named == ()


def test_consent_is_for_hire_policies_of_those_who_have_an_employer(city: Path) -> None:
    for name, policy in (("asked", "ss_hire_hard"), ("hired", "ui_benefit"), ("hired", "nix")):
        with pytest.raises(NotFound):
            consents.consent(policy, give=True, acting_user=account(name), at=AT)
    with pytest.raises(NotAllowed):
        consents.consent("ss_hire_hard", give=True, acting_user=account("boss"), at=AT)


def test_the_firm_applies_for_its_own_employees_only(city: Path) -> None:
    boss = account("boss")
    claim = claims.apply_for("ss_hire_grad", about_id=HIRED, acting_user=boss, at=AT)
    assert (claim.subject_kind, claim.applied_by.username) == ("firm", "boss")
    for about in (NEIGHBOUR, "", "P99999999", FIRM):
        with pytest.raises(NotFound):
            claims.apply_for("ss_hire_grad", about_id=about, acting_user=boss, at=AT)
    with pytest.raises(NotFound):
        claims.apply_for("ui_benefit", about_id=HIRED, acting_user=boss, at=AT)
    assert claims.apply_for("ui_refund", acting_user=boss, at=AT).item == "year:2025"
    assert Claim.objects.count() == 2


def test_a_barred_firm_reads_why(city: Path) -> None:
    from leye.office.registry.models import Version

    Version.objects.filter(algo="platform.dispatch").update(state="blacklisted", owner="示例食品有限公司")
    page = soup_of(signed("boss").get(reverse("firm-policies")))
    assert "本单位有算法在黑名单上" in page.text
    assert not page.select("#hire-ss_hire_grad form")


def test_a_contested_hire_policy_speaks_of_the_firm(city: Path) -> None:
    from leye.office.decisions.evidence import opened
    from leye.office.entitlements.contesting import contest

    with pytest.raises(NotFound):
        contest("ss_hire_hard", category="wrong_facts", words="她是就业困难人员", about_id=HIRED, acting_user=account("boss"), at=AT)
    consents.consent("ss_hire_hard", give=True, acting_user=account("hired"), at=AT)
    objection = contest("ss_hire_hard", category="wrong_facts", words="她是就业困难人员", about_id=HIRED, acting_user=account("boss"), at=AT)
    seen = opened(objection.decision_id)
    assert seen is not None
    assert (seen.subject.kind, seen.subject.id) == ("firm", FIRM)
    assert seen.inputs["about"] == HIRED


def test_the_cockpit_says_who_is_new_and_what_is_unclaimed(city: Path) -> None:
    snapshot = published_snapshot()
    assert snapshot is not None
    relief = relief_of(snapshot)
    assert relief is not None
    assert (relief.new, relief.waiting) == (5, 5)
    assert relief.unclaimed_fen == 150_000 * 2 + 1_123_200 * 2 + 960_000
    text = signed("bureau").get(reverse("cockpit")).content.decode()
    assert "今夜新符合 5 人" in text
    assert "35,064 元" in text


def test_double_payments_of_departments_are_listed_with_what_they_collide_with(settings: Any, register: None) -> None:
    rows = [
        ("B00000001", JOBLESS, None, "ui_benefit", date(2025, 8, 1), None, 187_200, date(2025, 8, 12)),
        ("B00000002", JOBLESS, None, "ui_benefit", date(2025, 8, 1), None, 187_200, date(2025, 8, 20)),
        ("B00000003", ASKED, None, "ui_benefit", date(2025, 7, 1), None, 187_200, date(2025, 7, 12)),
    ]
    columns = ["payment_id", "person_id", "firm_id", "policy", "month", "cert_no", "amount_fen", "paid_on"]
    schema = {c: pl.Date if c in ("month", "paid_on") else pl.Int64 if c == "amount_fen" else pl.String for c in columns}
    write_push_city(Path(settings.LEYE_DATA), payments=pl.DataFrame(rows, schema=schema, orient="row"))
    page = soup_of(signed("bureau").get(reverse("payment-conflicts")))
    assert "1 笔发放和别的冲突，涉及 1,872 元" in page.h1.text
    row = page.select_one("tbody tr").get_text(" ", strip=True)
    assert "B00000002" in row
    assert "B00000001" in row
    assert "B00000003" not in page.text
    table = signed("bureau").get(reverse("payment-conflicts-csv")).content.decode("utf-8-sig")
    assert "B00000002,B00000001" in table
    assert JOBLESS not in table
    assert signed("bureau").get("/api/payment-conflicts").json()["total"] == 1
    assert signed("mine").get(reverse("payment-conflicts")).status_code == 403


def test_counts_for_open_pages_hide_small_cells(city: Path) -> None:
    snapshot = published_snapshot()
    assert snapshot is not None
    counts = snapshot.frame("mark_counts")
    assert counts.filter(pl.col("n") < 10)["open_n"].null_count() == counts.filter(pl.col("n") < 10).height > 0


def test_an_account_of_a_person_without_employer_sees_no_firm_section(city: Path) -> None:
    user = User.objects.create_user("jobless", role="seeker", region="440605", subject=JOBLESS)
    assert own_page(user, language="zh").of_firm == ()
