"""Claims from the application to the decision. Each action: may they, may it now, change, leave the traces – in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from leye.kernel.codes import region_code
from leye.kernel.decision import Subject
from leye.office.decisions.models import Decision
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements import refusals
from leye.office.entitlements.files import FactFile, fact_file, packs_here, rules_day
from leye.office.entitlements.models import OPEN, Claim, Consent, State
from leye.office.entitlements.rows import about, fresh_id, sealed, take_step
from leye.office.entitlements.rules import explained, facts_read
from leye.office.entitlements.sealing import ALGO
from leye.office.grounds import LONGEST_REASON, reason_of
from leye.office.permissions import not_found, require
from leye.office.registry.queries import is_barred_from_subsidies
from leye.policy import PackSet, Policy
from leye.policy.explain import Explanation
from leye.policy.push import rules_of_handling
from leye.policy.push.items import own_item
from leye.policy.push.listing import SUBSIDIES
from leye.policy.push.worth import expected_fen


def apply_for(policy_id: str, *, about_id: str = "", acting_user: Any, at: datetime) -> Claim:
    """Apply for oneself, or for one's firm (about_id: the employee, for hire policies). Raises NotFound, Conflict (E_CLAIM_OPEN, E_NOT_ENTITLED,
    E_BARRED)."""
    require(acting_user, "claims.apply")
    packs, on = packs_here(), rules_day()
    claimer = subject_of(acting_user.subject) if acting_user.subject else None
    policy = packs.policies.get(policy_id)
    if claimer is None or policy is None or rules_of_handling(packs).paid_to(policy) != claimer.kind:
        raise not_found()
    file = file_about(claimer, policy, about_id, packs, on)
    with transaction.atomic():
        return advance(claimer, file, policy, State.APPLIED, packs=packs, on=on, by=acting_user, at=at)


def advance(
    claimer: Subject, file: FactFile, policy: Policy, to: State, *, packs: PackSet, on: date, by: Any, at: datetime, run_id: str = ""
) -> Claim:  # fmt: skip
    """Open a claim, or move the open one on, inside the caller's transaction. file: of the person or firm that the mark is about."""
    found = explained(file.facts, packs, on, policy=policy.id)[0]
    if found.verdict is False:
        raise refusals.not_entitled(policy.name)
    check_barred(claimer, policy, packs, on)
    month = on.replace(day=1)
    item = "" if found.unit == "month" else own_item(policy, found.unit or "", {**file.facts, "firm_id": file.row.get("firm_id")}, month)
    there = open_claim(claimer, file.subject, policy.id, item)
    if there is not None:
        if there.state != State.CONTACTED or to == State.CONTACTED:
            raise refusals.open_already(there)
        there.applied_by = by
        take_step(there, to, by=by, at=at)
        return there
    return _open(claimer, file, found, item, to, by=by, at=at, run_id=run_id)


def open_claim(claimer: Subject, about_whom: Subject, policy: str, item: str) -> Claim | None:
    """The open claim for the item, locked; None when there is none."""
    keys = {"subject_key": subject_key(claimer), "about_key": subject_key(about_whom), "policy": policy, "item": item}
    return Claim.objects.select_for_update().filter(state__in=OPEN, **keys).first()


def decide_claim(claim_id: UUID, *, approve: bool, approved_fen: int | None, reason: str, acting_user: Any, at: datetime) -> Claim:
    """Approve or refuse what was applied for. approved_fen: of a month for monthly benefits; None for what pays nothing.

    Raises NotFound outside the own district, NotAllowed (E_SAME_PERSON) for whoever took the application in, BadInput (E_AMOUNT, E_REASON).
    """
    with locked(claim_id, acting_user, "claims.decide", (State.APPLIED,), "decide") as claim:
        if claim.applied_by_id == acting_user.pk:
            raise refusals.same_person("收件和审批不能是同一个人", "whoever took it in does not approve it")
        said = reason.strip()[:LONGEST_REASON] if approve else reason_of(reason, otherwise=refusals.reason_missing())
        if approve:
            _check_amount(claim, approved_fen)
            claim.approved_fen = approved_fen
        claim.decided_by, claim.reason = acting_user, said
        take_step(claim, State.APPROVED if approve else State.REFUSED, by=acting_user, at=at, note=said)
        return claim


def withdraw(claim_id: UUID, *, acting_user: Any, at: datetime) -> Claim:
    """The claimer takes it back before it is decided."""
    require(acting_user, "claims.apply")
    with transaction.atomic():
        claim = Claim.objects.select_for_update().filter(pk=claim_id).first()
        if claim is None or not acting_user.subject or claim.subject_key != subject_key(subject_of(acting_user.subject)):
            raise not_found()
        if claim.state not in (State.CONTACTED, State.APPLIED):
            raise refusals.step_refused(claim, "withdraw")
        take_step(claim, State.WITHDRAWN, by=acting_user, at=at)
        return claim


