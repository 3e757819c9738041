"""Pages and API of the register: what everybody reads, what the desk does with plain forms, what is refused and how."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leye.office.registry import actions
from leye.office.registry.models import Incident, SpotCheck, Version
from leye.trust.registry.papers import KINDS
from tests_support.cards import CODE, card_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
AT = datetime(2025, 9, 1, 1, 30, tzinfo=UTC)
Make = Callable[..., Client]


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def version_of(algo: str) -> Version:
    return Version.objects.get(algo=algo)


def test_everybody_reads_every_running_algorithm(client: Client) -> None:
    listed = soup(client.get("/algorithms"))
    assert {a["href"] for a in listed.select("tbody a")} == {f"/algorithms/{v.algo}" for v in Version.objects.all()}
    for version in Version.objects.all():
        text = soup(client.get(f"/algorithms/{version.algo}")).get_text(" ", strip=True)
        card = version.card
        for part in (
            card["about"]["zh"],
            card["mechanism"]["zh"],
            card["human"]["zh"],
            card["objection"]["zh"],
            card["owner"]["org"]["zh"],
            version.version,
        ):
            assert part in text
        assert all(f["why"]["zh"] in text for f in card["features"]) and all(w["zh"] in text for w in card["limits"])
        assert all(t["words"]["zh"] in text for t in card["tests"]) and all(d["words"]["zh"] in text for d in card["data"])


def test_drafts_are_not_public_and_suspended_ones_are(client: Client, user_of: Any) -> None:
    Version.objects.filter(algo="watch.scan").update(state="draft")
    actions.suspend(version_of("watch.advice").pk, reason="金额有误", acting_user=user_of("admin"), at=AT)
    assert client.get("/algorithms/watch.scan").status_code == 404
    assert "watch.scan" not in client.get("/algorithms").content.decode()
    assert "不能作任何决定" in client.get("/algorithms/watch.advice").content.decode()
    public = client.get("/api/public/algorithms").json()
    others = {v.algo for v in Version.objects.all()} - {"watch.scan", "watch.advice"}
    assert {a["algo"]: a["state"] for a in public} == {"watch.advice": "suspended"} | dict.fromkeys(others, "running")


def test_the_public_table_and_notice(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/algorithms/register.csv").content.decode("utf-8-sig"))))
    assert {r["algo"] for r in rows} == {v.algo for v in Version.objects.all()}
    assert next(r for r in rows if r["algo"] == "watch.scan")["features"] == "y;ds;parents;direction;calendar"
    document = zipfile.ZipFile(io.BytesIO(client.get("/algorithms/watch.scan/notice.docx").content)).read("word/document.xml").decode()
    assert "拟公示内容" in document and "就业监测预警" in document


@pytest.mark.parametrize("name", ["x", "watch.scan'--", "%2e%2e%2f", "a" * 300, "watch.scan;DROP TABLE registry_version"])
def test_names_that_are_none_answer_not_found(name: str, client: Client) -> None:
    before = Version.objects.count()
    assert client.get(f"/algorithms/{name}").status_code == 404
    assert Version.objects.count() == before > 0


def test_pages_are_in_english_too(client: Client) -> None:
    from leye.site.build import compile_catalogues

    compile_catalogues()
    client.cookies["leye_lang"] = "en"
    text = soup(client.get("/algorithms/platform.dispatch")).get_text(" ", strip=True)
    assert "How it works" in text and "Running" in text and "It decides who gets which order" not in text
    assert "Nearest" in text or "Idle riders of the zone" in text


def test_the_desk_takes_a_new_card_through_every_step_by_plain_forms(signed_in: Make) -> None:
    operator, auditor = signed_in("operator", csrf=True), signed_in("auditor", mandate="职工代表", csrf=True)
    operator.get("/registry/new")

    def post(who: Client, address: str, **form: Any) -> Any:
        page = who.get("/registry")
        token = soup(page).select_one('input[name="csrfmiddlewaretoken"]')["value"]  # type: ignore[index]
        return who.post(address, {"csrfmiddlewaretoken": token, **form})

    answer = post(
        operator, "/registry/new", card=SimpleUploadedFile("card.yaml", card_text().encode()), code=SimpleUploadedFile("rank.py", CODE.encode())
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    version = version_of("test.ranker")
    here = f"/registry/{version.pk}"
    assert answer["Location"] == here
    page = soup(operator.get(here))
    assert "等自评估" in page.get_text()
    evidence = SimpleUploadedFile("report.pdf", b"assessed")
    steps = [
        (operator, "assess", {"reason": "随新版提交", "document": evidence}),
        (operator, "sign", {"note": "同意"}),
        (auditor, "sign", {"note": "同意，下季度复核"}),
        (operator, "file", {"number": "粤备-7", "filed_on": "", "expires_on": "2026-08-31", "reason": "备案系统已受理"}),
        (operator, "launch", {"reason": "周一上线"}),
    ]
    for who, verb, form in steps:
        assert post(who, f"{here}/{verb}", **form)["Location"] == here
    version.refresh_from_db()
    assert (version.state, version.filing_number, str(version.expires_on)) == ("running", "粤备-7", "2026-08-31")
    import hashlib

    assert version.transitions.get(verb="assess").document_hash == hashlib.sha256(b"assessed").hexdigest()
    text = soup(operator.get(here)).get_text(" ", strip=True)
    assert "同意，下季度复核" in text and "职工代表" in text and "粤备-7" in text
    refused = post(operator, f"{here}/blacklist", reason="自己列自己")
    assert refused.status_code == 403 and "由管理员或审计员决定" in refused.content.decode()
    assert post(auditor, f"{here}/suspend", reason="抽查发现问题")["Location"] == here
    refused = post(operator, f"{here}/launch", reason="马上恢复")
    assert refused.status_code == 409 and "现在是“已暂停”" in refused.content.decode()
    assert "整改后重新评估" in refused.content.decode(), "the page still shows what is possible"


def test_a_bad_card_comes_back_with_its_lines(signed_in: Make) -> None:
    operator = signed_in("operator")
    spying = card_text(features=[{"name": "gait", "zh": "步态", "en": "gait", "personal": True, "why": {"zh": "看着走路稳", "en": "walks well"}}])
    answer = operator.post("/registry/new", {"card": SimpleUploadedFile("c.yaml", spying.encode()), "code": SimpleUploadedFile("r.py", b"gait = 1")})
    text = answer.content.decode()
    assert answer.status_code == 422 and "禁止使用" in text
    line = next(i for i, row in enumerate(spying.splitlines(), 1) if "name: gait" in row)
    assert f"c.yaml:{line}" in soup(answer).get_text()
    for form, code in (
        ({}, 400),
        ({"card": SimpleUploadedFile("c.yaml", b"\xff\xfe\x00")}, 400),
        ({"card": SimpleUploadedFile("c.yaml", b"a: *b")}, 400),
    ):
        assert operator.post("/registry/new", form).status_code == code
    assert not Version.objects.filter(algo="test.ranker").exists()


def test_the_working_list_says_what_waits_and_can_be_taken_along(signed_in: Make) -> None:
    Version.objects.filter(algo="watch.scan").update(state="draft")
    admin = signed_in("admin")
    page = soup(admin.get("/registry"))
    assert "1 个版本等着办下一步" in page.get_text() and "等自评估" in page.get_text()
    assert len(soup(admin.get("/registry?state=draft")).select("tbody tr")) == 1
    assert "没有这样的版本" in admin.get("/registry?state=blacklisted").content.decode()
    assert len(soup(admin.get("/registry?state=%27OR%201=1--")).select("tbody tr")) == Version.objects.count()
    rows = list(csv.DictReader(io.StringIO(admin.get("/registry.csv").content.decode("utf-8-sig"))))
    assert {r["algo"]: r["state"] for r in rows}["watch.scan"] == "draft"


@pytest.mark.parametrize("kind", list(KINDS))
def test_papers_as_page_and_word_file_say_the_same(kind: str, signed_in: Make) -> None:
    analyst = signed_in("analyst")
    here = f"/registry/{version_of('platform.dispatch').pk}/papers/{kind}"
    article = soup(analyst.get(here)).select_one("article")
    assert article is not None
    document = zipfile.ZipFile(io.BytesIO(analyst.get(f"{here}.docx").content)).read("word/document.xml").decode()
    plain = re.sub(r"<[^>]+>", "", document).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for cell in article.select("td, th, h2"):
        if cell.get_text() not in ("签字",):
            assert cell.get_text() in plain
    signers = [(str(s.by), s.mandate) for s in version_of("platform.dispatch").signatures.select_related("by")]
    assert len(signers) == 2
    for name, mandate in signers:
        assert f"签字：{name}{f'（{mandate}）' if mandate else ''} " in plain, "who signed stands on the paper"


def test_an_unknown_paper_or_version_is_not_found(signed_in: Make) -> None:
    analyst = signed_in("analyst")
    for address in ("/registry/9999", "/registry/9999/papers/filing", f"/registry/{version_of('watch.scan').pk}/papers/nix"):
        assert analyst.get(address).status_code == 404


def test_law_facts_show_how_they_are_known(signed_in: Make) -> None:
    text = soup(signed_in("auditor").get("/registry/law")).get_text(" ", strip=True)
    assert "凭记忆，未核对" in text and "见于转述，未核对原文" in text and "已核对" in text and "不是法律意见" in text


def test_pilot_spot_check_and_incident_by_forms(signed_in: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEYE_NOW", "2025-09-01T12:00:00+08:00")
    from leye.office.decisions.gate import decide
    from tests_support.decisions import an_offer

    for person in ("P00000001", "P00000002"):
        decide(an_offer(person))
    version = version_of("platform.dispatch")
    here, auditor, operator = f"/registry/{version.pk}", signed_in("auditor", mandate="职工代表"), signed_in("operator")
    assert auditor.post(f"{here}/spot-check", {"size": "2"})["Location"] == here
    check = SpotCheck.objects.get()
    page = soup(auditor.get(here))
    forms = page.select(f'form[action^="{here}/spot-check/{check.pk}/"]')
    assert len(forms) == 2 and page.select_one('a[href^="/replay?number="]')
    for item in check.items.all():
        assert auditor.post(f"{here}/spot-check/{check.pk}/{item.place}", {"found": "sound", "note": ""}).status_code == 302
    assert "有误的比例不超过" in soup(auditor.get(here)).get_text()
    assert auditor.post(f"{here}/spot-check", {"size": "many"}).status_code == 400
    form = {"starts_at": "2025-09-01T08:00", "ends_at": "2025-09-01T10:00", "region": "", "about": "暴雨误派"}
    assert operator.post(f"{here}/incident", form).status_code == 302
    incident = Incident.objects.get()
    assert "固定了 2 条决定" in soup(operator.get(here)).get_text()
    assert operator.post(f"{here}/incident/{incident.pk}", {"result": "已改正并回访"}).status_code == 302
    assert operator.post(f"{here}/incident", form | {"starts_at": "yesterday"}).status_code == 400
    refused = operator.post(f"{here}/sandbox", {"max_subjects": "5", "ends_on": "2025-09-30", "metric": "投诉率", "worst": "0.05", "bad": "above"})
    assert refused.status_code == 409, "what runs filed is no pilot"


def test_a_version_page_hides_what_the_reader_may_not_do(signed_in: Make) -> None:
    here = f"/registry/{version_of('watch.scan').pk}"
    assert {f["action"] for f in soup(signed_in("analyst").get(here)).select("main form")} == set()
    offered = {f["action"] for f in soup(signed_in("auditor", mandate="职工代表").get(here)).select("main form")}
    assert {f"{here}/suspend", f"{here}/spot-check", f"{here}/incident"} <= offered and f"{here}/assess" not in offered


def test_the_api_takes_the_same_steps(signed_in: Make) -> None:
    admin, auditor = signed_in("admin"), signed_in("auditor", mandate="职工代表")
    Version.objects.filter(algo="watch.scan").update(state="draft", round=5)
    key = version_of("watch.scan").pk

    def post(who: Client, verb: str, **body: Any) -> Any:
        return who.post(f"/api/registry/{key}/{verb}", json.dumps({"text": "按计划办理", **body}), "application/json")

    assert post(admin, "assess").json()["state"] == "assessed"
    assert post(admin, "file").json()["code"] == "E_REGISTRY_UNFILED"
    assert post(admin, "sign").json()["waits_for"] == "file"
    assert post(admin, "file", filed_on="2025-09-01").json()["waits_for"] == "sign_workers"
    assert post(admin, "launch").json()["code"] == "E_REGISTRY_UNSIGNED"
    assert post(auditor, "sign").json()["waits_for"] == "launch"
    assert post(admin, "launch").json()["state"] == "running"
    assert post(auditor, "suspend").json()["state"] == "suspended"
    assert post(auditor, "blacklist").json()["state"] == "blacklisted"
    assert admin.get("/api/registry?algo=watch.scan").json()["total"] == 1
    assert admin.get("/api/registry/999999").status_code == 404
    assert admin.get("/api/registry/models").json()["items"] == []
