"""Decisions that an open breaker hands to people: the proposal lies encrypted with its case, and the person's outcome passes the gate."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from leye.kernel.decision import Decision, Outcome, Subject
from leye.kernel.errors import BadInput
from leye.kernel.reason import Reason
from leye.office.privacy.keyring import keyring
from leye.office.review.models import Proposal, ReviewCase
from leye.trust.record import canonical_json

PURPOSE = "decision_evidence"


def keep(case: ReviewCase, decision: Decision) -> Proposal:
    """Keep the proposal, encrypted and bound to its case, inside the caller's transaction."""
    said = {
        "algo": decision.algo,
        "version": decision.version,
        "subject": [decision.subject.kind, decision.subject.id],
        "purpose": decision.purpose,
        "outcome": [decision.outcome.value, decision.outcome.score, decision.outcome.amount_fen],
        "reasons": [[r.zh, r.en, r.basis, r.code] for r in decision.reasons],
        "features": list(decision.features),
        "inputs": dict(decision.inputs),
        "at": decision.at.isoformat(),
        "candidates": decision.candidates,
        "policy_basis": decision.policy_basis,
        "region": decision.region,
        "protected": dict(decision.protected),
        "follows": decision.follows,
    }
    return Proposal.objects.create(case=case, sealed=keyring(PURPOSE).encrypt(canonical_json(said), case.pk.bytes))


def proposal_of(case: ReviewCase) -> Decision:
    """The proposal in clear. Whoever shows its inputs logs the read."""
    said: dict[str, Any] = json.loads(keyring(PURPOSE).decrypt(bytes(case.proposal.sealed), case.pk.bytes))
    return Decision(
        **{name: said[name] for name in ("algo", "version", "purpose", "inputs", "candidates", "policy_basis", "region", "protected", "follows")},
        subject=Subject(*said["subject"]),
        outcome=Outcome(*said["outcome"]),
        reasons=tuple(Reason(*row) for row in said["reasons"]),
        features=tuple(said["features"]),
        at=datetime.fromisoformat(said["at"]),
    )


def decide_case(case: ReviewCase, *, reason_code: str, at: datetime) -> UUID:
    """The person's outcome through the gate, inside the caller's transaction; returns the decision's id. Raises BadInput, GateRefused.

    The amount is the machine's only where the outcome is; what a person decides has no score. The proposal goes: the evidence has what was seen, and
    a lawful erasure there must not leave a copy here.
    """
    from leye.office.decisions.gate import decide

    if not case.own_outcome:
        raise BadInput(
            "熔断时由您决定，要选一个结果",
            en="while the breaker is open you decide: choose an outcome",
            remedy_zh="从列出的里选",
            remedy_en="choose one",
            code="E_REVIEW_OUTCOME",
        )
    proposal = proposal_of(case)
    outcome = proposal.outcome if case.own_outcome == proposal.outcome.value else Outcome(case.own_outcome)
    own = Reason(case.reason, case.reason, f"review:{case.pk}", reason_code or proposal.reasons[0].code)
    sealed = decide(replace(proposal, outcome=replace(outcome, score=None), reasons=(own,), at=at, review=str(case.pk)))
    Proposal.objects.filter(case=case).delete()
    return sealed.decision_id