@contextmanager
def locked(claim_id: UUID, acting_user: Any, permission: str, states: tuple[State, ...], step: str) -> Iterator[Claim]:
    """The claim's row, locked for one transaction, in one of the states. Raises NotFound alike for none and for another district's."""
    require(acting_user, permission)
    with transaction.atomic():
        claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
        if claim is None:
            raise not_found()
        require(acting_user, permission, claim)
        if claim.state not in states:
            raise refusals.step_refused(claim, step)
        yield claim


def check_barred(claimer: Subject, policy: Policy, packs: PackSet, on: date) -> None:
    """Raises Conflict (E_BARRED) for a firm that gets no subsidies."""
    if claimer.kind != "firm" or policy.pays not in SUBSIDIES:
        return
    firm = fact_file(claimer.id, packs, on)
    if firm is not None and is_barred(firm):
        raise refusals.barred(str(firm.row.get("name") or claimer.id))


def is_barred(firm: FactFile) -> bool:
    """Whether the firm's organisation has a blacklisted algorithm."""
    return any(is_barred_from_subsidies(str(firm.row.get(column) or "")) for column in ("org_id", "name"))


def most_fen(claim: Claim, packs: PackSet, on: date) -> int | None:
    """What the rule gives at most today, of a month for monthly benefits; None where it names no amount."""
    from leye.office.entitlements.known import opened

    file = fact_file(opened(claim)["about"], packs, on)
    return None if file is None else explained(file.facts, packs, on, policy=claim.policy)[0].answer.amount_fen


def file_about(claimer: Subject, policy: Policy, about_id: str, packs: PackSet, on: date) -> FactFile:
    """The file that the mark is about: the claimer's own, or the named employee's of the claiming firm.

    Raises NotFound alike for nobody, for somebody else's employee, and for one who has not agreed that the firm may know.
    """
    if claimer.kind == "person" or policy.about == "firm":
        file = fact_file(claimer.id, packs, on)
    else:
        file = fact_file(about_id, packs, on) if about_id and subject_of(about_id).kind == "person" else None
        if file is not None and (file.row.get("firm_id") != claimer.id or not may_know(claimer.id, file, policy, packs, on)):
            file = None
    if file is None:
        raise not_found()
    return file


def may_know(firm_id: str, file: FactFile, policy: Policy, packs: PackSet, on: date, *, always_ask: bool = False) -> bool:
    """Whether a firm may know that a hire policy applies to its employee: always where nothing personal is behind it, else once they agreed.

    always_ask: where the reasons would be told as well, the employee is asked in any case.
    """
    agreed = Consent.objects.filter(subject_key=file.key, firm_id=firm_id, policy=policy.id, withdrawn_at=None).exists()
    read = facts_read(packs, on).get(policy.id, frozenset()) & rules_of_handling(packs).needs_consent
    return agreed or not (read or always_ask)


def _open(claimer: Subject, file: FactFile, found: Explanation, item: str, to: State, *, by: Any, at: datetime, run_id: str) -> Claim:
    name = fresh_id(at)
    answer = found.answer
    claim = Claim(
        id=name,
        **about(claimer),
        about_key=file.key,
        sealed=sealed(name, subject=claimer.id, about=file.subject.id),
        region=(region_code(str(file.facts.get("region") or "CN")) or ""),
        grid_id=str(file.row.get("grid_id") or ""),
        policy=found.policy,
        item=item,
        state=to,
        decision=_sealed_mark(file.key),
        run_id=run_id,
        expected_fen=expected_fen(answer.amount_fen, answer.months, found.unit or "") or None,
        opened_by=by,
        opened_at=at,
        applied_by=by if to == State.APPLIED else None,
        changed_at=at,
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        raise refusals.open_already(
            Claim.objects.filter(subject_key=claim.subject_key, policy=claim.policy, state__in=OPEN).latest("changed_at")
        ) from None
    take_step(claim, to, by=by, at=at)
    return claim


def _sealed_mark(key: str) -> Decision | None:
    """The newest sealed marks of the subject."""
    return Decision.objects.filter(subject_key=key, algo=ALGO).order_by("-leaf_index").first()


def _check_amount(claim: Claim, approved_fen: int | None) -> None:
    packs, on = packs_here(), rules_day()
    most = most_fen(claim, packs, on)
    if (most is not None and approved_fen is None) or (
        approved_fen is not None and (approved_fen <= 0 or (most is not None and approved_fen > most))
    ):
        raise refusals.bad_amount(most)
