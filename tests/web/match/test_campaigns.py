"""Campaigns: computed in all modes, picked with a reason, signed by another, sealed one by one, invited with consent, nothing tampered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from leye.kernel.errors import LeyeError, NotFound
from leye.match.columns import PEOPLE
from leye.office.applications.models import Application
from leye.office.campaigns.actions import make, pick, sign, unpick, withdraw
from leye.office.campaigns.asked import Asked
from leye.office.campaigns.invitations import drop, restore, send
from leye.office.campaigns.models import Campaign, Invitation
from leye.office.campaigns.queries import campaigns, invitations_of
from leye.office.decisions.models import Decision
from leye.office.outbox.models import AuditEntry, OutboxEvent
from match_town import NOW, SEEKER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seekers")]
WHY = "合计接近最多，想换的少"
ASKED = Asked("秋季招聘会", date(2025, 9, 20), "fair", "wish", "", {"J00000001": 1, "J00000003": 1})


@pytest.fixture
def seekers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four people of one district and one of the other: two fit, one lacks schooling, one did not say what they want."""
    rows = [
        {"person_id": "P00000001", "target_codes": ["2060301"], "education": "bachelor", "relevant_years": 6.0},
        {"person_id": "P00000002", "target_codes": ["2060301"], "education": "junior_college", "relevant_years": 3.0},
        {"person_id": "P00000003", "target_codes": ["2060301"], "education": "junior_college", "relevant_years": 2.0},
        {"person_id": "P00000004", "target_codes": [], "education": "bachelor"},
        {"person_id": "P00000005", "target_codes": ["2060301"], "education": "bachelor", "relevant_years": 4.0},
    ]
    wishes = {"cities": ["440600"], "pay_min_fen": 400000, "pay_period": "month"}
    frame = pl.DataFrame([tuple((r | wishes).get(n) for n in PEOPLE) for r in rows], schema=PEOPLE, orient="row")
    frame = frame.with_columns(region=pl.Series(["440604"] * 4 + ["440605"]))
    monkeypatch.setattr("leye.office.campaigns.seekers.people_frame", lambda data, on: frame)


@pytest.fixture
def maker(user_of: Callable[..., Any]) -> Any:
    return user_of("analyst", "maker")


@pytest.fixture
def signer(user_of: Callable[..., Any]) -> Any:
    return user_of("analyst", "signer")


@pytest.fixture
def far(user_of: Callable[..., Any]) -> Any:
    """The other district's counsellor."""
    return user_of("counsellor", "far", subject="C00000002", region="440605")


@pytest.fixture
def draft(maker: Any) -> Campaign:
    return make(ASKED, acting_user=maker, at=NOW)


@pytest.fixture
def chosen(draft: Campaign, maker: Any) -> Campaign:
    return pick(draft.pk, "stable", reason=WHY, acting_user=maker, at=NOW)


@pytest.fixture
def signed(register: None, chosen: Campaign, signer: Any) -> Campaign:
    return sign(chosen.pk, acting_user=signer, at=NOW)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(LeyeError) as caught:
        act()
    return caught.value.code


def own(user: Any, campaign: Campaign) -> Invitation:
    return invitations_of(user, campaign, NOW)[0].invitation


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_mode_is_computed_with_its_account_and_names_nobody(draft: Campaign) -> None:
    assert set(draft.body["modes"]) == {"flow", "stable", "balanced"} and draft.body["seekers"] == 4
    for found in draft.body["modes"].values():
        assert found["account"]["placed"] <= 2 and {"value", "blocking_pairs"} <= set(found["account"])
        assert {g["grouping"] for g in found["groups"]} == {"sex", "age_band", "hukou"}
        assert all(g["n"] is None for g in found["groups"]), "four people are fewer than ten"
    assert draft.body["modes"]["stable"]["account"]["blocking_pairs"] == 0
    assert "P0000" not in json.dumps([draft.body, draft.posts]) and b"P0000" not in bytes(draft.sealed)


def test_a_signature_seals_everyone_and_drafts_what_was_picked(signed: Campaign) -> None:
    placed = signed.body["modes"]["stable"]["account"]["placed"]
    assert Decision.objects.filter(algo="match.allocate").count() == signed.sealed_people == 4
    assert signed.invitations.count() == placed == 2 and signed.leaf_index is not None and Application.objects.count() == 0
    assert [a.verb for a in AuditEntry.objects.filter(verb__startswith="campaign.").order_by("id")] == [
        "campaign.computed", "campaign.chosen", "campaign.signed",
    ]  # fmt: skip
    assert OutboxEvent.objects.filter(name="campaign.changed").count() == 3


def test_the_person_sees_it_with_its_reason(signed: Campaign, seeker: Any) -> None:
    mine = Decision.objects.get(algo="match.allocate", run_id__startswith="campaign-", pk__in=own_ids(SEEKER))
    assert len(mine.run_id) <= 30, "what PostgreSQL takes"
    page = client_of(seeker).get(f"/my/decisions/{mine.pk}")
    assert page.status_code == 200 and "人岗安排" in page.content.decode()
    assert client_of(seeker).get(f"/my/decisions/{mine.pk}/receipt").status_code == 200


