"""One's own page: verdicts equal `leye policy explain`, an answer turns an unknown, a contested no is sealed, and nobody sees another's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.decisions.evidence import opened, opened_protected
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements import answers, claims, contesting
from leye.office.entitlements.models import Claim, ContestedMark, Source, State, StatedFact
from leye.office.entitlements.own import own_page
from leye.office.entitlements.sealing import ALGO
from leye.office.objections.actions import correct, take_objection
from leye.office.objections.models import Objection
from leye.policy import shipped
from leye.policy.explain import explain
from leye.policy.words import verdict_word
from tests_support.push_city import ASKED, FIRM, HIRED, ODD, ON, STORIES, nobody
from tests_support.push_office import AT, account, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings: Any, register: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    for place in ("leye.site.me.policies", "leye.api.entitlements", "leye.site.firm.policies"):
        monkeypatch.setattr(f"{place}.now", lambda: AT)
    return publish(settings)


def signed(name: str) -> Client:
    client = Client()
    client.force_login(account(name))
    return client


def page(name: str) -> BeautifulSoup:
    path = reverse("firm-policies" if name == "boss" else "my-policies")
    return BeautifulSoup(signed(name).get(path).content.decode(), "html.parser")


def verdicts(name: str) -> dict[str, str]:
    own = own_page(account(name), language="zh")
    return {p.id: verdict_word(p.found.verdict) for p in (*own.yes, *own.unknown, *own.no, *own.of_firm)}


def test_the_verdicts_are_those_of_policy_explain(city: Path) -> None:
    for name, person in (("asked", ASKED), ("hired", HIRED)):
        said = explain(shipped(), nobody() | STORIES[person] | {"person_id": person}, ON)
        assert {e.policy: verdict_word(e.verdict) for e in said if e.plan.bound.policy.about != "firm"}.items() >= verdicts(name).items()
        api = {p["policy"]: p for p in signed(name).get("/api/my/policies").json()["policies"]}
        for e in said:
            if e.policy in api:
                row = e.as_dict()
                assert (api[e.policy]["verdict"], api[e.policy]["amount_fen"], api[e.policy]["missing"]) == (
                    row["verdict"], row.get("amount_fen"), row["missing"],
                )  # fmt: skip


def test_three_groups_with_money_clause_papers_and_a_way_to_object(city: Path) -> None:
    soup = page("asked")
    assert [h.get_text(strip=True) for h in soup.select("h2")][:3] == ["先答 1 个问题", "符合（0）", "还不知道（1）"]
    unknown = soup.select_one("#policy-ui_benefit")
    text = unknown.get_text(" ", strip=True)
    assert "失业保险金" in text
    assert "“非因本人意愿中断就业”" in text
    assert "社会保险法 第四十五条" in text
    assert "来源：" in text
    assert unknown.select_one(f"form[action='{reverse('my-policy-contest', args=['ui_benefit'])}']")
    assert soup.select_one("fieldset legend").get_text(strip=True)
    assert "不是不符合" in soup.get_text()
    assert "2025年8月31日" in soup.select_one(".vintage").text


def test_an_answer_turns_the_unknown_at_once_and_is_sealed(city: Path) -> None:
    before = Decision.objects.filter(algo=ALGO).count()
    client = signed("asked")
    answer = client.post(reverse("my-policies-answer"), {"fact-left_job_reason": "dismissed"})
    assert answer.status_code == 302
    assert verdicts("asked")["ui_benefit"] == "yes"
    assert "已经补充的事实" in page("asked").text
    stated = StatedFact.objects.get()
    assert (stated.fact, stated.source, stated.by.username) == ("left_job_reason", Source.SELF, "asked")
    assert b"dismissed" not in bytes(stated.sealed)
    row = Decision.objects.filter(algo=ALGO).latest("leaf_index")
    assert Decision.objects.filter(algo=ALGO).count() == before + 1
    seen = opened(row.pk)
    assert seen is not None
    assert ("ui_benefit", "yes", 187_200) in [(m[0], m[1], m[3]) for m in seen.marks or []]
    assert seen.inputs["ui_benefit"]["left_job_reason"] == "dismissed"  # type: ignore[index,call-overload]


def test_the_other_answer_makes_it_a_no_with_its_reason(city: Path) -> None:
    signed("asked").post(reverse("my-policies-answer"), {"fact-left_job_reason": "resigned"})
    assert verdicts("asked")["ui_benefit"] == "no"


def test_the_next_night_takes_the_answer_up(city: Path) -> None:
    from leye.office.entitlements.known import standing_of

    answers.answer_own({"left_job_reason": "dismissed"}, acting_user=account("asked"), at=AT)
    standing = standing_of(city, shipped(), AT)
    assert [(s.person_id, s.fact, s.value) for s in standing.stated] == [(ASKED, "left_job_reason", "dismissed")]
    from leye.office.nightly.marks_step import city_tables, marks_step

    found = city_tables(city)
    assert found is not None
    marks = marks_step(found, shipped(), ON, standing)["marks"]
    assert ("ui_benefit", "yes") in set(marks.filter(marks["person_id"] == ASKED).select("policy", "verdict").iter_rows())


BAD_ANSWERS = [
    ({}, BadInput, "E_NO_ANSWER", "nothing said"),
    ({"left_job_reason": ""}, BadInput, "E_NO_ANSWER", "left empty"),
    ({"left_job_reason": "fired by aliens"}, BadInput, "E_FACT_RANGE", "no value of the fact"),
    ({"ui_total_months": "12"}, Conflict, "E_FACT_KNOWN", "a register knows it"),
    ({"local_min_wage_fen": "1"}, BadInput, "E_FACT_ASKED", "a fact of the place"),
    ({"person_id": "P00000001"}, BadInput, "E_FACT_ASKED", "the key"),
    ({"hack": "1"}, BadInput, "E_FACT_ASKED", "no fact"),
]


@pytest.mark.parametrize(("said", "kind", "code", "why"), BAD_ANSWERS, ids=[b[-1] for b in BAD_ANSWERS])
def test_answers_that_are_none(city: Path, said: dict[str, str], kind: type, code: str, why: str) -> None:
    with pytest.raises(kind) as refused:
        answers.answer_own(said, acting_user=account("asked"), at=AT)
    assert refused.value.code == code
    assert StatedFact.objects.count() == 0
    client = signed("asked")
    shown = client.post(reverse("my-policies-answer"), {f"fact-{k}": v for k, v in said.items()})
    assert shown.status_code in (400, 409)
    assert refused.value.zh in BeautifulSoup(shown.content.decode(), "html.parser").text


def test_one_bad_answer_among_good_ones_keeps_none(city: Path) -> None:
    with pytest.raises(BadInput):
        answers.answer_own({"left_job_reason": "dismissed", "hack": "1"}, acting_user=account("asked"), at=AT)
    assert StatedFact.objects.count() == 0


def test_a_newer_answer_replaces_the_older(city: Path) -> None:
    answers.answer_own({"left_job_reason": "dismissed"}, acting_user=account("asked"), at=AT)
    answers.answer_own({"left_job_reason": "resigned"}, acting_user=account("asked"), at=AT)
    assert StatedFact.objects.filter(replaced_at=None).count() == 1
    assert StatedFact.objects.count() == 2
    assert verdicts("asked")["ui_benefit"] == "no"


def test_money_is_answered_in_yuan(city: Path) -> None:
    from leye.office.entitlements.answers import _in_fen

    assert [_in_fen(t) for t in ("1200", "1,200.5", "0.01", "12.345", "abc")] == ["120000", "120050", "1", "12.345", "abc"]


def test_a_contested_no_is_sealed_with_its_failing_clauses_and_objected_to(city: Path) -> None:
    client = signed("asked")
    answer = client.post(reverse("my-policy-contest", args=["skill_up"]), {"category": "wrong_facts", "words": "我有证书"})
    objection = Objection.objects.get()
    assert answer["Location"] == reverse("my-objection", args=[objection.pk])
    decision = objection.decision
    assert (decision.kind, decision.outcome, decision.algo, decision.region) == ("decision", "no", ALGO, "440605")
    seen = opened(decision.pk)
    assert seen is not None
    assert {r["code"] for r in seen.reasons} == {"clause_fails"}
    assert any("证书" in r["zh"] for r in seen.reasons)
    assert all(r["en"] and r["basis"] for r in seen.reasons)
    assert seen.inputs["policy"] == "skill_up"
    assert opened_protected(decision.pk)["sex"] == "M"
    assert "您对这一项有意见，正在办" in page("asked").select_one("#policy-skill_up").text
    with pytest.raises(Conflict) as again:
        contesting.contest("skill_up", category="unfair", words="再说一次", acting_user=account("asked"), at=AT)
    assert again.value.code == "E_OBJECTION_OPEN"
    assert Decision.objects.filter(kind="decision", algo=ALGO).count() == 1, "the second press seals nothing"


def test_two_policies_can_be_contested_at_once(city: Path) -> None:
    contesting.contest("skill_up", category="unfair", words="不公平的", acting_user=account("asked"), at=AT)
    contesting.contest("training", category="unfair", words="不公平的", acting_user=account("asked"), at=AT)
    assert ContestedMark.objects.count() == 2


def test_a_sealed_unknown_is_objected_to_where_it_lies(city: Path) -> None:
    from leye.lake import open_lake
    from leye.office.entitlements.sealing import seal_marks

    published = open_lake(city).published()
    assert published is not None
    seal_marks(open_lake(city), published.run_id, city)
    contesting.contest("ui_benefit", category="wrong_facts", words="我是被辞退的", acting_user=account("asked"), at=AT)
    objection = Objection.objects.get()
    assert (objection.decision.kind, objection.item) == ("marks", "ui_benefit")


def test_what_people_decide_after_an_objection_is_shown(city: Path, user_of: Callable[..., Any]) -> None:
    contesting.contest("skill_up", category="wrong_facts", words="我有证书", acting_user=account("asked"), at=AT)
    objection, desk = Objection.objects.get(), account("bureau")
    take_objection(objection.pk, acting_user=desk, at=AT)
    correct(objection.pk, outcome="yes", reason="证书库漏了一条，核对过原件", acting_user=desk, at=AT, reason_code="facts_corrected")
    text = page("asked").select_one("#policy-skill_up").text
    assert "经人工复核：" in text
    assert "符合" in text


def test_a_policy_about_firms_or_no_policy_cannot_be_contested_by_a_person(city: Path) -> None:
    for policy in ("ui_refund", "no_such_policy"):
        with pytest.raises(NotFound):
            contesting.contest(policy, category="unfair", words="不公平的", acting_user=account("asked"), at=AT)


def test_applying_moves_on_withdraws_and_refuses(city: Path) -> None:
    client = signed("asked")
    refused = client.post(reverse("my-policy-apply", args=["skill_up"]))
    assert (refused.status_code, "E_NOT_ENTITLED" in refused.content.decode() or "不符合条件" in refused.content.decode()) == (409, True)
    assert client.post(reverse("my-policy-apply", args=["ui_benefit"])).status_code == 302, "an unknown may be applied for"
    claim = Claim.objects.get()
    assert (claim.state, claim.applied_by.username) == (State.APPLIED, "asked")
    with pytest.raises(Conflict) as twice:
        claims.apply_for("ui_benefit", acting_user=account("asked"), at=AT)
    assert twice.value.code == "E_CLAIM_OPEN"
    assert "已申请" in page("asked").select_one("#policy-ui_benefit").text
    assert client.post(reverse("my-claim-withdraw", args=[claim.pk])).status_code == 302
    claim.refresh_from_db()
    assert claim.state == State.WITHDRAWN
    with pytest.raises(NotFound):
        claims.withdraw(claim.pk, acting_user=account("hired"), at=AT)
    for policy in ("tax_hire_key", "ui_refund", "nix"):
        with pytest.raises(NotFound):
            claims.apply_for(policy, acting_user=account("asked"), at=AT)


def test_contradictions_are_shown_and_not_mended(city: Path) -> None:
    from leye.office.accounts.models import User

    User.objects.create_user("odd", role="seeker", region="440605", subject=ODD)
    client = Client()
    client.force_login(User.objects.get(username="odd"))
    text = client.get(reverse("my-policies")).content.decode()
    assert "登记里有对不上的地方" in text
    assert "登记创业主体那天还不满 16 岁" in text
    assert "也不影响上面的判断" in text


def test_unverified_policies_say_so(city: Path) -> None:
    from leye.office.accounts.models import User

    user = User.objects.create_user("unv", role="seeker", region="440605", subject=HIRED)
    own = own_page(user, language="zh")
    assert any(p.id == "hire_once" for p in own.of_firm)
    shown = [li for li in page("hired").select("section[aria-labelledby=firm] li") if "一次性吸纳就业补贴" in li.text]
    assert ["依据待核实" in li.text for li in shown] == [True]


def test_an_account_that_stands_for_nobody_is_told_how(city: Path) -> None:
    from leye.office.accounts.models import User

    user = User.objects.create_user("nobody", role="seeker", region="440605")
    client = Client()
    client.force_login(user)
    assert "请带身份证到街道就业服务站" in client.get(reverse("my-policies")).content.decode()
    with pytest.raises(NotFound):
        own_page(user, language="zh")
    assert client.get("/api/my/policies").status_code == 404


def test_roles(city: Path) -> None:
    for name in ("mine", "bureau", "boss"):
        with pytest.raises(NotAllowed):
            answers.answer_own({"left_job_reason": "resigned"}, acting_user=account(name), at=AT) if name != "boss" else own_page_as_person(name)
    assert signed("boss").get(reverse("my-policies")).status_code == 403
    assert signed("asked").get(reverse("firm-policies")).status_code == 403


def own_page_as_person(name: str) -> None:
    from leye.office.permissions import require

    require(account(name), "entitlements.own")


def test_the_table_and_english(city: Path) -> None:
    from leye.site.build import compile_catalogues

    compile_catalogues()
    client = signed("asked")
    text = client.get(reverse("my-policies-csv")).content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("policy,name,verdict")
    assert "ui_benefit" in text
    client.cookies["leye_lang"] = "en"
    english = BeautifulSoup(client.get(reverse("my-policies")).content.decode(), "html.parser").main
    for found in english.select("[lang]"):
        found.decompose()
    assert "Not known yet (1)" in english.text
    assert "Unemployment benefit" in english.text


def test_the_api_answers_and_contests(city: Path) -> None:
    client = signed("asked")
    first = client.get("/api/my/policies").json()
    assert [q["fact"] for q in first["questions"]] == ["left_job_reason"]
    assert first["questions"][0]["decides_fen"] == 6 * 187_200
    done = client.post("/api/my/policies/answers", {"answers": {"left_job_reason": "dismissed"}}, content_type="application/json")
    assert done.status_code == 200
    assert {p["policy"]: p["verdict"] for p in done.json()["policies"]}["ui_benefit"] == "yes"
    raised = client.post(
        "/api/my/policies/skill_up/contest", json.dumps({"category": "unfair", "words": "不公平的"}), content_type="application/json"
    )
    assert raised.status_code == 200
    assert set(raised.json()) == {"objection_id", "decision_id"}
    assert client.post("/api/my/policies/ui_benefit/apply", {}, content_type="application/json").json()["state"] == "applied"


def test_the_firm_sees_only_its_own(city: Path) -> None:
    own = own_page(account("boss"), language="zh")
    assert own.file.subject.id == FIRM
    assert {p.id for p in own.yes} == {"ui_refund", "ui_rate_cut"}
    row = Decision.objects.filter(subject_key=subject_key(subject_of(FIRM)))
    assert not row.exists(), "looking seals nothing"
    assert date(2025, 8, 31) == own.on
