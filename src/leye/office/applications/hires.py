"""Which policies pay a firm for hiring somebody: named when it hires, without saying anything about the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leye.kernel.errors import LeyeError
from leye.office.applications.models import Application, State
from leye.office.entitlements.files import fact_file, packs_here, rules_day
from leye.office.entitlements.own import needs_consent
from leye.office.entitlements.rules import evaluator_at
from leye.policy import Policy, places
from leye.policy.push import rules_of_handling


@dataclass(frozen=True, slots=True)
class HirePolicy:
    """is_personal: it rests on the person's own situation, which is theirs to tell."""

    policy: Policy
    is_personal: bool


def hire_policies_of(user: Any, application_id: UUID) -> list[HirePolicy]:
    """Policies in force that can pay the firm of a hire of its own; none before the hire, and none for anybody else's.

    Whether each applies is asked of the rules once the hire stands in the registers (`/firm/policies`); here the firm learns what to look for.
    """
    application = Application.objects.filter(pk=application_id, firm_id=user.subject or "-", state=State.ACCEPTED).first()
    if application is None:
        return []
    packs, on = packs_here(), rules_day()
    firm = fact_file(user.subject, packs, on)
    if firm is None:
        return []
    handling = rules_of_handling(packs)
    try:
        bound = evaluator_at(packs, on, places(packs, on).prefix_of(firm.facts.get("region"))).bound
    except LeyeError:
        return []
    return [
        HirePolicy(p.policy, needs_consent(p, bound, handling))
        for p in bound.policies
        if p.policy.about == "hire" and handling.paid_to(p.policy) == "firm"
    ]
