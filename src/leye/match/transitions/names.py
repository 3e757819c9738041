"""A word for a job -> the occupation of the profiles, or the nearest three when no name is it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leye.kernel.errors import NotFound
from leye.match.fold import fold
from leye.match.occupations.table import Class, newest_month, table_of
from leye.match.transitions.profiles import Profile, profiles

_CODE = re.compile(r"\d(?:-?\d){6}")


@dataclass(frozen=True, slots=True)
class Near:
    """similarity: 0–1, Dice's coefficient of characters and pairs of characters with the nearest of the names · name: that name."""

    profile: Profile
    name: str
    similarity: float


def find(word: str) -> Profile | None:
    """By code (also one that went out of use), by a name in daily use or by the official name, written any way; None when no name is it."""
    said, known = word.strip(), _class_of(word)
    return profiles().get(known.code if known else said) or _by_name().get(fold(said))


def nearest(word: str, n: int = 3) -> list[Near]:
    """The n profiles whose names are most like a word, best first; at equal likeness by code. A code is asked for by its name.

    Empty for a word that shares nothing with any name.
    """
    said, known = fold(word).strip(), _class_of(word)
    if known is None and _CODE.fullmatch(said):
        return []  # digits share digits with 3D打印 only
    asked = _grams(fold(known.name) if known else said)
    if not asked:
        return []
    rows = []
    for profile in profiles().values():
        likeness, name = max((_dice(asked, _grams(fold(name))), name) for name in (*profile.names, profile.official))
        if likeness > 0:
            rows.append(Near(profile, name, likeness))
    return sorted(rows, key=lambda r: (-r.similarity, r.profile.code))[:n]


def _class_of(word: str) -> Class | None:
    """The class in force that a word writes as a code; None for a word that is no code."""
    try:
        return table_of(newest_month()).resolve(fold(word).strip())[0] if _CODE.fullmatch(fold(word).strip()) else None
    except NotFound:
        return None


@cache
def _by_name() -> dict[str, Profile]:
    """Names in daily use before official ones; the first row of the pack wins."""
    table: dict[str, Profile] = {}
    for profile in profiles().values():
        for name in profile.names:
            table.setdefault(fold(name), profile)
    for profile in profiles().values():
        table.setdefault(fold(profile.official), profile)
    return table


def _grams(text: str) -> frozenset[str]:
    return frozenset(text) | frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
