"""Fraud signals in an advert, as the matching room finds them."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def fraud_codes(title: str, text: str) -> list[str]:
    """Codes of the fraud signals, sorted, each once."""
    return []


def unlawful_in(text: str) -> tuple[str, str] | None:
    """(words, clause) of the first discriminatory demand in a text; None when there is none."""
    return None
