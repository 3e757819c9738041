"""The new decision that an objection ends in: made by a person, linked to the old one, through the same gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leye.kernel.decision import Decision, InputValue, Outcome, Subject
from leye.kernel.errors import CheckFailed
from leye.kernel.reason import Reason
from leye.office.decisions.evidence import Opened, opened, opened_protected
from leye.office.decisions.gate import decide
from leye.office.decisions.models import Decision as Row
from leye.office.decisions.queries import subject_of_user
from leye.office.objections import refusals
from leye.office.objections.models import Objection
from leye.office.registry.cards import running_version
from leye.office.registry.queries import Admission, admission


@dataclass(frozen=True, slots=True)
class Before:
    """What the objection is about: the outcome, what was seen for it, and the codes of its reasons."""

    outcome: str
    inputs: Mapping[str, InputValue]
    codes: tuple[str, ...]


def decide_again(objection: Objection, *, outcome: str, reason: str, reason_code: str, at: datetime) -> UUID:
    """Write the person's decision and return its id. outcome empty: the same as before, now by a person.

    Inputs are those of the old decision, because it is the same case; protected attributes go along unseen, so that audits count the correction
    where they counted the mistake. What a person decides has no score. Raises BadInput (E_OBJECTION_OUTCOME), CheckFailed, GateRefused.
    """
    old = objection.decision
    before = before_of(objection)
    version = running_version(old.algo) or old.version
    card = admission(old.algo, version)
    value = outcome or before.outcome
    _check(card, value, before, is_correction=bool(outcome))
    code = reason_code or next(iter(before.codes), "")
    sealed = decide(
        Decision(
            algo=old.algo,
            version=version,
            subject=_subject(objection),
            purpose=old.purpose,
            outcome=Outcome(value),
            reasons=(Reason(reason, reason, f"objection:{objection.pk}", code),),
            features=tuple(sorted(set(before.inputs) & card.features)) if card is not None else (),
            inputs=before.inputs,
            at=at,
            region=old.region,
            protected=opened_protected(old.pk),
            follows=str(old.pk),
            review=str(objection.pk),
        )
    )
    return sealed.decision_id


def before_of(objection: Objection) -> Before:
    """Outcome, inputs and reason codes of the objected decision, or of the named item of a batch. Whoever shows them logs the read."""
    seen, old = opened(objection.decision_id), objection.decision
    if seen is None:
        return Before(old.outcome, {}, ())
    return _item(objection.item, seen) if old.kind == "marks" else Before(old.outcome, seen.inputs, tuple(r["code"] for r in seen.reasons))


def outcomes_of(objection: Objection) -> list[str]:
    """Outcomes that a correction may name: those of the running version's card other than the old one."""
    return sorted(_declared(objection) - {before_of(objection).outcome})


def codes_of(objection: Objection) -> list[str]:
    """Reason codes that the running version's card declares."""
    card = _card(objection.decision)
    return sorted(card.reason_codes) if card is not None else []


def _item(item: str, seen: Opened) -> Before:
    """One outcome of a batch; its inputs are those that the batch kept under the item's name, else all of the person's."""
    mark = next((m for m in seen.marks or [] if m[0] == item), None)
    if mark is None:
        return Before("", seen.inputs, ())
    own = seen.inputs.get(item)
    codes = mark[4] if isinstance(mark[4], list) else []
    return Before(str(mark[1]), {**(own if isinstance(own, dict) else seen.inputs), "item": item}, tuple(str(c) for c in codes))


def _card(old: Row) -> Admission | None:
    return admission(old.algo, running_version(old.algo) or old.version)


def _declared(objection: Objection) -> frozenset[str]:
    card = _card(objection.decision)
    return card.outcomes if card is not None else frozenset()


def _check(card: Admission | None, value: str, before: Before, *, is_correction: bool) -> None:
    if is_correction and value == before.outcome:
        raise refusals.same_outcome()
    if not value or (card is not None and is_correction and value not in card.outcomes):
        raise refusals.outcome_unknown(sorted(card.outcomes) if card is not None else [])


def _subject(objection: Objection) -> Subject:
    """Whom it is about: in the evidence, or, when that was erased, whoever objected – only the subject's own account could."""
    seen = opened(objection.decision_id)
    found = seen.subject if seen is not None else subject_of_user(objection.raised_by)
    if found is None:
        raise CheckFailed(
            "不知道这条决定是关于谁的",
            en="nobody knows whom this decision is about",
            remedy_zh="请管理员把本人账号和档案连上",
            remedy_en="have the administrator link the person's account",
            code="E_OBJECTION_SUBJECT",
        )
    return found
