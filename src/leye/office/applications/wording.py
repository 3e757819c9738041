"""Words of an employer to a person: what must not count may not be said as a reason."""

from __future__ import annotations


def check_words(words: str) -> None:
    """Raise BadInput (E_APPLICATION_UNLAWFUL) on discriminatory wording."""
    from leye.office.applications import refusals
    from leye.office.vacancies.signals import unlawful_in

    found = unlawful_in(words)
    if found is not None:
        raise refusals.words_unlawful(*found)