def own_ids(person_id: str) -> list[Any]:
    from leye.office.decisions.subjects import subject_key, subject_of

    return list(Decision.objects.filter(subject_key=subject_key(subject_of(person_id))).values_list("pk", flat=True))


def test_nobody_signs_what_they_made_or_picked(chosen: Campaign, maker: Any, signer: Any) -> None:
    assert code_of(lambda: sign(chosen.pk, acting_user=maker, at=NOW)) == "E_OWN_CAMPAIGN"
    pick(chosen.pk, "flow", reason=WHY, acting_user=signer, at=NOW)
    assert code_of(lambda: sign(chosen.pk, acting_user=signer, at=NOW)) == "E_OWN_CAMPAIGN"
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=chosen.pk).update(signed_by=maker)


@pytest.mark.parametrize(
    "tampered",
    [
        {"name": "别的活动"},
        {"posts": [{"job_id": "J00000003", "title": "会计", "firm_name": "", "places": 99}]},
        {"content_sha256": "0" * 64},
        {"region": "440604"},
    ],
    ids=["name", "places", "hash", "district"],
)
def test_what_was_changed_since_is_not_signed(tampered: dict[str, Any], chosen: Campaign, signer: Any) -> None:
    Campaign.objects.filter(pk=chosen.pk).update(**tampered)
    assert code_of(lambda: sign(chosen.pk, acting_user=signer, at=NOW)) == "E_CAMPAIGN_STALE"
    assert Decision.objects.filter(algo="match.allocate").count() == 0 == Invitation.objects.count()


def test_outcomes_copied_from_another_campaign_do_not_open(chosen: Campaign, maker: Any, signer: Any) -> None:
    other = make(ASKED, acting_user=maker, at=NOW)
    Campaign.objects.filter(pk=chosen.pk).update(sealed=other.sealed)
    with pytest.raises(Exception):  # noqa: B017 - the cipher's own refusal
        sign(chosen.pk, acting_user=signer, at=NOW)
    assert Decision.objects.filter(algo="match.allocate").count() == 0


def test_only_the_steps_of_the_state_lead_on(draft: Campaign, maker: Any, signer: Any) -> None:
    assert code_of(lambda: sign(draft.pk, acting_user=signer, at=NOW)) == "E_CAMPAIGN_STATE"
    assert code_of(lambda: unpick(draft.pk, acting_user=maker, at=NOW)) == "E_CAMPAIGN_STATE"
    assert code_of(lambda: pick(draft.pk, "flow'; drop", reason=WHY, acting_user=maker, at=NOW)) == "E_CAMPAIGN_MODE"
    assert code_of(lambda: pick(draft.pk, "flow", reason="好", acting_user=maker, at=NOW)) == "E_REASON"
    pick(draft.pk, "flow", reason=WHY, acting_user=maker, at=NOW)
    assert unpick(draft.pk, acting_user=maker, at=NOW).mode == ""
    withdraw(draft.pk, reason="单位改期了", acting_user=maker, at=NOW)
    assert code_of(lambda: pick(draft.pk, "flow", reason=WHY, acting_user=maker, at=NOW)) == "E_CAMPAIGN_STATE"
    assert code_of(lambda: withdraw(draft.pk, reason="单位改期了", acting_user=maker, at=NOW)) == "E_CAMPAIGN_STATE"


def test_an_invitation_goes_with_consent_and_names_its_decision(signed: Campaign, counsellor: Any) -> None:
    mine = own(counsellor, signed)
    assert code_of(lambda: send(signed.pk, mine.pk, consent="", acting_user=counsellor, at=NOW)) == "E_CONSENT"
    sent = send(signed.pk, mine.pk, consent="9月1日电话同意", acting_user=counsellor, at=NOW)
    assert sent.application is not None and (sent.application.origin, sent.application.decision_id) == ("counsellor", mine.decision_id)
    assert code_of(lambda: send(signed.pk, mine.pk, consent="9月1日电话同意", acting_user=counsellor, at=NOW)) == "E_INVITATION_STATE"
    assert code_of(lambda: drop(signed.pk, mine.pk, reason="本人不想去", acting_user=counsellor, at=NOW)) == "E_INVITATION_STATE"


def test_a_drop_is_undone_until_the_campaign_is_withdrawn(signed: Campaign, counsellor: Any, maker: Any) -> None:
    mine = own(counsellor, signed)
    drop(signed.pk, mine.pk, reason="本人不想去", acting_user=counsellor, at=NOW)
    assert restore(signed.pk, mine.pk, acting_user=counsellor, at=NOW).state == "drafted"
    withdraw(signed.pk, reason="单位改期了", acting_user=maker, at=NOW)
    assert code_of(lambda: send(signed.pk, mine.pk, consent="9月1日电话同意", acting_user=counsellor, at=NOW)) == "E_CAMPAIGN_STATE"
    assert Application.objects.count() == 0


