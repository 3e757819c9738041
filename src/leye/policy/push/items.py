"""What a payment is for: the month, the certificate, the hire or the business. Two payments of one exclusion group for the same item conflict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from leye.policy.pack import Policy

ONCE = "once"


def item_of(scope: str, person: Mapping[str, Any], month: date | None) -> str:
    """The item of a scope (pack.SCOPES) for one person, as text; empty when a fact that names it is unknown.

    same_month: the month paid for · same_certificate: level and day of the certificate · same_hire: firm and day · same_business: day of its
    registration · once, same_person: one item for good.
    """
    if scope == "same_month":
        return f"month:{month:%Y-%m}" if month else ""
    if scope == "same_certificate":
        return _joined("cert", person.get("cert_level") or None, person.get("cert_on"))
    if scope == "same_hire":
        return _joined("hire", person.get("firm_id"), person.get("hire_on"))
    if scope == "same_business":
        return _joined("business", person.get("business_registered_on"))
    return ONCE


def own_item(policy: Policy, unit: str, person: Mapping[str, Any], month: date | None) -> str:
    """What one payment of the policy itself is for: a policy pays twice for nothing either. The month of a monthly benefit, the year of a yearly
    one, else the item of its groups, else once."""
    if unit == "month":
        return item_of("same_month", person, month)
    if unit == "year":
        return f"year:{month:%Y}" if month else ""
    scopes = [e.scope for e in policy.all_exclusive if e.scope not in ("same_month", ONCE)]
    return item_of(scopes[0], person, month) if scopes else ONCE


def _joined(kind: str, *parts: object) -> str:
    return ":".join([kind, *(str(p) for p in parts)]) if all(p is not None for p in parts) else ""
