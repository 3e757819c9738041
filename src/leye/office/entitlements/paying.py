"""Payments on approved claims. The same thing is never paid twice: not by two desks, not under two policies of one group, not after a department.

What a payment uses up is a row with a unique key (`PaidItem`), so that the database itself refuses the second one, whatever two desks saw before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import IntegrityError, transaction

from leye.kernel.clock import beijing_day
from leye.kernel.decision import Subject
from leye.office.decisions.subjects import subject_of
from leye.office.entitlements import refusals
from leye.office.entitlements.claims import check_barred, locked
from leye.office.entitlements.files import FactFile, data_folder, fact_file, packs_here, rules_day
from leye.office.entitlements.known import opened
from leye.office.entitlements.models import Claim, PaidItem, Payment, State
from leye.office.entitlements.rows import fresh_id, take_step
from leye.office.permissions import not_found
from leye.policy import PackSet, Policy
from leye.policy.lookup import version_of
from leye.policy.push.items import item_of, own_item

SHORTEST_RECEIPT = 3  # characters; chosen by us
Used = tuple[str, str, str]
"""Group (or the policy itself), scope, item."""


def pay(claim_id: UUID, *, month: date, paid_fen: int, receipt: str, acting_user: Any, at: datetime) -> Payment:
    """Record a payment for a month (any day of it). Monthly claims are paid month by month, all others once.

    Raises NotFound, NotAllowed (E_SAME_PERSON) for whoever approved it, Conflict (E_DOUBLE_PAYMENT naming the other payment, E_BARRED), BadInput
    (E_AMOUNT, E_RECEIPT).
    """
    with locked(claim_id, acting_user, "claims.pay", (State.APPROVED, State.PAID), "pay") as claim:
        if claim.decided_by_id == acting_user.pk:
            raise refusals.same_person("审批和发放不能是同一个人", "whoever approved it does not pay it")
        number = receipt.strip()
        if len(number) < SHORTEST_RECEIPT:
            raise refusals.no_receipt()
        if claim.approved_fen is None or not 0 < paid_fen <= claim.approved_fen:
            raise refusals.bad_amount(claim.approved_fen)
        packs, on = packs_here(), rules_day()
        policy, file = packs.policies.get(claim.policy), fact_file(opened(claim)["about"], packs, on)
        if policy is None or file is None:
            raise not_found()
        check_barred(subject_of(opened(claim)["subject"]), policy, packs, on)
        first = month.replace(day=1)
        uses = list(used_up(policy, claim, file, first))
        _check_departments(policy, uses, claim, file, first, packs)
        payment = _keep(claim, first, uses, paid_fen, number, acting_user, at)
        take_step(claim, State.PAID, by=acting_user, at=at, receipt=number, note=f"{paid_fen / 100:.2f}")
        return payment


def used_up(policy: Policy, claim: Claim, file: FactFile, month: date) -> Iterator[Used]:
    """What a payment for the month uses up: the policy's own item, and one item for each exclusion group."""
    facts = {**file.facts, "firm_id": file.row.get("firm_id")}
    version = version_of(policy, str(file.facts.get("region") or "CN"), month) or (policy.versions[-1] if policy.versions else None)
    unit = version.unit if version is not None else "once"
    yield policy.id, "own", claim.item or own_item(policy, unit, facts, month)
    for exclusion in policy.all_exclusive:
        item = item_of(exclusion.scope, facts, month)
        if item:  # what is unknown collides with nothing
            yield exclusion.group, exclusion.scope, item


def key_of(about_key: str, group: str, item: str) -> str:
    """64 hex digits over person, group and item."""
    return hashlib.sha256(f"{about_key}|{group}|{item}".encode()).hexdigest()


def _keep(claim: Claim, month: date, uses: list[Used], paid_fen: int, receipt: str, by: Any, at: datetime) -> Payment:
    name = fresh_id(at)
    payment = Payment.objects.create(
        id=name, claim=claim, month=month, item=uses[0][2], paid_fen=paid_fen, paid_on=beijing_day(at), by=by, at=at, receipt=receipt
    )
    for group, scope, item in uses:
        key = key_of(claim.about_key, group, item)
        there = PaidItem.objects.select_related("payment__claim").filter(key=key).first()
        if there is not None and scope != "own" and there.payment.claim.policy == claim.policy:
            continue  # its own earlier month or year: the group stands against other policies
        try:
            with transaction.atomic():
                if there is None:
                    PaidItem.objects.create(key=key, payment=payment, group=group)
        except IntegrityError:
            there = PaidItem.objects.select_related("payment__claim").get(key=key)
        if there is not None:
            raise _double(there, group, item)
    return payment


def _double(there: PaidItem, group: str, item: str) -> Exception:
    other = there.payment
    policy = packs_here().policies.get(other.claim.policy)
    return refusals.double(group, item_words(item), policy.name if policy else other.claim.policy, other.paid_on, other.paid_fen)


def _check_departments(policy: Policy, uses: list[Used], claim: Claim, file: FactFile, month: date, packs: PackSet) -> None:
    """What departments say they paid stands in the way as well. Raises Conflict (E_DOUBLE_PAYMENT)."""
    source = data_folder() / "city" / "payments.parquet"
    if not source.exists():
        return
    rows = pl.scan_parquet(source).filter(_payee(file.subject)).collect()
    for group, scope, item in uses:
        members = (
            [policy.id]
            if scope == "own"
            else [p.id for p in packs.policies.values() if p.id != policy.id and group in {e.group for e in p.all_exclusive}]
        )
        same = rows.filter(pl.col("policy").is_in(members), _same_item(scope, item, file, month))
        if same.height:
            row = same.row(0, named=True)
            other = packs.policies.get(row["policy"])
            raise refusals.double(group, item_words(item), other.name if other else row["policy"], row["paid_on"], row["amount_fen"])


def _payee(subject: Subject) -> pl.Expr:
    is_firm = pl.col("person_id").is_null() & (pl.col("firm_id") == subject.id)
    return is_firm if subject.kind == "firm" else pl.col("person_id") == subject.id


def _same_item(scope: str, item: str, file: FactFile, month: date) -> pl.Expr:
    """Whether a department's payment is for the same thing; certificates have numbers there that facts lack, so the rule's own fact decides."""
    if item.startswith("month:"):
        return pl.col("month") == month
    if item.startswith("year:"):
        return pl.coalesce("month", "paid_on").dt.year() == month.year
    if item.startswith("cert:"):
        return pl.lit(False)
    if item.startswith("hire:"):
        return (pl.col("firm_id") == file.row.get("firm_id")) & (pl.col("paid_on") >= file.facts["hire_on"])
    return pl.lit(True)


def item_words(item: str) -> str:
    """What was paid for, in Chinese: 2025-08 这个月, 同一张证书…"""
    kind, _, rest = item.partition(":")
    if kind == "month":
        return f"{rest} 这个月"
    if kind == "year":
        return f"{rest} 年度"
    return {"cert": f"同一张证书（{rest.split(':')[-1]} 核发）", "hire": "同一次招用", "business": "同一个创业主体"}.get(kind, "这一项")
