"""Signs of fraud in an advert, as the matching room finds them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from leye.office.vacancies.parsing import slots_of

if TYPE_CHECKING:
    from leye.match.adverts.checks import Signal

FLAGGED = 0.7
"""Joint weight of the signs from which on a job of the feed carries their codes, so that a search leaves it out. # chosen by us"""


@lru_cache(maxsize=4096)
def signals_of(text: str) -> tuple[Signal, ...]:
    """Signs of fraud by their place in a text."""
    from leye.match.adverts.checks import fraud_signals

    return tuple(fraud_signals(text, slots_of(text)))


def fraud_codes(text: str) -> list[str]:
    """Codes of the signs of a text, sorted, each once; none while together they say little."""
    from leye.match.adverts.checks import fraud_score

    found = signals_of(text)
    return sorted({s.id for s in found}) if fraud_score(found) >= FLAGGED else []
