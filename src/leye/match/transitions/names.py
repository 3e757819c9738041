"""A word for a job -> the occupation of the profiles, or the nearest three when no name is it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from leye.match.fold import fold
from leye.match.transitions.profiles import Profile, profiles


@dataclass(frozen=True, slots=True)
class Near:
    """similarity: 0–1, Dice's coefficient of characters and pairs of characters with the nearest of the names · name: that name."""

    profile: Profile
    name: str
    similarity: float


def find(word: str) -> Profile | None:
    """By code, by a name in daily use or by the official name, written any way; None when no name is it."""
    said = word.strip()
    return profiles().get(said) or _by_name().get(fold(said))


def nearest(word: str, n: int = 3) -> list[Near]:
    """The n profiles whose names are most like a word, best first; at equal likeness by code. Empty for a word that shares nothing with any name."""
    asked = _grams(fold(word.strip()))
    if not asked:
        return []
    rows = []
    for profile in profiles().values():
        likeness, name = max((_dice(asked, _grams(fold(name))), name) for name in (*profile.names, profile.official))
        if likeness > 0:
            rows.append(Near(profile, name, likeness))
    return sorted(rows, key=lambda r: (-r.similarity, r.profile.code))[:n]


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
