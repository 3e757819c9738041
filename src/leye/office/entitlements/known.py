"""What the office knows beyond the registers, as the rules' room takes it: answers, payments newer than the registers, and what needs no call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from leye.kernel.clock import beijing_day
from leye.office.entitlements.models import Claim, Contact, Payment, Result, State, StatedFact
from leye.office.privacy.keyring import keyring
from leye.policy import PackSet
from leye.policy.facts import FactTable
from leye.policy.push.items import ONCE
from leye.policy.push.overlay import Paid, Stated
from leye.policy.push.standing import Standing

PURPOSE = "entitlements"


def standing_of(data: Path, packs: PackSet, until: datetime) -> Standing:
    """Everything until an instant, for the whole city. data: the folder whose registers tell which payments are newer."""
    registers = register_day(data)
    return Standing(
        stated=tuple(_stated(StatedFact.objects.filter(replaced_at=None, at__lte=until), packs.facts)),
        paid=(*_paid(Payment.objects.filter(at__lte=until), registers), *_recognised(Claim.objects.filter(changed_at__lte=until), registers)),
        held=tuple(_held(until)),
        questions=questions(packs),
        barred=frozenset(_barred(data)),
    )


def standing_of_one(subject_key: str, data: Path, packs: PackSet) -> Standing:
    """The same of one person or firm: answers and payments."""
    registers, claims = register_day(data), Claim.objects.filter(about_key=subject_key)
    return Standing(
        stated=tuple(_stated(StatedFact.objects.filter(replaced_at=None, subject_key=subject_key), packs.facts)),
        paid=(*_paid(Payment.objects.filter(claim__about_key=subject_key), registers), *_recognised(claims, registers)),
        questions=questions(packs),
    )


def register_day(data: Path) -> date:
    """The day as of which the city's tables hold; payments until then are in them."""
    from leye.office.nightly.run import city_today

    return city_today(data)


def questions(packs: PackSet) -> dict[str, str]:
    """Fact -> what to ask, in Chinese."""
    from leye.policy.explain.fact_words import fact_words

    return {name: words.ask_zh for name, words in fact_words(packs).items()}


def opened(row: StatedFact | Claim | Contact) -> dict[str, Any]:
    """What is sealed in a row, in clear. Whoever shows it to staff records the read."""
    said: dict[str, Any] = json.loads(keyring(PURPOSE).decrypt(bytes(row.sealed), row.pk.bytes))
    return said


def _stated(rows: Iterable[StatedFact], facts: FactTable) -> Iterator[Stated]:
    for row in rows:
        said = opened(row)
        if row.fact in facts.facts:  # a pack that no longer knows the fact asks for it no more
            yield Stated(said["subject"], row.fact, facts.facts[row.fact].check(said["value"]))  # type: ignore[arg-type]


def _paid(payments: Any, registers: date) -> Iterator[Paid]:
    for row in payments.filter(paid_on__gt=registers).select_related("claim"):
        yield Paid(opened(row.claim)["about"], row.claim.policy, row.month, row.item, row.paid_on)


def _recognised(claims: Any, registers: date) -> Iterator[Paid]:
    """Approvals of what pays nothing, such as a recognition: they change facts by themselves."""
    for claim in claims.filter(state=State.APPROVED, approved_fen=None):
        day = beijing_day(claim.changed_at)
        if day > registers:
            yield Paid(opened(claim)["about"], claim.policy, day.replace(day=1), claim.item or ONCE, day)


def _barred(data: Path) -> list[str]:
    """Firms of the city whose organisation has a blacklisted algorithm."""
    import polars as pl

    from leye.office.registry.models import Version

    file = data / "city" / "firms.parquet"
    owners = {o for pair in Version.objects.filter(state="blacklisted").values_list("owner_id", "owner") for o in pair if o}
    if not owners or not file.exists():
        return []
    is_theirs = pl.col("org_id").is_in(list(owners)) | pl.col("name").is_in(list(owners))
    found: list[str] = pl.scan_parquet(file).filter(is_theirs).select("firm_id").collect()["firm_id"].to_list()
    return found


def _held(until: datetime) -> Iterator[tuple[str, str, str]]:
    """Claims that are on their way or done, and what people said they do not want."""
    for claim in Claim.objects.filter(state__in=[State.APPLIED, State.APPROVED, State.PAID], changed_at__lte=until):
        yield opened(claim)["about"], claim.policy, str(claim.state)
    unwilling = Contact.objects.filter(result=Result.UNWILLING, undone_at=None, at__lte=until)
    for contact in unwilling:
        subject = opened(contact)["subject"]
        yield from ((subject, policy, "unwilling") for policy in contact.policies)
