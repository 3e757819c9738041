"""A campaign from draft to stop: four eyes, a lottery nobody chose, messages in a folder, receipts, outcomes, evaluation; refusals and attacks."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from leye.kernel.errors import BadInput, CheckFailed, Conflict, NotAllowed, NotFound

AT = datetime(2025, 9, 1, 1, tzinfo=UTC)
START = date(2025, 9, 1)
POLICY = "ss_flex_hard"


def wanted(**more: Any) -> Any:
    from leye.office.promotion.rollout import Wanted

    return Wanted(start=START, **more)


def later(days: int) -> datetime:
    return AT + timedelta(days=days)


def test_a_draft_holds_the_texts_of_the_rule(drafted: Any) -> None:
    from leye.office.outbox.models import AuditEntry, OutboxEvent

    assert (drafted.state, drafted.policy_zh, sorted(drafted.texts)) == ("draft", "社保补贴（灵活就业就业困难人员）", ["poster", "sms", "wechat"])
    assert all("可能可以" in "".join(t["parts"]) for t in drafted.texts.values())
    assert AuditEntry.objects.get(verb="promotion.drafted").object_id == str(drafted.pk)
    assert OutboxEvent.objects.get(name="promotion.drafted").permission == "promotion.view"


@pytest.mark.parametrize(
    ("policy", "channels", "error", "code"),
    [
        ("hire_once", ["sms"], CheckFailed, "E_UNVERIFIED"),
        ("expand_post", [], BadInput, "E_CAMPAIGN_CHANNEL"),
        ("nothing", ["sms"], NotFound, "E_POLICY"),
        (POLICY, ["fax"], NotFound, "E_CHANNEL"),
    ],
)
def test_drafts_that_are_refused(promoted_city: Path, user_of: Any, policy: str, channels: list[str], error: type, code: str) -> None:
    from leye.office.promotion.actions import draft_campaign

    with pytest.raises(error) as refused:
        draft_campaign(policy, channels=channels, on=date(2025, 8, 31), region="", acting_user=user_of("analyst"), at=AT)
    assert refused.value.code == code  # type: ignore[attr-defined]


def test_nobody_signs_the_own_draft_nor_other_texts_nor_twice(drafted: Any, user_of: Any) -> None:
    from leye.office.promotion.actions import sign_campaign

    with pytest.raises(NotAllowed, match="E_CAMPAIGN_OWN"):
        sign_campaign(drafted.pk, seen_sha256=drafted.text_sha256, acting_user=user_of("analyst"), at=AT)
    with pytest.raises(NotAllowed):
        sign_campaign(drafted.pk, seen_sha256=drafted.text_sha256, acting_user=user_of("counsellor"), at=AT)
    with pytest.raises(Conflict, match="E_CAMPAIGN_STALE"):
        sign_campaign(drafted.pk, seen_sha256="0" * 64, acting_user=user_of("admin"), at=AT)
    signed = sign_campaign(drafted.pk, seen_sha256=drafted.text_sha256, acting_user=user_of("admin"), at=AT)
    assert signed.signed_leaf is not None
    with pytest.raises(Conflict, match="E_CAMPAIGN_STEP"):
        sign_campaign(drafted.pk, seen_sha256=drafted.text_sha256, acting_user=user_of("admin"), at=AT)


def test_a_rule_that_changed_since_the_draft_is_not_signed(drafted: Any, user_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from leye.office.promotion import texts
    from leye.office.promotion.actions import sign_campaign
    from leye.policy import shipped

    packs = shipped()
    changed = replace(packs, policies={**packs.policies, POLICY: replace(packs.policies[POLICY], benefit_zh="改了")})
    monkeypatch.setattr(texts, "active_packs", lambda data: changed)
    with pytest.raises(Conflict, match="E_CAMPAIGN_STALE"):
        sign_campaign(drafted.pk, seen_sha256=drafted.text_sha256, acting_user=user_of("admin"), at=AT)


def test_the_list_is_of_those_who_may_be_entitled_and_do_not_have_it(running: Any) -> None:
    from leye.office.promotion.models import Recipient

    rows = Recipient.objects.filter(campaign=running)
    assert rows.count() == 14 * 5
    assert {r.channel for r in rows} <= {"sms", "wechat"}
    assert set(rows.filter(age_band="50+").values_list("channel", flat=True)) == {"sms"}
    assert "P000" not in str(list(rows.values())), "nobody stands in clear in the table"


def test_the_order_can_be_drawn_again_from_what_the_log_holds(running: Any) -> None:
    from leye.office.decisions.models import SealedEvent
    from leye.office.promotion.models import Recipient
    from leye.office.promotion.rollout import seed_of, turns_digest
    from leye.policy.promote import draw_schedule

    sealed = SealedEvent.objects.get(kind="promotion.scheduled").payload
    counts: dict[str, int] = {}
    for grid in Recipient.objects.filter(campaign=running).values_list("grid_id", flat=True):
        counts[grid] = counts.get(grid, 0) + 1
    again = draw_schedule(counts, start=START, steps=6, seed=seed_of(running, sealed["list"]), quiet_weeks=2)
    assert turns_digest(again) == sealed["turns"]
    assert running.seed == sealed["seed"] == seed_of(running, sealed["list"])
    assert running.seed != seed_of(running, "0" * 64)


def test_a_preview_writes_nothing_and_tells_the_power(signed: Any) -> None:
    from leye.office.promotion.models import GridTurn, Recipient
    from leye.office.promotion.rollout import plan_of

    plan = plan_of(signed, wanted())
    assert plan.told["power"] > 0
    assert plan.told["smallest_effect_at_80_percent_power"] > 0.06
    assert (GridTurn.objects.count(), Recipient.objects.count()) == (0, 0)


def test_plans_that_are_refused(signed: Any, drafted: Any, user_of: Any) -> None:
    from leye.office.promotion.rollout import Wanted, schedule_campaign

    analyst = user_of("analyst")
    with pytest.raises(BadInput, match="E_CAMPAIGN_START"):
        schedule_campaign(signed.pk, Wanted(start=date(2025, 8, 1)), acting_user=analyst, at=AT)
    with pytest.raises(BadInput, match="E_ROLLOUT_PLAN"):
        schedule_campaign(signed.pk, wanted(steps=30), acting_user=analyst, at=AT)
    signed.refresh_from_db()
    assert signed.state == "signed"
    with pytest.raises(NotAllowed):
        schedule_campaign(signed.pk, wanted(), acting_user=user_of("admin"), at=AT)


def test_a_policy_for_firms_is_not_told_to_persons(promoted_city: Path, user_of: Any) -> None:
    from leye.office.promotion.actions import draft_campaign, sign_campaign
    from leye.office.promotion.rollout import schedule_campaign

    made = draft_campaign("ui_refund", channels=["bulletin"], on=date(2025, 8, 31), region="", acting_user=user_of("analyst"), at=AT)
    sign_campaign(made.pk, seen_sha256=made.text_sha256, acting_user=user_of("admin"), at=AT)
    with pytest.raises(CheckFailed, match="E_CAMPAIGN_AUDIENCE"):
        schedule_campaign(made.pk, wanted(), acting_user=user_of("analyst"), at=AT)


def test_two_roll_outs_of_one_policy_are_refused(running: Any, user_of: Any) -> None:
    from leye.office.promotion.actions import draft_campaign, sign_campaign
    from leye.office.promotion.rollout import schedule_campaign

    other = draft_campaign(POLICY, channels=["sms"], on=date(2025, 8, 31), region="", acting_user=user_of("analyst"), at=AT)
    sign_campaign(other.pk, seen_sha256=other.text_sha256, acting_user=user_of("admin"), at=AT)
    with pytest.raises(Conflict, match="E_CAMPAIGN_RUNNING"):
        schedule_campaign(other.pk, wanted(), acting_user=user_of("analyst"), at=AT)
    other.refresh_from_db()
    assert other.state == "signed"


def messages(settings: Any) -> dict[str, list[dict[str, str]]]:
    found = {}
    for file in sorted((Path(settings.LEYE_DATA) / "outgoing").glob("*.csv")):
        assert file.stat().st_mode & 0o077 == 0, "phone numbers are readable by the owner only"
        with file.open(encoding="utf-8-sig", newline="") as text:
            found[file.stem.rsplit("-", 1)[1]] = list(csv.DictReader(text))
    return found


def test_nothing_goes_out_before_its_day(running: Any, user_of: Any, settings: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due, deliver_due

    with pytest.raises(Conflict, match="E_CAMPAIGN_NOT_DUE"):
        deliver_due(running.pk, acting_user=user_of("analyst"), at=AT)
    assert deliver_all_due(later(13)) == 0
    assert messages(settings) == {}


def test_a_step_goes_out_once_with_names_in_their_slot(running: Any, user_of: Any, settings: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due, deliver_due
    from leye.office.promotion.models import GridTurn, Recipient

    made = deliver_due(running.pk, acting_user=user_of("analyst"), at=later(14))
    told = Recipient.objects.exclude(handed_on=None)
    grids = set(GridTurn.objects.exclude(delivered_at=None).values_list("grid_id", flat=True))
    assert len(grids) == 2
    assert set(told.values_list("grid_id", flat=True)) == grids
    assert told.count() == 10
    out = messages(settings)
    assert {h.channel for h in made} == set(out)
    personal = [*out.get("sms", []), *out.get("wechat", [])]
    assert {row["message_id"] for row in personal} == {str(r.pk) for r in told if not r.failed}
    assert all("{姓名}" not in row["text"] for row in personal)
    assert any(row["text"].startswith("王") for row in personal)
    assert len({row["to"] for row in out["poster"]}) == 2
    assert deliver_all_due(later(14)) == 0, "the clock does not send it again"


def test_who_has_no_phone_is_marked_and_not_addressed(running: Any, settings: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.models import GridTurn, Recipient

    GridTurn.objects.filter(grid_id="G00000000").update(deliver_on=START)
    deliver_all_due(AT)
    marked = Recipient.objects.get(failed="no_phone")
    assert marked.grid_id == "G00000000"
    assert str(marked.pk) not in str(messages(settings))


def test_receipts_whole_or_not_at_all(running: Any, user_of: Any) -> None:
    from leye.office.promotion.delivery import deliver_due, record_receipts
    from leye.office.promotion.models import Recipient

    analyst = user_of("analyst")
    deliver_due(running.pk, acting_user=analyst, at=later(14))
    told = list(Recipient.objects.exclude(handed_on=None).filter(failed="")[:3])
    day = date(2025, 9, 15)
    good = [
        {"message_id": str(told[0].pk), "delivered_on": day.isoformat(), "opened_on": "2025-09-16"},
        {"message_id": str(told[1].pk), "delivered_on": day.isoformat(), "opened_on": ""},
        {"message_id": str(told[2].pk), "failed": "number out of use"},
    ]
    assert record_receipts(running.pk, good, acting_user=analyst, at=later(16)) == 3
    assert record_receipts(running.pk, good, acting_user=analyst, at=later(16)) == 0
    bad = [
        {"message_id": "00000000-0000-0000-0000-000000000007"},
        {"message_id": str(told[1].pk), "opened_on": "2025-09-14"},
        {"message_id": str(told[1].pk), "delivered_on": "2030-01-01"},
        {"message_id": str(told[1].pk), "delivered_on": "yesterday"},
        {"message_id": str(told[2].pk), "opened_on": "2025-09-16"},
    ]
    for row in bad:
        with pytest.raises(BadInput, match="E_RECEIPT"):
            record_receipts(running.pk, [good[0] | {"opened_on": "2025-09-17"}, row], acting_user=analyst, at=later(16))
    first = Recipient.objects.get(pk=told[0].pk)
    assert (first.delivered_on, first.opened_on) == (day, date(2025, 9, 16))
    assert Recipient.objects.get(pk=told[2].pk).failed == "number out of use"


def test_stop_takes_back_what_nobody_collected_and_sends_no_more(running: Any, user_of: Any, settings: Any) -> None:
    from leye.office.promotion.actions import stop_campaign
    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.models import Handover

    deliver_all_due(later(14))
    batches = Handover.objects.count()
    collected = Handover.objects.filter(channel="sms").first() or Handover.objects.first()
    (Path(settings.LEYE_DATA) / "outgoing" / collected.name).unlink()
    stopped = stop_campaign(running.pk, reason="文字有误，先停", acting_user=user_of("admin"), at=later(15))
    assert (stopped.state, stopped.stop_reason) == ("stopped", "文字有误，先停")
    assert Handover.objects.exclude(withdrawn_at=None).count() == batches - 1
    assert messages(settings) == {}
    assert deliver_all_due(later(60)) == 0
    with pytest.raises(Conflict, match="E_CAMPAIGN_STEP"):
        stop_campaign(running.pk, reason="再停一次", acting_user=user_of("admin"), at=later(15))


def test_another_sender_can_take_the_messages(running: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.models import Handover
    from leye.office.promotion.senders import Taken

    class Gateway:
        def __init__(self) -> None:
            self.taken: list[tuple[str, int]] = []

        def send(self, channel: str, batch: str, messages: Any) -> Taken:
            self.taken.append((channel, len(messages)))
            return Taken(f"{batch}@gateway", "f" * 64)

        def withdraw(self, name: str) -> bool:
            return False

    gateway = Gateway()
    assert deliver_all_due(later(14), sender=gateway) == len(gateway.taken)
    assert all(h.name.endswith("@gateway") for h in Handover.objects.all())


def test_a_sender_that_fails_leaves_nothing_half_done(running: Any, user_of: Any) -> None:
    from leye.office.outbox.models import AuditEntry
    from leye.office.promotion.delivery import deliver_all_due, deliver_due
    from leye.office.promotion.models import GridTurn, Handover, Recipient

    class Broken:
        def send(self, *_: Any) -> Any:
            raise OSError("line down")

        def withdraw(self, name: str) -> bool:
            return False

    assert deliver_all_due(later(14), sender=Broken()) == 0  # type: ignore[arg-type]
    with pytest.raises(OSError, match="line down"):
        deliver_due(running.pk, acting_user=user_of("analyst"), at=later(14), sender=Broken())  # type: ignore[arg-type]
    assert AuditEntry.objects.filter(verb="promotion.not_sent").count() == 1
    assert not GridTurn.objects.exclude(delivered_at=None).exists()
    assert not Handover.objects.exists()
    assert not Recipient.objects.exclude(handed_on=None).exists()
    assert deliver_all_due(later(15)) > 0, "the next night tries again"


def claim(user: Any, recipient: Any, day: int, paid: int | None = None) -> None:
    from leye.office.decisions.ledger import new_id
    from leye.office.entitlements.models import Claim, ClaimStep, Payment

    made = Claim.objects.create(
        id=new_id(AT), subject_kind="person", subject_key=recipient.subject_key, about_key=recipient.subject_key, sealed=b"x", policy=POLICY,
        state="paid" if paid else "applied", opened_by=user, opened_at=AT, changed_at=later(day),
    )  # fmt: skip
    ClaimStep.objects.create(claim=made, at=later(day), by=user, to_state="applied")
    if paid:
        Payment.objects.create(
            id=new_id(AT), claim=made, month=START, item="2025-09", paid_fen=100, paid_on=later(paid).date(), by=user, at=later(paid), receipt="1"
        )


def test_applications_and_payments_come_from_the_desks_and_make_the_evaluation(running: Any, user_of: Any) -> None:
    from leye.office.promotion.delivery import deliver_all_due
    from leye.office.promotion.evaluation import evaluate
    from leye.office.promotion.models import Recipient
    from leye.office.promotion.outcomes import take_outcomes

    user = user_of("counsellor")
    assert evaluate(running, date(2025, 9, 6)) is None
    for day in range(14, 56, 7):
        deliver_all_due(later(day))
    told = list(Recipient.objects.exclude(handed_on=None).order_by("handed_on"))
    for row in told[::4]:
        claim(user, row, (row.handed_on - START).days + 2, (row.handed_on - START).days + 9)
    claim(user, Recipient.objects.filter(handed_on=None).first(), 20)
    assert take_outcomes(running.pk, acting_user=user_of("analyst"), at=later(60)) == len(told[::4]) + 1
    found = evaluate(running, date(2025, 10, 27))
    assert found is not None
    assert found.effect is not None
    assert found.effect.total.value > 0.1
    assert found.effect.chance < 0.05
    steps = {s.stage: s.people for s in found.funnels[""][0].steps}
    assert steps["reached"] == len(told)
    assert steps["applied"] == steps["paid"] == len(told[::4])
    assert all(c.is_hidden for c in found.funnels["grid_id"]), "five people of a grid are too few to show"


def test_strangers_and_other_roles(running: Any, user_of: Any) -> None:
    from leye.office.promotion.queries import campaign_called, campaigns, next_steps

    for role in ("counsellor", "seeker", "employer", "operator"):
        with pytest.raises(NotAllowed):
            campaigns(user_of(role))
    assert campaigns(user_of("auditor")).count() == 1
    assert next_steps(user_of("auditor"), running) == []
    assert next_steps(user_of("analyst"), running) == ["send", "receipts", "stop"]
    with pytest.raises(NotFound):
        campaign_called(user_of("analyst"), uuid4())


def test_the_log_and_the_audit_name_nobody(running: Any, user_of: Any) -> None:
    from leye.office.decisions.models import SealedEvent
    from leye.office.outbox.models import AuditEntry, OutboxEvent
    from leye.office.promotion.delivery import deliver_all_due

    deliver_all_due(later(14))
    said = json.dumps([*SealedEvent.objects.values_list("payload", flat=True), *AuditEntry.objects.values_list("detail", flat=True),
                       *OutboxEvent.objects.values_list("payload", flat=True)], default=str)  # fmt: skip
    assert "P0000" not in said
    assert "1540000" not in said
    assert "王" not in said
