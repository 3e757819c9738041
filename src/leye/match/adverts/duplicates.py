"""Near copies of an ad: character shingles, MinHash bands to find candidates, the exact Jaccard share to decide. Seeded, the same everywhere."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from leye.match.adverts.original import make_plain

NEAR_SHARE = 0.8
"""Jaccard share of shingles from which two ads are one wording (chosen by us; the same ad with another pay or phone stays above)."""
_SHINGLE = 3  # characters
_BANDS, _ROWS = 32, 3  # a pair at share .8 is missed with (1 − .8³)³² ≈ 1e-10, one at .5 is a candidate with 99 %
_MODULUS = (1 << 61) - 1
_SALTS = tuple(
    (
        int.from_bytes(blake2b(f"a{k}".encode(), digest_size=7).digest(), "big") | 1,
        int.from_bytes(blake2b(f"b{k}".encode(), digest_size=7).digest(), "big"),
    )
    for k in range(_BANDS * _ROWS)
)
_NOISE = re.compile(r"[\s\W\d]+")


def wording_of(text: str) -> str:
    """The letters of an ad only: no digits, marks or spaces, so that another pay, date or phone is the same wording."""
    return _NOISE.sub("", make_plain(text).text.lower())


def shingles(text: str) -> frozenset[int]:
    """Hashes of the three-letter pieces of the wording; a shorter wording is one piece, an empty one none."""
    said = wording_of(text)
    if not said:
        return frozenset()
    pieces = {said[k : k + _SHINGLE] for k in range(max(1, len(said) - _SHINGLE + 1))}
    return frozenset(zlib.crc32(piece.encode()) for piece in pieces)


def share(a: frozenset[int], b: frozenset[int]) -> float:
    """Jaccard share of two sets of shingles; 1.0 for two empty ones, which are the same nothing."""
    return len(a & b) / len(a | b) if a or b else 1.0


def _signature(pieces: frozenset[int]) -> tuple[int, ...]:
    """MinHash (Broder 1997) with hashes (a·x + b) mod 2⁶¹−1."""
    return tuple(min((a * x + b) % _MODULUS for x in pieces) for a, b in _SALTS)


def near_copies(ads: Mapping[str, tuple[str, str, str]], *, from_share: float = NEAR_SHARE) -> dict[str, str]:
    """Ad id -> id of the ad it repeats, the smallest id of its group; ads that repeat nothing are absent.

    ads: id -> (employer, place, text). Only ads of one employer in one place are compared, for two shops may use one wording.
    """
    first: dict[str, str] = {}
    groups: dict[tuple[str, str], list[str]] = {}
    for ad_id in sorted(ads):
        groups.setdefault(ads[ad_id][:2], []).append(ad_id)
    for ids in groups.values():
        first |= _in_group({i: ads[i][2] for i in ids}, from_share)
    return first


def _in_group(texts: Mapping[str, str], from_share: float) -> dict[str, str]:
    leaders: dict[frozenset[int], str] = {}
    buckets: dict[tuple[int, tuple[int, ...]], list[frozenset[int]]] = {}
    first: dict[str, str] = {}
    for ad_id in sorted(texts):
        pieces = shingles(texts[ad_id])
        if not pieces:
            continue
        if pieces in leaders:  # an exact copy needs no signature: 10,000 copies cost one
            first[ad_id] = leaders[pieces]
            continue
        signature = _signature(pieces)
        keys = [(k, signature[k * _ROWS : (k + 1) * _ROWS]) for k in range(_BANDS)]
        met = _nearest(pieces, (c for key in keys for c in buckets.get(key, ())), leaders, from_share)
        if met is not None:
            first[ad_id] = met
            leaders[pieces] = met
        else:
            leaders[pieces] = ad_id
            for key in keys:
                buckets.setdefault(key, []).append(pieces)
    return first


def _nearest(pieces: frozenset[int], candidates: Iterable[frozenset[int]], leaders: Mapping[frozenset[int], str], from_share: float) -> str | None:
    """Smallest id among the candidates that are near enough."""
    return min((leaders[c] for c in set(candidates) if share(pieces, c) >= from_share), default=None)


def vacancy_key(employer: str, place: str, leader_text: str) -> str:
    """Key that an ad keeps when it is posted again: employer, place and the wording of the first ad of its group; 16 hex digits."""
    told = "\x1f".join((employer.strip(), place.strip(), wording_of(leader_text)))
    return blake2b(told.encode(), digest_size=8).hexdigest()
