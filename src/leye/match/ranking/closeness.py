"""How near two occupations are on the tree of 职业分类大典 (大类 1 digit, 中类 3, 小类 5, 细类 7)."""

from __future__ import annotations

from collections.abc import Iterable

LEVELS = ("exact", "accepted", "small", "middle", "major", "other")


def on_tree(one: str, other: str) -> int:
    """Place in LEVELS of two seven-digit codes; never `accepted`.

    >>> on_tree("2060301", "2060399"), on_tree("2060301", "2069999"), on_tree("2060301", "4010101")
    (2, 3, 5)
    """
    if one == other:
        return 0
    return next((level for level, digits in ((2, 5), (3, 3), (4, 1)) if one[:digits] == other[:digits]), 5)


def nearest(codes: Iterable[str], wanted: str | None, accepted: Iterable[str]) -> tuple[int, str | None]:
    """Nearest of a person's codes to an advert: place in LEVELS and the code (the smallest of equals); (5, None) for no codes."""
    accept = set(accepted)
    found = [(1 if c in accept and c != wanted else on_tree(c, wanted) if wanted else 5, c) for c in sorted(codes)]
    return min(found, default=(5, None))
