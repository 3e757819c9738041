"""Three-valued logic after Kleene: True, False, and None for unknown. Unknown never becomes 0, no or an empty text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None
"""True, False, or None when it is not known."""

UNKNOWN: Truth = None


def k_not(a: Truth) -> Truth:
    """Negation: the unknown stays unknown."""
    return None if a is None else not a


def k_all(values: Iterable[Truth]) -> Truth:
    """Conjunction: one False decides, else one unknown keeps it open; the empty conjunction is True."""
    seen_unknown = False
    for value in values:
        if value is False:
            return False
        seen_unknown = seen_unknown or value is None
    return None if seen_unknown else True


def k_any(values: Iterable[Truth]) -> Truth:
    """Disjunction: one True decides, else one unknown keeps it open; the empty disjunction is False."""
    return k_not(k_all(k_not(v) for v in values))


def k_at_least(n: int, values: Iterable[Truth]) -> Truth:
    """Whether at least `n` of the values hold: known as soon as the unknown ones can no longer change the answer."""
    known = list(values)
    yes = sum(v is True for v in known)
    open_ = sum(v is None for v in known)
    if yes >= n:
        return True
    return None if yes + open_ >= n else False
