"""Campaigns over the API: the same steps, the same refusals as problem details, a gateway's report whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

POLICY = "ss_flex_hard"
PLAN = {"start": "2025-09-01", "steps": 6, "weeks": 8, "effect": 0.06}


def post(client: Any, path: str, body: Any = None) -> Any:
    return client.post(f"/api/promotion{path}", body if body is not None else {}, content_type="application/json")


def test_a_campaign_from_draft_to_stop(promoted_city: Path, signed_in: Any, clock: Any) -> None:
    analyst, admin = signed_in("analyst"), signed_in("admin")
    made = post(analyst, "/campaigns", {"policy": POLICY, "channels": ["sms", "bulletin"]})
    assert made.status_code == 200, made.content
    row = made.json()
    assert (row["state"], sorted(row["texts"]), row["may"]) == ("draft", ["bulletin", "sms"], ["stop"])
    here = f"/campaigns/{row['id']}"
    own = post(analyst, f"{here}/sign", {"text_sha256": row["text_sha256"]})
    assert (own.status_code, own.json()["code"]) == (403, "E_CAMPAIGN_OWN")
    assert post(admin, f"{here}/sign", {"text_sha256": "0" * 64}).json()["code"] == "E_CAMPAIGN_STALE"
    assert post(admin, f"{here}/sign", {"text_sha256": row["text_sha256"]}).json()["state"] == "signed"
    told = post(analyst, f"{here}/plan", PLAN).json()
    assert told["smallest_effect_at_80_percent_power"] > told["asked_effect"]
    begun = post(analyst, f"{here}/schedule", PLAN).json()
    assert (begun["state"], begun["listed"], begun["start_on"]) == ("running", 70, "2025-09-01")
    assert post(analyst, f"{here}/send").json()["code"] == "E_CAMPAIGN_NOT_DUE"
    clock(14)
    batches = post(analyst, f"{here}/send").json()
    assert {b["channel"] for b in batches} == {"sms", "bulletin"}
    assert analyst.get(f"/api/promotion{here}/handovers").json() == sorted(batches, key=lambda b: b["channel"])
    assert analyst.get(f"/api/promotion{here}/evaluation").json()["effect"] is None
    assert post(analyst, f"{here}/outcomes").json() == {"changed": 0}
    assert post(admin, f"{here}/stop", {"text": "文字要改"}).json()["state"] == "stopped"
    listed = analyst.get("/api/promotion/campaigns").json()
    assert (listed["total"], listed["items"][0]["told"]) == (1, 10)


def test_receipts(running: Any, signed_in: Any, clock: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.models import Recipient

    clock(16)
    deliver_all_due(clock.at(14))
    told = Recipient.objects.exclude(handed_on=None).filter(failed="").first()
    analyst, path = signed_in("analyst"), f"/campaigns/{running.pk}/receipts"
    good = {"message_id": str(told.pk), "delivered_on": "2025-09-15"}
    assert post(analyst, path, {"rows": [good]}).json() == {"changed": 1}
    refused = post(analyst, path, {"rows": [good, good | {"opened_on": "2025-09-01"}]})
    assert (refused.status_code, refused.json()["code"]) == (400, "E_RECEIPT")
    assert post(analyst, path, {"rows": [{"message_id": "x"}]}).status_code == 422
    assert post(signed_in("admin"), path, {"rows": [good]}).status_code == 403
    assert Recipient.objects.get(pk=told.pk).delivered_on == date(2025, 9, 15)


def test_refusals_are_problem_details(promoted_city: Path, signed_in: Any, clock: Any) -> None:
    analyst = signed_in("analyst")
    cases = [({"policy": "hire_once", "channels": ["sms"]}, "E_UNVERIFIED"), ({"policy": "nothing", "channels": ["sms"]}, "E_POLICY"),
             ({"policy": POLICY, "channels": []}, "E_CAMPAIGN_CHANNEL"), ({"policy": POLICY, "channels": ["fax"]}, "E_CHANNEL")]  # fmt: skip
    for body, code in cases:
        answer = post(analyst, "/campaigns", body)
        assert 400 <= answer.status_code < 500
        assert answer.json()["code"] == code
        assert answer["Content-Type"].startswith("application/problem+json")


def test_reported_roll_outs(promoted_city: Path, signed_in: Any, clock: Any) -> None:
    analyst = signed_in("analyst")
    assert analyst.get("/api/promotion/rollouts").json() == []
    assert analyst.get("/api/promotion/rollouts/nothing").status_code == 404


def test_nobody_else(running: Any, signed_in: Any, client: Any) -> None:
    assert client.get("/api/promotion/campaigns").status_code == 401
    for role in ("counsellor", "seeker", "employer"):
        assert signed_in(role).get("/api/promotion/campaigns").status_code == 403
    assert "P000000" not in signed_in("auditor").get(f"/api/promotion/campaigns/{running.pk}").content.decode()


def test_a_batch_for_a_gateway_that_asks(running: Any, signed_in: Any, clock: Any, settings: Any) -> None:
    from leye.office.outbox.models import AuditEntry
    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.models import Handover

    clock(15)
    deliver_all_due(clock.at(14))
    batch = Handover.objects.get(channel="sms")
    here = f"/api/promotion/campaigns/{running.pk}/handovers/{batch.pk}"
    analyst = signed_in("analyst")
    rows = analyst.get(here).json()
    assert len({r["message_id"] for r in rows}) == batch.messages
    assert {r["part"] for r in rows} == set(range(1, rows[0]["parts"] + 1))
    assert rows[0]["to"].startswith("154")
    assert AuditEntry.objects.get(verb="promotion.exported").by.role == "analyst"
    for role in ("admin", "auditor", "counsellor"):
        assert signed_in(role).get(here).status_code == 403
    (Path(settings.LEYE_DATA) / "outgoing" / batch.name).unlink()
    assert analyst.get(here).status_code == 404