@pytest.mark.usefixtures("register")
def test_another_district_and_another_grid_are_not_there(maker: Any, signer: Any, counsellor: Any, far: Any) -> None:
    local = make(Asked("禅城专场", ASKED.on, "public", "district", "440604", ASKED.places), acting_user=maker, at=NOW)
    pick(local.pk, "stable", reason=WHY, acting_user=maker, at=NOW)
    sign(local.pk, acting_user=signer, at=NOW)
    mine = own(counsellor, local)
    for act in (
        lambda: pick(local.pk, "flow", reason=WHY, acting_user=far, at=NOW),
        lambda: withdraw(local.pk, reason="单位改期了", acting_user=far, at=NOW),
        lambda: send(local.pk, mine.pk, consent="9月1日电话同意", acting_user=far, at=NOW),
        lambda: make(Asked("别区的", ASKED.on, "fair", "district", "440604", ASKED.places), acting_user=far, at=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    assert not campaigns(far).exists() and client_of(far).get(f"/campaigns/{local.pk}").status_code == 404


def test_a_campaign_of_the_whole_place_shows_each_counsellor_own_people(signed: Campaign, counsellor: Any, far: Any) -> None:
    people = [{a.person_id for a in invitations_of(u, signed, NOW)} for u in (counsellor, far)]
    assert not people[0] & people[1] and people[1] <= {"P00000005"} and sum(map(len, people)) == 2
    other = own(counsellor, signed)
    with pytest.raises(NotFound):
        drop(signed.pk, other.pk, reason="本人不想去", acting_user=far, at=NOW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"places": {}}, "E_CAMPAIGN_FIELD"),
        ({"places": {"J00000001": 0}}, "E_CAMPAIGN_FIELD"),
        ({"places": {"J00000001": 501}}, "E_CAMPAIGN_FIELD"),
        ({"places": {"J00000002": 1}}, "E_CAMPAIGN_POSTS"),
        ({"places": {"<script>": 1}}, "E_CAMPAIGN_POSTS"),
        ({"on": date(2025, 8, 1)}, "E_CAMPAIGN_FIELD"),
        ({"who": "all"}, "E_CAMPAIGN_FIELD"),
        ({"who": "district", "region": "999999"}, "E_CAMPAIGN_FIELD"),
        ({"name": " "}, "E_CAMPAIGN_FIELD"),
    ],
    ids=["none", "nought", "many", "closed", "markup", "past", "who", "where", "nameless"],
)
def test_what_cannot_be_computed_is_named(change: dict[str, Any], code: str, maker: Any) -> None:
    from dataclasses import replace

    assert code_of(lambda: make(replace(ASKED, **change), acting_user=maker, at=NOW)) == code and not Campaign.objects.exists()


def test_a_post_that_closed_since_holds_the_signature(chosen: Campaign, signer: Any, town: Any) -> None:
    from match_town import ads

    ads(town, [("J00000001", "会计", 600000, 800000, None)])
    assert code_of(lambda: sign(chosen.pk, acting_user=signer, at=NOW)) == "E_CAMPAIGN_POSTS"


@pytest.mark.usefixtures("register")
def test_the_pages_lead_from_posts_to_an_application(maker: Any, signer: Any, counsellor: Any) -> None:
    first, second, desk = map(client_of, (maker, signer, counsellor))
    assert "还没有招聘活动" in first.get("/campaigns").content.decode()
    typed = {"name": "秋招", "on": "2025-09-20", "kind": "fair", "who": "wish", "region": "", "places.J00000001": "1", "q": "出纳"}
    found = first.post("/campaigns/new", typed | {"do": "find"}).content.decode()
    assert 'name="places.J00000001"' in found and "J00000003" not in found, "what was typed stays, the rest is searched"
    refused = first.post("/campaigns/new", typed | {"places.J00000001": "一个"})
    assert refused.status_code == 400 and "不是整数" in refused.content.decode()
    at = first.post("/campaigns/new", typed).headers["Location"]
    assert "折中" in first.get(at).content.decode()
    first.post(f"{at}/pick", {"mode": "stable", "reason": WHY})
    assert first.post(f"{at}/sign").status_code == 403
    assert second.post(f"{at}/sign").status_code == 302
    shown = desk.get(at).content.decode()
    assert "甲一" in shown or "乙二" in shown or "丙三" in shown or "没有人在这场活动" in shown
    assert "甲一" not in second.get(at).content.decode(), "an analyst sees no names"
    mine = invitations_of(counsellor, Campaign.objects.get(), NOW)
    if mine:
        assert desk.post(f"{at}/invitations/{mine[0].invitation.pk}/send", {"consent": "9月1日电话同意"}).status_code == 302
    for path in ("/campaigns.csv", f"{at}/account.csv"):
        assert first.get(path).status_code == 200
    assert desk.get(f"{at}/invitations.csv").status_code == 200 and first.get(f"{at}/invitations.csv").status_code == 403
    english = first.get(at, headers={"accept-language": "en"})
    assert english.status_code == 200
    assert first.get(f"/api{at}").json()["modes"].keys() == {"flow", "stable", "balanced"}
    assert desk.get("/api/campaigns").json()["total"] == 1
