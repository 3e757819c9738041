"""不对？告诉我们: a contested verdict is sealed with its reasons, and an objection to it opens, in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from leye.kernel.codes import region_code
from leye.kernel.decision import Decision, InputValue, Outcome
from leye.kernel.reason import Reason
from leye.office.accounts.models import User
from leye.office.decisions.evidence import opened
from leye.office.decisions.gate import decide
from leye.office.decisions.models import Decision as Row
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.entitlements.claims import file_about, may_know
from leye.office.entitlements.files import FactFile, packs_here, rules_day
from leye.office.entitlements.models import ContestedMark
from leye.office.entitlements.reseal import mark_of, rule_of, seen_by
from leye.office.entitlements.rules import explained
from leye.office.entitlements.sealing import ALGO, PURPOSE, protected
from leye.office.objections import refusals
from leye.office.objections.actions import raise_objection
from leye.office.objections.models import OPEN, Objection
from leye.office.permissions import not_found, require
from leye.office.registry.cards import reason_of, running_version
from leye.policy import PackSet
from leye.policy.explain import Explanation
from leye.policy.words import verdict_word

MOST_REASONS = 8  # failing conditions that are told one by one; a rule has fewer


def contest(policy_id: str, *, category: str, words: str, acting_user: Any, at: datetime, about_id: str = "") -> Objection:
    """Object to what the rules say about one policy, as they say it now. about_id: the employee, for a firm's hire policies.

    A yes or unknown that a night sealed is objected to there; a no, or what changed since, is sealed first. Raises NotFound for what is not theirs,
    BadInput, Conflict (E_OBJECTION_OPEN) while another objection to the same verdict is open.
    """
    require(acting_user, "objections.raise")
    packs, on = packs_here(), rules_day()
    policy = packs.policies.get(policy_id)
    if policy is None or not acting_user.subject:
        raise not_found()
    claimer = subject_of(acting_user.subject)
    if claimer.kind == "person" and policy.about == "firm":
        raise not_found()
    file = file_about(claimer, policy, about_id, packs, on)
    if file.subject.kind == "person" and claimer.kind == "firm" and not may_know(claimer.id, file, policy, packs, on, always_ask=True):
        raise not_found()  # the reasons of a verdict are the employee's own facts
    with transaction.atomic():
        User.objects.select_for_update().get(pk=acting_user.pk)  # a second click waits here and then finds the first one's objection
        there = open_contest(acting_user, policy_id, file.key)
        if there is not None:
            raise refusals.open_already(there)
        found = explained(file.facts, packs, on, policy=policy_id)[0]
        decision = None if file.key != subject_key(claimer) else _sealed_already(file, found)
        name = decision.pk if decision is not None else seal_one(found, file, packs, on, at=at, subject_id=claimer.id)
        objection = raise_objection(name, category=category, words=words, acting_user=acting_user, at=at, item=policy_id)
        ContestedMark.objects.create(
            subject_key=subject_key(claimer), about_key=file.key, policy=policy_id, decision_id=name, objection=objection, at=at
        )  # fmt: skip
        return objection


def open_contest(user: Any, policy_id: str, about_key: str) -> Objection | None:
    """The user's open objection to this verdict; None when there is none."""
    mine = ContestedMark.objects.filter(policy=policy_id, about_key=about_key, objection__raised_by=user, objection__state__in=OPEN)
    found = mine.select_related("objection").first()
    return found.objection if found is not None else None


def seal_one(found: Explanation, file: FactFile, packs: PackSet, on: date, *, at: datetime, subject_id: str) -> UUID:
    """One verdict through the gate, with its reasons in words. subject_id: about whom it speaks: the person, or the firm for its hire policies.

    Raises GateRefused.
    """
    version = running_version(ALGO)
    read = seen_by(found, file, packs, on)
    subject = subject_of(subject_id)
    inputs: dict[str, InputValue] = {**read, "policy": found.policy, "on": on.isoformat(), "rule": rule_of(found, packs, on, file)}
    if subject.id != file.subject.id:
        inputs["about"] = file.subject.id
    sealed = decide(
        Decision(
            algo=ALGO,
            version=version,
            subject=subject,
            purpose=PURPOSE,
            outcome=Outcome(verdict_word(found.verdict), None, found.answer.amount_fen),
            reasons=_reasons(found, file, packs, on, version),
            features=tuple(sorted(read)),
            inputs=inputs,
            at=at,
            policy_basis=found.policy,
            region=region_code(str(file.facts.get("region") or "CN")) or "",
            protected=protected(file.facts, on) if subject.kind == "person" else {},
        )
    )
    return sealed.decision_id


def _reasons(found: Explanation, file: FactFile, packs: PackSet, on: date, version: str) -> tuple[Reason, ...]:
    """Failing conditions in the words of the rule and what is missing; for a yes that every condition holds."""
    name = found.plan.bound.policy.name
    if found.verdict is not False:
        codes = mark_of(found).reasons
        return tuple(reason_of(ALGO, version, code, basis=f"policy:{found.policy}") for code in codes)
    english = explained(file.facts, packs, on, policy=found.policy, language="en")[0]
    pairs = list(zip(found.lines, english.lines, strict=True))
    failing = [(zh, en) for zh, en in pairs if zh.verdict is False and zh.kind == "clause"][:MOST_REASONS]
    if found.plan.bound.version is None or not failing:
        return (reason_of(ALGO, version, "not_in_force", basis=f"policy:{found.policy}"),)
    return tuple(Reason(_said(zh), _said(en), zh.basis or f"《{name}》", "clause_fails") for zh, en in failing)


def _said(line: Any) -> str:
    near = f"（{line.near.text}）" if line.near is not None else ""
    return f"{line.text}：{line.said}{near}" if line.said else f"{line.text}{near}"


def _sealed_already(file: FactFile, found: Explanation) -> Row | None:
    """The newest leaf of the subject's marks when it says of this policy what the rules say now."""
    row = Row.objects.filter(subject_key=file.key, algo=ALGO, kind="marks").order_by("-leaf_index").first()
    seen = opened(row.pk) if row is not None else None
    if row is None or seen is None:
        return None
    mark = mark_of(found)
    same = any(m[0] == found.policy and m[1] == mark.outcome.value and m[3] == mark.outcome.amount_fen for m in seen.marks or [])
    has_open = row.objections.filter(state__in=OPEN).exists()  # one at a time about one leaf; another policy gets a leaf of its own
    return row if same and not has_open else None
