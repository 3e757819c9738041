"""Claims and payments: who may do which step, what is never paid twice, and which facts follow."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse

from leye.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from leye.office.accounts.models import User
from leye.office.decisions.models import SealedEvent
from leye.office.entitlements import claims, contacts, paying
from leye.office.entitlements.files import fact_file, packs_here, rules_day
from leye.office.entitlements.known import standing_of
from leye.office.entitlements.models import Claim, PaidItem, Payment, State
from leye.office.outbox.models import AuditEntry, OutboxEvent
from leye.office.registry.models import Version
from leye.policy import shipped
from tests_support.push_city import ASKED, FIRM, FLEXIBLE, HIRED, JOBLESS, ON, SKILLED, STORIES
from tests_support.push_office import AT, account, publish

pytestmark = pytest.mark.django_db
MONTH = date(2025, 8, 1)


@pytest.fixture
def city(settings: Any, register: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("leye.site.desk.claims.now", lambda: AT)
    return publish(settings)


def applied(person: str, policy: str) -> Claim:
    """Taken in by the counsellor of the grid."""
    contacts.press(person, "applied", acting_user=account("mine"), at=AT)
    return Claim.objects.get(policy=policy, about_key=_key(person))


def _key(person: str) -> str:
    from leye.kernel.decision import Subject
    from leye.office.decisions.subjects import subject_key

    return subject_key(Subject("person", person))


def approved(person: str, policy: str, fen: int) -> Claim:
    claim = applied(person, policy)
    return claims.decide_claim(claim.pk, approve=True, approved_fen=fen, reason="", acting_user=account("bureau"), at=AT)


def pay(claim: Claim, month: date = MONTH, fen: int | None = None, by: str = "mine", **more: Any) -> Payment:
    paid = fen if fen is not None else claim.approved_fen
    return paying.pay(claim.pk, month=month, paid_fen=paid, receipt="拨-2025-001", acting_user=account(by), at=AT, **more)


def test_a_claim_goes_from_taken_in_to_paid_and_leaves_its_traces(city: Path) -> None:
    claim = approved(SKILLED, "skill_up", 150_000)
    payment = pay(claim)
    claim.refresh_from_db()
    assert (claim.state, payment.paid_fen, payment.item) == (State.PAID, 150_000, "cert:4:2024-09-08")
    assert [s.to_state for s in claim.steps.all()] == ["applied", "approved", "paid"]
    assert set(AuditEntry.objects.filter(object_id=str(claim.pk)).values_list("verb", flat=True)) == {"claim.applied", "claim.approved", "claim.paid"}
    assert SealedEvent.objects.filter(kind="claim.paid", payload__receipt="拨-2025-001").count() == 1
    assert OutboxEvent.objects.filter(name="claim.paid", region="440605", permission="claims.view").count() == 1


def test_three_steps_two_pairs_of_hands(city: Path) -> None:
    claim = applied(SKILLED, "skill_up")
    with pytest.raises(NotAllowed) as same:
        claims.decide_claim(claim.pk, approve=True, approved_fen=150_000, reason="", acting_user=account("mine"), at=AT)
    assert same.value.code == "E_SAME_PERSON"
    claims.decide_claim(claim.pk, approve=True, approved_fen=150_000, reason="", acting_user=account("bureau"), at=AT)
    with pytest.raises(NotAllowed) as again:
        pay(Claim.objects.get(), by="bureau")
    assert again.value.code == "E_SAME_PERSON"
    assert pay(Claim.objects.get(), by="bureau2")


def test_refusing_needs_a_reason_that_the_person_reads(city: Path) -> None:
    claim = applied(SKILLED, "skill_up")
    with pytest.raises(BadInput) as bare:
        claims.decide_claim(claim.pk, approve=False, approved_fen=None, reason="不", acting_user=account("bureau"), at=AT)
    assert bare.value.code == "E_REASON"
    claims.decide_claim(claim.pk, approve=False, approved_fen=None, reason="证书在另一个市核发，按那边的办", acting_user=account("bureau"), at=AT)
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == (State.REFUSED, "证书在另一个市核发，按那边的办")


AMOUNTS = [(150_000, None), (100_000, None), (150_001, "E_AMOUNT"), (0, "E_AMOUNT"), (None, "E_AMOUNT")]


@pytest.mark.parametrize(("fen", "code"), AMOUNTS, ids=[str(a) for a, _ in AMOUNTS])
def test_no_more_is_approved_than_the_rule_gives(city: Path, fen: int | None, code: str | None) -> None:
    claim = applied(SKILLED, "skill_up")
    if code is None:
        assert claims.decide_claim(claim.pk, approve=True, approved_fen=fen, reason="", acting_user=account("bureau"), at=AT).approved_fen == fen
    else:
        with pytest.raises(BadInput) as refused:
            claims.decide_claim(claim.pk, approve=True, approved_fen=fen, reason="", acting_user=account("bureau"), at=AT)
        assert refused.value.code == code


def test_a_monthly_benefit_is_paid_month_by_month_and_no_month_twice(city: Path) -> None:
    claim = approved(FLEXIBLE, "ss_flex_hard", 80_000)
    assert pay(claim).item == "month:2025-08"
    with pytest.raises(Conflict) as double:
        pay(claim)
    assert double.value.code == "E_DOUBLE_PAYMENT"
    assert "2025-08 这个月" in double.value.zh
    assert "社保补贴_灵活就业就业困难人员" in double.value.zh
    assert pay(claim, month=date(2025, 9, 1)).item == "month:2025-09"
    assert Payment.objects.count() == 2


def test_what_excludes_each_other_names_the_other_payment(city: Path) -> None:
    """skill_up paid for a certificate: training for the same one is refused."""
    story = STORIES[SKILLED] | {"registered_unemployed": True, "registered_unemployed_since": date(2025, 1, 1)}
    from tests_support.push_city import write_push_city

    write_push_city_again(city, write_push_city, story)
    first = approved(SKILLED, "skill_up", 150_000)
    person = User.objects.create_user("skilled", role="seeker", region="440605", subject=SKILLED)
    both = claims.apply_for("training", acting_user=person, at=AT)  # it gives way, but nobody is kept from asking
    second = claims.decide_claim(both.pk, approve=True, approved_fen=100_000, reason="", acting_user=account("bureau"), at=AT)
    pay(first)
    with pytest.raises(Conflict) as double:
        pay(second)
    assert double.value.code == "E_DOUBLE_PAYMENT"
    assert "《技能提升补贴》" in double.value.zh
    assert "同一张证书（2024-09-08 核发）" in double.value.zh
    assert Payment.objects.count() == 1
    assert Claim.objects.get(policy="training").state == State.APPROVED, "nothing moved"


def write_push_city_again(city: Path, write: Any, story: dict[str, Any]) -> None:
    """The same city with another story of the skilled one; the older snapshot goes."""
    import shutil

    from leye.office import published

    shutil.rmtree(city / "snapshots")
    (city / "published.json").unlink()
    published._held.clear()
    write(city, **{SKILLED: story})


def test_the_database_refuses_the_second_payment_even_when_nobody_looked(city: Path) -> None:
    from django.db import IntegrityError, transaction

    claim = approved(FLEXIBLE, "ss_flex_hard", 80_000)
    payment = pay(claim)
    item = PaidItem.objects.filter(payment=payment).first()
    assert item is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        PaidItem.objects.create(key=item.key, payment=payment, group="x")


def test_what_a_department_paid_stands_in_the_way(city: Path) -> None:
    rows = [
        ("B1", FLEXIBLE, None, "ss_flex_hard", MONTH, None, 80_000, date(2025, 8, 20)),
        ("B2", FLEXIBLE, None, "public_post_ss", date(2025, 7, 1), None, 1, date(2025, 7, 20)),
    ]
    columns = ["payment_id", "person_id", "firm_id", "policy", "month", "cert_no", "amount_fen", "paid_on"]
    schema = {c: pl.Date if c in ("month", "paid_on") else pl.Int64 if c == "amount_fen" else pl.String for c in columns}
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(city / "city" / "payments.parquet")
    claim = approved(FLEXIBLE, "ss_flex_hard", 80_000)
    with pytest.raises(Conflict) as same:
        pay(claim)
    assert (same.value.code, "2025-08-20" in same.value.zh) == ("E_DOUBLE_PAYMENT", True)
    with pytest.raises(Conflict) as group:
        pay(claim, month=date(2025, 7, 1))
    assert "公益性岗位社保补贴" in group.value.zh
    assert pay(claim, month=date(2025, 6, 1))


BAD_PAYMENTS = [
    ({"receipt": " "}, "E_RECEIPT"),
    ({"paid_fen": 0}, "E_AMOUNT"),
    ({"paid_fen": 80_001}, "E_AMOUNT"),
]


@pytest.mark.parametrize(("change", "code"), BAD_PAYMENTS, ids=[f"{c} {i}" for i, (_, c) in enumerate(BAD_PAYMENTS)])
def test_payments_that_are_none(city: Path, change: dict[str, Any], code: str) -> None:
    claim = approved(FLEXIBLE, "ss_flex_hard", 80_000)
    said = {"month": MONTH, "paid_fen": 80_000, "receipt": "拨-1"} | change
    with pytest.raises(BadInput) as refused:
        paying.pay(claim.pk, acting_user=account("mine"), at=AT, **said)
    assert refused.value.code == code
    assert Payment.objects.count() == 0


def test_an_open_claim_cannot_be_paid(city: Path) -> None:
    claim = applied(SKILLED, "skill_up")
    with pytest.raises(Conflict) as refused:
        paying.pay(claim.pk, month=MONTH, paid_fen=1, receipt="拨-1", acting_user=account("bureau"), at=AT)
    assert refused.value.code == "E_CLAIM_STEP"


def test_a_barred_firm_is_not_paid_and_told_why(city: Path) -> None:
    boss = account("boss")
    claim = claims.apply_for("ss_hire_grad", about_id=HIRED, acting_user=boss, at=AT)
    claims.decide_claim(claim.pk, approve=True, approved_fen=150_000, reason="", acting_user=account("bureau"), at=AT)
    blacklist("示例食品有限公司")
    with pytest.raises(Conflict) as stopped:
        paying.pay(claim.pk, month=MONTH, paid_fen=150_000, receipt="拨-1", acting_user=account("bureau2"), at=AT)
    assert stopped.value.code == "E_BARRED"
    with pytest.raises(Conflict) as apply:
        claims.apply_for("expand_post", about_id=HIRED, acting_user=boss, at=AT)
    assert apply.value.code == "E_BARRED"


def blacklist(owner: str) -> None:
    version = Version.objects.get(algo="platform.dispatch")
    Version.objects.filter(pk=version.pk).update(state="blacklisted", owner=owner)


def test_facts_follow_the_payment_into_the_next_night(city: Path) -> None:
    packs, on = packs_here(), rules_day()
    before = fact_file(FLEXIBLE, packs, on)
    assert before is not None
    assert (before.facts["ss_subsidy_this_month"], before.facts["subsidised_months"]) == ("none", 0)
    pay(approved(FLEXIBLE, "ss_flex_hard", 80_000))
    after = fact_file(FLEXIBLE, packs, on)
    assert after is not None
    assert (after.facts["ss_subsidy_this_month"], after.facts["subsidised_months"]) == ("ss_flex_hard", 1)
    assert after.register["subsidised_months"] == 0
    standing = standing_of(city, shipped(), AT + timedelta(hours=1))
    assert [(p.person_id, p.policy, p.month) for p in standing.paid] == [(FLEXIBLE, "ss_flex_hard", MONTH)]
    assert (FLEXIBLE, "ss_flex_hard", "paid") in standing.held
    from leye.office.nightly.marks_step import city_tables, marks_step

    found = city_tables(city)
    assert found is not None
    tables = marks_step(found, shipped(), ON, standing)
    mark = tables["marks"].filter(pl.col("person_id") == FLEXIBLE, pl.col("policy") == "ss_flex_hard").row(0, named=True)
    assert (mark["verdict"], mark["months"]) == ("yes", 35), "one of thirty-six months is used"
    assert tables["push"].filter(pl.col("person_id") == FLEXIBLE, pl.col("policy") == "ss_flex_hard").is_empty()


def test_older_payments_are_in_the_registers_and_count_no_second_time(city: Path) -> None:
    pay(approved(FLEXIBLE, "ss_flex_hard", 80_000))
    Payment.objects.update(paid_on=date(2025, 8, 30))
    assert standing_of(city, shipped(), AT + timedelta(hours=1)).paid == ()


def test_an_approved_recognition_is_a_fact(city: Path) -> None:
    user = User.objects.create_user("jobless", role="seeker", region="440605", subject=JOBLESS)
    story = fact_file(JOBLESS, packs_here(), rules_day())
    assert story is not None
    Claim.objects.create(
        id="01900000-0000-7000-8000-000000000001", subject_kind="person", subject_key=story.key, about_key=story.key, sealed=_sealed(JOBLESS),
        region="440605", policy="recognise_hard", item="once", state=State.APPROVED, opened_by=user, opened_at=AT, changed_at=AT,
    )  # fmt: skip
    after = fact_file(JOBLESS, packs_here(), rules_day())
    assert after is not None
    assert after.facts["hard_to_employ"] is True
    assert after.register["hard_to_employ"] is False


def _sealed(person: str) -> bytes:
    from uuid import UUID

    from leye.office.entitlements.rows import sealed

    return sealed(UUID("01900000-0000-7000-8000-000000000001"), subject=person, about=person)


def test_another_district_finds_no_claim(city: Path) -> None:
    claim = applied(SKILLED, "skill_up")
    for act in (
        lambda: claims.decide_claim(claim.pk, approve=True, approved_fen=1, reason="", acting_user=account("far"), at=AT),
        lambda: paying.pay(claim.pk, month=MONTH, paid_fen=1, receipt="拨-1", acting_user=account("far"), at=AT),
    ):
        with pytest.raises(NotFound):
            act()
    client = Client()
    client.force_login(account("far"))
    assert client.get(reverse("claim", args=[claim.pk])).status_code == 404
    assert client.get("/api/claims").json()["total"] == 0
    with pytest.raises(NotAllowed):
        claims.decide_claim(claim.pk, approve=True, approved_fen=1, reason="", acting_user=account("asked"), at=AT)


def test_the_desk_s_pages(city: Path) -> None:
    claim = applied(SKILLED, "skill_up")
    client = Client()
    client.force_login(account("bureau"))
    listed = client.get(reverse("claims")).content.decode()
    assert "1 件申领" in listed
    assert "陈技能" not in listed
    detail = client.get(reverse("claim", args=[claim.pk])).content.decode()
    assert 'value="1500.00"' in detail
    bad = client.post(reverse("claim-decide", args=[claim.pk]), {"verdict": "approve", "amount": "一千五"})
    assert (bad.status_code, "金额写得不对" in bad.content.decode()) == (400, True)
    assert client.post(reverse("claim-decide", args=[claim.pk]), {"verdict": "approve", "amount": "1,500"}).status_code == 302
    assert "审批的人不能登记发放" in client.get(reverse("claim", args=[claim.pk])).content.decode()
    payer = Client()
    payer.force_login(account("bureau2"))
    assert "拨付单号" in payer.get(reverse("claim", args=[claim.pk])).content.decode()
    wrong = payer.post(reverse("claim-pay", args=[claim.pk]), {"month": "8月", "amount": "1500", "receipt": "拨-1"})
    assert (wrong.status_code, "没有写发放哪个月" in wrong.content.decode()) == (400, True)
    assert payer.post(reverse("claim-pay", args=[claim.pk]), {"month": "2025-08", "amount": "1500", "receipt": "拨-1"}).status_code == 302
    assert "拨-1" in payer.get(reverse("claim", args=[claim.pk])).content.decode()
    table = client.get(reverse("claims-csv") + "?state=paid").content.decode("utf-8-sig")
    assert "skill_up" in table
    assert SKILLED not in table
    assert ASKED not in table
    assert FIRM not in table
