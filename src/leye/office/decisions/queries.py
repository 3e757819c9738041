"""Reading decisions: one's own, one by its number for the auditor, and what a proof or a review needs of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from leye.kernel.decision import InputValue, Subject
from leye.office.accounts.models import User
from leye.office.decisions.evidence import Opened, opened
from leye.office.decisions.ledger import open_log
from leye.office.decisions.models import Decision, SealedEvent
from leye.office.decisions.subjects import subject_key, subject_of
from leye.office.permissions import not_found, require
from leye.trust.commitments import field_key


def subject_of_user(user: Any) -> Subject | None:
    """Whom the account stands for; None for staff."""
    return subject_of(user.subject) if getattr(user, "subject", "") else None


def own_decisions(user: Any) -> QuerySet[Decision]:
    """Decisions about the account's subject, newest first; none for staff."""
    require(user, "decisions.own")
    subject = subject_of_user(user)
    found = Decision.objects.filter(subject_key=subject_key(subject)) if subject else Decision.objects.none()
    return found.order_by("-leaf_index")


def own_decision(user: Any, name: UUID) -> Decision:
    """One of them. Raises NotFound for what is not there and for what is somebody else's."""
    found = own_decisions(user).filter(pk=name).first()
    if found is None:
        raise not_found()
    return found


def decision_called(name: str) -> Decision:
    """A decision by its UUID or its leaf's number. Raises NotFound."""
    found = Decision.objects.filter(**_asked(name)).select_related("follows").first()
    if found is None:
        raise not_found()
    return found


def newest(*, algo: str = "", limit: int = 20) -> list[Decision]:
    """The newest decisions of one algorithm, or of all."""
    found = Decision.objects.order_by("-leaf_index")
    return list((found.filter(algo=algo) if algo else found)[:limit])


def newest_head() -> str | None:
    """The newest signed head as a note; None before the first leaf."""
    return open_log().newest_checkpoint()


def leaf_of(name: str) -> int:
    """Leaf index of a decision or event by its UUID, or of the leaf by its number. Raises NotFound."""
    asked = _asked(name)
    for model in (Decision, SealedEvent):
        index = model.objects.filter(**asked).values_list("leaf_index", flat=True).first()
        if index is not None:
            return int(index)
    raise not_found()


def opening_of(name: str) -> dict[str, Any] | None:
    """What the person gets beside the receipt: salt-derived field keys with the values, and the explanation in words; None when erased or an event.

    Whoever calls this hands it to the person themselves, or logs the read.
    """
    row = Decision.objects.filter(**_asked(name)).first()
    seen = opened(row.pk) if row is not None else None
    if row is None or seen is None:
        return None
    values: dict[str, InputValue] = {"subject": seen.subject.id}
    if row.kind == "marks":
        values["inputs"] = dict(seen.inputs)
    else:
        values |= dict(seen.inputs)
        values["reasons"] = [[r["code"], r["zh"], r["en"], r["basis"]] for r in seen.reasons]
    fields = {key: {"key": field_key(seen.salt, key).hex(), "value": value} for key, value in values.items()}
    return {"id": str(row.pk), "leaf_index": row.leaf_index, "fields": fields, "reasons": seen.reasons, "marks": seen.marks}


def inputs_for_review(name: UUID, *, user: User, at: datetime) -> Mapping[str, InputValue]:
    """Inputs of a decision for the person who reviews it; the read is logged. Raises NotFound when they were erased."""
    from leye.office.privacy.reads import log_read

    seen = opened(name)
    if seen is None:
        raise not_found()
    log_read(user, seen.subject, "decision_review", sorted(seen.inputs), at)
    return seen.inputs


def evidence_of(decision: Decision) -> Opened | None:
    """Evidence of a decision in clear for its own subject; None when it was erased."""
    return opened(decision.pk)


def _asked(name: str) -> dict[str, object]:
    """The filter that a name stands for: digits are a leaf's number, anything else a UUID. Raises NotFound on neither."""
    if name.isascii() and name.isdecimal() and len(name) <= 18:
        return {"leaf_index": int(name)}
    try:
        return {"pk": UUID(name)}
    except ValueError:
        raise not_found() from None
