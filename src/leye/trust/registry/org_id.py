"""The check of a unified social credit code (GB 32100-2015), for the owner on a card."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def is_org_id(text: str) -> bool:
    """Whether 18 characters carry the right check character: sum of value times 3^i over all, modulo 31, is 0 with the check's weight 1.

    >>> is_org_id("91440600MA00000X0Y"), is_org_id("91440600MA00000X06")
    (True, False)
    """
    if len(text) != 18 or any(c not in _ALPHABET for c in text):
        return False
    total = sum(_ALPHABET.index(c) * w for c, w in zip(text, _WEIGHTS, strict=False))
    return _ALPHABET.index(text[17]) == (31 - total % 31) % 31
