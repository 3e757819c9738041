"""Vacancies and applications over the API: the whole way of a post, the three sides, and nobody else's."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from leye.office.applications.models import Application
from leye.office.outbox.models import AuditEntry
from match_town import OTHER_SEEKER, SEEKER, TYPED

pytestmark = pytest.mark.django_db
BODY = TYPED | {"headcount": 1}


def as_(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, path: str, body: Any = None) -> Any:
    return client.post(path, body or {}, content_type="application/json")


def test_a_post_from_draft_to_closed(employer: Any) -> None:
    client = as_(employer)
    checked = post(client, "/api/vacancies/check", BODY).json()
    assert checked["may_be_sent"] and checked["reach"] is None and checked["read"]["education_min"] == "junior_college"
    draft = post(client, "/api/vacancies", BODY).json()
    assert (draft["state"], draft["version"], draft["left"]) == ("draft", 1, 1)
    at = f"/api/vacancies/{draft['id']}"
    assert post(client, f"{at}/publish").json()["state"] == "open"
    assert post(client, f"{at}/publish").json()["code"] == "E_VACANCY_STEP"
    assert post(client, f"{at}/pause").json()["state"] == "paused"
    assert post(client, f"{at}/resume").json()["state"] == "open"
    newer = post(client, at, BODY | {"pay": "6500-8500元/月", "seen_version": 1}).json()
    assert (newer["version"], newer["pay"]) == (2, "6500-8500元/月")
    assert post(client, at, BODY | {"seen_version": 1}).json()["code"] == "E_VACANCY_CHANGED"
    assert post(client, f"{at}/restore/1").json()["version"] == 3
    assert post(client, f"{at}/restore/99").json()["code"] == "E_VACANCY_VERSION"
    assert post(client, f"{at}/close", {"closing": "nix"}).json()["code"] == "E_VACANCY_CLOSING"
    assert post(client, f"{at}/close", {"closing": "dropped"}).json()["closing"] == "dropped"
    assert [v["id"] for v in client.get("/api/vacancies?state=closed").json()["items"]] == [draft["id"]]
    assert AuditEntry.objects.filter(object_id=draft["id"]).count() == 7


def test_what_has_to_be_mended_is_told_and_stops_the_publishing(employer: Any) -> None:
    client, bad = as_(employer), BODY | {"description": BODY["description"] + "限男性。"}
    found = post(client, "/api/vacancies/check", bad).json()
    assert not found["may_be_sent"] and found["findings"][0]["stops"] and found["findings"][0]["basis"]
    draft = post(client, "/api/vacancies", bad).json()
    assert post(client, f"/api/vacancies/{draft['id']}/publish").json()["code"] == "E_VACANCY_FINDINGS"


def test_an_application_from_sent_to_hired_over_the_api(posted: Any, employer: Any, seeker: Any) -> None:
    person, firm = as_(seeker), as_(employer)
    sent = post(person, "/api/my/applications", {"job_id": str(posted.pk), "words": "我做过六年会计"}).json()
    assert (sent["state"], sent["side"], sent["may"]) == ("new", "person", ["cancel"])
    at, own = f"/api/firm/applications/{sent['id']}", f"/api/my/applications/{sent['id']}"
    assert firm.get(at).json()["contact"] is None
    assert post(person, f"{own}/contact", {"give": True}).json()["shares_contact"]
    assert firm.get(at).json()["contact"]["name"] == "甲一"
    assert post(firm, f"{at}/take").json()["state"] == "processing"
    assert post(firm, f"{at}/undo").json()["state"] == "new"
    assert post(firm, f"{at}/offer", {"words": "月薪七千", "start_on": "2025-09-08"}).json()["start_on"] == "2025-09-08"
    assert post(firm, f"{at}/accept").json()["code"] == "E_APPLICATION_STEP", "hiring is the person's last word"
    hired = post(person, f"{own}/accept").json()
    assert (hired["state"], [s["verb"] for s in hired["steps"]][-1]) == ("accepted", "accept")
    assert firm.get(f"/api/vacancies/{posted.pk}").json()["filled"] == 1
    assert post(person, f"{own}/stay", {"days": 30, "is_there": True}).json()["code"] == "E_STAY_DAY"
    assert [a["id"] for a in firm.get("/api/firm/applications?state=accepted").json()["items"]] == [sent["id"]]


def test_a_counsellor_sends_with_consent_and_for_own_people_only(posted: Any, counsellor: Any, seeker: Any) -> None:
    desk, body = as_(counsellor), {"job_id": str(posted.pk), "person_id": SEEKER}
    assert post(desk, "/api/applications", body).json()["code"] == "E_CONSENT"
    assert post(desk, "/api/applications", body | {"person_id": "P00000005", "consent": "电话同意"}).status_code == 404
    sent = post(desk, "/api/applications", body | {"consent": "9月1日电话同意"}).json()
    assert (sent["side"], desk.get("/api/applications").json()["total"]) == ("desk", 1)
    assert post(desk, f"/api/applications/{sent['id']}/cancel", {"consent": "当面同意"}).json()["state"] == "cancelled"
    assert as_(seeker).get(f"/api/my/applications/{sent['id']}").json()["steps"][-1]["words"] == "本人同意：当面同意"


def test_somebody_elses_and_none_answer_alike(posted: Any, employer: Any, rival: Any, seeker: Any, user_of: Any) -> None:
    made = post(as_(seeker), "/api/my/applications", {"job_id": str(posted.pk)}).json()
    stranger = user_of("seeker", "other", subject=OTHER_SEEKER, region="440604")
    far = user_of("counsellor", "far", subject="C00000002", region="440605")
    for user, prefix, own, verbs in (
        (
            rival,
            "/api/vacancies",
            posted.pk,
            {"": BODY, "/publish": {}, "/extend": {}, "/pause": {}, "/close": {"closing": "dropped"}, "/restore/1": {}},
        ),
        (rival, "/api/firm/applications", made["id"], {"/take": {}, "/undo": {}, "/stay": {"days": 30, "is_there": True}}),
        (stranger, "/api/my/applications", made["id"], {"/cancel": {}, "/undo": {}, "/contact": {"give": True}}),
        (far, "/api/applications", made["id"], {"/cancel": {"consent": "电话同意"}, "/undo": {}}),
    ):
        client = as_(user)
        for verb, body in verbs.items():
            answers = [post(client, f"{prefix}/{name}{verb}", body) for name in (own, uuid.uuid4())]
            assert [a.status_code for a in answers] == [404, 404], (prefix, verb)
            assert answers[0].content == answers[1].content
        assert [client.get(f"{prefix}/{name}").status_code for name in (own, uuid.uuid4())] == [404, 404]
        assert client.get(prefix).json()["total"] == 0
    assert as_(rival).get(f"/api/vacancies/{posted.pk}/candidates").status_code == 404
    assert post(as_(rival), f"/api/vacancies/{posted.pk}/candidates/{uuid.uuid4()}/invite").status_code == 404
    assert Application.objects.get().state == "new"


def test_each_side_may_only_what_its_role_may(posted: Any, seeker: Any, employer: Any, counsellor: Any) -> None:
    refused = {
        "seeker": (seeker, ["/api/vacancies", "/api/firm/applications", "/api/applications"]),
        "employer": (employer, ["/api/my/applications", "/api/applications"]),
        "counsellor": (counsellor, ["/api/vacancies", "/api/my/applications", "/api/firm/applications"]),
    }
    for user, paths in refused.values():
        assert {as_(user).get(p).status_code for p in paths} == {403}
    assert Client().get("/api/vacancies").status_code == 401
