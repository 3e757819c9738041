"""A person lets the employer know that a hire policy applies, and takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from leye.office.decisions.ledger import seal_event
from leye.office.entitlements.files import fact_file, packs_here, rules_day
from leye.office.entitlements.models import Consent
from leye.office.outbox.journal import audit, emit
from leye.office.permissions import not_found, require


def consent(policy_id: str, *, give: bool, acting_user: Any, at: datetime) -> None:
    """Give or take back consent for one hire policy towards the present employer; twice is once. Raises NotFound without an employer or policy."""
    require(acting_user, "entitlements.own")
    packs = packs_here()
    policy = packs.policies.get(policy_id)
    file = fact_file(acting_user.subject, packs, rules_day()) if acting_user.subject else None
    firm = str(file.row.get("firm_id") or "") if file is not None else ""
    if file is None or policy is None or policy.about != "hire" or not firm:
        raise not_found()
    with transaction.atomic():
        mine = Consent.objects.select_for_update().filter(subject_key=file.key, firm_id=firm, policy=policy_id, withdrawn_at=None).first()
        if (mine is not None) == give:
            return
        if mine is None:
            try:
                with transaction.atomic():
                    mine = Consent.objects.create(subject_key=file.key, firm_id=firm, policy=policy_id, by=acting_user, at=at)
            except IntegrityError:  # a second click was faster and said the same
                return
        else:
            mine.withdrawn_at = at
            mine.save(update_fields=["withdrawn_at"])
        verb = "consent.given" if give else "consent.withdrawn"
        seal_event(verb, at=at, consent=mine.pk, policy=policy_id)
        audit(verb, on=mine, by=acting_user, at=at, policy=policy_id)
        emit(verb, at=at, consent_id=mine.pk)
