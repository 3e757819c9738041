"""What the callers of an algorithm need of its card: the version that runs, its features, its reasons in words."""

from __future__ import annotations

from leye.kernel.reason import Reason
from leye.office.registry import queries
from leye.office.registry.models import Version


def running_version(algo: str) -> str:
    """The version that runs; without one the newest there is, whose state the gate then names; empty when the register knows none.

    Of the product's own algorithms the installed code counts: a version whose code is no longer here is not what runs.
    """
    known = Version.objects.filter(algo=algo)
    found = (
        known.filter(is_installed=True).order_by("-id").first()
        or known.filter(state="running").order_by("-state_since").first()
        or known.order_by("-id").first()
    )
    return found.version if found is not None else ""


def features_of(algo: str, version: str) -> tuple[str, ...]:
    """Declared features, by name; empty when the register knows no such version."""
    card = queries.admission(algo, version)
    return tuple(sorted(card.features)) if card is not None else ()


def reason_of(algo: str, version: str, code: str, *, basis: str, **figures: object) -> Reason:
    """A reason in the card's words. A code that the card does not declare keeps its bare form, which the gate refuses."""
    return queries.reason_of(algo, version, code, basis=basis, **figures) or Reason(code, code, basis, code)
