"""Claims as the desk sees them: what waits for a decision or a payment in the district, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leye.kernel.decision import Subject
from leye.office.decisions.subjects import subject_of
from leye.office.entitlements.claims import is_barred, most_fen
from leye.office.entitlements.files import fact_file, packs_here, rules_day
from leye.office.entitlements.known import opened
from leye.office.entitlements.models import OPEN, Claim, State
from leye.office.permissions import can, not_found, require
from leye.office.privacy.reads import log_read


@dataclass(frozen=True)
class OpenClaim:
    """subject, about: whom it is about · most_fen: what the rule gives today, of a month for monthly benefits · unit: of the version in force
    · barred: the firm gets no subsidies · may: steps that this account can do."""

    claim: Claim
    subject: Subject
    about: Subject
    most_fen: int | None
    unit: str
    barred: bool
    may: tuple[str, ...]


def claims_at_desk(user: Any, *, state: str = "") -> QuerySet[Claim]:
    """Claims of the district in one state, or all that are open; the longest waiting first."""
    require(user, "claims.view")
    found = Claim.objects.filter(state__in=[state] if state in State.values else OPEN).order_by("changed_at", "id")
    return found.filter(region=user.region) if user.region else found


def claim_called(user: Any, claim_id: UUID, at: datetime) -> OpenClaim:
    """One claim with whom it is about; the read is recorded. Raises NotFound alike for none and for another district's."""
    require(user, "claims.view")
    claim = Claim.objects.select_related("opened_by", "applied_by", "decided_by", "decision").filter(pk=claim_id).first()
    if claim is None or not claim.is_visible_to(user):
        raise not_found()
    said = opened(claim)
    about = subject_of(said["about"])
    log_read(user, about, "request_handling", ["claim"], at)
    packs, on = packs_here(), rules_day()
    policy = packs.policies.get(claim.policy)
    unit = next((v.unit for v in policy.versions if v.in_force(on)), "") if policy else ""
    claimer = subject_of(said["subject"])
    firm = fact_file(claimer.id, packs, on) if claimer.kind == "firm" else None
    return OpenClaim(claim, claimer, about, most_fen(claim, packs, on), unit, firm is not None and is_barred(firm), _may(user, claim, unit))


def _may(user: Any, claim: Claim, unit: str) -> tuple[str, ...]:
    if claim.state == State.APPLIED and can(user, "claims.decide") and claim.applied_by_id != user.pk:
        return ("decide",)
    pays_on = claim.state == State.APPROVED or (claim.state == State.PAID and unit in ("month", "year"))
    if pays_on and claim.approved_fen is not None and can(user, "claims.pay") and claim.decided_by_id != user.pk:
        return ("pay",)
    return ()
