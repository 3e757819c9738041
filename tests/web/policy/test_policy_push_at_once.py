"""Two desks at the same moment, on a database with real row locks: one payment, one claim, one objection."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as configured

from leye.kernel.errors import Conflict, NotFound
from leye.office.entitlements import claims, contacts, contesting, paying
from leye.office.entitlements.models import Claim, PaidItem, Payment
from leye.office.entitlements.rows import sealed
from leye.office.objections.models import Objection
from tests_support.at_once import at_once
from tests_support.push_city import FLEXIBLE, JOBLESS, SKILLED
from tests_support.push_office import AT, account, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in configured.DATABASES["default"]["ENGINE"], reason="row locks: PostgreSQL"),
]
MONTH = date(2025, 8, 1)


@pytest.fixture
def city(settings: Any, register: None) -> Path:
    return publish(settings)


def split(found: list[Any]) -> tuple[list[Any], list[Exception]]:
    """What succeeded, and the polite refusals; anything else fails the test."""
    lost = [f for f in found if isinstance(f, Conflict | NotFound)]
    won = [f for f in found if not isinstance(f, Exception)]
    assert len(won) + len(lost) == len(found), found
    return won, lost


def approved(person: str, policy: str, fen: int) -> Claim:
    contacts.press(person, "applied", acting_user=account("mine"), at=AT)
    claim = Claim.objects.get(policy=policy)
    return claims.decide_claim(claim.pk, approve=True, approved_fen=fen, reason="", acting_user=account("bureau"), at=AT)


def test_six_desks_pay_one_month_once(city: Path) -> None:
    claim, payer = approved(FLEXIBLE, "ss_flex_hard", 80_000), account("bureau2")
    act = lambda: paying.pay(claim.pk, month=MONTH, paid_fen=80_000, receipt="拨-1", acting_user=payer, at=AT)  # noqa: E731
    won, lost = split(at_once([act] * 6))
    assert (len(won), len(lost), Payment.objects.count()) == (1, 5, 1)


def test_two_claims_of_one_group_pay_for_one_certificate_once(city: Path) -> None:
    """The claims are different rows, so no lock keeps the desks apart: the unique item does."""
    first = approved(SKILLED, "skill_up", 150_000)
    second = Claim.objects.get(pk=first.pk)
    second.pk, second.policy = UUID("01900000-0000-7000-8000-000000000009"), "training"
    second.sealed, second.approved_fen = sealed(second.pk, subject=SKILLED, about=SKILLED), 100_000
    second.save(force_insert=True)
    payer = account("bureau2")
    pay = lambda claim, fen: lambda: paying.pay(claim.pk, month=MONTH, paid_fen=fen, receipt="拨-1", acting_user=payer, at=AT)  # noqa: E731
    won, lost = split(at_once([pay(first, 150_000), pay(second, 100_000)] * 3))
    assert (len(won), Payment.objects.count()) == (1, 1)
    assert {e.code for e in lost} == {"E_DOUBLE_PAYMENT"}
    assert PaidItem.objects.exclude(group__in=["skill_up", "training"]).count() == 1


def test_six_presses_make_one_claim(city: Path) -> None:
    counsellor = account("mine")
    won, _ = split(at_once([lambda: contacts.press(JOBLESS, "applied", acting_user=counsellor, at=AT)] * 6))
    assert won
    assert Claim.objects.filter(policy="ui_benefit").count() == 1


def test_six_clicks_contest_once(city: Path) -> None:
    seeker = account("asked")
    act = lambda: contesting.contest("skill_up", category="unfair", words="不公平的", acting_user=seeker, at=AT)  # noqa: E731
    won, _ = split(at_once([act] * 6))
    assert len(won) == Objection.objects.count() == 1
