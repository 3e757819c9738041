"""Rule packs over HTTP: what pages show, and a bureau's rule all the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from leye.office.rules import active_packs
from leye.policy import shipped
from tests_support.own_rules import GOOD, REGION

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    return signed_in("analyst")


def post(client: Client, path: str, status: int = 200, **body: Any) -> Any:
    answer = client.post(f"/api/policy/{path}", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_policies_versions_and_facts(analyst: Client) -> None:
    rows = analyst.get("/api/policy/rules").json()
    assert [r["policy"] for r in rows] == list(shipped().policies)
    one = analyst.get("/api/policy/rules/ui_older_pension").json()
    assert [v["region"] for v in one["details"]] == ["CN", "CN-63"]
    assert one["details"][0]["clauses"][0]["when"] == "ui_claiming"
    assert len([f for f in analyst.get("/api/policy/facts").json() if not f["is_derived"]]) == 96
    assert analyst.get("/api/policy/rules/nobody").status_code == 404


def test_a_text_is_checked_and_nothing_is_kept(analyst: Client) -> None:
    good = post(analyst, "rules/check", text=GOOD, region=REGION)
    assert good == {"policy": "own_grant", "sound": True, "findings": [], "cases": 3, "failures": []}
    bad = post(analyst, "rules/check", text=GOOD.replace("hard_to_employ,", "hard_to_emply,"), region=REGION)
    assert not bad["sound"] and [(f["code"], f["line"]) for f in bad["findings"]] == [("E_FACT_UNKNOWN", 17)]
    post(analyst, "rules/check", 422, text=GOOD, region="CN")
    assert analyst.get("/api/policy/rules/drafts").json() == []


def test_from_text_to_force(analyst: Client, signed_in: Callable[..., Client], settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    auditor = signed_in("auditor")
    draft = post(analyst, "rules/drafts", text=GOOD, region=REGION)
    path = f"rules/drafts/{draft['id']}"
    assert draft["steps"] == ["save", "withdraw"]
    assert post(analyst, f"{path}/save", 409, text=GOOD + "# x\n", revision=2)["code"] == "E_RULE_STALE"
    assert post(analyst, f"{path}/sign", 403, seen_sha256=draft["text_sha256"])["code"] == "E_RULE_OWN"
    assert post(auditor, f"{path}/sign", 409, seen_sha256="0" * 64)["code"] == "E_RULE_STALE"
    assert post(auditor, f"{path}/sign", seen_sha256=draft["text_sha256"])["state"] == "signed"
    assert post(auditor, f"{path}/publish", 403)["code"] == "E_NOT_ALLOWED"
    with django_capture_on_commit_callbacks(execute=True):
        assert post(analyst, f"{path}/publish")["state"] == "published"
    assert "own_grant" in active_packs(Path(settings.LEYE_DATA)).policies
    with django_capture_on_commit_callbacks(execute=True):
        assert post(analyst, f"{path}/withdraw", reason="文件废止")["state"] == "withdrawn"
    assert "own_grant" not in active_packs(Path(settings.LEYE_DATA)).policies
    assert [d["state"] for d in analyst.get("/api/policy/rules/drafts?state=withdrawn").json()] == ["withdrawn"]


def test_a_text_that_no_file_can_hold_does_no_harm(analyst: Client) -> None:
    for text in ("a: \x00", "[" * 100_000, "a: &a [*a]"):
        assert not post(analyst, "rules/check", text=text, region=REGION)["sound"]
        post(analyst, "rules/drafts", text=text, region=REGION)


def test_a_rule_on_an_undeclared_fact_is_told(analyst: Client, register: None) -> None:
    """The gate seals only what the card declares; a rule that reads more is left out of the marks, and its page says so."""
    from leye.office.registry.cards import features_of, running_version

    declared = set(features_of("policy.marks", running_version("policy.marks")))
    lacking = next(f for f in shipped().facts if f.id not in declared and f.type == "bool")
    draft = post(analyst, "rules/drafts", text=GOOD.replace("when: hard_to_employ,", f"when: {lacking.id},"), region=REGION)
    page = analyst.get(f"/policy/rules/drafts/{draft['id']}").content.decode()
    assert "备案卡片没有列这些事实" in page and lacking.zh in page
