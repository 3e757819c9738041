"""Words of an employer to a person: what must not count may not be said as a reason."""

from __future__ import annotations

from leye.office.applications import refusals
from leye.office.vacancies.unlawful import unlawful_in


def check_words(words: str) -> None:
    """Raise BadInput (E_APPLICATION_UNLAWFUL) on discriminatory wording, age included: of one person it is a reason, not a wish."""
    found = unlawful_in(words)
    if found:
        raise refusals.words_unlawful(found[0].words, found[0].rule.basis)
